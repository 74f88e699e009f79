/** The rules for sizes, told before any byte is sent. */
import { describe, expect, it } from 'vitest';
import { refusalBySize, RulesKeeper } from './rules.ts';

const RULES = { fileBytesMax: 100, largeFiles: false, largeFileBytesMax: 1000 };

describe('the rules for sizes', () => {
  it('refuse by the same codes and limits as the server (covers: FIL-02, FIL-03)', () => {
    expect(refusalBySize(RULES, 100)).toBeNull();
    expect(refusalBySize(RULES, 101)).toMatchObject({ code: 'LARGE_FILES_OFF', limit: 100 });
    expect(refusalBySize(RULES, 1001)).toMatchObject({ code: 'FILE_TOO_LARGE', limit: 100 });
    const large = { ...RULES, largeFiles: true };
    expect(refusalBySize(large, 1000)).toBeNull();
    expect(refusalBySize(large, 1001)).toMatchObject({ code: 'FILE_TOO_LARGE', limit: 1000 });
  });

  it('are asked for once for files that are chosen together, and anew for later ones', async () => {
    let now = 0;
    let rules = RULES;
    let asked = 0;
    const keeper = new RulesKeeper(() => {
      asked += 1;
      return Promise.resolve(rules);
    }, () => now);
    expect(await Promise.all([keeper.refusal(5), keeper.refusal(6)])).toEqual([null, null]);
    now = 1_000;
    expect(await keeper.refusal(50)).toBeNull();
    expect(asked).toBe(1);
    rules = { ...RULES, fileBytesMax: 500 };
    now = 3_000;
    expect(await keeper.refusal(400)).toBeNull();
    expect(asked).toBe(2);
    expect(await keeper.refusal(501)).toMatchObject({ code: 'LARGE_FILES_OFF', limit: 500 });
  });
});
