/**
 * What the chat shows, in memory: conversations, the loaded part of their logs, unsent messages,
 * presence. Every change replaces the objects it touches, so that a reader compares by identity.
 * The store decides nothing about the network; `sync.ts` and `sendQueue.ts` do.
 */
import { unreadAfterEntry, unreadAfterRead } from './unread.ts';
import type {
  Conversation, Entry, Identity, LinkState, Log, Outgoing, ReadMark, SessionEnd,
} from './types.ts';

export interface LiveState {
  readonly conversations: ReadonlyMap<string, Conversation>;
  readonly logs: ReadonlyMap<string, Log>;
  /** Unsent messages by conversation, oldest first. */
  readonly outgoing: ReadonlyMap<string, readonly Outgoing[]>;
  readonly drafts: ReadonlyMap<string, string>;
  readonly presence: ReadonlyMap<string, boolean>;
  /** The files that are people's pictures, as far as people are known here. */
  readonly avatars: ReadonlyMap<string, string | null>;
  readonly link: LinkState;
  /** True while missed changes are being fetched. */
  readonly catchingUp: boolean;
  /** True once the list is known, from the cache or the server. */
  readonly listed: boolean;
  readonly ended: SessionEnd | null;
  /** Changes whenever departments or members changed. */
  readonly directoryVersion: string;
}

const EMPTY: LiveState = {
  conversations: new Map(),
  logs: new Map(),
  outgoing: new Map(),
  drafts: new Map(),
  presence: new Map(),
  avatars: new Map(),
  link: 'connecting',
  catchingUp: false,
  listed: false,
  ended: null,
  directoryVersion: '',
};

function withEntry<Key, Value>(
  map: ReadonlyMap<Key, Value>, key: Key, value: Value | undefined,
): ReadonlyMap<Key, Value> {
  const copy = new Map(map);
  if (value === undefined) copy.delete(key);
  else copy.set(key, value);
  return copy;
}

/** The sequence of the newest entry of a log, 0 for an empty one. */
export function logEnd(log: Log | undefined): number {
  return log?.entries[log.entries.length - 1]?.seq ?? 0;
}

export class LiveStore {
  readonly identity: Identity;
  #state: LiveState = EMPTY;
  readonly #listeners = new Set<() => void>();

  constructor(identity: Identity) {
    this.identity = identity;
  }

  get state(): LiveState {
    return this.#state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): LiveState => this.#state;

  #set(change: Partial<LiveState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of [...this.#listeners]) listener();
  }

  conversation(id: string): Conversation | undefined {
    return this.#state.conversations.get(id);
  }

  log(id: string): Log | undefined {
    return this.#state.logs.get(id);
  }

