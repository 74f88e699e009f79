/**
 * Addresses of files. A grant is short-lived, so addresses are asked for when something is shown, many
 * at a time, and again before they expire. Nothing here knows React or a browser.
 */
import { failureCode, GraphqlFailure } from '../../gql/client.ts';
import type { FileDisposition, FileVariant } from '../../gql/tenant/files.ts';
import type { Timers } from '../../chat/live/types.ts';

/** What is asked for within this time goes in one request. */
const GATHER_MS = 20;
/** The server answers at most this many at once. */
const BATCH_MAX = 100;
/** An address that lives no longer than this is asked for anew. */
const MARGIN_MS = 60_000;
/** More are forgotten, the oldest first. */
const KEPT_MAX = 2000;

export interface Grant {
  readonly fileId: string;
  readonly url: string;
  /** RFC 3339. */
  readonly expiresAt: string;
}

export interface GrantKind {
  readonly variant: FileVariant;
  readonly disposition: FileDisposition;
}

export type AskGrants = (kind: GrantKind, fileIds: readonly string[]) => Promise<readonly Grant[]>;

interface Waiting {
  readonly kind: GrantKind;
  readonly files: Map<string, { promise: Promise<string>; resolve: (url: string) => void; reject: (error: unknown) => void }>;
}

export class Grants {
  readonly #ask: AskGrants;
  readonly #timers: Timers;
  readonly #known = new Map<string, Grant>();
  readonly #waiting = new Map<string, Waiting>();

  constructor(ask: AskGrants, timers: Timers) {
    this.#ask = ask;
    this.#timers = timers;
  }

  /** The address if there is one that lives long enough. */
  peek(fileId: string, kind: GrantKind): string | null {
    const known = this.#known.get(keyOf(fileId, kind));
    if (!known || Date.parse(known.expiresAt) - this.#timers.now() < MARGIN_MS) return null;
    return known.url;
  }

  /** Rejects with a `GraphqlFailure`: NOT_FOUND for what is gone or not for this member. */
  get(fileId: string, kind: GrantKind): Promise<string> {
    const known = this.peek(fileId, kind);
    if (known !== null) return Promise.resolve(known);
    const kindKey = keyOf('', kind);
    let waiting = this.#waiting.get(kindKey);
    if (!waiting || waiting.files.size >= BATCH_MAX) {
      const made: Waiting = { kind, files: new Map() };
      this.#waiting.set(kindKey, made);
      this.#timers.after(GATHER_MS, () => void this.#flush(kindKey, made));
      waiting = made;
    }
    const same = waiting.files.get(fileId);
    if (same) return same.promise;
    const { promise, resolve, reject } = withResolvers<string>();
    waiting.files.set(fileId, { promise, resolve, reject });
    return promise;
  }

  /** It was refused where it was used: the next one is asked for. */
  forget(fileId: string, kind: GrantKind): void {
    this.#known.delete(keyOf(fileId, kind));
  }

  async #flush(kindKey: string, batch: Waiting): Promise<void> {
    if (this.#waiting.get(kindKey) === batch) this.#waiting.delete(kindKey);
    try {
      const grants = await this.#ask(batch.kind, [...batch.files.keys()]);
      for (const grant of grants) this.#keep(keyOf(grant.fileId, batch.kind), grant);
      const urls = new Map(grants.map(({ fileId, url }) => [fileId, url]));
      for (const [fileId, { resolve, reject }] of batch.files) {
        const url = urls.get(fileId);
        if (url === undefined) reject(new GraphqlFailure('NOT_FOUND', fileId));
        else resolve(url);
      }
    } catch (error) {
      await this.#refused(batch, error);
    }
  }

  /** One that is refused must not take the others with it: they are asked for one by one. */
  async #refused({ kind, files }: Waiting, error: unknown): Promise<void> {
    const single = files.size === 1 || failureCode(error) === 'NETWORK' || failureCode(error) === 'UNAVAILABLE';
    await Promise.all([...files].map(async ([fileId, { resolve, reject }]) => {
      if (single) return reject(error);
      try {
        const [grant] = await this.#ask(kind, [fileId]);
        if (!grant) return reject(new GraphqlFailure('NOT_FOUND', fileId));
        this.#keep(keyOf(fileId, kind), grant);
        resolve(grant.url);
      } catch (reason) {
        reject(reason);
      }
    }));
  }

  #keep(key: string, grant: Grant): void {
    this.#known.delete(key);
    this.#known.set(key, grant);
    if (this.#known.size <= KEPT_MAX) return;
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest);
      return;
    }
  }
}

function keyOf(fileId: string, { variant, disposition }: GrantKind): string {
  return `${variant}.${disposition}.${fileId}`;
}

function withResolvers<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<Value>((done, failed) => {
    resolve = done;
    reject = failed;
  });
  return { promise, resolve, reject };
}
