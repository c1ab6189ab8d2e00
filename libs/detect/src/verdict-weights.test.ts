import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { behaviourShares } from './behaviour-weights.js';
import { BEHAVIOURS } from './features.js';
import { verdictFactors } from './verdict-weights.js';

const tally = fc.record({ confirmed: fc.nat(300), falsePositives: fc.nat(300) });
const tallies = fc.dictionary(fc.constantFrom(...BEHAVIOURS), tally);

describe('what verdicts do to weights', () => {
  it('nothing without any', () => {
    expect(verdictFactors({})).toEqual(Object.fromEntries(BEHAVIOURS.map((id) => [id, 1])));
    expect(verdictFactors({ canary: { confirmed: 9, falsePositives: 3 } })).toEqual(verdictFactors({}));
  });

  it('a false positive takes a little, a confirmed alert gives a little, and one taken back is as if it had never been', () => {
    const one = verdictFactors({ volume: { confirmed: 0, falsePositives: 1 } });
    expect(one['volume']).toBeCloseTo(Math.exp(-0.125), 12);
    expect(one['novelty']).toBe(1);
    expect(verdictFactors({ volume: { confirmed: 1, falsePositives: 0 } })['volume']).toBeCloseTo(Math.exp(0.125), 12);
    expect(verdictFactors({ volume: { confirmed: 0, falsePositives: 0 } })).toEqual(verdictFactors({}));
  });

  it('never beyond floor and ceiling, and always towards who is more often right', () => {
    fc.assert(fc.property(tallies, (given) => {
      const factors = verdictFactors(given);
      for (const one of BEHAVIOURS) {
        expect(factors[one]).toBeGreaterThanOrEqual(0.25);
        expect(factors[one]).toBeLessThanOrEqual(4);
        for (const other of BEHAVIOURS) {
          const lead = (id: string): number => (given[id as keyof typeof given]?.confirmed ?? 0) - (given[id as keyof typeof given]?.falsePositives ?? 0);
          if (lead(one) > lead(other)) expect(factors[one]).toBeGreaterThanOrEqual(factors[other]!);
        }
      }
    }));
  });

  it('moves level from one to another and makes none', () => {
    const factors = verdictFactors({ volume: { confirmed: 0, falsePositives: 20 }, novelty: { confirmed: 15, falsePositives: 1 } });
    const before = behaviourShares({});
    const after = behaviourShares(Object.fromEntries(BEHAVIOURS.map((id) => [id, { enabled: true, weight: factors[id]! }])));
    const sum = (shares: Float64Array, window: number): number => shares.slice(window * BEHAVIOURS.length, (window + 1) * BEHAVIOURS.length).reduce((total, share) => total + share, 0);
    for (let window = 0; window < 3; window += 1) expect(sum(after, window)).toBeCloseTo(sum(before, window), 12);
    const day = 2 * BEHAVIOURS.length;
    expect(after[day + BEHAVIOURS.indexOf('volume')]).toBeLessThan(0.6 * before[day + BEHAVIOURS.indexOf('volume')]!);
    expect(after[day + BEHAVIOURS.indexOf('novelty')]).toBeGreaterThan(before[day + BEHAVIOURS.indexOf('novelty')]!);
  });

  it('loses no more against the best detector than the theorem allows', () => {
    // Detector i is right with its own chance; each round one verdict comes for each of them, and the weights are those before it.
    const chances = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.85];
    let state = 7;
    const next = (): number => { state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0; return state / 2 ** 32; };
    const seen = BEHAVIOURS.map(() => ({ confirmed: 0, falsePositives: 0 }));
    const losses = BEHAVIOURS.map(() => 0);
    let own = 0;
    const rounds = 400;
    for (let round = 0; round < rounds; round += 1) {
      const factors = verdictFactors(Object.fromEntries(BEHAVIOURS.map((id, i) => [id, seen[i]!])));
      const total = BEHAVIOURS.reduce((sum, id) => sum + factors[id]!, 0);
      BEHAVIOURS.forEach((id, i) => {
        const right = next() < chances[i]!;
        const loss = right ? -0.5 : 0.5;
        own += (factors[id]! / total) * loss;
        losses[i]! += loss;
        if (right) seen[i]!.confirmed += 1; else seen[i]!.falsePositives += 1;
      });
    }
    const uniform = losses.reduce((sum, loss) => sum + loss, 0) / BEHAVIOURS.length;
    expect(own).toBeLessThan(uniform - 0.5 * (uniform - Math.min(...losses)));
  });
});
