/** What tests of the live modules stand on: time that is moved by hand, and a server in memory. */
import { GraphqlFailure } from '../gql/client.ts';
import { openNoCache, type LiveCache } from '../chat/live/cache.ts';
import { SendQueue } from '../chat/live/sendQueue.ts';
import { LiveStore } from '../chat/live/store.ts';
import { SyncEngine } from '../chat/live/sync.ts';
import {
  DEFAULT_LIMITS, type Conversation, type Entry, type Identity, type LiveApi, type LiveLimits,
  type MessageEvent, type Outgoing, type SessionEnd, type Timers,
} from '../chat/live/types.ts';

export const ME: Identity = { tenantId: 'tnt_1', memberId: 'mem_me', sessionId: 'ses_1', name: '陈思远' };
export const OTHER = { id: 'mem_other', name: '李雨桐', online: true, avatarId: null };

/** Timers run only when `advance` is called, in order. */
export class HandTimers implements Timers {
  #now = Date.parse('2026-11-22T08:00:00Z');
  #pending: { at: number; run: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  random(): number {
    return 0.5;
  }

  after(delay_ms: number, run: () => void): () => void {
    const timer = { at: this.#now + delay_ms, run };
    this.#pending.push(timer);
    return () => {
      this.#pending = this.#pending.filter((other) => other !== timer);
    };
  }

  get pending(): number {
    return this.#pending.length;
  }

  async advance(by_ms: number): Promise<void> {
    const end = this.#now + by_ms;
    for (;;) {
      await settled();
      const next = this.#pending.filter(({ at }) => at <= end).sort((left, right) => left.at - right.at)[0];
      if (!next) break;
      this.#pending = this.#pending.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
    }
    this.#now = end;
    await settled();
  }
}

/** Lets every promise that can go on, go on. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}

export function entry(conversationId: string, seq: number, change: Partial<Entry> = {}): Entry {
  return {
    id: `msg_${conversationId}_${seq}`, conversationId, seq, kind: seq === 1 ? 'CREATED' : 'MESSAGE',
    author: seq === 1 ? null : { id: OTHER.id, name: OTHER.name }, nonce: null, text: `text ${seq}`, attachments: [],
    countTo: seq - 1, createdAt: new Date(Date.parse('2026-11-22T07:00:00Z') + seq * 1000).toISOString(), ...change,
  };
}

/** A server in memory that counts what it is asked. */
export class MemoryServer implements LiveApi {
  readonly logs = new Map<string, Entry[]>();
  readonly read = new Map<string, number>();
  readonly calls: string[] = [];
  /** What the next calls are answered with instead; one each. */
  readonly failures: unknown[] = [];
  #changes = new Map<string, number>();
  #clock = 0;

  open(id: string, messages: number): void {
    this.logs.set(id, Array.from({ length: messages + 1 }, (_, index) => entry(id, index + 1)));
    this.#touch(id);
  }

  append(id: string, change: Partial<Entry> = {}): Entry {
    const log = this.logs.get(id) ?? [];
    const last = log[log.length - 1];
    const made = entry(id, (last?.seq ?? 0) + 1, { countTo: (last?.countTo ?? -1) + 1, ...change });
    this.logs.set(id, [...log, made]);
    this.#touch(id);
    return made;
  }

  event(made: Entry): MessageEvent {
    const { id, conversationId, seq, kind, author, nonce, text, attachments, countTo, createdAt } = made;
    return {
      __typename: 'MessageEvent', id, conversationId, seq, kind, authorId: author?.id ?? null,
      authorName: author?.name ?? null, nonce, text, attachments, countTo, createdAt,
    };
  }

