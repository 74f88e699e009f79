/**
 * The rows of a timeline out of a log: day dividers, the unread divider, messages with or without a
 * head. A row keeps its object as long as nothing about it changed; a longer log only adds rows.
 */
import type { Entry, Outgoing } from '../live/types.ts';

/** Messages of one person within this time share a head. */
export const HEAD_MS = 5 * 60_000;

export type Row =
  | { type: 'day'; key: string; at: Date }
  | { type: 'unread'; key: string }
  | { type: 'created'; key: string; seq: number; at: Date }
  | { type: 'message'; key: string; entry: Entry; seq: number; at: Date; head: boolean; own: boolean }
  | { type: 'outgoing'; key: string; message: Outgoing; at: Date; head: boolean };

export interface RowsInput {
  entries: readonly Entry[];
  outgoing: readonly Outgoing[];
  memberId: string;
  memberName: string;
  /** The divider stands before the first message of others behind this; null: no divider. */
  unreadAfterSeq: number | null;
}

interface Previous {
  authorId: string | null;
  headAt: number;
  day: string;
}

interface Built {
  rows: Row[];
  previous: Previous;
  divided: boolean;
}

const NOTHING: Previous = { authorId: null, headAt: 0, day: '' };

function dayKey(at: Date): string {
  return `${at.getFullYear()}-${at.getMonth() + 1}-${at.getDate()}`;
}

/** Whether a message begins a new head, and what the next one has to be compared with. */
function follow(previous: Previous, authorId: string, at: Date): { head: boolean; next: Previous } {
  const day = dayKey(at);
  const time = at.getTime();
  const joins = previous.authorId === authorId && previous.day === day && time - previous.headAt < HEAD_MS;
  return { head: !joins, next: { authorId, day, headAt: joins ? previous.headAt : time } };
}

function addDay(built: Built, at: Date): void {
  const day = dayKey(at);
  if (built.previous.day === day) return;
  built.rows.push({ type: 'day', key: `day:${day}`, at });
  built.previous = { ...NOTHING, day };
}

function addEntry(built: Built, entry: Entry, input: RowsInput): void {
  const at = new Date(entry.createdAt);
  addDay(built, at);
  const own = entry.author?.id === input.memberId;
  const { unreadAfterSeq } = input;
  const unread = entry.kind === 'MESSAGE' && !own && unreadAfterSeq !== null && entry.seq > unreadAfterSeq;
  if (unread && !built.divided) {
    built.rows.push({ type: 'unread', key: 'unread' });
    built.divided = true;
    built.previous = { ...NOTHING, day: built.previous.day };
  }
  if (entry.kind === 'CREATED') {
    built.rows.push({ type: 'created', key: entry.id, seq: entry.seq, at });
    built.previous = { ...NOTHING, day: built.previous.day };
    return;
  }
  const { head, next } = follow(built.previous, entry.author?.id ?? '', at);
  built.previous = next;
  const key = own && entry.nonce !== null ? entry.nonce : entry.id;
  built.rows.push({ type: 'message', key, entry, seq: entry.seq, at, head, own });
}

function addOutgoing(built: Built, message: Outgoing, memberId: string): void {
  const at = new Date(message.createdAt);
  addDay(built, at);
  const { head, next } = follow(built.previous, memberId, at);
  built.previous = next;
  built.rows.push({ type: 'outgoing', key: message.nonce, message, at, head });
}

/** Builds rows; a builder belongs to one open conversation and remembers its last answer. */
export class RowBuilder {
  #input: RowsInput | null = null;
  #entriesBuilt: Built = { rows: [], previous: NOTHING, divided: false };
  #answer: readonly Row[] = [];

  build(input: RowsInput): readonly Row[] {
    const last = this.#input;
    if (last && sameInput(last, input)) return this.#answer;
    if (!last || last.entries !== input.entries || last.unreadAfterSeq !== input.unreadAfterSeq) {
      this.#buildEntries(last, input);
    }
    this.#input = input;
    const built: Built = {
      ...this.#entriesBuilt,
      rows: input.outgoing.length > 0 ? [...this.#entriesBuilt.rows] : this.#entriesBuilt.rows,
    };
    for (const message of input.outgoing) addOutgoing(built, message, input.memberId);
    this.#answer = built.rows;
    return this.#answer;
  }

  #buildEntries(last: RowsInput | null, input: RowsInput): void {
    const same = last !== null && last.unreadAfterSeq === input.unreadAfterSeq && last.entries.length > 0
      && last.entries.length <= input.entries.length;
    if (same && input.entries[last.entries.length - 1] === last.entries[last.entries.length - 1]) {
      const { rows, ...before } = this.#entriesBuilt;
      this.#entriesBuilt = addEntries({ ...before, rows: [...rows] }, input, last.entries.length);
      return;
    }
    const added = same ? input.entries.length - last.entries.length : 0;
    const prepended = added > 0 && input.entries[added] === last?.entries[0]
      ? this.#prepend(added, input) : null;
    this.#entriesBuilt = prepended ?? addEntries({ rows: [], previous: NOTHING, divided: false }, input, 0);
  }

  /**
   * Puts `added` older entries in front.
   * 1. Their rows are built.
   * 2. The known entries behind them are built anew until one of them begins a head as it did before:
   *    from there on nothing can differ, and the known rows follow as they are.
   * Null where that is not possible: the unread divider moves, or one head reaches to the end.
   */
  #prepend(added: number, input: RowsInput): Built | null {
    const known = this.#entriesBuilt;
    const built: Built = { rows: [], previous: NOTHING, divided: false };
    const heads = headRows(known.rows);
    for (let index = 0; index < input.entries.length; index += 1) {
      const entry = input.entries[index];
      if (!entry) return null;
      const at = built.rows.length;
      addEntry(built, entry, input);
      if (index < added) continue;
      const before = heads.next(entry.seq);
      const last = built.rows[built.rows.length - 1];
      const begins = last?.type === 'message' && last.head && built.rows.length === at + 1;
      if (before === null || !begins) continue;
      if (built.divided && known.divided) return null;
      const rows = [...built.rows, ...known.rows.slice(before + 1)];
      return { rows, previous: known.previous, divided: built.divided || known.divided };
    }
    return null;
  }
}

/** Finds, for ascending sequences, the row that is a head of its own without a divider before it. */
function headRows(rows: readonly Row[]): { next: (seq: number) => number | null } {
  let at = 0;
  return {
    next(seq) {
      for (; at < rows.length; at += 1) {
        const row = rows[at];
        if (row?.type === 'day' || row?.type === 'unread' || row?.type === 'outgoing') continue;
        if (!row || row.seq > seq) return null;
        if (row.seq < seq) continue;
        const plain = rows[at - 1]?.type === 'message';
        return row.type === 'message' && row.head && plain ? at : null;
      }
      return null;
    },
  };
}

function addEntries(built: Built, input: RowsInput, from: number): Built {
  for (let index = from; index < input.entries.length; index += 1) {
    const entry = input.entries[index];
    if (entry) addEntry(built, entry, input);
  }
  return built;
}

function sameInput(left: RowsInput, right: RowsInput): boolean {
  return left.entries === right.entries && left.outgoing === right.outgoing
    && left.unreadAfterSeq === right.unreadAfterSeq;
}

/** The furthest sequence among the rows up to `index`. */
export function seqUpTo(rows: readonly Row[], index: number): number {
  for (let at = Math.min(index, rows.length - 1); at >= 0; at -= 1) {
    const row = rows[at];
    if (row && (row.type === 'message' || row.type === 'created')) return row.seq;
  }
  return 0;
}
