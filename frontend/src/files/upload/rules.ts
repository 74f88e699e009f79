/**
 * What the company lets its members send (FIL-02, FIL-03), so that a file which is too large is refused
 * before any byte of it is sent. The server decides; this tells early.
 */
import type { FileRulesQuery } from '../../gql/tenant/files.ts';
import type { Refusal } from './types.ts';

export type FileRules = FileRulesQuery['filePolicy'];

/** Files that are chosen together are judged by one answer; later ones by a new one. */
const FRESH_MS = 2_000;

/** The same decision as the server's, by the same codes. */
export function refusalBySize({ fileBytesMax, largeFiles, largeFileBytesMax }: FileRules, sizeBytes: number): Refusal | null {
  if (sizeBytes <= fileBytesMax) return null;
  const most = Math.max(largeFileBytesMax, fileBytesMax);
  if (!largeFiles && sizeBytes <= most) return { code: 'LARGE_FILES_OFF', limit: fileBytesMax, used: sizeBytes };
  if (largeFiles && sizeBytes <= most) return null;
  return { code: 'FILE_TOO_LARGE', limit: largeFiles ? most : fileBytesMax, used: sizeBytes };
}

/** The rules, asked for again when they are too old to be believed. */
export class RulesKeeper {
  readonly #ask: () => Promise<FileRules>;
  readonly #now: () => number;
  #known: { rules: FileRules; at_ms: number } | null = null;
  #asked: Promise<FileRules> | null = null;

  constructor(ask: () => Promise<FileRules>, now: () => number) {
    this.#ask = ask;
    this.#now = now;
  }

  async refusal(sizeBytes: number): Promise<Refusal | null> {
    return refusalBySize(await this.#rules(), sizeBytes);
  }

  async #rules(): Promise<FileRules> {
    const known = this.#known;
    if (known && this.#now() - known.at_ms < FRESH_MS) return known.rules;
    this.#asked ??= this.#ask().then((rules) => {
      this.#known = { rules, at_ms: this.#now() };
      return rules;
    }).finally(() => {
      this.#asked = null;
    });
    return this.#asked;
  }
}
