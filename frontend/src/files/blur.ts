/** A blurred preview as something that a style can show. Drawn once a picture. */
import { decodeThumbHash } from './thumbhash.ts';

const KEPT_MAX = 500;
const drawn = new Map<string, string | null>();

/** An address of the preview in base64; null where there is none. */
export function blurUrl(blur: string | null): string | null {
  if (blur === null || blur === '') return null;
  const known = drawn.get(blur);
  if (known !== undefined) return known;
  const url = draw(blur);
  if (drawn.size >= KEPT_MAX) drawn.clear();
  drawn.set(blur, url);
  return url;
}

function draw(blur: string): string | null {
  try {
    const hash = Uint8Array.from(atob(blur), (character) => character.charCodeAt(0));
    const blurred = decodeThumbHash(hash);
    if (!blurred) return null;
    const canvas = document.createElement('canvas');
    canvas.width = blurred.width;
    canvas.height = blurred.height;
    canvas.getContext('2d')?.putImageData(new ImageData(blurred.rgba, blurred.width, blurred.height), 0, 0);
    return canvas.toDataURL();
  } catch {
    // No preview is no harm: the box has its size anyway.
    return null;
  }
}
