/**
 * The blurred preview of a picture: a ThumbHash (https://evanw.github.io/thumbhash/), about 25 bytes that
 * hold the first cosine terms of brightness, two colour differences and transparency.
 */

export interface Blurred {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and alpha of every pixel, not premultiplied. */
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** The longer side of what is drawn out of a hash. */
const SIDE = 32;
/** The longest hash of the format, with room. */
const HASH_BYTES_MAX = 64;

interface Channel {
  readonly mean: number;
  readonly terms: readonly number[];
  readonly across: number;
  readonly down: number;
}

interface Header {
  readonly wide: boolean;
  readonly hasAlpha: boolean;
  readonly across: number;
  readonly down: number;
}

function headerOf(hash: Uint8Array): Header {
  const first = at(hash, 0) | (at(hash, 1) << 8) | (at(hash, 2) << 16);
  const second = at(hash, 3) | (at(hash, 4) << 8);
  const hasAlpha = first >> 23 !== 0;
  const wide = second >> 15 !== 0;
  const longer = hasAlpha ? 5 : 7;
  const shorter = second & 7;
  return { wide, hasAlpha, across: Math.max(3, wide ? longer : shorter), down: Math.max(3, wide ? shorter : longer) };
}

function at(hash: Uint8Array, index: number): number {
  return hash[index] ?? 0;
}

/** Reads the terms, four bits each, one channel after the other. */
class Terms {
  readonly #hash: Uint8Array;
  #nibble: number;

  constructor(hash: Uint8Array, fromByte: number) {
    this.#hash = hash;
    this.#nibble = fromByte * 2;
  }

  channel(mean: number, across: number, down: number, scale: number): Channel {
    const terms: number[] = [];
    for (let y = 0; y < down; y += 1) {
      for (let x = y === 0 ? 1 : 0; x * down < across * (down - y); x += 1) {
        const byte = at(this.#hash, this.#nibble >> 1);
        const value = (byte >> ((this.#nibble & 1) << 2)) & 15;
        this.#nibble += 1;
        terms.push((value / 7.5 - 1) * scale);
      }
    }
    return { mean, terms, across, down };
  }
}

function valueAt({ mean, terms, across, down }: Channel, cosX: readonly number[], cosY: readonly number[]): number {
  let value = mean;
  let index = 0;
  for (let y = 0; y < down; y += 1) {
    const twice = (cosY[y] ?? 0) * 2;
    for (let x = y === 0 ? 1 : 0; x * down < across * (down - y); x += 1) {
      value += (terms[index] ?? 0) * (cosX[x] ?? 0) * twice;
      index += 1;
    }
  }
  return value;
}

/** Null for what is no hash. */
export function decodeThumbHash(hash: Uint8Array): Blurred | null {
  if (hash.length < 5 || hash.length > HASH_BYTES_MAX) return null;
  const { hasAlpha, across, down } = headerOf(hash);
  const first = at(hash, 0) | (at(hash, 1) << 8) | (at(hash, 2) << 16);
  const second = at(hash, 3) | (at(hash, 4) << 8);
  const terms = new Terms(hash, hasAlpha ? 6 : 5);
  const light = terms.channel((first & 63) / 63, across, down, ((first >> 18) & 31) / 31);
  const yellowBlue = terms.channel(((first >> 6) & 63) / 31.5 - 1, 3, 3, (((second >> 3) & 63) / 63) * 1.25);
  const redGreen = terms.channel(((first >> 12) & 63) / 31.5 - 1, 3, 3, (((second >> 9) & 63) / 63) * 1.25);
  const alpha = hasAlpha ? terms.channel((at(hash, 5) & 15) / 15, 5, 5, (at(hash, 5) >> 4) / 15) : null;
  const ratio = ratioOf(hash);
  const width = Math.max(1, Math.round(ratio > 1 ? SIDE : SIDE * ratio));
  const height = Math.max(1, Math.round(ratio > 1 ? SIDE / ratio : SIDE));
  const rgba = new Uint8ClampedArray(width * height * 4);
  const cosines = (position: number, length: number): number[] => (
    Array.from({ length: 7 }, (_, term) => Math.cos((Math.PI / length) * (position + 0.5) * term))
  );
  for (let y = 0; y < height; y += 1) {
    const cosY = cosines(y, height);
    for (let x = 0; x < width; x += 1) {
      const cosX = cosines(x, width);
      const l = valueAt(light, cosX, cosY);
      const p = valueAt(yellowBlue, cosX, cosY);
      const q = valueAt(redGreen, cosX, cosY);
      const blue = l - (2 / 3) * p;
      const red = (3 * l - blue + q) / 2;
      const opaque = alpha ? valueAt(alpha, cosX, cosY) : 1;
      rgba.set([red, red - q, blue, opaque].map((value) => value * 255), (y * width + x) * 4);
    }
  }
  return { width, height, rgba };
}

/** Width by height, as far as a hash knows it. */
function ratioOf(hash: Uint8Array): number {
  const { wide, hasAlpha } = headerOf(hash);
  const shorter = (at(hash, 3) & 7);
  const longer = hasAlpha ? 5 : 7;
  return wide ? longer / shorter : shorter / longer;
}
