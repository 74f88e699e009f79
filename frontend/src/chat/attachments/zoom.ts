/** Where a picture stands in the viewer: how large, and how far from the middle. */

export interface View {
  /** 1: as it fits into the window. */
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export const FITTED: View = { scale: 1, x: 0, y: 0 };
const SCALE_MAX = 8;

/** Never smaller than what fits; as it fits it stands in the middle. */
export function zoomedTo(view: View, scale: number): View {
  const next = Math.min(Math.max(scale, 1), SCALE_MAX);
  if (next < 1.01) return FITTED;
  const share = next / view.scale;
  return { scale: next, x: view.x * share, y: view.y * share };
}

export function movedBy(view: View, x: number, y: number): View {
  return view.scale === 1 ? view : { ...view, x: view.x + x, y: view.y + y };
}
