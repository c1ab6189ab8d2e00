import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TokenBucket } from './token-bucket.js';

describe('TokenBucket', () => {
  it('lets a burst through, then the rate, and says how long the rest must wait', () => {
    const bucket = new TokenBucket(10, 100, 0);
    expect(bucket.take(100, 0)).toBe(0);
    expect(bucket.take(1, 0)).toBe(100);
    expect(bucket.take(20, 1_000)).toBe(1_000);
    expect(bucket.take(20, 2_000)).toBe(0);
    // A long rest gives a burst and no more.
    expect(bucket.take(100, 1_000_000)).toBe(0);
    expect(bucket.take(1, 1_000_000)).toBe(100);
  });

  it('what is larger than a burst goes through a full bucket, and is paid back before anything else', () => {
    const bucket = new TokenBucket(10, 100, 0);
    expect(bucket.take(300, 0)).toBe(0);
    expect(bucket.take(1, 0)).toBe(20_100);
    expect(bucket.take(1, 20_099)).toBe(1);
    expect(bucket.take(1, 20_100)).toBe(0);
  });

  it('a clock that goes back neither gives nor takes', () => {
    const bucket = new TokenBucket(10, 10, 1_000);
    expect(bucket.take(10, 1_000)).toBe(0);
    expect(bucket.take(1, 0)).toBe(100);
    expect(bucket.take(1, 100)).toBe(0);
  });

  it('who waits as told is not short by a rounding: 64 tokens of debt at one a second', () => {
    const bucket = new TokenBucket(1, 1, 0);
    expect(bucket.take(65, 0)).toBe(0);
    expect(bucket.take(1, 1)).toBe(64_999);
    expect(bucket.take(1, 65_000)).toBe(0);
  });

  it('over any stretch no more than a burst, the rate and one debt is let through, and who waits as told gets through', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 1, max: 5_000 }), fc.array(fc.record({ gapMs: fc.integer({ min: 0, max: 2_000 }), cost: fc.integer({ min: 1, max: 400 }) }), { maxLength: 60 }), (perSecond, burst, asks) => {
      const bucket = new TokenBucket(perSecond, burst, 0);
      let now = 0;
      let passed = 0;
      let largest = 0;
      for (const { gapMs, cost } of asks) {
        now += gapMs;
        const waitMs = bucket.take(cost, now);
        if (waitMs > 0) {
          now += waitMs;
          expect(bucket.take(cost, now)).toBe(0);
        }
        passed += cost;
        largest = Math.max(largest, cost);
        expect(passed).toBeLessThanOrEqual(burst + (now * perSecond) / 1_000 + largest + 1e-6);
      }
    }));
  });
});
