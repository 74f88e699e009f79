/** What tests of uploading stand on: a server in memory that keeps parts, and bytes that can be held up. */
import { GraphqlFailure } from '../gql/client.ts';
import { UploadMemory } from '../files/upload/memory.ts';
import {
  UPLOAD_LIMITS, type ByteSource, type ByteTransport, type NewUpload, type PartAddress, type Refusal, type Sending, type ServerUpload,
  type StoredFile, type UploadApi, type UploadLimits, type UploadTarget,
} from '../files/upload/types.ts';
import { Uploads } from '../files/upload/uploads.ts';
import { HandTimers, ME } from './liveFixture.ts';
import { memoryStorage } from './storage.ts';

const PART = 10;

export const TARGET: UploadTarget = { purpose: 'MESSAGE', conversationId: 'cnv_1', folder: null };

export function source(name: string, sizeBytes: number, modifiedAt_ms = 1): ByteSource {
  return { name, sizeBytes, modifiedAt_ms, preview: null, slice: (from, to) => [from, to], release: () => undefined };
}

export function storedFile(id: string, change: Partial<StoredFile> = {}): StoredFile {
  return {
    id, name: `${id}.bin`, kind: 'FILE', sizeBytes: 1, contentType: 'application/octet-stream', width: null, height: null,
    blur: null, durationMs: null, state: 'AVAILABLE', fileCount: null, ...change,
  };
}

interface Held {
  label: string;
  finish: () => void;
  fail: (error: GraphqlFailure) => void;
  told: (bytes: number) => void;
}

/** Bytes arrive when the test says so (`hold`), else at once. */
export class UploadServer implements UploadApi, ByteTransport {
  readonly uploads = new Map<string, ServerUpload>();
  readonly calls: string[] = [];
  readonly held: Held[] = [];
  /** What the next calls are answered with instead; one each. */
  readonly failures: unknown[] = [];
  refusal: Refusal | null = null;
  /** The nonces of uploads that were begun. */
  readonly started: string[] = [];
  hold = false;
  /** What the rules say beforehand. */
  sizeMax: number | null = null;
  checked = true;
  readonly #nonces = new Map<string, string>();

  #asked(call: string): void {
    this.calls.push(call);
    const failure = this.failures.shift();
    if (failure) throw failure;
  }

  #change(id: string, change: Partial<ServerUpload>): ServerUpload {
    const known = this.uploads.get(id);
    if (!known) throw new GraphqlFailure('NOT_FOUND', id);
    const next = { ...known, ...change };
    this.uploads.set(id, next);
    return next;
  }

  #create({ nonce, name, sizeBytes }: NewUpload): ServerUpload {
    const known = this.uploads.get(this.#nonces.get(nonce) ?? '');
    if (known) return known;
    const id = `upl_${this.uploads.size + 1}`;
    this.#nonces.set(nonce, id);
    this.started.push(nonce);
    const made: ServerUpload = {
      id, name, sizeBytes, partSizeBytes: PART, partCount: Math.ceil(sizeBytes / PART), receivedParts: [],
      state: 'RECEIVING', problem: null, file: null,
    };
    this.uploads.set(id, made);
    return made;
  }

  /** The check says yes. */
  ready(id: string): void {
    const { name, sizeBytes } = this.#change(id, { state: 'READY' });
    this.#change(id, { file: storedFile(`fil_${id}`, { name, sizeBytes }) });
  }

  refuse(id: string, code: Refusal['code']): void {
    const problem = { code, field: null, limit: null, used: null, retryAfterS: null, message: code };
    this.#change(id, { state: 'REFUSED', problem: problem as ServerUpload['problem'] });
  }

  #complete(id: string): ServerUpload {
    this.#change(id, { state: 'CHECKING' });
    if (this.checked) this.ready(id);
    return this.uploads.get(id)!;
  }

  async refusalBySize(sizeBytes: number) {
    return Promise.resolve(this.sizeMax !== null && sizeBytes > this.sizeMax ? { code: 'FILE_TOO_LARGE', limit: this.sizeMax } as const : null);
  }

  async start(upload: NewUpload) {
    this.#asked(`start ${upload.name}`);
    if (this.refusal) return Promise.resolve({ upload: null, problem: this.refusal });
    return Promise.resolve({ upload: this.#create(upload), problem: null });
  }

  async look(id: string) {
    this.#asked(`look ${id}`);
    return Promise.resolve(this.uploads.get(id) ?? null);
  }

  async parts(id: string, numbers: readonly number[]) {
    this.#asked(`parts ${numbers.join(',')}`);
    return Promise.resolve(numbers.map((number) => ({ number, url: `${id}/${number}`, headers: [] })));
  }

  async complete(id: string) {
    this.#asked(`complete ${id}`);
    return Promise.resolve({ upload: this.#complete(id), problem: null });
  }

  async cancel(id: string) {
    this.#asked(`cancel ${id}`);
    this.#change(id, { state: 'CANCELLED' });
    return Promise.resolve();
  }

  #sending<Result>(label: string, onSent: (bytes: number) => void, arrive: () => Result): Sending<Result> {
    this.calls.push(label);
    const failure = this.failures.shift();
    let abort = (): void => undefined;
    const done = new Promise<Result>((resolve, reject) => {
      abort = () => reject(new GraphqlFailure('NETWORK', 'aborted'));
      if (failure) reject(failure as Error);
      else if (!this.hold) resolve(arrive());
      else this.held.push({ label, told: onSent, finish: () => resolve(arrive()), fail: reject });
    });
    return { done, abort: () => abort() };
  }

  small(upload: NewUpload, _source: ByteSource, onSent: (bytes: number) => void) {
    return this.#sending(`small ${upload.name}`, onSent, () => {
      if (this.refusal) return { upload: null, problem: this.refusal };
      return { upload: this.#complete(this.#create(upload).id), problem: null };
    });
  }

  part({ url }: PartAddress, _body: unknown, onSent: (bytes: number) => void) {
    const [id = '', number = ''] = url.split('/');
    return this.#sending(`put ${number}`, onSent, () => {
      const { receivedParts } = this.#change(id, {});
      this.#change(id, { receivedParts: [...new Set([...receivedParts, Number(number)])] });
      return true as const;
    });
  }
}

export function uploadFixture(limits: Partial<UploadLimits> = {}, storage = memoryStorage()) {
  const server = new UploadServer();
  const timers = new HandTimers();
  const errors: unknown[] = [];
  let nonces = 0;
  const open = (): Uploads => new Uploads({
    api: server, bytes: server, timers, limits: { ...UPLOAD_LIMITS, smallBytesMax: 5, ...limits },
    nonce: () => `nonce-${String((nonces += 1))}`, memory: new UploadMemory(storage, ME),
    onError: (error) => errors.push(error),
  });
  return { server, timers, errors, storage, uploads: open(), reload: open };
}
