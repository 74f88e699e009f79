/** Which square of a picture is kept: geometry in the picture's own pixels. */

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** `x` and `y` are the middle of the square; `zoom` 1 takes the largest one that fits. */
export interface CropView {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

/** What the server cuts: left, top and side, in whole pixels. */
export interface CropSquare {
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

export const ZOOM_MAX = 5;
/** A key moves by this share of the square. */
export const KEY_SHARE = 0.05;

function between(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

function side({ width, height }: PictureSize, zoom: number): number {
  return Math.min(width, height) / zoom;
}

export function middleOf({ width, height }: PictureSize): CropView {
  return { zoom: 1, x: width / 2, y: height / 2 };
}

/** The square never leaves the picture. */
export function moved(size: PictureSize, view: CropView, byX: number, byY: number): CropView {
  const half = side(size, view.zoom) / 2;
  return {
    zoom: view.zoom,
    x: between(view.x + byX, half, size.width - half),
    y: between(view.y + byY, half, size.height - half),
  };
}

export function zoomed(size: PictureSize, view: CropView, zoom: number): CropView {
  return moved(size, { ...view, zoom: between(zoom, 1, ZOOM_MAX) }, 0, 0);
}

/** For a picture that the server keeps at another size than the one that was shown. */
export function squareOf(shown: PictureSize, view: CropView, kept: PictureSize): CropSquare {
  const scale = kept.width / shown.width;
  const size = Math.max(1, Math.floor(side(shown, view.zoom) * scale));
  const left = Math.round(view.x * scale - size / 2);
  const top = Math.round(view.y * scale - size / 2);
  return {
    x: between(left, 0, Math.max(kept.width - size, 0)), y: between(top, 0, Math.max(kept.height - size, 0)), size,
  };
}

/** Where the picture is drawn so that the square fills a frame of `frame` pixels. */
export function drawnAt(size: PictureSize, view: CropView, frame: number): { left: number; top: number; width: number; height: number } {
  const scale = frame / side(size, view.zoom);
  return {
    width: size.width * scale, height: size.height * scale,
    left: frame / 2 - view.x * scale, top: frame / 2 - view.y * scale,
  };
}
