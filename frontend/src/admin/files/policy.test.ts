/** The form of the rules for files against what the server takes (covers: FIL-01, FIL-03, FIL-04, FIL-05). */
import { describe, expect, it } from 'vitest';
import { inputOf, shortens, valuesOf } from './policy.ts';

const MIB = 1024 * 1024;
const POLICY = {
  fileBytesMax: 100 * MIB, largeFiles: false, largeFileBytesMax: 2048 * MIB, partnerFileBytesMax: 50 * MIB,
  retentionDays: { image: null, video: 180, file: null }, previewOnly: false,
};

describe('the rules for files', () => {
  it('come back as they went', () => {
    expect(inputOf(valuesOf(POLICY))).toEqual(POLICY);
    expect(valuesOf(POLICY)).toMatchObject({ fileMib: 100, image: 0, video: 180 });
  });

  it('say before something is deleted by them', () => {
    const before = valuesOf(POLICY);
    expect(shortens(before, before)).toBe(false);
    expect(shortens(before, { ...before, video: 365, image: 0 })).toBe(false);
    expect(shortens(before, { ...before, video: 0 })).toBe(false);
    expect(shortens(before, { ...before, image: 365 })).toBe(true);
    expect(shortens(before, { ...before, video: 30 })).toBe(true);
  });
});
