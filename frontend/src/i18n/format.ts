/** Dates, numbers and names by language. Formats are kept, since making one is slow. */
import type { Language } from './index.ts';

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function format(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(language, options);
  formats.set(key, made);
  return made;
}

function dayNumber(date: Date): number {
  return Math.floor(new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime() / DAY_MS);
}

/** Whole calendar days from `then` to `now`, in the reader's time zone. */
export function daysBetween(then: Date, now: Date): number {
  return dayNumber(now) - dayNumber(then);
}

/** 14:05 */
export function formatTime(language: Language, date: Date): string {
  return format(language, { hour: '2-digit', minute: '2-digit', hour12: false }).format(date);
}

/** The expiry date's own format: 2021-05-31 (LIC-07). */
export function formatDate(date: Date): string {
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

/** 2021-05-31 14:05 */
export function formatDateTime(language: Language, date: Date): string {
  return `${formatDate(date)} ${formatTime(language, date)}`;
}

/** A list's short form: the time today, the weekday this week, else the date. */
export function formatShort(language: Language, date: Date, now: Date, yesterday: string): string {
  const days = daysBetween(date, now);
  if (days <= 0) return formatTime(language, date);
  if (days === 1) return yesterday;
  if (days < 7) return format(language, { weekday: 'short' }).format(date);
  if (date.getFullYear() === now.getFullYear()) {
    return format(language, { month: 'numeric', day: 'numeric' }).format(date);
  }
  return formatDate(date);
}

/** The divider of a day. */
export function formatDay(language: Language, date: Date, now: Date): string {
  const sameYear = date.getFullYear() === now.getFullYear();
  return format(language, {
    ...(sameYear ? {} : { year: 'numeric' as const }),
    month: 'long', day: 'numeric', weekday: 'long',
  }).format(date);
}

export function formatNumber(language: Language, value: number): string {
  return new Intl.NumberFormat(language).format(value);
}

const BYTE_UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;
const BYTE_STEP = 1024;

/** 1.5 MB, by steps of 1024 as file managers count; three digits are enough. */
export function formatBytes(language: Language, bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= BYTE_STEP && unit < BYTE_UNITS.length - 1) {
    value /= BYTE_STEP;
    unit += 1;
  }
  const digits = value >= 100 || unit === 0 ? 0 : 1;
  const shown = new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
  return `${shown}\u00a0${BYTE_UNITS[unit] ?? ''}`;
}

/** By pinyin in Chinese, by letters elsewhere. */
export function compareNames(language: Language): (left: string, right: string) => number {
  const collator = new Intl.Collator(language === 'zh-CN' ? 'zh-CN-u-co-pinyin' : language);
  return (left, right) => collator.compare(left, right);
}
