import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSeriesState, scoreSeries, type SeriesState } from './series-detector.js';

const STEP_MS = 300_000;
let seed = 1;
const uniform = (): number => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
/** A day's wave with noise of deviation 2. */
const wave = (i: number): number => 50 + 20 * Math.sin((i / 288) * 2 * Math.PI) + 2 * (Array.from({ length: 12 }, uniform).reduce((sum, each) => sum + each, 0) - 6);
const run = (values: readonly number[], state = createSeriesState(), from = 0): number[] => values.map((value, i) => scoreSeries(state, (from + i) * STEP_MS, value).score);
function series(rows: number, change: (value: number, i: number) => number = (value) => value): number[] {
  seed = 1;
  return Array.from({ length: rows }, (_, i) => change(wave(i), i));
}
const alarmsIn = (scores: readonly number[]): number[] => scores.flatMap((score, i) => (score >= 0.5 ? [i] : []));

describe('scoreSeries', () => {
  it.each<[string, (value: number, i: number) => number, number, number]>([
    ['a spike', (value, i) => (i === 3_000 ? value + 60 : value), 3_000, 3_000],
    ['a value between the usual ones at the wrong time of day', (value, i) => (i >= 3_000 && i < 3_040 ? 50 + 20 * Math.sin((i / 288) * 2 * Math.PI + Math.PI) : value), 3_000, 3_015],
    ['a new level', (value, i) => (i >= 3_000 ? value + 40 : value), 3_000, 3_010],
    ['a wild stretch', (value, i) => (i >= 3_000 && i < 3_100 ? value + (i % 2 === 0 ? 25 : -25) : value), 3_000, 3_010],
  ])('finds %s at once', (_name, change, from, to) => {
    const alarms = alarmsIn(run(series(3_300, change))).filter((i) => i >= from);
    expect(alarms[0]).toBeLessThanOrEqual(to);
    // One row per event: rises on the way up may be told, not every row of it.
    expect(alarms.length).toBeLessThanOrEqual(4);
  });

  it('is quiet on what repeats, is constant or is still for long', () => {
    expect(alarmsIn(run(series(8_000))).filter((i) => i >= 750).length).toBeLessThanOrEqual(4);
    expect(alarmsIn(run(new Array<number>(2_000).fill(7)))).toEqual([]);
    expect(alarmsIn(run(series(4_000, (_value, i) => (i % 288 < 144 ? 20 : 80)))).filter((i) => i >= 750)).toEqual([]);
  });

  it('takes what comes back every day at any hour for usual after a while, however far out it lies', () => {
    // A burst of three rows once a day, at a time of day that wanders; noise of deviation 2 otherwise.
    const scores = run(series(12_000, (_value, i) => 50 + ((i + 37 * Math.floor(i / 288)) % 288 < 3 ? 60 : 0) + 2 * (uniform() + uniform() + uniform() + uniform() - 2)));
    const late = alarmsIn(scores).filter((i) => i >= 6_000);
    expect(late.length).toBeLessThanOrEqual(4);
  });

  it('gives finite scores from 0 to 1 for any finite numbers and times', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.double({ noNaN: true, min: -1e150, max: 1e150 }), fc.integer({ min: -1e12, max: 1e13 })), { minLength: 40, maxLength: 120 }), (rows) => {
      const state = createSeriesState();
      for (const [value, time] of rows) {
        const { score } = scoreSeries(state, time, value);
        expect(score >= 0 && score <= 1).toBe(true);
      }
    }), { numRuns: 50 });
  });

  it('does not depend on the unit: 2^k times the values, the same scores', () => {
    const values = series(1_500, (value, i) => (i === 1_200 ? value + 60 : value));
    const plain = run(values);
    run(values.map((value) => value * 1_024)).forEach((score, i) => expect(score).toBeCloseTo(plain[i]!, 9));
  });

  it('goes on from a snapshot as if it had never stopped, and the snapshot does not grow', () => {
    const values = series(2_400, (value, i) => (i === 2_000 ? value + 60 : value));
    const whole = run(values);
    const state = createSeriesState();
    run(values.slice(0, 1_000), state);
    const size = JSON.stringify(state).length;
    const restored = JSON.parse(JSON.stringify(state)) as SeriesState;
    expect(run(values.slice(1_000), restored, 1_000)).toEqual(whole.slice(1_000));
    expect(JSON.stringify(restored).length).toBeLessThan(size * 1.2);
    expect(size).toBeLessThan(64 * 1024);
  });
});