  setLink(link: LinkState): void {
    if (link !== this.#state.link && !this.#state.ended) this.#set({ link });
  }

  setCatchingUp(catchingUp: boolean): void {
    if (catchingUp !== this.#state.catchingUp) this.#set({ catchingUp });
  }

  setListed(): void {
    if (!this.#state.listed) this.#set({ listed: true });
  }

  setEnded(ended: SessionEnd): void {
    this.#set({ ended, link: 'ended' });
  }

  setDirectoryVersion(directoryVersion: string): void {
    this.#set({ directoryVersion });
  }

  /** Everything that the cache had kept, before anything else happens. */
  hydrate(conversations: Conversation[], outgoing: Outgoing[], drafts: [string, string][]): void {
    const queues = new Map<string, Outgoing[]>();
    for (const message of outgoing) {
      const queue = queues.get(message.conversationId) ?? [];
      queue.push(message);
      queues.set(message.conversationId, queue);
    }
    this.#set({
      conversations: new Map(conversations.map((conversation) => [conversation.id, conversation])),
      outgoing: queues,
      drafts: new Map(drafts),
      avatars: this.#avatarsWith(conversations),
      listed: conversations.length > 0,
    });
  }

  /**
   * Takes the server's word on conversations. An answer that is older than what events already
   * told moves nothing back: heads and marks only go forward. Returns what is now kept.
   */
  applyConversations(incoming: readonly Conversation[]): Conversation[] {
    if (incoming.length === 0) return [];
    const conversations = new Map(this.#state.conversations);
    const kept = incoming.map((next) => {
      const merged = mergeConversation(conversations.get(next.id), next);
      conversations.set(next.id, merged);
      return merged;
    });
    const presence = new Map(this.#state.presence);
    for (const { peer } of incoming) if (peer) presence.set(peer.id, peer.online);
    this.#set({ conversations, presence, avatars: this.#avatarsWith(incoming) });
    return kept;
  }

  /** The same map as long as nobody's picture changed. */
  #avatarsWith(conversations: readonly Conversation[]): ReadonlyMap<string, string | null> {
    const known = this.#state.avatars;
    const changed = conversations.flatMap(({ peer }) => (peer && known.get(peer.id) !== peer.avatarId ? [peer] : []));
    if (changed.length === 0) return known;
    return new Map([...known, ...changed.map(({ id, avatarId }) => [id, avatarId] as const)]);
  }

  setAvatar(memberId: string, avatarId: string | null): void {
    if (this.#state.avatars.get(memberId) === avatarId) return;
    this.#set({ avatars: withEntry(this.#state.avatars, memberId, avatarId) });
  }

  /** One entry right behind the head. The log grows only if it had reached the head. */
  appendEntry(entry: Entry): Conversation | undefined {
    const conversation = this.conversation(entry.conversationId);
    if (!conversation || entry.seq !== conversation.headSeq + 1) return undefined;
    const next = this.#withHead(conversation, entry);
    const log = this.log(entry.conversationId);
    const grows = log && logEnd(log) === entry.seq - 1;
    this.#set({
      conversations: withEntry(this.#state.conversations, next.id, next),
      ...(grows
        ? {
            logs: withEntry(this.#state.logs, next.id, {
              ...log, entries: [...log.entries, entry],
            }),
          }
        : {}),
    });
    return next;
  }

  setLog(conversationId: string, log: Log | undefined): void {
    this.#set({ logs: withEntry(this.#state.logs, conversationId, log) });
  }

  /**
   * Adds a page that continues the log behind its end; entries that are there already are
   * skipped, a page that would leave a hole is refused. A head that is passed moves along.
   */
  extendLog(conversationId: string, page: readonly Entry[]): boolean {
    const log = this.log(conversationId);
    if (!log) return false;
    const end = logEnd(log);
    const fresh = page.filter((entry) => entry.seq > end);
    if (fresh.length === 0) return true;
    if (end > 0 && fresh[0]?.seq !== end + 1) return false;
    this.setLog(conversationId, { ...log, entries: [...log.entries, ...fresh] });
    this.advanceHead(conversationId, fresh);
    return true;
  }

  /** A page may know a newer head than the events told so far: what lies beyond is counted. */
  advanceHead(conversationId: string, page: readonly Entry[]): void {
    const conversation = this.conversation(conversationId);
    if (!conversation) return;
    const beyond = page.filter((entry) => entry.seq > conversation.headSeq);
    if (beyond.length === 0) return;
    this.#replace(beyond.reduce((known, entry) => this.#withHead(known, entry), conversation));
  }

  #withHead(conversation: Conversation, entry: Entry): Conversation {
    return {
      ...conversation,
      headSeq: entry.seq,
      lastEntry: entry,
      unread: unreadAfterEntry(conversation, entry, this.identity.memberId),
      changedAt: later(conversation.changedAt, entry.createdAt),
    };
  }

  /** Adds an older page in front of the log; one that no longer touches it is dropped. */
  prependLog(conversationId: string, page: readonly Entry[], reachedStart: boolean): void {
    const log = this.log(conversationId);
    if (!log) return;
    const first = log.entries[0]?.seq ?? Number.MAX_SAFE_INTEGER;
    const older = page.filter((entry) => entry.seq < first);
    const last = older[older.length - 1];
    if (last && log.entries.length > 0 && last.seq !== first - 1) return;
    this.setLog(conversationId, { entries: [...older, ...log.entries], reachedStart });
  }

