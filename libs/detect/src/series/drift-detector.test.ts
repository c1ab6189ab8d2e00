import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDriftState, updateDrift, type DriftSignal, type DriftState } from './drift-detector.js';

function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
const errors = (next: () => number, rate: number, length: number): number[] => Array.from({ length }, () => (next() < rate ? 1 : 0));
const normals = (next: () => number, mean: number, length: number): number[] => Array.from({ length }, () => mean + Array.from({ length: 12 }, next).reduce((sum, each) => sum + each, -6));
function run(values: readonly number[], state = createDriftState()): { readonly at: number[]; readonly signals: DriftSignal[] } {
  const signals = values.map((value) => updateDrift(state, value));
  return { at: signals.flatMap(({ zone }, i) => (zone === 'drift' ? [i] : [])), signals };
}

describe('updateDrift', () => {
  it.each<[string, (next: () => number) => number[], number, number]>([
    ['errors that rise from .2 to .4', (next) => [...errors(next, 0.2, 4_000), ...errors(next, 0.4, 1_000)], 0.2, 0.4],
    ['errors that fall from .5 to .2', (next) => [...errors(next, 0.5, 4_000), ...errors(next, 0.2, 1_000)], 0.5, 0.2],
    ['a mean far from zero that moves by one deviation', (next) => [...normals(next, 1e9, 4_000), ...normals(next, 1e9 + 1, 1_000)], 1e9, 1e9 + 1],
  ])('finds %s, says since when and from what to what', (_name, make, from, to) => {
    const { at, signals } = run(make(random(7)));
    expect(at.length).toBe(1);
    expect(at[0]).toBeGreaterThanOrEqual(4_000);
    expect(at[0]).toBeLessThan(4_200);
    const { ago, before, after } = signals[at[0]!]!;
    expect(Math.abs(at[0]! - ago - 4_000)).toBeLessThan(40);
    expect(before).toBeCloseTo(from, 1);
    expect(Math.abs(after - to)).toBeLessThan(0.35);
    // The warning comes before the alarm.
    expect(signals.slice(4_000, at[0]).some(({ zone }) => zone === 'warning')).toBe(true);
  });

  it('says nothing about what stands still, is constant, has one outlier, or swings as it always did', () => {
    const next = random(11);
    expect(run(errors(next, 0.2, 20_000)).at).toEqual([]);
    expect(run(new Array<number>(5_000).fill(0.3)).at).toEqual([]);
    expect(run(normals(next, 5, 5_000).map((value, i) => (i === 3_000 ? 1e12 : value))).at).toEqual([]);
    const swing = normals(next, 0, 40_000).map((value, i) => value + Math.sin((2 * Math.PI * i) / 288));
    // The first swings cannot be known; after them there is nothing new.
    expect(run(swing).at.filter((i) => i > 20_000)).toEqual([]);
  });

  it('finds a small change in a young stream: the change does not pass for a rhythm', () => {
    const found = Array.from({ length: 20 }, (_, seed) => {
      const next = random(100 + seed * 7_919);
      return run([...errors(next, 0.2, 1_000), ...errors(next, 0.3, 3_000)]).at[0] ?? Infinity;
    });
    expect(found.filter((at) => at >= 1_000).length).toBeGreaterThanOrEqual(19);
  });

  it('learns a season of any length up to thousands of values, and then says nothing about it', () => {
    for (const period of [288, 1_000]) {
      const next = random(period);
      const { at } = run(normals(next, 0, 40_000).map((value, i) => value + Math.sin((2 * Math.PI * i) / period)));
      expect(at.filter((i) => i > 12_000), `period ${period}`).toEqual([]);
    }
  });

  it('goes on from a snapshot as if it had never stopped, and the snapshot stays small', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 2_900 }), (seed, cut) => {
      const next = random(seed);
      const values = [...errors(next, 0.2, 2_000), ...errors(next, 0.5, 1_000)];
      const state = createDriftState();
      const first = run(values.slice(0, cut), state).at;
      const text = JSON.stringify(state);
      expect(text.length).toBeLessThan(16 * 1024);
      expect([...first, ...run(values.slice(cut), JSON.parse(text) as DriftState).at.map((i) => i + cut)]).toEqual(run(values).at);
    }), { numRuns: 10 });
  });
});
