import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecentIds } from './recent-ids.js';

describe('RecentIds', () => {
  it('behaves like an insertion-ordered set that forgets its oldest', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 40 }), fc.integer(), fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.integer({ min: 0, max: 80 })), { maxLength: 400 }), (idsMax, seed, operations) => {
      const ids = new RecentIds(idsMax, seed);
      const model = new Set<string>();
      for (const [scope, number] of operations) {
        const key = `${scope}/${number}`;
        expect(ids.has(scope, String(number))).toBe(model.has(key));
        expect(ids.add(scope, String(number))).toBe(!model.has(key));
        if (!model.has(key)) {
          if (model.size === idsMax) model.delete(model.values().next().value!);
          model.add(key);
        }
        expect(ids.size).toBe(model.size);
      }
    }));
  });

  it('lets a batch wait: nothing of it comes twice, and it is known once it is kept, or not at all', () => {
    const batch = fc.record({ numbers: fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 1_500 }), kept: fc.boolean() });
    fc.assert(fc.property(fc.integer({ min: 1, max: 2_000 }), fc.array(batch, { maxLength: 4 }), (idsMax, batches) => {
      const ids = new RecentIds(idsMax, 5);
      const model = new RecentIds(idsMax, 5);
      for (const { numbers, kept } of batches) {
        const inBatch = new Set<number>();
        for (const number of numbers) {
          const fresh = !model.has('a', String(number)) && !inBatch.has(number);
          expect(ids.wait('a', String(number))).toBe(fresh);
          if (fresh) inBatch.add(number);
        }
        if (kept) {
          ids.keepWaiting();
          for (const number of inBatch) model.add('a', String(number));
        } else ids.dropWaiting();
        expect(ids.dump()).toEqual(model.dump());
      }
    }), { numRuns: 30 });
  });

  it('keeps 200,000 similar ids apart', () => {
    const ids = new RecentIds(200_000, 7);
    let fresh = 0;
    for (let i = 0; i < 200_000; i += 1) if (ids.add('default', `evt-${i.toString(16).padStart(12, '0')}`)) fresh += 1;
    expect(fresh).toBe(200_000);
  });

  it('carries on after a dump and load as if nothing had happened', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 40 }), fc.array(fc.integer({ min: 0, max: 80 }), { maxLength: 200 }), fc.array(fc.integer({ min: 0, max: 80 }), { maxLength: 200 }), (idsMax, before, after) => {
      const ids = new RecentIds(idsMax, 3);
      for (const number of before) ids.add('a', String(number));
      const loaded = new RecentIds(idsMax, 3);
      loaded.load(ids.dump());
      expect(loaded.size).toBe(ids.size);
      for (const number of after) expect(loaded.add('a', String(number))).toBe(ids.add('a', String(number)));
    }));
  });
});