  /** Moves this member's read mark. False when the new count has to be fetched. */
  moveOwnReadMark(conversationId: string, seq: number): boolean {
    const conversation = this.conversation(conversationId);
    if (!conversation || seq <= conversation.readSeq) return true;
    const { memberId } = this.identity;
    const unread = unreadAfterRead(conversation, this.log(conversationId), seq, memberId);
    this.#replace({ ...conversation, readSeq: seq, unread: unread ?? conversation.unread });
    return unread !== null;
  }

  /** The server's count for a mark that it has confirmed, unless something happened since. */
  confirmReadMark(conversationId: string, mark: ReadMark): void {
    const conversation = this.conversation(conversationId);
    if (!conversation || conversation.headSeq !== mark.headSeq) return;
    if (conversation.readSeq > mark.readSeq) return;
    this.#replace({ ...conversation, readSeq: mark.readSeq, unread: mark.unread });
  }

  movePeerReadMark(conversationId: string, seq: number): void {
    const conversation = this.conversation(conversationId);
    if (!conversation || seq <= (conversation.peerReadSeq ?? 0)) return;
    this.#replace({ ...conversation, peerReadSeq: seq });
  }

  setPresence(memberId: string, online: boolean): void {
    if (this.#state.presence.get(memberId) === online) return;
    this.#set({ presence: withEntry(this.#state.presence, memberId, online) });
  }

  /** Adds or replaces an unsent message, by its nonce. */
  putOutgoing(message: Outgoing): void {
    const queue = this.#state.outgoing.get(message.conversationId) ?? [];
    const known = queue.some(({ nonce }) => nonce === message.nonce);
    const next = known
      ? queue.map((other) => (other.nonce === message.nonce ? message : other))
      : [...queue, message];
    this.#set({ outgoing: withEntry(this.#state.outgoing, message.conversationId, next) });
  }

  /** Forgets an unsent message: it was acknowledged, or given up. */
  dropOutgoing(conversationId: string, nonce: string): void {
    const queue = this.#state.outgoing.get(conversationId);
    if (!queue?.some((message) => message.nonce === nonce)) return;
    const rest = queue.filter((message) => message.nonce !== nonce);
    this.#set({
      outgoing: withEntry(this.#state.outgoing, conversationId, rest.length > 0 ? rest : undefined),
    });
  }

  setDraft(conversationId: string, text: string): void {
    this.#set({ drafts: withEntry(this.#state.drafts, conversationId, text || undefined) });
  }

  #replace(conversation: Conversation): void {
    this.#set({ conversations: withEntry(this.#state.conversations, conversation.id, conversation) });
  }
}

function later(left: string, right: string): string {
  return left > right ? left : right;
}

function mergeConversation(known: Conversation | undefined, next: Conversation): Conversation {
  if (!known) return next;
  const marks = {
    readSeq: Math.max(known.readSeq, next.readSeq),
    peerReadSeq: Math.max(known.peerReadSeq ?? 0, next.peerReadSeq ?? 0) || null,
  };
  if (known.headSeq > next.headSeq) {
    return { ...known, ...marks, title: next.title, peer: next.peer };
  }
  return {
    ...next,
    ...marks,
    unread: known.readSeq > next.readSeq ? unreadAhead(known, next) : next.unread,
    changedAt: later(known.changedAt, next.changedAt),
  };
}

/** Our mark is ahead of the one the server counted with: what is new since adds to our count. */
function unreadAhead(known: Conversation, next: Conversation): number {
  const added = (next.lastEntry?.countTo ?? 0) - (known.lastEntry?.countTo ?? 0);
  return Math.min(next.unread, known.unread + Math.max(added, 0));
}
