/** The signed addresses of an upload's parts: asked for a few at a time, and never used when too old. */
import type { PartPlan } from './parts.ts';
import type { PartAddress, UploadApi, UploadLimits } from './types.ts';

interface Known {
  address: PartAddress;
  at_ms: number;
}

export class Addresses {
  readonly #known = new Map<number, Known>();
  /** Batches under way by the numbers they ask for. */
  readonly #asked = new Map<number, Promise<void>>();
  readonly #parts: { api: UploadApi; limits: UploadLimits; now: () => number };
  readonly #uploadId: string;

  constructor(parts: { api: UploadApi; limits: UploadLimits; now: () => number }, uploadId: string) {
    this.#parts = parts;
    this.#uploadId = uploadId;
  }

  /** The address of a part; with it those of the parts that follow are fetched. */
  async of(number: number, plan: PartPlan): Promise<PartAddress> {
    const known = this.#fresh(number);
    if (known !== null) return known;
    await (this.#asked.get(number) ?? this.#ask(number, plan));
    const signed = this.#fresh(number);
    if (signed === null) throw new Error('the server signed no address for a part');
    return signed;
  }

  /** It was refused: the next try asks for another. */
  forget(number: number): void {
    this.#known.delete(number);
  }

  #fresh(number: number): PartAddress | null {
    const known = this.#known.get(number);
    if (!known) return null;
    return this.#parts.now() - known.at_ms < this.#parts.limits.addressAge_ms_max ? known.address : null;
  }

  #ask(number: number, plan: PartPlan): Promise<void> {
    const { api, limits, now } = this.#parts;
    const ahead = plan.ahead(limits.addressesAtOnce - 1).filter((one) => !this.#asked.has(one));
    const numbers = [number, ...ahead.filter((one) => this.#fresh(one) === null)];
    const asked = api.parts(this.#uploadId, numbers).then((signed) => {
      for (const address of signed) this.#known.set(address.number, { address, at_ms: now() });
    }).finally(() => {
      for (const one of numbers) this.#asked.delete(one);
    });
    for (const one of numbers) this.#asked.set(one, asked);
    return asked;
  }
}
