import fc from 'fast-check';
import type { Event } from '@wary/model/event.js';
import { anything } from '@wary/testkit/anything.js';
import { SeededRandom } from '@wary/testkit/seeded-random.js';
import { describe, expect, it } from 'vitest';
import { createEngine, type Engine, type EngineLimits } from './engine.js';

/** Hot and compacted entities beyond the limits, several tenants, and what only some entities have. */
const LIMITS = { hotEntitiesMax: 256, coldEntitiesMax: 256, peerGroupsMax: 3, adoptionsPerCategoryMax: 12, actsPerGroupMax: 9 } as const;
const engineOf = (limits: Partial<EngineLimits>): Engine => createEngine({ budgetPerDay: 20, seed: 1, limits: { ...LIMITS, ...limits } });
const scored = (engine: Engine, events: readonly Event[]): string => JSON.stringify(engine.scoreEvents(events));
const equal = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;
/** Beside what may come from a few, many of whom nobody hears again: of each shard one is hot and one compacted. */
function crowd(seed: number, count: number): Event[] {
  const random = new SeededRandom(seed);
  return anything(seed, count).flatMap((event) => {
    if (random.below(3) > 0) return [event];
    const id = `new-${random.below(900)}`;
    return [event, { ...event, id: `${event.id}-${id}`, actor: { ...event.actor, id }, principal: { ...event.principal, id } }];
  }).map((event, index) => ({ ...event, seq: index + 1 }));
}
const RUNS = { numRuns: 3, seed: 4, endOnFailure: true } as const;

describe('entities at rest', () => {
  it('are as they were: one awake at a time gives the findings and the state of all awake', () => {
    let found = 0;
    let evicted = 0;
    fc.assert(fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 4 }), (seed, awakeEntitiesMax) => {
      const events = crowd(seed, 500);
      const all = engineOf({});
      const few = engineOf({ awakeEntitiesMax });
      const expected = scored(all, events);
      expect(scored(few, events)).toBe(expected);
      expect(equal(few.dump(), all.dump())).toBe(true);
      evicted += all.stats.entitiesEvicted;
      found += JSON.parse(expected).length;
      expect(JSON.stringify(few.finish())).toBe(JSON.stringify(all.finish()));
    }), RUNS);
    expect(found).toBeGreaterThan(100);
    expect(evicted).toBeGreaterThan(100);
  });

  it('a snapshot in steps is the state at its first, whatever is scored before its last', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 0, max: 450 }), fc.integer({ min: 1, max: 4 }), (seed, taken, awakeEntitiesMax) => {
      const events = crowd(seed, 400);
      const engine = engineOf({ awakeEntitiesMax });
      engine.scoreEvents(events.slice(0, taken));
      const state = engine.dump();
      const snapshot = engine.snapshot();
      // A second one, abandoned half-way, is in nobody's way.
      const other = engine.snapshot();
      const rest = events.slice(taken);
      const then: string[] = [];
      let isWhole = false;
      for (const event of rest) {
        then.push(scored(engine, [event]));
        isWhole ||= snapshot.step(1);
        if (then.length === 3) other.abandon();
      }
      while (!isWhole) isWhole = snapshot.step(1);
      expect(snapshot.lastSeq).toBe(taken);
      const restored = engineOf({});
      expect(restored.restore(Buffer.concat(snapshot.parts()))).toBe(true);
      expect(equal(restored.dump(), state)).toBe(true);
      expect(rest.map((event) => scored(restored, [event]))).toEqual(then);
      expect(equal(restored.dump(), engine.dump())).toBe(true);
    }), RUNS);
  });
});
