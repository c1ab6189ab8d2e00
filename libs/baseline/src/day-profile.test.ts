import { describe, expect, it } from 'vitest';
import { createDayProfile, expectedThenLearn } from './day-profile.js';

const MINUTE_MS = 60_000;

describe('the day profile', () => {
  it('expects nothing on the first day, and on the next ones the mean of the same half hour on the days before', () => {
    const profile = createDayProfile();
    // Five-minute rows; each half hour has its own level, the days differ by 2.
    const value = (row: number): number => 100 * (Math.floor(row / 6) % 48) + 2 * Math.floor(row / 288) + (row % 6);
    const expected = Array.from({ length: 3 * 288 }, (_, row) => expectedThenLearn(profile, row * 5 * MINUTE_MS, value(row)));
    expect(expected.slice(0, 288).every((each) => each === null)).toBe(true);
    expect(expected.slice(288, 2 * 288)).toEqual(Array.from({ length: 288 }, (_, row) => 100 * Math.floor(row / 6) + 2.5));
    expect(expected.slice(2 * 288)).toEqual(Array.from({ length: 288 }, (_, row) => 100 * Math.floor(row / 6) + 3.5));
  });

  it('takes rows from before 1970, in any order', () => {
    const profile = createDayProfile();
    expectedThenLearn(profile, -MINUTE_MS, 7);
    expectedThenLearn(profile, 0, 1);
    expect(expectedThenLearn(profile, 1_440 * MINUTE_MS - 1, 3)).toBe(7);
  });
});
