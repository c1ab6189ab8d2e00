import { SeededRandom } from '@wary/testkit/seeded-random.js';
import { describe, expect, it } from 'vitest';
import { addStratum, createStratified, stratifiedDifference } from './stratified-difference.js';
import { addBlock, createTwoSample, ODDS_EFFECTS, twoSampleDecades, twoSampleLogE, type Block } from './two-sample-evidence.js';

const choose = (n: number, k: number): number => { let product = 1; for (let i = 1; i <= k; i += 1) product *= (n - k + i) / i; return product; };
const binomial = (n: number, k: number, p: number): number => choose(n, k) * p ** k * (1 - p) ** (n - k);

describe('evidence that one group has another share', () => {
  it('has a mean of at most one in every block, whatever share both have in common and whatever was known before', () => {
    for (const [n, otherN] of [[1, 1], [3, 7], [9, 2], [1, 12]] as const) for (const common of [0.02, 0.3, 0.5, 0.97]) for (const rate of [0.01, 0.2, 0.8]) for (const effect of ODDS_EFFECTS) for (const sign of [1, -1]) {
      let mean = 0;
      for (let k = 0; k <= n; k += 1) for (let otherK = 0; otherK <= otherN; otherK += 1) mean += binomial(n, k, common) * binomial(otherN, otherK, common) * Math.exp(twoSampleLogE({ n, k, otherN, otherK }, rate, sign * effect));
      expect(mean).toBeLessThanOrEqual(1 + 1e-9);
    }
  });

  const blockOf = (random: SeededRandom, n: number, otherN: number, share: number, otherShare: number): Block => {
    const count = (size: number, p: number): number => { let sum = 0; for (let i = 0; i < size; i += 1) if (random.next() < p) sum += 1; return sum; };
    return { n, k: count(n, share), otherN, otherK: count(otherN, otherShare) };
  };

  it('looked at after every block of a long stream, it seldom ever reaches 1/α: sizes and the common share change from hour to hour', () => {
    const random = new SeededRandom(11);
    let ever = 0;
    for (let run = 0; run < 200; run += 1) {
      const state = createTwoSample();
      let crossed = false;
      for (let hour = 0; hour < 400; hour += 1) {
        const common = 0.3 + 0.25 * Math.sin(hour / 4);
        addBlock(state, blockOf(random, random.below(6), 4 + random.below(12), common, common));
        crossed ||= twoSampleDecades(state, true) >= Math.log10(20);
      }
      if (crossed) ever += 1;
    }
    // α is .05 for each direction: at most ten are to be expected.
    expect(ever).toBeLessThanOrEqual(18);
  });

  it('finds a difference whenever it begins, says which way it goes, and how large it is', () => {
    for (const begin of [0, 2_000]) {
      const random = new SeededRandom(12);
      const state = createTwoSample();
      const sums = createStratified();
      let found = -1;
      for (let hour = 0; hour < begin + 600 && found < 0; hour += 1) {
        const block = blockOf(random, 8, 12, hour < begin ? 0.4 : 0.25, 0.4);
        addBlock(state, block);
        addStratum(sums, block, 1 - 1 / 200);
        if (twoSampleDecades(state, false) >= 3) found = hour;
      }
      expect(found).toBeGreaterThan(begin);
      expect(found - begin).toBeLessThan(150);
      expect(twoSampleDecades(state, true)).toBeLessThan(0);
      expect(stratifiedDifference(sums)!.difference).toBeLessThan(0);
    }
  });

  it('holds each block against itself: a group that comes at other hours is not charged for them', () => {
    const random = new SeededRandom(13);
    const state = createTwoSample();
    const sums = createStratified();
    for (let hour = 0; hour < 2_000; hour += 1) {
      const night = hour % 2 === 0;
      // By night nearly all are of the first group, and nearly everything is refused.
      const block = night ? blockOf(random, 18, 2, 0.1, 0.1) : blockOf(random, 2, 18, 0.8, 0.8);
      addBlock(state, block);
      addStratum(sums, block, 1);
    }
    const { share, otherShare, low, high } = stratifiedDifference(sums)!;
    expect(Math.abs(share - otherShare)).toBeLessThan(0.03);
    expect(low).toBeLessThanOrEqual(0);
    expect(high).toBeGreaterThanOrEqual(0);
    expect(twoSampleDecades(state, false)).toBeLessThan(2);
  });
});
