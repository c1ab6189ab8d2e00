import { describe, expect, it } from 'vitest';
import { simulate } from './world/cluster.js';
import { SeedReport } from './world/seed-report.js';
import { STORM, stormOf } from './world/storm.js';
import type { Faults } from './world/world.js';

/** `npm run simulate` runs more. */
const SEEDS = 20;
const CALM: Faults = { failBefore: 0, failAfter: 0, crash: 0, rebalance: 0, clockJump: 0, snapshotsOftener: 1 };

/** Seeds that once broke something, by name. */
const KNOWN: ReadonlyArray<readonly [name: string, seed: number]> = [
  ['a state that holds hours of others, as a broker hands them out, can be read again', 53],
  ['a tenant that waited here follows the others when it waits no more', 450],
  ['a partition that had heard where a tenant is wanted, and was not there yet, goes there after a restart', 60_663],
];

describe('the services in a world whose seed decides what fails', () => {
  it('one that fails in nothing gives what one engine gives', async () => {
    for (let seed = 1; seed <= 5; seed += 1) expect((await simulate(seed, CALM)).broken, `seed ${seed}`).toEqual([]);
  }, 120_000);

  it('the same seed gives the same run, step by step', async () => {
    const [one, other] = [await simulate(9, STORM), await simulate(9, STORM)];
    expect(one.kills).toBeGreaterThan(0);
    expect(other.world.trace).toEqual(one.world.trace);
    expect([other.world.steps, other.world.elapsed]).toEqual([one.world.steps, one.world.elapsed]);
    expect((await simulate(8, STORM)).world.trace).not.toEqual(one.world.trace);
  }, 120_000);

  it.each(KNOWN)('%s (seed %i)', async (_, seed) => {
    expect((await simulate(seed, STORM)).broken).toEqual([]);
  }, 120_000);

  it(`${SEEDS} seeds: nothing lost, nothing twice, every finding and alert as without a fault`, async () => {
    const report = new SeedReport(null);
    for (let seed = 1; seed <= SEEDS; seed += 1) report.take(seed, await simulate(seed, stormOf(seed)));
    expect(report.broken).toEqual({});
    expect(report.kills).toBeGreaterThan(SEEDS / 4);
  }, 600_000);

  it('counts each fault where it came about', async () => {
    const report = new SeedReport(null);
    for (const seed of [1, 2, 3]) report.take(seed, await simulate(seed, STORM));
    const count = (pattern: RegExp): number => [...report.tally].reduce((sum, [what, times]) => (pattern.test(what) ? sum + times : sum), 0);
    expect(count(/^killed /)).toBe(report.kills);
    expect(count(/^failed before /)).toBeGreaterThan(0);
    expect(count(/^answer lost of /)).toBeGreaterThan(0);
    expect(count(/^partition (begun|restored)/)).toBeGreaterThan(0);
  }, 120_000);
});
