/**
 * Messages of this member on their way to the server. Each is stored before it is sent and leaves
 * only when its entry is known, so that neither a reload nor a lost answer loses or doubles one:
 * the nonce makes every try the same message. Messages of one conversation go in order.
 */
import { failureCode, GraphqlFailure, type FailureCode } from '../../gql/client.ts';
import type { LiveCache } from './cache.ts';
import type { LiveStore } from './store.ts';
import { NO_FILES, type Entry, type LiveApi, type LiveLimits, type Outgoing, type OutgoingFiles, type Timers } from './types.ts';

/** Codes that pass by themselves: the message stays *sending* and is tried again. */
const PASSING: ReadonlySet<FailureCode> = new Set([
  'NETWORK', 'UNAVAILABLE', 'RATE_LIMITED', 'INTERNAL',
]);
/** Tries against a server that answers, but with an error that should pass. */
const TRIES_MAX = 8;

interface QueueParts {
  store: LiveStore;
  api: LiveApi;
  cache: LiveCache;
  timers: Timers;
  limits: LiveLimits;
  /** A fresh client id of 8 to 64 characters. */
  nonce: () => string;
  /** Told the entry that a send was answered with. */
  onSent: (entry: Entry) => void;
  onError: (error: unknown) => void;
}

type Outcome =
  | { done: true; entry: Entry }
  | { done: false; code: FailureCode; retryAfter_ms: number | null };

export class SendQueue {
  readonly #parts: QueueParts;
  /** Conversations whose oldest message is under way or waits for its next try. */
  readonly #busy = new Map<string, () => void>();
  #connected = false;
  #stopped = false;

  constructor(parts: QueueParts) {
    this.#parts = parts;
  }

  /** The link is up (or seems so): everything that waits goes now. */
  resume(): void {
    this.#connected = true;
    for (const [id, cancel] of [...this.#busy]) {
      cancel();
      if (cancel !== UNDER_WAY) this.#busy.delete(id);
    }
    for (const id of this.#parts.store.state.outgoing.keys()) this.#pump(id);
  }

  /** The link is down: what waits stays *sending* until it is back. */
  pause(): void {
    this.#connected = false;
  }

  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#busy.values()) cancel();
  }

  /** Shows the message at once, stores it, sends it in its turn. */
  send(conversationId: string, text: string, files: OutgoingFiles = NO_FILES): void {
    const { store, timers, nonce } = this.#parts;
    const message: Outgoing = {
      nonce: nonce(),
      conversationId,
      text,
      attachments: files.attachments,
      folder: files.folder,
      createdAt: new Date(timers.now()).toISOString(),
      state: 'sending',
      reason: null,
      tries: 0,
    };
    store.putOutgoing(message);
    void this.#store(message).then(() => this.#pump(conversationId));
  }

  /** Sends a failed message again, as the same message. */
  retry(conversationId: string, nonce: string): void {
    const message = this.#find(conversationId, nonce);
    if (!message) return;
    this.#update({ ...message, state: 'sending', reason: null, tries: 0 });
    this.#pump(conversationId);
  }

  /** Gives a failed message up. */
  discard(conversationId: string, nonce: string): void {
    this.#drop(conversationId, nonce);
  }

  /** Its entry is known: acknowledged by the answer, or seen in the log after a lost answer. */
  acknowledge(entry: Entry): void {
    if (entry.nonce !== null) this.#drop(entry.conversationId, entry.nonce);
  }

  #find(conversationId: string, nonce: string): Outgoing | undefined {
    const queue = this.#parts.store.state.outgoing.get(conversationId);
    return queue?.find((message) => message.nonce === nonce);
  }

  #pump(conversationId: string): void {
    if (this.#stopped || !this.#connected || this.#busy.has(conversationId)) return;
    const queue = this.#parts.store.state.outgoing.get(conversationId);
    const next = queue?.find(({ state }) => state === 'sending');
    if (!next) return;
    this.#busy.set(conversationId, UNDER_WAY);
    void this.#try(next).then((outcome) => this.#settle(next, outcome));
  }

  async #try(message: Outgoing): Promise<Outcome> {
    try {
      const answer = await this.#parts.api.send(message);
      if (answer.entry) return { done: true, entry: answer.entry };
      const wait_s = answer.problem?.retryAfterS ?? null;
      const code = answer.problem?.code ?? 'INTERNAL';
      return { done: false, code, retryAfter_ms: wait_s === null ? null : wait_s * 1000 };
    } catch (error) {
      const wait_s = error instanceof GraphqlFailure ? error.retryAfterS : undefined;
      const retryAfter_ms = wait_s === undefined ? null : wait_s * 1000;
      return { done: false, code: failureCode(error), retryAfter_ms };
    }
  }

  #settle(message: Outgoing, outcome: Outcome): void {
    const { conversationId, nonce } = message;
    this.#busy.delete(conversationId);
    if (this.#stopped) return;
    if (outcome.done) {
      // Shown as sent until its entry takes its place; after a reload it is asked about again.
      if (this.#find(conversationId, nonce)) {
        this.#parts.store.putOutgoing({ ...message, state: 'sent', reason: null });
      }
      this.#parts.onSent(outcome.entry);
      return this.#pump(conversationId);
    }
    if (!this.#find(conversationId, nonce)) return this.#pump(conversationId);
    const answered = outcome.code !== 'NETWORK';
    const tries = message.tries + (answered ? 1 : 0);
    if (!PASSING.has(outcome.code) || tries >= TRIES_MAX) {
      this.#update({ ...message, state: 'failed', reason: outcome.code, tries });
      return this.#pump(conversationId);
    }
    this.#update({ ...message, tries, reason: outcome.code });
    this.#waitThenPump(conversationId, outcome.retryAfter_ms ?? this.#wait_ms(tries));
  }

  #wait_ms(tries: number): number {
    const { limits, timers } = this.#parts;
    const base_ms = Math.min(500 * 2 ** tries, limits.retryWait_ms_max);
    return base_ms * (0.5 + timers.random() / 2);
  }

  #waitThenPump(conversationId: string, wait_ms: number): void {
    const cancel = this.#parts.timers.after(wait_ms, () => {
      this.#busy.delete(conversationId);
      this.#pump(conversationId);
    });
    this.#busy.set(conversationId, cancel);
  }

  #update(message: Outgoing): void {
    this.#parts.store.putOutgoing(message);
    void this.#store(message);
  }

  #drop(conversationId: string, nonce: string): void {
    this.#parts.store.dropOutgoing(conversationId, nonce);
    void this.#parts.cache.dropOutgoing(nonce).catch(this.#parts.onError);
  }

  /** A refused store must not keep the message from being sent. */
  async #store(message: Outgoing): Promise<void> {
    await this.#parts.cache.putOutgoing(message).catch(this.#parts.onError);
    // It may have been acknowledged while the write was under way.
    if (!this.#find(message.conversationId, message.nonce)) {
      await this.#parts.cache.dropOutgoing(message.nonce).catch(this.#parts.onError);
    }
  }
}

/** Marks a conversation whose request cannot be cancelled: its answer must be awaited. */
const UNDER_WAY = (): void => undefined;
