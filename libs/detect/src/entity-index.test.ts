import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EntityIndex } from './entity-index.js';

describe('EntityIndex', () => {
  it('finds what a map finds, after any adds and removes', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 400 })), { minLength: 300, maxLength: 1_200 }), (steps) => {
      const known = new Map<string, number>();
      const names: string[] = [];
      const free: number[] = [];
      const index = new EntityIndex({ isEntity: (ordinal, typeIndex, id) => names[ordinal] === `${typeIndex}:${id}` });
      for (const [add, typeIndex, n] of steps) {
        const id = `u${n}`;
        const name = `${typeIndex}:${id}`;
        const ordinal = known.get(name);
        expect(index.find(typeIndex, id)).toBe(ordinal ?? -1);
        if (add && ordinal === undefined) {
          const given = free.pop() ?? names.length;
          names[given] = name;
          known.set(name, given);
          index.add(given, typeIndex, id);
        } else if (!add && ordinal !== undefined) {
          index.remove(ordinal);
          known.delete(name);
          free.push(ordinal);
        }
      }
      for (const [name, ordinal] of known) expect(index.find(Number(name[0]), name.slice(2))).toBe(ordinal);
    }), { numRuns: 20 });
  });
});
