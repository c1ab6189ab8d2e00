import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ADOPTION_COUNTS, adoptionTail, categoryTail, newCategoryMass } from './category-model.js';
import { calibratedStrength, extendTail, fitTail, GIVEN_BACK_MAX, placeTail, SCORE_BUCKETS, scoreAtStrength, scoreBucket, type FittedTail } from './score-calibration.js';
import { smoothWeek, WEEK_HOURS, weekHour, weekTail } from './week-histogram.js';

describe('categories', () => {
  it('what is always the same makes something new unlikely, what always changes does not', () => {
    expect(newCategoryMass(0, 0)).toBe(1);
    expect(newCategoryMass(100, 1)).toBeLessThan(0.02);
    expect(newCategoryMass(100, 100)).toBeGreaterThan(0.5);
  });

  it('a category is as unusual as all that are at most as common, with mass left for the unseen', () => {
    const ofCount = new Int32Array(ADOPTION_COUNTS);
    ofCount[1] = 3;
    ofCount[20] = 2;
    const table = { total: 43, kinds: 5, ofCount };
    const unseen = adoptionTail(0, table);
    expect(unseen).toBeCloseTo(3.5 / 44, 12);
    expect(adoptionTail(1, table)).toBeCloseTo(unseen + 1.5 / 44, 12);
    expect(adoptionTail(20, table)).toBeCloseTo(1, 12);
    expect(categoryTail(0, [5, 5], 10, 2)).toBeCloseTo(2 / 11, 12);
    expect(categoryTail(5, [5, 5], 10, 2)).toBe(1);
  });
});

describe('the week', () => {
  it('begins on Monday in local time, and a holiday is a Sunday', () => {
    expect(weekHour(Date.UTC(2026, 10, 23, 0), 0, false)).toBe(0);
    expect(weekHour(Date.UTC(2026, 10, 22, 23), 60, false)).toBe(0);
    expect(weekHour(Date.UTC(2026, 10, 23, 0), -60, false)).toBe(167);
    expect(weekHour(Date.UTC(2026, 10, 25, 9), 0, true)).toBe(6 * 24 + 9);
    expect(weekHour(Date.UTC(1969, 11, 31, 23), 0, false)).toBe(2 * 24 + 23);
  });

  it('smooths into probabilities, in which the night of a clerk is unlikely and her other mornings are not', () => {
    const counts = new Uint8Array(WEEK_HOURS);
    for (let day = 0; day < 5; day += 1) for (let hour = 9; hour < 17; hour += 1) counts[day * 24 + hour] = 2;
    counts[3 * 24 + 10] = 0;
    const week = new Float64Array(WEEK_HOURS);
    smoothWeek(counts, null, week);
    expect(week.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
    expect(weekTail(week, 3 * 24 + 10)).toBeGreaterThan(0.2);
    expect(weekTail(week, 2 * 24 + 3)).toBeLessThan(weekTail(week, 2 * 24 + 12) / 2);
    fc.assert(fc.property(fc.integer({ min: 0, max: 167 }), (cell) => { const p = weekTail(week, cell); expect(p).toBeGreaterThan(0); expect(p).toBeLessThanOrEqual(1); }));
  });
});

describe('score calibration', () => {
  const numbersOf = (tail: FittedTail): Float64Array => { const numbers = new Float64Array(5); placeTail(tail, numbers, 0); return numbers; };
  const tailOf = (scores: readonly number[]): FittedTail => {
    const buckets = new Int32Array(SCORE_BUCKETS);
    for (const score of scores) buckets[scoreBucket(score)]! += 1;
    const tail = { n: 0, start: 0, mass: 0, far: 0, farMass: 0, scale: 0 };
    fitTail(buckets, scores.length, tail);
    return tail;
  };
  /** −log10 of evenly spread p: what an exact model gives. */
  const exact = (n: number): number[] => Array.from({ length: n }, (_, i) => -Math.log10((i + 0.5) / n));

  it('leaves an exact model nearly as it is, erring to the quiet side', () => {
    const tail = tailOf(exact(20_000));
    for (const score of [2, 3, 4, 5]) {
      const strength = calibratedStrength(score, numbersOf(tail), 0);
      expect(strength).toBeLessThanOrEqual(score);
      expect(strength).toBeGreaterThan(0.75 * score);
    }
  });

  it('takes the strength out of a model that cries twice as loud', () => {
    const tail = tailOf(exact(20_000).map((score) => 2 * score));
    const strength = calibratedStrength(8, numbersOf(tail), 0);
    expect(strength).toBeGreaterThan(3);
    expect(strength).toBeLessThan(4.2);
  });

  it('believes the model where ranks would be louder, and the assumption where there are no scores', () => {
    const silent = tailOf(new Array<number>(10_000).fill(0));
    expect(calibratedStrength(0.5, numbersOf(silent), 0)).toBeLessThanOrEqual(0.5 + GIVEN_BACK_MAX);
    // Scores that were charged a factor of five beforehand get it back.
    const charged = tailOf(exact(20_000).map((score) => Math.max(0, score - 0.7)));
    expect(calibratedStrength(2, numbersOf(charged), 0)).toBeGreaterThan(2.5);
    const nothing: FittedTail = { n: 0, start: 0, mass: 0, far: 0, farMass: 0, scale: 0 };
    fitTail(null, 0, nothing);
    expect(calibratedStrength(6, numbersOf(nothing), 0)).toBeLessThan(3.5);
  });

  it('beyond the ranks of a group runs as its kind does: what a few have never seen is as unusual as it is among many', () => {
    // Bursts: one score in two hundred is of another law, which four hundred scores do not show.
    const kind = tailOf([...exact(19_900), ...exact(100).map((score) => 10 + 8 * score)]);
    const group = tailOf(exact(400));
    const alone = calibratedStrength(14, numbersOf(group), 0);
    extendTail(group, numbersOf(kind), 0);
    const extended = calibratedStrength(14, numbersOf(group), 0);
    expect(extended).toBeLessThan(alone - 1);
    expect(extended).toBeCloseTo(calibratedStrength(14, numbersOf(kind), 0), 0);
    // Within its own ranks nothing changes but the line to where the kind's ranks end.
    expect(calibratedStrength(group.start, numbersOf(group), 0)).toBeCloseTo(group.mass, 9);
  });

  it('is as heavy as bursts are: of scores of a Pareto law the tail at 1e-5 is not crossed more often than it says', () => {
    const scores = Array.from({ length: 30_000 }, (_, i) => 2 * (((i + 0.5) / 30_000) ** -0.25 - 1));
    const tail = numbersOf(tailOf(scores));
    for (const decades of [3, 4, 5]) expect(scoreAtStrength(decades, tail, 0)).toBeGreaterThan(0.85 * 2 * (10 ** (0.25 * decades) - 1));
  });

  it('score and strength are inverse where it matters', () => {
    const tail = tailOf(exact(5_000).map((score) => 1.7 * score));
    fc.assert(fc.property(fc.double({ min: 2.5, max: 60, noNaN: true }), (strength) => {
      const score = scoreAtStrength(strength, numbersOf(tail), 0);
      expect(calibratedStrength(score, numbersOf(tail), 0)).toBeCloseTo(strength, 9);
      expect(calibratedStrength(score * 0.999, numbersOf(tail), 0)).toBeLessThan(strength);
    }));
  });
});
