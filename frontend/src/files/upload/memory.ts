/**
 * What is kept of unfinished uploads, so that a reload loses none that the server has bytes of. It
 * belongs to one session and goes with it.
 */
import type { JournalStorage } from '../../chat/live/journal.ts';
import type { Identity } from '../../chat/live/types.ts';
import type { UploadTarget } from './types.ts';

/** More are not kept: a large directory would fill the browser's storage. */
const KEPT_MAX = 200;
const PREFIX = 'hansa.uploads.';

export interface UploadRecord {
  key: string;
  uploadId: string;
  name: string;
  sizeBytes: number;
  modifiedAt_ms: number;
  target: UploadTarget;
}

function prefixOf({ tenantId, memberId }: Identity): string {
  return `${PREFIX}${tenantId}.${memberId}.`;
}

function keysBelow(storage: JournalStorage, prefix: string): string[] {
  const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
  return keys.filter((key) => key.startsWith(prefix));
}

/** Removes what is kept of a tenant, all but that of `keep`. */
export function wipeUploads(storage: JournalStorage, tenantId: string, keep: Identity | null): void {
  const kept = keep ? prefixOf(keep) : null;
  for (const key of keysBelow(storage, `${PREFIX}${tenantId}.`)) {
    if (kept === null || !key.startsWith(kept)) storage.removeItem(key);
  }
}

export class UploadMemory {
  readonly #storage: JournalStorage | null;
  readonly #identity: Identity;

  /** Without a storage nothing is kept. */
  constructor(storage: JournalStorage | null, identity: Identity) {
    this.#storage = storage;
    this.#identity = identity;
  }

  put(record: UploadRecord): void {
    const prefix = prefixOf(this.#identity);
    const storage = this.#storage;
    if (!storage) return;
    const line = JSON.stringify({ sessionId: this.#identity.sessionId, record });
    const key = prefix + record.key;
    if (storage.getItem(key) === line || keysBelow(storage, prefix).length >= KEPT_MAX) return;
    try {
      storage.setItem(key, line);
    } catch {
      // A full storage: after a reload this one begins anew.
    }
  }

  drop(key: string): void {
    this.#storage?.removeItem(prefixOf(this.#identity) + key);
  }

  /** What this session left; lines of an earlier one are removed. */
  read(): UploadRecord[] {
    const storage = this.#storage;
    if (!storage) return [];
    return keysBelow(storage, prefixOf(this.#identity)).flatMap((key) => {
      const line = JSON.parse(storage.getItem(key) ?? 'null') as { sessionId: string; record: UploadRecord } | null;
      if (line?.sessionId === this.#identity.sessionId) return [line.record];
      storage.removeItem(key);
      return [];
    });
  }
}