  #touch(id: string): void {
    this.#clock += 1;
    this.#changes.set(id, this.#clock);
  }

  #asked(call: string): void {
    this.calls.push(call);
    const failure = this.failures.shift();
    if (failure) throw failure;
  }

  #conversation(id: string): Conversation | null {
    const log = this.logs.get(id);
    if (!log) return null;
    const lastEntry = log[log.length - 1] ?? null;
    const readSeq = this.read.get(id) ?? 0;
    return {
      id, kind: 'DIRECT', title: OTHER.name, peer: OTHER, headSeq: lastEntry?.seq ?? 0, readSeq, peerReadSeq: 0,
      unread: log.filter(({ seq, kind, author }) => seq > readSeq && kind === 'MESSAGE' && author?.id !== ME.memberId).length,
      lastEntry, changedAt: lastEntry?.createdAt ?? '',
    };
  }

  async sync(position: string | null, first: number) {
    this.#asked('sync');
    const since = Number(position ?? 0);
    const changed = [...this.#changes].filter(([, at]) => at > since).sort((left, right) => left[1] - right[1]);
    const cut = changed.slice(0, first);
    return Promise.resolve({
      conversations: cut.map(([id]) => this.#conversation(id)).filter((one) => one !== null),
      position: String(cut[cut.length - 1]?.[1] ?? since), more: cut.length < changed.length,
    });
  }

  async conversation(id: string) {
    this.#asked(`conversation ${id}`);
    return Promise.resolve(this.#conversation(id));
  }

  async entriesAfter(id: string, afterSeq: number, first: number) {
    this.#asked(`after ${id} ${afterSeq}`);
    const rest = (this.logs.get(id) ?? []).filter(({ seq }) => seq > afterSeq);
    return Promise.resolve({ entries: rest.slice(0, first), more: rest.length > first });
  }

  async entriesBefore(id: string, beforeSeq: number | null, last: number) {
    this.#asked(`before ${id} ${beforeSeq ?? 'end'}`);
    const rest = (this.logs.get(id) ?? []).filter(({ seq }) => beforeSeq === null || seq < beforeSeq);
    return Promise.resolve({ entries: rest.slice(-last), more: rest.length > last });
  }

  async send({ conversationId, nonce, text, attachments }: Outgoing) {
    this.#asked(`send ${text}`);
    const known = this.logs.get(conversationId)?.find((one) => one.nonce === nonce);
    const made = known ?? this.append(conversationId, { nonce, text, attachments: [...attachments], author: { id: ME.memberId, name: ME.name } });
    return Promise.resolve({ entry: made, problem: null });
  }

  async moveReadMark(id: string, seq: number) {
    this.#asked(`read ${id} ${seq}`);
    this.read.set(id, Math.max(this.read.get(id) ?? 0, seq));
    this.#touch(id);
    return Promise.resolve(this.#conversation(id));
  }
}

export const OFFLINE = new GraphqlFailure('NETWORK', 'no answer');

export interface Fixture {
  server: MemoryServer;
  store: LiveStore;
  sync: SyncEngine;
  queue: SendQueue;
  timers: HandTimers;
  ends: SessionEnd[];
  errors: unknown[];
}

export function liveFixture(limits: Partial<LiveLimits> = {}, cache: LiveCache = openNoCache()): Fixture {
  const server = new MemoryServer();
  const store = new LiveStore(ME);
  const timers = new HandTimers();
  const ends: SessionEnd[] = [];
  const errors: unknown[] = [];
  const shared = { store, api: server, cache, timers, limits: { ...DEFAULT_LIMITS, ...limits } };
  const onError = (error: unknown): void => void errors.push(error);
  const sync = new SyncEngine({ ...shared, onError, onEnded: (end) => ends.push(end), onUpload: () => undefined });
  let nonces = 0;
  const queue = new SendQueue({
    ...shared, onError,
    nonce: () => `nonce-${String((nonces += 1)).padStart(4, '0')}`,
    onSent: (sent) => sync.acknowledge(sent),
  });
  sync.onEntry((seen) => queue.acknowledge(seen));
  return { server, store, sync, queue, timers, ends, errors };
}
