/** Where the timeline stands, and when it moves by itself. */
import {
  useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject,
} from 'react';
import type { VirtualizerHandle } from 'virtua';
import { seqUpTo, type Row } from './rows.ts';
import type { TimelineModel } from './useTimeline.ts';

/** So near to the end counts as being there. */
const END_PX = 48;
/** So near to the top, the next older page is fetched. */
const OLDER_PX = 900;

interface ScrollModel {
  /** True while rows are added in front. */
  shift: boolean;
  /** True when the end is out of sight. */
  below: boolean;
  /** Messages that came while the end was out of sight. */
  fresh: number;
  onScroll: () => void;
  onScrollEnd: () => void;
  toEnd: () => void;
}

function lastKey(rows: readonly Row[]): string {
  return rows[rows.length - 1]?.key ?? '';
}

/** Rows were put in front when the end is the same and there are more. */
function useShift(rows: readonly Row[]): boolean {
  const [before, setBefore] = useState({ rows, shift: false });
  if (before.rows === rows) return before.shift;
  const shift = rows.length > before.rows.length && lastKey(rows) === lastKey(before.rows);
  setBefore({ rows, shift });
  return shift;
}

function countFresh(rows: readonly Row[], behindSeq: number): number {
  let count = 0;
  for (let index = rows.length - 1; index >= 0; index -= 1) {
    const row = rows[index];
    if (row?.type === 'outgoing') continue;
    if (row?.type !== 'message' || row.seq <= behindSeq) break;
    if (!row.own) count += 1;
  }
  return count;
}

/** How far the end is below what is visible. */
function distanceToEnd({ scrollHeight, scrollTop, clientHeight }: HTMLElement): number {
  return scrollHeight - scrollTop - clientHeight;
}

/** A window that changes its size, a composer or a row that grows, leaves the end in sight. */
function useStickToEnd(scroller: RefObject<HTMLElement | null>, loaded: boolean, sticks: () => boolean): void {
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const watcher = new ResizeObserver(() => {
      if (sticks()) element.scrollTop = element.scrollHeight;
    });
    watcher.observe(element);
    for (const child of element.children) watcher.observe(child);
    return () => watcher.disconnect();
  }, [scroller, loaded, sticks]);
}

export function useScroll(
  model: TimelineModel, scroller: RefObject<HTMLElement | null>, handle: RefObject<VirtualizerHandle | null>,
): ScrollModel {
  const { rows, loaded, seen, loadOlder, reachedStart } = model;
  const atEnd = useRef(true);
  /** The last row when the view was last placed; null before it was. */
  const placedEnd = useRef<string | null>(null);
  const lastTop = useRef(0);
  const [below, setBelow] = useState(false);
  const [leftAtSeq, setLeftAtSeq] = useState(0);
  const shift = useShift(rows);

  const toEnd = useCallback(() => {
    atEnd.current = true;
    setBelow(false);
    handle.current?.scrollToIndex(rows.length - 1, { align: 'end', offset: 100 });
  }, [rows.length, handle]);

  const look = useCallback(() => {
    const list = handle.current;
    const element = scroller.current;
    if (!list || !element || placedEnd.current === null) return;
    const all = atEnd.current || distanceToEnd(element) < END_PX;
    const index = all ? rows.length - 1 : list.findItemIndex(list.scrollOffset + list.viewportSize) - 1;
    seen(seqUpTo(rows, index));
  }, [rows, seen, handle, scroller]);

  // First placement: at the unread divider if there is one, else at the end.
  // Afterwards: a new row at the end is followed only by who was at the end or wrote it; rows in
  // front move nothing, the virtualizer keeps what is read in its place.
  useLayoutEffect(() => {
    const last = rows[rows.length - 1];
    if (!loaded || !last || last.key === placedEnd.current) return;
    const list = handle.current;
    const divider = placedEnd.current === null ? rows.findIndex(({ type }) => type === 'unread') : -1;
    const follows = placedEnd.current === null || atEnd.current || last.type === 'outgoing';
    placedEnd.current = last.key;
    if (divider > 0) {
      atEnd.current = false;
      list?.scrollToIndex(divider, { align: 'center' });
    } else if (follows) {
      atEnd.current = true;
      list?.scrollToIndex(rows.length - 1, { align: 'end', offset: 100 });
    }
  }, [loaded, rows, handle]);

  useStickToEnd(scroller, loaded, useCallback(() => placedEnd.current !== null && atEnd.current, []));

  useEffect(() => {
    look();
    addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      removeEventListener('focus', look);
      document.removeEventListener('visibilitychange', look);
    };
  }, [look]);

  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (!element || placedEnd.current === null) return;
    // A row that turned out taller than expected pushes the end away; only going up leaves it.
    const wentUp = element.scrollTop < lastTop.current;
    lastTop.current = element.scrollTop;
    const nowAtEnd = distanceToEnd(element) < END_PX || (atEnd.current && !wentUp);
    if (atEnd.current && !nowAtEnd) setLeftAtSeq(seqUpTo(rows, rows.length - 1));
    atEnd.current = nowAtEnd;
    setBelow(!nowAtEnd);
    if (element.scrollTop < OLDER_PX && !reachedStart) loadOlder();
  }, [scroller, rows, reachedStart, loadOlder]);

  const fresh = below ? countFresh(rows, leftAtSeq) : 0;
  return { shift, below, fresh, onScroll, onScrollEnd: look, toEnd };
}
