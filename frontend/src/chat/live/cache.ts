/**
 * What survives a reload: conversations, the end of their logs, unsent messages, drafts and the
 * position of the last sync, in one IndexedDB database a tenant and member. It belongs to one
 * session: another session, a sign-out or an age above the bound wipes it.
 */
import { Journal, wipeJournal, type JournalStorage } from './journal.ts';
import { NO_FILES, type Conversation, type Entry, type Identity, type Outgoing } from './types.ts';

/** Days after which an untouched cache is wiped at the next start. */
const AGE_DAYS_MAX = 30;
const PREFIX = 'hansa-';
/** Raised when what is kept changes its form; what can be fetched again is then forgotten. */
const FORM = 2;
const STORES = ['meta', 'conversations', 'entries', 'outgoing', 'drafts'] as const;
type StoreName = (typeof STORES)[number];

export interface CachedState {
  position: string | null;
  conversations: Conversation[];
  outgoing: Outgoing[];
  drafts: [string, string][];
}

/** The port. A cache that fails never stops the chat: its errors are told once and it goes quiet. */
export interface LiveCache {
  load(now_ms: number): Promise<CachedState>;
  /**
   * The last `limit` kept entries of a log before `beforeSeq` (null: at its end), in order. However
   * much is kept, only what is asked for is read.
   */
  loadEntries(conversationId: string, beforeSeq: number | null, limit: number): Promise<Entry[]>;
  savePosition(position: string, now_ms: number): Promise<void>;
  saveConversations(conversations: readonly Conversation[]): Promise<void>;
  saveEntries(entries: readonly Entry[]): Promise<void>;
  /** Drops entries before `keepFromSeq`. */
  trimEntries(conversationId: string, keepFromSeq: number): Promise<void>;
  putOutgoing(message: Outgoing): Promise<void>;
  dropOutgoing(nonce: string): Promise<void>;
  putDraft(conversationId: string, text: string): Promise<void>;
  wipe(): Promise<void>;
}

interface Meta {
  sessionId: string;
  position: string | null;
  savedAt_ms: number;
}

function cacheName(identity: Identity): string {
  return `${PREFIX}${identity.tenantId}-${identity.memberId}`;
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB refused'));
  });
}

function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB aborted'));
    transaction.onerror = () => reject(transaction.error ?? new Error('IndexedDB failed'));
  });
}

function createStores({ result: database, transaction }: IDBOpenDBRequest, oldForm: number): void {
  if (oldForm > 0) {
    for (const name of ['meta', 'conversations', 'entries']) transaction?.objectStore(name).clear();
    return;
  }
  database.createObjectStore('meta');
  database.createObjectStore('conversations', { keyPath: 'id' });
  database.createObjectStore('entries', { keyPath: ['conversationId', 'seq'] });
  database.createObjectStore('outgoing', { keyPath: 'nonce' });
  database.createObjectStore('drafts');
}

/** What the cache keeps things in: the browser's, or stand-ins. */
export interface CacheBackends {
  factory: IDBFactory;
  range: typeof IDBKeyRange;
  storage: JournalStorage;
}

class IndexedDbCache implements LiveCache {
  readonly #factory: IDBFactory;
  readonly #range: typeof IDBKeyRange;
  readonly #identity: Identity;
  readonly #journal: Journal;
  #database: Promise<IDBDatabase> | null = null;
  #wiped = false;

  constructor({ factory, range, storage }: CacheBackends, identity: Identity) {
    this.#factory = factory;
    this.#range = range;
    this.#identity = identity;
    this.#journal = new Journal(storage, identity);
  }

