/**
 * Keeps the store equal to the server: applies events in order, notices what is missing, and
 * catches up after a disconnection. Push is a hint, pull is the guarantee; but a client that was
 * never disconnected asks only when a gap stays open or the digests of heads differ.
 */
import { headsDigest } from './digest.ts';
import { logEnd, type LiveStore } from './store.ts';
import type { LiveCache } from './cache.ts';
import type {
  Conversation, Entry, LiveApi, LiveEvent, LiveLimits, MessageEvent, SessionEnd,
  Timers,
} from './types.ts';

const SYNC_PAGES_MAX = 10_000;
const CATCH_UP_AT_ONCE = 4;

interface SyncParts {
  store: LiveStore;
  api: LiveApi;
  cache: LiveCache;
  timers: Timers;
  limits: LiveLimits;
  onEnded: (end: SessionEnd) => void;
  /** Told of requests that failed; the engine itself tries again. */
  onError: (error: unknown) => void;
  /** The server says that the state of an upload changed. */
  onUpload: (uploadId: string) => void;
}

/** Events that came before their predecessors, and the timer that stops waiting for those. */
interface Gap {
  readonly waiting: Map<number, Entry>;
  cancel: () => void;
}

function toEntry(event: MessageEvent): Entry {
  const { authorId, authorName } = event;
  return {
    id: event.id,
    conversationId: event.conversationId,
    seq: event.seq,
    kind: event.kind,
    author: authorId === null ? null : { id: authorId, name: authorName ?? '' },
    nonce: event.nonce,
    text: event.text,
    attachments: event.attachments,
    countTo: event.countTo,
    createdAt: event.createdAt,
  };
}

export class SyncEngine {
  readonly #parts: SyncParts;
  #position: string | null = null;
  readonly #gaps = new Map<string, Gap>();
  /** Requests under way by what they are for, so that none runs twice at a time. */
  readonly #running = new Map<string, Promise<void>>();
  #again = false;
  #retry: (() => void) | null = null;
  #failures = 0;
  #missedDigest = { heads: '', times: 0 };
  #stopped = false;
  readonly #acknowledged = new Set<(entry: Entry) => void>();

  constructor(parts: SyncParts) {
    this.#parts = parts;
  }

  /** Where the cache had stopped; before the first `catchUp`. */
  startFrom(position: string | null): void {
    this.#position = position;
  }

  /** Tells of every entry with a nonce, so that the send queue drops what has arrived. */
  onEntry(listener: (entry: Entry) => void): void {
    this.#acknowledged.add(listener);
  }

  /** The link is down: no asking in vain. The next connection catches up. */
  pause(): void {
    this.#retry?.();
    this.#retry = null;
  }

  stop(): void {
    this.#stopped = true;
    this.pause();
    for (const gap of this.#gaps.values()) gap.cancel();
    this.#gaps.clear();
  }

  /**
   * Fetches everything that was missed. Called after every (re)connection, once the subscription
   * is asked for, so that nothing falls between.
   * 1. Conversations that changed since the position, page by page.
   * 2. For every log that is loaded and behind its head: the entries behind its end, in pages.
   * 3. On failure: again after a growing wait, as long as nobody stops it.
   */
  catchUp(): Promise<void> {
    if (this.#running.has('sync')) {
      this.#again = true;
      return this.#running.get('sync') ?? Promise.resolve();
    }
    this.#retry?.();
    this.#retry = null;
    return this.#once('sync', async () => {
      const { store } = this.#parts;
      store.setCatchingUp(true);
      try {
        do {
          this.#again = false;
          await this.#pullConversations();
          await this.#pullBehind();
        } while (this.#again && !this.#stopped);
        this.#failures = 0;
        store.setCatchingUp(false);
        store.setListed();
      } catch (error) {
        this.#parts.onError(error);
        this.#retryLater();
      }
    });
  }

