import fc from 'fast-check';
import { quantileSorted } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { CountedRegisters, hllCount, hllInsert, HLL_REGISTERS, HyperLogLog } from './hyper-log-log.js';
import { hash32, mix32 } from '@wary/model/hash32.js';
import { bucketOf, bucketValue, QuantileSketch } from './quantile-sketch.js';

describe('QuantileSketch', () => {
  it('gives every quantile within its bucket', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0.001, max: 1e12, noNaN: true }), { minLength: 1, maxLength: 200 }), fc.double({ min: 0.01, max: 1, noNaN: true }), (values, q) => {
      const sketch = new QuantileSketch();
      for (const value of values) sketch.add(bucketOf(value), 1);
      const sorted = [...values].sort((a, b) => a - b);
      const wanted = sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))]!;
      expect(Math.abs(sketch.quantile(q) - wanted)).toBeLessThanOrEqual(0.0251 * wanted);
    }));
    expect(quantileSorted([1, 2, 3], 0.5)).toBe(2);
  });

  it('is the same whatever the order of merging', () => {
    fc.assert(fc.property(fc.array(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { maxLength: 20 }), { minLength: 1, maxLength: 6 }), (parts) => {
      const sketchOf = (order: number[][]): QuantileSketch => {
        const sum = new QuantileSketch();
        for (const part of order) { const sketch = new QuantileSketch(); for (const value of part) sketch.add(bucketOf(value), 1); sum.merge(sketch); }
        return sum;
      };
      const one = sketchOf(parts);
      const other = sketchOf([...parts].reverse());
      for (const q of [0.1, 0.5, 0.9, 1]) expect(other.quantile(q)).toBe(one.quantile(q));
      expect(other.n).toBe(one.n);
    }));
  });

  it('keeps moments, zeros included, and round-trips', () => {
    const sketch = new QuantileSketch();
    for (const value of [0, 0, 10, 20, 30, 40]) sketch.add(bucketOf(value), 1);
    const out = { n: 0, mean: 0, variance: 0 };
    sketch.moments(out, false);
    expect(out.n).toBe(6);
    expect(out.mean).toBeCloseTo(100 / 6, 0);
    sketch.moments(out, true);
    expect(out.n).toBe(4);
    const copy = QuantileSketch.load(sketch.dump());
    expect(copy.quantile(0.9)).toBe(sketch.quantile(0.9));
    const many = new QuantileSketch();
    for (let i = 0; i < 400; i += 1) many.add(bucketOf(1.06 ** i), 1);
    many.halve(1);
    // Values that stand alone fade like the others.
    expect(Math.abs(many.n - 200)).toBeLessThan(50);
  });

  it('every bucket holds its own value', () => {
    fc.assert(fc.property(fc.integer({ min: -300, max: 900 }), (bucket) => { expect(bucketOf(bucketValue(bucket))).toBe(bucket); }));
  });
});

describe('CountedRegisters', () => {
  it('estimates to the last bit what counting all registers does, also from registers of a snapshot', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { maxLength: 3_000 }), fc.boolean(), (hashes, reopen) => {
      const plain = new Uint8Array(HLL_REGISTERS);
      let counted = new CountedRegisters();
      hashes.forEach((hash, index) => {
        if (reopen && index === hashes.length >> 1) counted = new CountedRegisters(counted.registers.slice());
        expect(counted.insert(hash)).toBe(hllInsert(plain, hash));
      });
      expect(counted.count()).toBe(hllCount(plain));
      expect(counted.registers).toEqual(plain);
    }), { numRuns: 50 });
  });
});

describe('HyperLogLog', () => {
  it('is exact for a few and within five sigma (6.5 % each) for many', () => {
    const counter = new HyperLogLog();
    for (let i = 1; i <= 100_000; i += 1) {
      counter.add(mix32(i));
      if (i <= 24) expect(counter.count()).toBe(i);
      if ([100, 1_000, 10_000, 100_000].includes(i)) expect(Math.abs(counter.count() / i - 1)).toBeLessThan(0.33);
    }
  });

  it('counts each thing once, and merges like a union', () => {
    fc.assert(fc.property(fc.array(fc.string(), { maxLength: 80 }), fc.array(fc.string(), { maxLength: 80 }), (left, right) => {
      const a = new HyperLogLog();
      const b = new HyperLogLog();
      const both = new HyperLogLog();
      for (const text of [...left, ...left]) { a.add(hash32(text)); both.add(hash32(text)); }
      for (const text of right) { b.add(hash32(text)); both.add(hash32(text)); }
      const copy = HyperLogLog.load(a.dump());
      copy.merge(b);
      expect(copy.count()).toBe(both.count());
    }));
  });
});
