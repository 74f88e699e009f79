/** Which parts of one file are there, on their way or still to be sent, and how far all of them are. */

export class PartPlan {
  readonly #sizeBytes: number;
  readonly #partBytes: number;
  readonly #todo: number[];
  readonly #done: Set<number>;
  readonly #underWay = new Map<number, number>();

  /** `received` are the numbers, from 1, that the server has. */
  constructor(sizeBytes: number, partBytes: number, received: readonly number[]) {
    this.#sizeBytes = sizeBytes;
    this.#partBytes = partBytes;
    const count = Math.ceil(sizeBytes / partBytes);
    this.#done = new Set(received.filter((number) => number >= 1 && number <= count));
    const all = Array.from({ length: count }, (_, index) => index + 1);
    this.#todo = all.filter((number) => !this.#done.has(number));
  }

  /** The next part to send, null when every one is taken. */
  take(): number | null {
    const number = this.#todo.shift() ?? null;
    if (number !== null) this.#underWay.set(number, 0);
    return number;
  }

  /** The parts that will be sent next, without taking them. */
  ahead(count: number): readonly number[] {
    return this.#todo.slice(0, count);
  }

  /** The bytes of a part: from the first, up to but without the second. */
  range(number: number): readonly [number, number] {
    const from = (number - 1) * this.#partBytes;
    return [from, Math.min(from + this.#partBytes, this.#sizeBytes)];
  }

  progress(number: number, bytes: number): void {
    if (this.#underWay.has(number)) this.#underWay.set(number, bytes);
  }

  finish(number: number): void {
    this.#underWay.delete(number);
    this.#done.add(number);
  }

  get sentBytes(): number {
    let total = 0;
    for (const number of this.#done) {
      const [from, to] = this.range(number);
      total += to - from;
    }
    for (const bytes of this.#underWay.values()) total += bytes;
    return Math.min(total, this.#sizeBytes);
  }
}
