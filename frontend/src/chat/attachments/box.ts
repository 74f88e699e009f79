/** How large pictures are drawn before anything of them is loaded, so that nothing moves afterwards. */

export interface Box {
  readonly width: number;
  readonly height: number;
}

const WIDTH_MAX = 360;
const HEIGHT_MAX = 300;
/** Narrower or flatter pictures are cut, else nobody could hit them. */
const SIDE_MIN = 72;
const UNKNOWN: Box = { width: 240, height: 180 };

/** In its true proportion, within what fits into a conversation; a small picture stays small. */
export function pictureBox(width: number | null, height: number | null): Box {
  if (!width || !height) return UNKNOWN;
  const scale = Math.min(WIDTH_MAX / width, HEIGHT_MAX / height, 1);
  return {
    width: Math.max(Math.round(width * scale), SIDE_MIN),
    height: Math.max(Math.round(height * scale), SIDE_MIN),
  };
}

/** Columns of a grid of several pictures. */
export function gridColumns(count: number): number {
  return count === 2 || count === 4 ? 2 : 3;
}