  #retryLater(): void {
    if (this.#stopped) return;
    const { timers, limits } = this.#parts;
    this.#failures += 1;
    const wait_ms = Math.min(1000 * 2 ** (this.#failures - 1), limits.retryWait_ms_max);
    const jittered_ms = wait_ms * (0.5 + timers.random() / 2);
    this.#retry = timers.after(jittered_ms, () => void this.catchUp());
  }

  async #pullConversations(): Promise<void> {
    const { api, store, cache, limits, timers } = this.#parts;
    for (let pages = 0; pages < SYNC_PAGES_MAX && !this.#stopped; pages += 1) {
      const page = await api.sync(this.#position, limits.syncPageSize);
      const kept = store.applyConversations(page.conversations);
      this.#position = page.position;
      await this.#quietly(cache.saveConversations(kept));
      await this.#quietly(cache.savePosition(page.position, timers.now()));
      if (!page.more) return;
    }
  }

  async #pullBehind(): Promise<void> {
    const { store } = this.#parts;
    const behind = [...store.state.logs.keys()].filter((id) => this.#isBehind(id));
    const workers = Array.from({ length: CATCH_UP_AT_ONCE }, async () => {
      for (let id = behind.pop(); id !== undefined; id = behind.pop()) await this.#pullLog(id);
    });
    await Promise.all(workers);
  }

  #isBehind(id: string): boolean {
    const { store } = this.#parts;
    const log = store.log(id);
    return log !== undefined && logEnd(log) < (store.conversation(id)?.headSeq ?? 0);
  }

  /** Brings one loaded log to its head; one that is too far behind starts afresh at its end. */
  #pullLog(id: string): Promise<void> {
    return this.#once(`log:${id}`, async () => {
      const { api, store, limits } = this.#parts;
      while (this.#isBehind(id) && !this.#stopped) {
        const end = logEnd(store.log(id));
        const head = store.conversation(id)?.headSeq ?? 0;
        if (end === 0 || head - end > limits.catchUpEntriesMax) {
          await this.#loadNewest(id);
          return;
        }
        const page = await api.entriesAfter(id, end, limits.entryPageSize);
        if (!this.#take(id, page.entries)) return;
      }
    });
  }

  /** Adds a page behind the log. False when it brought nothing, so that no loop runs for ever. */
  #take(id: string, entries: readonly Entry[]): boolean {
    const { store, cache } = this.#parts;
    const before = logEnd(store.log(id));
    if (!store.extendLog(id, entries)) return false;
    void this.#quietly(cache.saveEntries(entries));
    for (const entry of entries) this.#tell(entry);
    return logEnd(store.log(id)) > before;
  }

  async #loadNewest(id: string): Promise<void> {
    const { api, store, cache, limits } = this.#parts;
    const page = await api.entriesBefore(id, null, limits.entryPageSize);
    store.setLog(id, { entries: page.entries, reachedStart: !page.more });
    store.advanceHead(id, page.entries);
    for (const entry of page.entries) this.#tell(entry);
    const first = page.entries[0];
    if (first) await this.#quietly(cache.trimEntries(id, first.seq));
    await this.#quietly(cache.saveEntries(page.entries));
  }

  /**
   * Makes the end of a conversation's log available: its last page from the cache at once, then what
   * the cache lacks from the server. Rejects when there is nothing cached and the server does not
   * answer.
   */
  open(id: string): Promise<void> {
    return this.#once(`open:${id}`, async () => {
      const { store } = this.#parts;
      if (!store.log(id)) {
        const cached = await this.#fromCache(id, null);
        if (cached.length > 0 && !store.log(id)) {
          store.setLog(id, { entries: cached, reachedStart: cached[0]?.seq === 1 });
        }
      }
      if (!store.log(id)) await this.#loadNewest(id);
      else await this.#pullLog(id);
    });
  }

  /**
   * Nobody looks at a conversation any longer: memory keeps its last entries, so that it opens at
   * once however far somebody had scrolled back, and the cache what it may.
   */
  leave(id: string): void {
    const { store, cache, limits } = this.#parts;
    const log = store.log(id);
    if (!log) return;
    const { length } = log.entries;
    if (length > limits.idleEntriesMax) {
      store.setLog(id, { entries: log.entries.slice(-limits.idleEntriesMax), reachedStart: false });
    }
    const keepFromSeq = logEnd(log) - limits.cachedEntriesMax + 1;
    if (keepFromSeq > 1) void this.#quietly(cache.trimEntries(id, keepFromSeq));
  }

  /** A page out of the cache that ends right before `beforeSeq`, without a hole. */
  async #fromCache(id: string, beforeSeq: number | null): Promise<Entry[]> {
    const { cache, limits } = this.#parts;
    const entries = await cache.loadEntries(id, beforeSeq, limits.entryPageSize).catch(() => []);
    let from = entries.length - 1;
    if (beforeSeq !== null && entries[from]?.seq !== beforeSeq - 1) return [];
    while (from > 0 && entries[from - 1]?.seq === (entries[from]?.seq ?? 0) - 1) from -= 1;
    return entries.slice(Math.max(from, 0));
  }

  /** One older page in front of the log: what the cache has of it, else the server's. */
  loadOlder(id: string): Promise<void> {
    return this.#once(`older:${id}`, async () => {
      const { api, store, limits } = this.#parts;
      const log = store.log(id);
      const first = log?.entries[0];
      if (!log || log.reachedStart || !first) return;
      const cached = await this.#fromCache(id, first.seq);
      if (cached[0]) return store.prependLog(id, cached, cached[0].seq === 1);
      const page = await api.entriesBefore(id, first.seq, limits.entryPageSize);
      store.prependLog(id, page.entries, !page.more);
    });
  }

  onEvent(event: LiveEvent): void {
    const { store } = this.#parts;
    switch (event.__typename) {
      case 'MessageEvent':
        return this.#onEntry(toEntry(event));
      case 'ReadMarkEvent':
        return this.#onReadMark(event.conversationId, event.memberId, event.seq);
      case 'ConversationEvent':
        return void this.#refresh(event.conversationId);
      case 'PresenceEvent':
        return store.setPresence(event.memberId, event.online);
      case 'DirectoryEvent':
        return store.setDirectoryVersion(event.version);
      case 'UploadEvent':
        return this.#parts.onUpload(event.uploadId);
      case 'SessionEndedEvent':
        return this.#parts.onEnded({ reason: event.reason, by: event.by });
    }
  }

  #onReadMark(conversationId: string, memberId: string, seq: number): void {
    const { store } = this.#parts;
    if (memberId !== store.identity.memberId) return store.movePeerReadMark(conversationId, seq);
    // Another device of this member read on; the log here may not reach far enough to count.
    if (!store.moveOwnReadMark(conversationId, seq)) void this.#refresh(conversationId);
  }

  /**
   * Applies one entry.
   * 1. A conversation nobody told of yet is fetched; what is known already is dropped.
   * 2. The next one in sequence is applied, and what waited for it.
   * 3. A later one waits; if the gap stays open, it is fetched.
   */
  #onEntry(entry: Entry): void {
    const { store } = this.#parts;
    const conversation = store.conversation(entry.conversationId);
    if (!conversation) {
      this.#tell(entry);
      void this.#refresh(entry.conversationId);
      return;
    }
    if (entry.seq <= conversation.headSeq) return this.#tell(entry);
    if (entry.seq > conversation.headSeq + 1) return this.#wait(entry);
    this.#append(entry);
    this.#drain(entry.conversationId);
  }

  #append(entry: Entry): void {
    const { store, cache } = this.#parts;
    const grown = store.appendEntry(entry);
    this.#tell(entry);
    if (!grown) return;
    void this.#quietly(cache.saveConversations([grown]));
    if (logEnd(store.log(entry.conversationId)) === entry.seq) {
      void this.#quietly(cache.saveEntries([entry]));
    }
  }

  #wait(entry: Entry): void {
    const { timers, limits } = this.#parts;
    const id = entry.conversationId;
    const gap = this.#gaps.get(id) ?? {
      waiting: new Map<number, Entry>(),
      cancel: timers.after(limits.gapWait_ms, () => this.#closeGap(id)),
    };
    gap.waiting.set(entry.seq, entry);
    this.#gaps.set(id, gap);
  }

  #drain(id: string): void {
    const gap = this.#gaps.get(id);
    if (!gap) return;
    const head = (): number => this.#parts.store.conversation(id)?.headSeq ?? 0;
    for (let next = gap.waiting.get(head() + 1); next; next = gap.waiting.get(head() + 1)) {
      this.#append(next);
    }
    this.#tellKnown(gap, head());
    if (gap.waiting.size > 0) return;
    gap.cancel();
    this.#gaps.delete(id);
  }

  #closeGap(id: string): void {
    const gap = this.#gaps.get(id);
    this.#gaps.delete(id);
    void this.#refresh(id).then(() => {
      if (gap) this.#tellKnown(gap, this.#parts.store.conversation(id)?.headSeq ?? 0);
    });
  }

  /** Entries that waited and that the head has passed meanwhile. */
  #tellKnown({ waiting }: Gap, head: number): void {
    for (const [seq, entry] of [...waiting]) {
      if (seq > head) continue;
      waiting.delete(seq);
      this.#tell(entry);
    }
  }

  /** Asks again about a conversation that is shown, e.g. because somebody in it changed. */
  look(id: string): void {
    if (this.#parts.store.conversation(id)) void this.#refresh(id);
  }

  /** The server's word on one conversation, and its log if it is loaded. */
  #refresh(id: string): Promise<void> {
    return this.#once(`conversation:${id}`, async () => {
      const { api, store, cache } = this.#parts;
      try {
        const conversation = await api.conversation(id);
        if (!conversation) return;
        await this.#quietly(cache.saveConversations(store.applyConversations([conversation])));
        if (this.#isBehind(id)) await this.#pullLog(id);
        this.#drain(id);
      } catch (error) {
        // The digest of the next heartbeat differs and asks again.
        this.#parts.onError(error);
      }
    });
  }

  /**
   * Compares the server's digest with ours. Events may still be under way, so a difference has to
   * last; a difference that outlives a sync is asked about from the beginning, then left alone
   * until the server's digest changes.
   */
  onServerDigest(heads: string): void {
    const before = this.#digest();
    if (before === heads || this.#running.has('sync')) return;
    const { timers, limits } = this.#parts;
    timers.after(limits.digestWait_ms, () => {
      const now = this.#digest();
      if (this.#stopped || now === heads || now !== before) return;
      const times = this.#missedDigest.heads === heads ? this.#missedDigest.times + 1 : 1;
      this.#missedDigest = { heads, times };
      if (times > 2) return;
      if (times === 2) this.#position = null;
      void this.catchUp();
    });
  }

  #digest(): string {
    return headsDigest(this.#parts.store.state.conversations.values());
  }

  #tell(entry: Entry): void {
    if (entry.nonce === null) return;
    for (const listener of this.#acknowledged) listener(entry);
  }

  /** Takes a conversation that a mutation returned, e.g. one that was just opened. */
  learn(conversation: Conversation): void {
    const { store, cache } = this.#parts;
    void this.#quietly(cache.saveConversations(store.applyConversations([conversation])));
    if (this.#isBehind(conversation.id)) void this.#refresh(conversation.id);
  }

  /** An entry that a send was answered with: it may arrive before its event does. */
  acknowledge(entry: Entry): void {
    this.#onEntry(entry);
  }

  #once(key: string, run: () => Promise<void>): Promise<void> {
    const running = this.#running.get(key);
    if (running) return running;
    const promise = run().finally(() => this.#running.delete(key));
    this.#running.set(key, promise);
    return promise;
  }

  async #quietly(write: Promise<void>): Promise<void> {
    try {
      await write;
    } catch (error) {
      if (!this.#stopped) this.#parts.onError(error);
    }
  }
}
