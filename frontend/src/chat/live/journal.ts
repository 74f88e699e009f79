/**
 * Written before anything else and at once: a message that was just sent is kept here until the
 * database has it, since a reload in between would lose a write that is still under way.
 */
import type { Identity, Outgoing } from './types.ts';

/** The part of the browser's local storage that is needed; it writes synchronously. */
export interface JournalStorage {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

const PREFIX = 'hansa.journal.';

interface Line {
  sessionId: string;
  message: Outgoing;
}

/** Removes every line of a tenant, whoever wrote it, but those of `keep`. */
export function wipeJournal(storage: JournalStorage, tenantId: string, keep: Identity | null): void {
  const kept = keep ? journalPrefix(keep) : null;
  for (const key of keysBelow(storage, `${PREFIX}${tenantId}.`)) {
    if (kept === null || !key.startsWith(kept)) storage.removeItem(key);
  }
}

function journalPrefix({ tenantId, memberId }: Identity): string {
  return `${PREFIX}${tenantId}.${memberId}.`;
}

function keysBelow(storage: JournalStorage, prefix: string): string[] {
  const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
  return keys.filter((key) => key.startsWith(prefix));
}

export class Journal {
  readonly #storage: JournalStorage;
  readonly #identity: Identity;

  constructor(storage: JournalStorage, identity: Identity) {
    this.#storage = storage;
    this.#identity = identity;
  }

  /** A full or refused storage leaves the database as the only keeper. */
  put(message: Outgoing): void {
    const line: Line = { sessionId: this.#identity.sessionId, message };
    try {
      this.#storage.setItem(journalPrefix(this.#identity) + message.nonce, JSON.stringify(line));
    } catch {
      return;
    }
  }

  drop(nonce: string): void {
    this.#storage.removeItem(journalPrefix(this.#identity) + nonce);
  }

  /** What the database may lack, of this session alone. */
  read(): Outgoing[] {
    const lines = keysBelow(this.#storage, journalPrefix(this.#identity)).map(
      (key) => JSON.parse(this.#storage.getItem(key) ?? 'null') as Line | null,
    );
    return lines.flatMap((line) => (line?.sessionId === this.#identity.sessionId ? [line.message] : []));
  }

  wipe(): void {
    for (const key of keysBelow(this.#storage, journalPrefix(this.#identity))) this.#storage.removeItem(key);
  }
}
