/**
 * Moves this member's read marks: at once here, a moment later on the server, only forward, and
 * several moves of one conversation as one. What the server did not get is sent after reconnecting.
 */
import type { LiveStore } from './store.ts';
import type { LiveApi, Timers } from './types.ts';

const WAIT_MS = 400;

interface MarkParts {
  store: LiveStore;
  api: LiveApi;
  timers: Timers;
  onError: (error: unknown) => void;
}

export class ReadMarks {
  readonly #parts: MarkParts;
  /** The furthest mark by conversation that the server has not confirmed. */
  readonly #unconfirmed = new Map<string, number>();
  readonly #scheduled = new Map<string, () => void>();
  #stopped = false;

  constructor(parts: MarkParts) {
    this.#parts = parts;
  }

  move(conversationId: string, seq: number): void {
    const { store } = this.#parts;
    const conversation = store.conversation(conversationId);
    if (!conversation || seq <= conversation.readSeq) return;
    const counted = store.moveOwnReadMark(conversationId, seq);
    this.#unconfirmed.set(conversationId, seq);
    if (counted) this.#schedule(conversationId);
    else void this.#confirm(conversationId);
  }

  /** After reconnecting. */
  resend(): void {
    for (const id of this.#unconfirmed.keys()) this.#schedule(id);
  }

  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#scheduled.values()) cancel();
  }

  #schedule(id: string): void {
    if (this.#scheduled.has(id) || this.#stopped) return;
    this.#scheduled.set(id, this.#parts.timers.after(WAIT_MS, () => {
      this.#scheduled.delete(id);
      void this.#confirm(id);
    }));
  }

  async #confirm(id: string): Promise<void> {
    const seq = this.#unconfirmed.get(id);
    if (seq === undefined) return;
    try {
      const mark = await this.#parts.api.moveReadMark(id, seq);
      if (mark) this.#parts.store.confirmReadMark(id, mark);
      if (this.#unconfirmed.get(id) === seq) this.#unconfirmed.delete(id);
    } catch (error) {
      this.#parts.onError(error);
    }
  }
}
