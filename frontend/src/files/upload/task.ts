/**
 * The way of one file to the server. Every start, and every resumption after a pause, a lost connection
 * or a reload, goes the same way: ask what the server has, send what it lacks, tell it that all is
 * there, wait for its check. The nonce makes a repeated start the same upload.
 */
import { failureCode, GraphqlFailure, type FailureCode } from '../../gql/client.ts';
import type { Timers } from '../../chat/live/types.ts';
import { Addresses } from './addresses.ts';
import { PartPlan } from './parts.ts';
import type {
  ByteSource, ByteTransport, Refusal, Sending, ServerUpload, UploadAnswer, UploadApi, UploadLimits,
  UploadStep, UploadTarget, UploadView,
} from './types.ts';

/** Codes that pass by themselves. */
const PASSING: ReadonlySet<FailureCode> = new Set(['NETWORK', 'UNAVAILABLE', 'RATE_LIMITED', 'INTERNAL']);

/** The same file may be tried again: time or an administrator moves the bound, or parts got lost. */
const RETRIED: ReadonlySet<FailureCode> = new Set(['UPLOAD_RATE', 'STORAGE_FULL', 'UPLOAD_INCOMPLETE', 'UPLOAD_ENDED']);

export interface TaskParts {
  api: UploadApi;
  bytes: ByteTransport;
  timers: Timers;
  limits: UploadLimits;
  nonce: () => string;
  /** Told of every change. */
  onChange: (task: UploadTask) => void;
}

/** One attempt; a pause or a cancellation ends it, and whatever it still does is ignored. */
interface Run {
  active: boolean;
  readonly sendings: Set<Sending<unknown>>;
  /** Ends the waits of this attempt early. */
  readonly wakes: Set<() => void>;
}

export interface TaskStart {
  key: string;
  target: UploadTarget;
  name: string;
  sizeBytes: number;
  modifiedAt_ms: number;
  /** Null: begun before a reload. */
  source: ByteSource | null;
  uploadId: string | null;
}

export class UploadTask {
  readonly #parts: TaskParts;
  #source: ByteSource | null;
  #nonce: string;
  #uploadId: string | null;
  #run: Run | null = null;
  #view: UploadView;

