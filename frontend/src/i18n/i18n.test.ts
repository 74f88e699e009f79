/** Both languages are complete, every error code has its words, and every pattern can be read. */
import { readdirSync, readFileSync } from 'node:fs';
import { IntlMessageFormat } from 'intl-messageformat';
import { buildSchema, isEnumType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { platformSchema, tenantSchema } from '../../tools/schema.ts';
import { compareNames, daysBetween, formatDate, formatShort } from './format.ts';
import { LANGUAGES, preferredLanguage, Texts, type MessageKey } from './index.ts';

const FOLDER = new URL('./messages/', import.meta.url);
const AREAS = readdirSync(new URL('zh-CN/', FOLDER));

function messages(language: string, file: string): Record<string, string> {
  return JSON.parse(readFileSync(new URL(`${language}/${file}`, FOLDER), 'utf8')) as Record<string, string>;
}

type Part = ReturnType<IntlMessageFormat['getAst']>[number];

function collect(parts: readonly Part[], names: Set<string>): void {
  for (const part of parts) {
    const takesValue = part.type >= 1 && part.type <= 6 && 'value' in part;
    if (takesValue) names.add(part.value);
    if ('options' in part) for (const option of Object.values(part.options)) collect(option.value, names);
  }
}

/** The values that a text takes; throws when it cannot be parsed. */
function argumentsOf(text: string, language: string): string[] {
  const names = new Set<string>();
  collect(new IntlMessageFormat(text, language).getAst(), names);
  return [...names].toSorted();
}

describe('messages', () => {
  it.each(AREAS)('of %s have the same keys in both languages', (file) => {
    expect(Object.keys(messages('en', file))).toEqual(Object.keys(messages('zh-CN', file)));
  });

  it('belong to one area each', () => {
    const keys = AREAS.flatMap((file) => Object.keys(messages('zh-CN', file)));
    expect(keys.length).toBe(new Set(keys).size);
  });

  it.each(AREAS)('of %s are no empty words, no shouting, and take the same values', (file) => {
    const zh = messages('zh-CN', file);
    for (const [key, text] of Object.entries(messages('en', file))) {
      expect(text.trim(), key).not.toBe('');
      expect(zh[key]?.trim(), key).not.toBe('');
      expect(`${text}${zh[key]}`, key).not.toMatch(/[!！]/);
      expect(argumentsOf(text, 'en'), key).toEqual(argumentsOf(zh[key] ?? '', 'zh-CN'));
    }
  });

  it('have a text for every error code of both schemas', () => {
    for (const sdl of [tenantSchema(), platformSchema()]) {
      const codes = buildSchema(sdl).getType('ErrorCode');
      if (!isEnumType(codes)) throw new Error('ErrorCode is an enum');
      for (const language of LANGUAGES) {
        const core = messages(language, 'core.json');
        const missing = codes.getValues().map(({ name }) => name).filter((name) => !core[`error.${name}`]);
        expect(missing, language).toEqual([]);
      }
    }
  });

  it('switch while the page is open', async () => {
    const texts = new Texts('zh-CN');
    await texts.load('core');
    const wait = (seconds: number): string => texts.translate('error.RATE_LIMITED', { seconds, limit: 0, used: 0 });
    expect(wait(5)).toBe('操作过于频繁，请 5 秒后再试。');
    await texts.setLanguage('en');
    expect(wait(1)).toBe('Too many tries. Try again in 1 second.');
    expect(wait(0)).toBe('Too many tries. Try again later.');
    expect(texts.translate('no.such.key' as MessageKey)).toBe('no.such.key');
  });
});

describe('by locale', () => {
  it('the browser chooses until somebody does', () => {
    expect(preferredLanguage(null, 'zh-TW')).toBe('zh-CN');
    expect(preferredLanguage(null, 'de')).toBe('en');
    expect(preferredLanguage('en', 'zh-CN')).toBe('en');
  });

  it('dates are short where they are near (covers: LIC-07)', () => {
    const now = new Date(2026, 10, 22, 9, 0);
    const short = (date: Date): string => formatShort('zh-CN', date, now, '昨天');
    expect(short(new Date(2026, 10, 22, 8, 5))).toBe('08:05');
    expect(short(new Date(2026, 10, 21, 23, 59))).toBe('昨天');
    expect(short(new Date(2026, 10, 18))).toBe('周三');
    expect(short(new Date(2026, 2, 1))).toBe('3/1');
    expect(short(new Date(2024, 2, 1))).toBe('2024-03-01');
    expect(formatDate(new Date(2021, 4, 31))).toBe('2021-05-31');
    expect(daysBetween(now, new Date(2026, 10, 27, 1))).toBe(5);
  });

  it('Chinese names are sorted by pinyin', () => {
    expect(['赵', '陈', '李'].sort(compareNames('zh-CN'))).toEqual(['陈', '李', '赵']);
  });
});
