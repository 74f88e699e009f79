/**
 * The live link: one socket with one subscription, re-established with jitter. It says what arrives
 * and in which state it is (what to do with it is `sync.ts`' business), and carries what a member
 * does all day: a send over the link needs no request of its own, and the server no look at the
 * session.
 */
import { createClient, type Client } from 'graphql-ws';
import { GraphqlFailure, wireFailure, type TypedDocument, type WireError } from '../../gql/client.ts';
import { EventsDocument, type EventsSubscription } from '../../gql/tenant/chat.ts';
import type { LinkState, LiveEvent, Timers } from './types.ts';

/** Close codes after which this session will never be served again. */
const ENDED = new Set([4401, 4403]);
const GOING_AWAY = 1001;
const RETURN_JITTER_MS_MAX = 15_000;
const RETRY_MS_MIN = 500;
const RETRY_MS_MAX = 15_000;
/** The server pings every 20 s; after this long without one the link is dead. */
const SILENCE_MS_MAX = 50_000;
const CONNECT_MS_MAX = 15_000;

export interface SocketParts {
  url: string;
  /** The browser's WebSocket, or one for Node. */
  webSocket: unknown;
  connectionParams: () => Record<string, string>;
  timers: Timers;
  onState: (state: LinkState) => void;
  /** The subscription has been asked for: time to catch up. */
  onOpen: () => void;
  onEvent: (event: LiveEvent) => void;
  onDigest: (heads: string) => void;
  /** 4401 or 4403: the session is over. */
  onEnded: (code: number) => void;
  onError: (error: unknown) => void;
}

interface CloseLike {
  code: number;
}

function closeCode(value: unknown): number {
  const code = (value as Partial<CloseLike> | null)?.code;
  return typeof code === 'number' ? code : 1006;
}

/** How long to wait before the next try; a graceful stop spreads its clients over 15 s. */
export function reconnectWait_ms(code: number, failures: number, random: number): number {
  if (code === GOING_AWAY) return random * RETURN_JITTER_MS_MAX;
  const ceiling_ms = Math.min(RETRY_MS_MIN * 2 ** failures, RETRY_MS_MAX);
  return ceiling_ms / 2 + (random * ceiling_ms) / 2;
}

export class LiveSocket {
  readonly #parts: SocketParts;
  #client: Client | null = null;
  #generation = 0;
  #failures = 0;
  #cancelRetry: () => void = () => undefined;
  #cancelSilence: () => void = () => undefined;
  #stopped = false;

  constructor(parts: SocketParts) {
    this.#parts = parts;
  }

  start(): void {
    if (!this.#stopped) this.#connect();
  }

  /** Runs a query or mutation over the link; `NETWORK` while there is none, or when it is lost. */
  request<Result, Variables extends Record<string, unknown>>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      const lost = (): void => reject(new GraphqlFailure('NETWORK', 'the link is down'));
      if (!this.#client) return lost();
      this.#client.subscribe<Result>({ query: document.toString(), variables }, {
        next: ({ data, errors }) => {
          const failed = errors?.[0];
          if (failed) reject(wireFailure(failed as WireError));
          else if (data) resolve(data);
        },
        error: (error) => {
          if (Array.isArray(error)) reject(wireFailure(error[0] as WireError));
          else lost();
        },
        // After a result this changes nothing; without one the link ended first.
        complete: lost,
      });
    });
  }

  /** The browser says that the network is back, or the tab was woken: no reason to wait. */
  retryNow(): void {
    if (this.#stopped || this.#client) return;
    this.#connect();
  }

  /** The browser says that the network is gone: nothing will arrive on this socket. */
  networkLost(): void {
    if (this.#client) this.#lost(1006);
  }

  stop(): void {
    this.#stopped = true;
    this.#generation += 1;
    this.#cancelRetry();
    this.#cancelSilence();
    void this.#client?.dispose();
    this.#client = null;
  }

  #connect(): void {
    this.#cancelRetry();
    this.#parts.onState('connecting');
    this.#generation += 1;
    const generation = this.#generation;
    const current = (): boolean => generation === this.#generation && !this.#stopped;
    this.#expectWithin(CONNECT_MS_MAX);
    this.#client = createClient({
      url: this.#parts.url,
      webSocketImpl: this.#parts.webSocket,
      connectionParams: this.#parts.connectionParams,
      lazy: true,
      retryAttempts: 0,
      onNonLazyError: () => undefined,
      on: {
        connected: () => current() && this.#opened(),
        ping: (received, payload) => received && current() && this.#pinged(payload),
        closed: (event) => current() && this.#lost(closeCode(event)),
      },
    });
    this.#client.subscribe<EventsSubscription>({ query: EventsDocument.toString() }, {
      next: (result) => {
        if (current() && result.data) this.#parts.onEvent(result.data.events);
      },
      // A refused subscription and a closed socket end here as well; `closed` knows the code.
      error: (error) => current() && this.#refused(error),
      complete: () => current() && this.#lost(GOING_AWAY),
    });
  }

  #opened(): void {
    this.#failures = 0;
    this.#expectWithin(SILENCE_MS_MAX);
    this.#parts.onState('online');
    // The subscribe message is written right after this callback; what follows comes behind it.
    this.#parts.timers.after(0, () => {
      if (!this.#stopped && this.#client) this.#parts.onOpen();
    });
  }

  #pinged(payload: unknown): void {
    this.#expectWithin(SILENCE_MS_MAX);
    const heads = (payload as { heads?: unknown } | undefined)?.heads;
    if (typeof heads === 'string') this.#parts.onDigest(heads);
  }

  #expectWithin(wait_ms: number): void {
    this.#cancelSilence();
    this.#cancelSilence = this.#parts.timers.after(wait_ms, () => this.#lost(1006));
  }

  #refused(error: unknown): void {
    if (Array.isArray(error)) {
      const code = (error[0] as { extensions?: { code?: GraphqlFailure['code'] } } | undefined)
        ?.extensions?.code;
      if (code === 'UNAUTHENTICATED') return this.#lost(4401);
      this.#parts.onError(error[0]);
    }
    this.#lost(closeCode(error));
  }

  #lost(code: number): void {
    this.#generation += 1;
    this.#cancelSilence();
    const client = this.#client;
    this.#client = null;
    client?.terminate();
    if (this.#stopped) return;
    if (ENDED.has(code)) {
      this.#stopped = true;
      this.#parts.onState('ended');
      return this.#parts.onEnded(code);
    }
    this.#parts.onState('offline');
    const wait_ms = reconnectWait_ms(code, this.#failures, this.#parts.timers.random());
    this.#failures += 1;
    this.#cancelRetry = this.#parts.timers.after(wait_ms, () => this.#connect());
  }
}
