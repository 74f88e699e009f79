/**
 * All uploads of this page: a few run at a time, the others wait for their turn. They belong to trays,
 * not to screens, and go on while somebody reads elsewhere.
 */
import type { UploadMemory, UploadRecord } from './memory.ts';
import { UploadTask, type TaskParts } from './task.ts';
import type { ByteSource, UploadTarget, UploadView } from './types.ts';

export interface UploadsParts extends Omit<TaskParts, 'onChange'> {
  memory: UploadMemory;
  /** Told of requests that failed and that nobody waits for. */
  onError: (error: unknown) => void;
}

export class Uploads {
  readonly #parts: UploadsParts;
  readonly #tasks = new Map<string, UploadTask>();
  readonly #listeners = new Set<() => void>();
  /** Keys whose bytes are being sent. */
  readonly #running = new Set<string>();
  #views: readonly UploadView[] = [];
  #lying: ReadonlyMap<string, number> = new Map();
  #stopped = false;

  constructor(parts: UploadsParts) {
    this.#parts = parts;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** In the order in which they were chosen. */
  readonly snapshot = (): readonly UploadView[] => this.#views;

  /** Files in the trays, by conversation; the same object as long as none is added or taken. */
  readonly lying = (): ReadonlyMap<string, number> => this.#lying;

  #count(): void {
    const lying = new Map<string, number>();
    for (const { target: { conversationId } } of this.#views) {
      if (conversationId !== null) lying.set(conversationId, (lying.get(conversationId) ?? 0) + 1);
    }
    const same = lying.size === this.#lying.size && [...lying].every(([id, count]) => this.#lying.get(id) === count);
    if (!same) this.#lying = lying;
  }

  #publish(): void {
    this.#views = [...this.#tasks.values()].map(({ view }) => view);
    this.#count();
    for (const listener of [...this.#listeners]) listener();
  }

  #onChange(task: UploadTask): void {
    const { view } = task;
    if (this.#tasks.get(view.key) !== task) return;
    this.#remember(task);
    this.#publish();
  }

  #remember({ view, uploadId }: UploadTask): void {
    const { key, target, name, sizeBytes, modifiedAt_ms, step } = view;
    const { memory } = this.#parts;
    if (uploadId === null || step === 'refused') memory.drop(key);
    else if (target.purpose === 'MESSAGE') memory.put({ key, uploadId, target, name, sizeBytes, modifiedAt_ms });
  }

  #create(start: Omit<UploadRecord, 'uploadId'>, source: ByteSource | null, uploadId: string | null): UploadTask {
    const task = new UploadTask({ ...this.#parts, onChange: (changed) => this.#onChange(changed) }, { ...start, source, uploadId });
    this.#tasks.set(start.key, task);
    return task;
  }

  /** What was begun before a reload: finished ones come back by themselves, others need their file. */
  restore(): void {
    for (const { uploadId, ...record } of this.#parts.memory.read()) {
      void this.#create(record, null, uploadId).recall().catch(this.#parts.onError);
    }
    this.#publish();
  }

  /**
   * Puts a file into a tray and begins. One that was begun before a reload and that has the same name,
   * size and time of change goes on where it stopped.
   */
  add(source: ByteSource, target: UploadTarget): string {
    const known = [...this.#tasks.values()].find(({ view }) => view.step === 'detached' && isSame(view, source, target));
    if (known) {
      known.attach(source);
      this.#pump();
      return known.view.key;
    }
    const { name, sizeBytes, modifiedAt_ms } = source;
    const key = this.#parts.nonce();
    this.#create({ key, target, name, sizeBytes, modifiedAt_ms }, source, null);
    this.#publish();
    this.#pump();
    return key;
  }

  pause(key: string): void {
    this.#tasks.get(key)?.pause();
    this.#running.delete(key);
    this.#pump();
  }

  /** Goes on after a pause, or tries again after a failure. */
  resume(key: string): void {
    const task = this.#tasks.get(key);
    if (!task?.source) return;
    task.wait();
    this.#pump();
  }

  /** Takes a file out of its tray; the server forgets it. */
  cancel(key: string): void {
    const task = this.#tasks.get(key);
    if (!task) return;
    this.#forget(key);
    if (task.view.step !== 'refused') void task.cancel().catch(this.#parts.onError);
  }

  /** It was sent: it leaves the tray, its file stays. */
  take(key: string): void {
    this.#tasks.get(key)?.stop();
    this.#forget(key);
  }

  #forget(key: string): void {
    this.#tasks.delete(key);
    this.#running.delete(key);
    this.#parts.memory.drop(key);
    this.#publish();
    this.#pump();
  }

  /** The server says that the state of an upload changed. */
  changed(uploadId: string): void {
    for (const task of this.#tasks.values()) if (task.uploadId === uploadId) task.wake();
  }

  /** The network is back. */
  wake(): void {
    for (const task of this.#tasks.values()) task.wake();
  }

  /** Stops everything; what the server has stays there. */
  stop(): void {
    this.#stopped = true;
    for (const task of this.#tasks.values()) task.stop();
  }

  #pump(): void {
    if (this.#stopped) return;
    for (const [key, task] of this.#tasks) {
      if (this.#running.size >= this.#parts.limits.filesAtOnce) return;
      if (task.view.step !== 'waiting' || this.#running.has(key)) continue;
      this.#running.add(key);
      void task.start().finally(() => {
        // A paused one has left already, and may have come back since.
        if (task.view.step !== 'sending') this.#running.delete(key);
        this.#pump();
      });
    }
  }
}

function isSame(view: UploadView, source: ByteSource, target: UploadTarget): boolean {
  return view.name === source.name && view.sizeBytes === source.sizeBytes
    && view.modifiedAt_ms === source.modifiedAt_ms && view.target.purpose === target.purpose
    && view.target.conversationId === target.conversationId
    && view.target.folder?.path === target.folder?.path;
}
