/**
 * One signed-in member's live session: store, cache, socket, sync, send queue and read marks, wired.
 * It runs wherever a WebSocket, fetch and (optionally) IndexedDB are handed in.
 */
import { createGraphqlClient, type GraphqlClient } from '../../gql/client.ts';
import { createLiveApi } from './api.ts';
import type { LiveCache } from './cache.ts';
import { ReadMarks } from './readMarks.ts';
import { SendQueue } from './sendQueue.ts';
import { LiveSocket } from './socket.ts';
import { LiveStore } from './store.ts';
import { SyncEngine } from './sync.ts';
import { DEFAULT_LIMITS, type Identity, type LiveLimits, type SessionEnd, type Timers } from './types.ts';

export interface LiveSessionConfig {
  identity: Identity;
  /** `https://host/graphql`; the socket's address follows from it. */
  endpoint: string;
  fetch: typeof fetch;
  webSocket: unknown;
  cache: LiveCache;
  timers: Timers;
  nonce: () => string;
  language: () => string;
  limits?: Partial<LiveLimits>;
  onError: (error: unknown) => void;
}

export class LiveSession {
  readonly store: LiveStore;
  readonly client: GraphqlClient;
  readonly sync: SyncEngine;
  readonly queue: SendQueue;
  readonly marks: ReadMarks;
  /** Told of every upload whose state changed, and of every connection. */
  readonly #uploadListeners = new Set<(uploadId: string | null) => void>();
  readonly #socket: LiveSocket;
  readonly #config: LiveSessionConfig;
  #stopped = false;

  constructor(config: LiveSessionConfig) {
    const { identity, cache, timers, onError } = config;
    const limits = { ...DEFAULT_LIMITS, ...config.limits };
    this.#config = config;
    this.store = new LiveStore(identity);
    const { store } = this;
    this.client = createGraphqlClient({
      endpoint: config.endpoint,
      fetch: config.fetch,
      headers: () => ({
        'hansa-tenant': identity.tenantId,
        'hansa-surface': 'member',
        'accept-language': config.language(),
      }),
      onUnauthenticated: () => this.#end({ reason: 'EXPIRED', by: null }),
    });
    this.#socket = this.#createSocket();
    const api = createLiveApi(this.client, this.#socket);
    this.sync = new SyncEngine({
      store, api, cache, timers, limits, onError,
      onEnded: (end) => this.#end(end),
      onUpload: (uploadId) => this.#tellUploads(uploadId),
    });
    this.queue = new SendQueue({
      store, api, cache, timers, limits, onError,
      nonce: config.nonce,
      onSent: (entry) => this.sync.acknowledge(entry),
    });
    this.sync.onEntry((entry) => this.queue.acknowledge(entry));
    this.marks = new ReadMarks({ store, api, timers, onError });
  }

  #createSocket(): LiveSocket {
    const { identity, timers, onError, endpoint, webSocket } = this.#config;
    return new LiveSocket({
      url: endpoint.replace(/^http/, 'ws'),
      webSocket,
      connectionParams: () => ({ tenant: identity.tenantId, surface: 'member' }),
      timers,
      onError,
      onState: (state) => {
        if (state !== 'ended') this.store.setLink(state);
        if (state !== 'offline') return;
        this.queue.pause();
        this.sync.pause();
      },
      onOpen: () => {
        void this.sync.catchUp();
        this.queue.resume();
        this.marks.resend();
        this.#tellUploads(null);
      },
      onEvent: (event) => this.sync.onEvent(event),
      onDigest: (heads) => this.sync.onServerDigest(heads),
      onEnded: () => this.#end({ reason: 'REVOKED', by: null }),
    });
  }

  /** Tells of uploads whose state changed (null: any may have, the link was down). */
  onUpload(listener: (uploadId: string | null) => void): () => void {
    this.#uploadListeners.add(listener);
    return () => this.#uploadListeners.delete(listener);
  }

  #tellUploads(uploadId: string | null): void {
    for (const listener of [...this.#uploadListeners]) listener(uploadId);
  }

  /** Shows what the cache has; resolves when it is in the store. Opens no connection yet. */
  async restore(): Promise<void> {
    try {
      const cached = await this.#config.cache.load(this.#config.timers.now());
      this.sync.startFrom(cached.position);
      this.store.hydrate(cached.conversations, cached.outgoing, cached.drafts);
    } catch (error) {
      this.#config.onError(error);
    }
  }

  connect(): void {
    this.#socket.start();
  }

  networkBack(): void {
    this.#socket.retryNow();
  }

  networkLost(): void {
    this.#socket.networkLost();
  }

  setDraft(conversationId: string, text: string): void {
    this.store.setDraft(conversationId, text);
    void this.#config.cache.putDraft(conversationId, text).catch(this.#config.onError);
  }

  /** Closes the link and keeps the cache, as a reload does. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#socket.stop();
    this.sync.stop();
    this.queue.stop();
    this.marks.stop();
  }

  /** Closes the link and wipes the cache: the session is over. */
  async close(): Promise<void> {
    this.stop();
    await this.#config.cache.wipe().catch(this.#config.onError);
  }

  #end(end: SessionEnd): void {
    // The event that says why comes just before the socket closes and knows more.
    if (!this.store.state.ended) this.store.setEnded(end);
    void this.close();
  }
}