  constructor(parts: TaskParts, start: TaskStart) {
    const { key, target, name, sizeBytes, modifiedAt_ms, source, uploadId } = start;
    this.#parts = parts;
    this.#source = source;
    this.#nonce = key;
    this.#uploadId = uploadId;
    this.#view = {
      key, target, name, sizeBytes, modifiedAt_ms, sentBytes: 0, step: source ? 'waiting' : 'detached', stalled: false,
      refusal: null, file: null, preview: source?.preview ?? null,
    };
  }

  get view(): UploadView {
    return this.#view;
  }

  get uploadId(): string | null {
    return this.#uploadId;
  }

  get source(): ByteSource | null {
    return this.#source;
  }

  #change(change: Partial<UploadView>): void {
    this.#view = { ...this.#view, ...change };
    this.#parts.onChange(this);
  }

  #step(step: UploadStep, refusal: Refusal | null = null): void {
    this.#change({ step, refusal, stalled: false });
  }

  /** The file was chosen again after a reload. */
  attach(source: ByteSource): void {
    this.#source = source;
    this.#change({ step: 'waiting', preview: source.preview });
  }

  /** Begins, or goes on where the server stands. Resolves when no byte is left to send. */
  async start(): Promise<void> {
    this.#end();
    const run: Run = { active: true, sendings: new Set(), wakes: new Set() };
    this.#run = run;
    this.#step('sending');
    try {
      const upload = await this.#deliver(run);
      if (run.active && upload) this.#follow(run, upload);
    } catch (error) {
      if (run.active) this.#fail(error);
    }
  }

  /** After a reload: what became of it, without its bytes. */
  async recall(): Promise<void> {
    const run: Run = { active: true, sendings: new Set(), wakes: new Set() };
    this.#run = run;
    const upload = await this.#persist(run, () => this.#look());
    if (!run.active || this.#source) return;
    if (!upload || upload.state === 'CANCELLED') this.#uploadId = null;
    else if (upload.state === 'RECEIVING') this.#change({ sentBytes: receivedBytes(upload) });
    else this.#follow(run, upload);
  }

  pause(): void {
    this.#end();
    this.#step('paused');
  }

  /** In the line again. */
  wait(): void {
    this.#step('waiting');
  }

  /** Gives it up; the server gives its reserved bytes back. */
  async cancel(): Promise<void> {
    this.#end();
    const id = this.#uploadId;
    this.#source?.release();
    if (id !== null) await this.#parts.api.cancel(id);
  }

  /** Stops without a word to the server, as a reload does. */
  stop(): void {
    this.#end();
  }

  /** The network is back, or the server says that something changed: no reason to wait. */
  wake(): void {
    for (const wake of [...(this.#run?.wakes ?? [])]) wake();
  }

  #end(): void {
    const run = this.#run;
    this.#run = null;
    if (!run) return;
    run.active = false;
    for (const sending of run.sendings) sending.abort();
    for (const wake of [...run.wakes]) wake();
  }

  /** Null when it was refused. */
  async #deliver(run: Run): Promise<ServerUpload | null> {
    const source = this.#source;
    if (!source) throw new Error('an upload without its file');
    if (source.sizeBytes === 0) return this.#refuse({ code: 'FILE_EMPTY' });
    if (source.sizeBytes <= this.#parts.limits.smallBytesMax) return this.#deliverSmall(run, source);
    let upload = this.#uploadId === null ? null : await this.#persist(run, () => this.#look());
    if (!run.active) return null;
    if (!upload || upload.state === 'CANCELLED') {
      upload = this.#answered(await this.#persist(run, () => this.#parts.api.start(this.#new())));
    }
    if (!upload || !run.active || upload.state !== 'RECEIVING') return upload;
    this.#uploadId = upload.id;
    await this.#sendParts(run, source, upload);
    const { id } = upload;
    return run.active ? this.#answered(await this.#persist(run, () => this.#parts.api.complete(id))) : null;
  }

  async #deliverSmall(run: Run, source: ByteSource): Promise<ServerUpload | null> {
    // A large one is asked about with its start; here that would come after its bytes.
    const early = await this.#persist(run, () => this.#parts.api.refusalBySize(source.sizeBytes));
    if (early || !run.active) return early && run.active ? this.#refuse(early) : null;
    const onSent = (bytes: number): void => {
      if (run.active) this.#change({ sentBytes: Math.min(bytes, source.sizeBytes), stalled: false });
    };
    const answer = await this.#persist(run, () => this.#send(run, this.#parts.bytes.small(this.#new(), source, onSent)));
    return run.active ? this.#answered(answer) : null;
  }

  #new() {
    const { name, sizeBytes, target } = this.#view;
    return { nonce: this.#nonce, name, sizeBytes, purpose: target.purpose };
  }

  async #look(): Promise<ServerUpload | null> {
    const id = this.#uploadId;
    if (id === null) return null;
    const found = await this.#parts.api.look(id).catch((error: unknown) => {
      if (failureCode(error) === 'NOT_FOUND') return null;
      throw error;
    });
    if (!found || found.state === 'CANCELLED') this.#renew();
    return found;
  }

  /** It expired, or was given up elsewhere: the next one begins under a name of its own. */
  #renew(): void {
    this.#uploadId = null;
    this.#nonce = this.#parts.nonce();
  }

  #answered({ upload, problem }: UploadAnswer): ServerUpload | null {
    if (problem || !upload) return this.#refuse(problem ?? { code: 'INTERNAL' });
    this.#uploadId = upload.id;
    return upload;
  }

  #refuse(refusal: Refusal): null {
    if (refusal.code === 'UPLOAD_ENDED') this.#renew();
    this.#step(RETRIED.has(refusal.code) ? 'failed' : 'refused', refusal);
    return null;
  }

  #fail(error: unknown): void {
    const retryAfterS = error instanceof GraphqlFailure ? (error.retryAfterS ?? null) : null;
    this.#step('failed', { code: failureCode(error), retryAfterS });
  }

  async #sendParts(run: Run, source: ByteSource, upload: ServerUpload): Promise<void> {
    const { api, limits, timers } = this.#parts;
    const plan = new PartPlan(source.sizeBytes, upload.partSizeBytes, upload.receivedParts);
    const addresses = new Addresses({ api, limits, now: () => timers.now() }, upload.id);
    this.#change({ sentBytes: plan.sentBytes });
    const worker = async (): Promise<void> => {
      for (let number = plan.take(); number !== null && run.active; number = plan.take()) {
        await this.#sendPart({ run, source, plan, addresses }, number);
      }
    };
    try {
      await Promise.all(Array.from({ length: limits.partsAtOnce }, worker));
    } catch (error) {
      // The other parts of this attempt go with the one that failed.
      for (const sending of run.sendings) sending.abort();
      throw error;
    }
  }

  async #sendPart(
    { run, source, plan, addresses }: { run: Run; source: ByteSource; plan: PartPlan; addresses: Addresses }, number: number,
  ): Promise<void> {
    const [from, to] = plan.range(number);
    const told = (bytes: number): void => {
      plan.progress(number, Math.min(bytes, to - from));
      if (run.active) this.#change({ sentBytes: plan.sentBytes, stalled: false });
    };
    await this.#persist(run, async () => {
      const address = await addresses.of(number, plan);
      try {
        await this.#send(run, this.#parts.bytes.part(address, source.slice(from, to), told));
      } catch (error) {
        addresses.forget(number);
        told(0);
        throw error;
      }
    });
    if (!run.active) return;
    plan.finish(number);
    this.#change({ sentBytes: plan.sentBytes });
  }

  async #send<Result>(run: Run, sending: Sending<Result>): Promise<Result> {
    run.sendings.add(sending);
    try {
      return await sending.done;
    } finally {
      run.sendings.delete(sending);
    }
  }

  /**
   * Repeats what may pass by itself: without an answer as long as it takes, against answers a bounded
   * number of times. Throws what does not pass.
   */
  async #persist<Result>(run: Run, attempt: () => Promise<Result>): Promise<Result> {
    const { limits } = this.#parts;
    let answered = 0;
    for (let tries = 0; ; tries += 1) {
      try {
        return await attempt();
      } catch (error) {
        const code = failureCode(error);
        if (code !== 'NETWORK') answered += 1;
        if (!run.active || !PASSING.has(code) || answered >= limits.triesMax) throw error;
        this.#change({ stalled: true });
        const asked_s = error instanceof GraphqlFailure ? error.retryAfterS : undefined;
        await this.#pauseFor(run, asked_s === undefined ? this.#wait_ms(tries) : asked_s * 1000);
        if (!run.active) throw error;
      }
    }
  }

  #wait_ms(tries: number): number {
    const { limits, timers } = this.#parts;
    const base_ms = Math.min(limits.retryWait_ms_min * 2 ** tries, limits.retryWait_ms_max);
    return base_ms * (0.5 + timers.random() / 2);
  }

  #pauseFor(run: Run, wait_ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        cancel();
        run.wakes.delete(wake);
        resolve();
      };
      const cancel = this.#parts.timers.after(wait_ms, wake);
      run.wakes.add(wake);
    });
  }

  /** All bytes are there: shows what the check says, as soon as it says it. */
  #follow(run: Run, upload: ServerUpload): void {
    if (this.#settle(upload)) return;
    this.#change({ step: 'checking', stalled: false, sentBytes: this.#view.sizeBytes });
    void this.#watch(run).catch((error: unknown) => {
      if (run.active) this.#fail(error);
    });
  }

  /** True when nothing more will happen to it. */
  #settle({ state, file, problem }: ServerUpload): boolean {
    if (state === 'READY' && file) this.#change({ step: 'ready', file, sentBytes: this.#view.sizeBytes, stalled: false });
    else if (state === 'REFUSED') this.#step('refused', problem ?? { code: 'INVALID_INPUT' });
    else if (state === 'CANCELLED') this.#step('failed', { code: 'NOT_FOUND' });
    else return false;
    return true;
  }

  /** The server's event is the hint, asking is the guarantee: less and less often. */
  async #watch(run: Run): Promise<void> {
    const { limits } = this.#parts;
    for (let looks = 0; run.active; looks += 1) {
      await this.#pauseFor(run, Math.min(limits.checkWait_ms_min * 2 ** looks, limits.checkWait_ms_max));
      if (!run.active) return;
      const upload = await this.#persist(run, () => this.#look());
      if (!run.active) return;
      if (!upload) return this.#step('failed', { code: 'NOT_FOUND' });
      this.#change({ stalled: false });
      if (this.#settle(upload)) return;
    }
  }
}

function receivedBytes({ receivedParts, partSizeBytes, sizeBytes }: ServerUpload): number {
  return Math.min(receivedParts.length * partSizeBytes, sizeBytes);
}
