import { SeededRandom } from '@wary/testkit/seeded-random.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SHARDS } from '@wary/model/shard.js';
import { WINDOW_COUNT } from './features.js';
import { CAMPAIGN_BUDGET_SHARE, DRIFT_BUDGET_SHARE, LEVEL_MAX, LevelLedger, SEQUENTIAL, TEST_KINDS, WINDOWS_BUDGET_SHARE } from './level-ledger.js';

const unitsOf = (fill: (shard: number, kind: number) => number): Int32Array => Int32Array.from({ length: SHARDS * TEST_KINDS }, (_, cell) => fill(Math.floor(cell / TEST_KINDS), cell % TEST_KINDS));
const PER_DAY = [4_000, 900, 110];
const busy = (day: number): Int32Array => unitsOf((shard, kind) => (kind < WINDOW_COUNT && shard < 100 ? Math.round(PER_DAY[kind]! / 100) + (day % 3) : 0));

describe('the budget', () => {
  it('whatever comes, the levels of a day sum to at most B', () => {
    fc.assert(fc.property(fc.integer(), fc.constantFrom(1, 5, 20), fc.integer({ min: 0, max: 8_000 }), fc.boolean(), (seed, budget, tests, known) => {
      const random = new SeededRandom(seed);
      const ledger = new LevelLedger(budget);
      if (known) for (let day = 90; day < 100; day += 1) ledger.addTests(day, busy(day));
      let largest = 0;
      for (let i = 0; i < tests; i += 1) largest = Math.max(largest, ledger.draw(100, random.below(SHARDS), random.below(WINDOW_COUNT), random.pick([1, 1, 4])));
      expect(largest).toBeLessThanOrEqual(LEVEL_MAX);
      expect(ledger.spentOn(100)).toBeLessThanOrEqual(budget + 1e-9);
    }), { numRuns: 40 });
  });

  it('uses most of what it may on a day like those before', () => {
    const ledger = new LevelLedger(1);
    for (let day = 90; day < 100; day += 1) ledger.addTests(day, busy(day));
    for (let shard = 0; shard < 100; shard += 1) for (let kind = 0; kind < WINDOW_COUNT; kind += 1) for (let i = 0; i < PER_DAY[kind]! / 100; i += 1) ledger.draw(100, shard, kind, 1);
    expect(ledger.spentOn(100)).toBeGreaterThan(0.5);
  });

  it('tests of one kind draw alike whoever makes them, and one on a watch-list draws more at the cost of the others', () => {
    const ledger = new LevelLedger(5);
    for (let day = 90; day < 100; day += 1) ledger.addTests(day, unitsOf((shard, kind) => (kind === 1 && shard < 50 ? 4_000 : 0)));
    const [one, other, watched] = [ledger.draw(100, 3, 1, 1), ledger.draw(100, 40, 1, 1), ledger.draw(100, 3, 1, 4)];
    expect(other).toBeCloseTo(one, 12);
    expect(watched / one).toBeCloseTo(4, 2);
    expect(ledger.draw(100, 3, 1, 1)).toBeLessThanOrEqual(one);
  });

  it('an entity nobody has forecast draws a small level, a flood of them an ever smaller one', () => {
    const ledger = new LevelLedger(5);
    for (let day = 90; day < 100; day += 1) ledger.addTests(day, busy(day));
    const first = ledger.draw(100, 200, 1, 1);
    expect(first).toBeGreaterThan(1e-5);
    for (let i = 0; i < 100_000; i += 1) ledger.draw(100, 200, 1, 1);
    expect(ledger.draw(100, 200, 1, 1)).toBeLessThan(first / 1_000);
  });

  it('does not change the cuts of a day once it has begun, and looks at closed days only', () => {
    const [before, after] = [new LevelLedger(5), new LevelLedger(5)];
    for (const ledger of [before, after]) { for (let day = 90; day < 100; day += 1) ledger.addTests(day, busy(day)); ledger.plan(100); }
    after.addTests(100, unitsOf(() => 1_000));
    expect(after.draw(100, 5, 0, 1)).toBe(before.draw(100, 5, 0, 1));
  });

  it('gives the sequential detectors a run length that keeps them within the rest', () => {
    const ledger = new LevelLedger(5);
    ledger.addTests(99, unitsOf((shard, kind) => (kind === SEQUENTIAL && shard < 10 ? 1_000 : 0)));
    ledger.plan(100);
    expect(10 ** ledger.runLengthDecades(100)).toBeCloseTo(10_000 / (5 * (1 - WINDOWS_BUDGET_SHARE - DRIFT_BUDGET_SHARE - CAMPAIGN_BUDGET_SHARE)), 6);
  });
});