  #open(): Promise<IDBDatabase> {
    if (this.#wiped) return Promise.reject(new Error('the cache was wiped'));
    this.#database ??= (() => {
      const request = this.#factory.open(cacheName(this.#identity), FORM);
      request.onupgradeneeded = ({ oldVersion }) => createStores(request, oldVersion);
      return done(request).then((database) => {
        // Another tab that wipes must not wait for this one.
        database.onversionchange = () => database.close();
        return database;
      });
    })();
    return this.#database;
  }

  async #write(names: StoreName[], run: (transaction: IDBTransaction) => void): Promise<void> {
    const database = await this.#open();
    const transaction = database.transaction(names, 'readwrite');
    run(transaction);
    await finished(transaction);
  }

  async load(now_ms: number): Promise<CachedState> {
    const database = await this.#open();
    const read = database.transaction([...STORES], 'readonly');
    const meta = (await done(read.objectStore('meta').get('meta'))) as Meta | undefined;
    const fresh: Meta = { sessionId: this.#identity.sessionId, position: null, savedAt_ms: now_ms };
    if (!meta) {
      await this.#write(['meta'], (transaction) => transaction.objectStore('meta').put(fresh, 'meta'));
    } else if (this.#isForeign(meta, now_ms)) {
      await this.#write([...STORES], (transaction) => {
        for (const name of STORES) transaction.objectStore(name).clear();
        transaction.objectStore('meta').put(fresh, 'meta');
      });
    }
    const all = database.transaction([...STORES], 'readonly');
    const drafts = all.objectStore('drafts');
    const [kept, conversations, outgoing, keys, texts] = await Promise.all([
      done(all.objectStore('meta').get('meta')) as Promise<Meta | undefined>,
      done(all.objectStore('conversations').getAll()) as Promise<Conversation[]>,
      done(all.objectStore('outgoing').getAll()) as Promise<Outgoing[]>,
      done(drafts.getAllKeys()),
      done(drafts.getAll()) as Promise<string[]>,
    ]);
    const stored = new Set(outgoing.map(({ nonce }) => nonce));
    outgoing.push(...this.#journal.read().filter(({ nonce }) => !stored.has(nonce)));
    outgoing.sort((left, right) => (left.createdAt < right.createdAt ? -1 : 1));
    return {
      position: kept?.position ?? null,
      conversations,
      // What an earlier version of this page left went without files.
      outgoing: outgoing.map((message) => ({ ...NO_FILES, ...message })),
      drafts: keys.map((key, index) => [String(key), texts[index] ?? '']),
    };
  }

  #isForeign(meta: Meta, now_ms: number): boolean {
    const age_days = (now_ms - meta.savedAt_ms) / 86_400_000;
    return meta.sessionId !== this.#identity.sessionId || age_days > AGE_DAYS_MAX;
  }

  async loadEntries(conversationId: string, beforeSeq: number | null, limit: number): Promise<Entry[]> {
    const database = await this.#open();
    const store = database.transaction('entries', 'readonly').objectStore('entries');
    const end = [conversationId, beforeSeq ?? Number.MAX_SAFE_INTEGER];
    const kept = this.#range.bound([conversationId, 0], end, false, true);
    // Sequences have no gaps: the key of the last one tells where the page begins.
    const last = await done(store.openKeyCursor(kept, 'prev'));
    if (!last) return [];
    const [, lastSeq] = last.key as [string, number];
    const page = this.#range.bound([conversationId, lastSeq - limit + 1], end, false, true);
    return (await done(store.getAll(page))) as Entry[];
  }

  savePosition(position: string, now_ms: number): Promise<void> {
    const meta: Meta = { sessionId: this.#identity.sessionId, position, savedAt_ms: now_ms };
    return this.#write(['meta'], (transaction) => transaction.objectStore('meta').put(meta, 'meta'));
  }

  saveConversations(conversations: readonly Conversation[]): Promise<void> {
    return this.#write(['conversations'], (transaction) => {
      const store = transaction.objectStore('conversations');
      for (const conversation of conversations) store.put(conversation);
    });
  }

  saveEntries(entries: readonly Entry[]): Promise<void> {
    return this.#write(['entries'], (transaction) => {
      const store = transaction.objectStore('entries');
      for (const entry of entries) store.put(entry);
    });
  }

  trimEntries(conversationId: string, keepFromSeq: number): Promise<void> {
    const range = this.#range.bound([conversationId, 0], [conversationId, keepFromSeq], false, true);
    return this.#write(['entries'], (transaction) => {
      transaction.objectStore('entries').delete(range);
    });
  }

  async putOutgoing(message: Outgoing): Promise<void> {
    this.#journal.put(message);
    await this.#write(['outgoing'], (transaction) => transaction.objectStore('outgoing').put(message));
    this.#journal.drop(message.nonce);
  }

  dropOutgoing(nonce: string): Promise<void> {
    this.#journal.drop(nonce);
    return this.#write(['outgoing'], (transaction) => transaction.objectStore('outgoing').delete(nonce));
  }

  putDraft(conversationId: string, text: string): Promise<void> {
    return this.#write(['drafts'], (transaction) => {
      const store = transaction.objectStore('drafts');
      if (text) store.put(text, conversationId);
      else store.delete(conversationId);
    });
  }

  async wipe(): Promise<void> {
    this.#journal.wipe();
    const database = await this.#open().catch(() => null);
    this.#wiped = true;
    if (database) {
      const transaction = database.transaction([...STORES], 'readwrite');
      for (const name of STORES) transaction.objectStore(name).clear();
      await finished(transaction);
      database.close();
    }
    await done(this.#factory.deleteDatabase(cacheName(this.#identity)));
  }
}

export function openIndexedDbCache(backends: CacheBackends, identity: Identity): LiveCache {
  return new IndexedDbCache(backends, identity);
}

/** Removes a tenant's caches, all but that of `keep`: what an earlier member or session left. */
export async function wipeCaches(
  { factory, storage }: Omit<CacheBackends, 'range'>, tenantId: string, keep: Identity | null,
): Promise<void> {
  wipeJournal(storage, tenantId, keep);
  const kept = keep ? cacheName(keep) : null;
  const databases = await factory.databases();
  const names = databases.map(({ name }) => name ?? '');
  const dropped = names.filter((name) => name.startsWith(`${PREFIX}${tenantId}-`) && name !== kept);
  await Promise.all(dropped.map((name) => done(factory.deleteDatabase(name))));
}

/** Keeps nothing: for programs that live as long as their session, and where storage is refused. */
export function openNoCache(): LiveCache {
  const nothing = (): Promise<void> => Promise.resolve();
  return {
    load: () => Promise.resolve({ position: null, conversations: [], outgoing: [], drafts: [] }),
    loadEntries: () => Promise.resolve([]),
    savePosition: nothing,
    saveConversations: nothing,
    saveEntries: nothing,
    trimEntries: nothing,
    putOutgoing: nothing,
    dropOutgoing: nothing,
    putDraft: nothing,
    wipe: nothing,
  };
}
