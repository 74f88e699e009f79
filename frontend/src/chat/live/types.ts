/**
 * The words of the live modules: what the server sends, what this browser keeps, and the ports
 * through which time, storage and network come in. Nothing here knows React or a browser.
 */
import type { ConversationFieldsFragment, EntryFieldsFragment, EventsSubscription } from '../../gql/tenant/chat.ts';
import type { FailureCode } from '../../gql/client.ts';
import type { FileFieldsFragment } from '../../gql/tenant/files.ts';

export type Entry = EntryFieldsFragment;
export type Conversation = ConversationFieldsFragment;
export type LiveEvent = EventsSubscription['events'];
export type MessageEvent = Extract<LiveEvent, { __typename: 'MessageEvent' }>;
export type SessionEnd = Omit<Extract<LiveEvent, { __typename: 'SessionEndedEvent' }>, '__typename'>;

/** The signed-in member; the cache is bound to all three ids. */
export interface Identity {
  readonly tenantId: string;
  readonly memberId: string;
  readonly sessionId: string;
  readonly name: string;
}

/** A directory that goes as one message. */
interface OutgoingFolder {
  readonly name: string;
  readonly sizeBytes: number;
  readonly files: readonly { readonly fileId: string; readonly path: string }[];
}

/** What goes with a message: files that the server has checked, in their order. */
export interface OutgoingFiles {
  readonly attachments: readonly FileFieldsFragment[];
  readonly folder: OutgoingFolder | null;
}

export const NO_FILES: OutgoingFiles = { attachments: [], folder: null };

/**
 * A message of this member whose entry is not in its log here yet: on its way, refused, or (`sent`)
 * acknowledged while older entries are still missing, so that it never leaves the screen in between.
 */
export interface Outgoing extends OutgoingFiles {
  readonly nonce: string;
  readonly conversationId: string;
  /** May be empty where files go with it. */
  readonly text: string;
  /** When it was written here, RFC 3339. */
  readonly createdAt: string;
  readonly state: 'sending' | 'sent' | 'failed';
  /** Why it failed; a key of the translations. */
  readonly reason: FailureCode | null;
  /** Tries so far, for the waiting time before the next. */
  readonly tries: number;
}

/** A contiguous stretch of one conversation's log that ends at the newest entry known here. */
export interface Log {
  readonly entries: readonly Entry[];
  /** True when the first entry is the conversation's first. */
  readonly reachedStart: boolean;
}

/** One page of a conversation's log. */
export interface EntryPage {
  readonly entries: readonly Entry[];
  readonly more: boolean;
}

/** Ended: the server refused this session (4401, 4403); there is no retry. */
export type LinkState = 'connecting' | 'online' | 'offline' | 'ended';

/** Timers are injected, so that tests move time themselves. */
export interface Timers {
  /** Milliseconds since the epoch. */
  now(): number;
  after(delay_ms: number, run: () => void): () => void;
  /** Evenly distributed in [0, 1). */
  random(): number;
}

/** What the live modules ask of the server. Every method may throw a `GraphqlFailure`. */
export interface LiveApi {
  sync(position: string | null, first: number): Promise<SyncAnswer>;
  conversation(id: string): Promise<Conversation | null>;
  entriesAfter(id: string, afterSeq: number, first: number): Promise<EntryPage>;
  entriesBefore(id: string, beforeSeq: number | null, last: number): Promise<EntryPage>;
  send(message: Outgoing): Promise<SendAnswer>;
  moveReadMark(id: string, seq: number): Promise<ReadMark | null>;
}

/** What the server counts for a mark. */
export interface ReadMark {
  readonly readSeq: number;
  readonly headSeq: number;
  readonly unread: number;
}

interface SyncAnswer {
  readonly conversations: readonly Conversation[];
  readonly position: string;
  readonly more: boolean;
}

export interface SendAnswer {
  readonly entry: Entry | null;
  readonly problem: { readonly code: FailureCode; readonly retryAfterS: number | null } | null;
}

/** Bounds of the live modules; smaller in tests. */
export interface LiveLimits {
  readonly syncPageSize: number;
  readonly entryPageSize: number;
  /** Further behind than this, a log starts afresh from its end instead of catching up. */
  readonly catchUpEntriesMax: number;
  readonly gapWait_ms: number;
  readonly digestWait_ms: number;
  readonly retryWait_ms_max: number;
  /** Entries of a conversation that stay in memory once it is left. */
  readonly idleEntriesMax: number;
  /** Entries of one conversation that are kept in the cache. */
  readonly cachedEntriesMax: number;
}

export const DEFAULT_LIMITS: LiveLimits = {
  syncPageSize: 100,
  entryPageSize: 50,
  catchUpEntriesMax: 2000,
  gapWait_ms: 2000,
  digestWait_ms: 1000,
  retryWait_ms_max: 15_000,
  idleEntriesMax: 100,
  cachedEntriesMax: 2000,
};
