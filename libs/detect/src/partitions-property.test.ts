import fc from 'fast-check';
import type { Event } from '@wary/model/event.js';
import { partitionOf, shardOf } from '@wary/model/shard.js';
import { anything } from '@wary/testkit/anything.js';
import { contradictions, finalFindings, runPartitioned, runWhole } from '@wary/testkit/partitioned-run.js';
import { describe, expect, it } from 'vitest';
import { createEngine, type Engine } from './engine.js';

/** Early judgement, and limits that are reached: the answers must not depend on who fills them. */
const OPTIONS = { budgetPerDay: 20, seed: 1, limits: { peerGroupsMax: 3, adoptionsPerCategoryMax: 12, actsPerGroupMax: 9 } } as const;

const principals = (events: readonly Event[]): readonly (readonly [string, Event['principal']])[] => [...new Map(events.map(({ tenant, principal }) => [`${tenant}|${principal.type}:${principal.id}`, [tenant, principal] as const])).values()];
/** What an engine expects of a principal: its own habits, and through them those of all peers. */
const expected = (engineOf: (tenant: string, principal: Event['principal']) => Engine, events: readonly Event[]): unknown =>
  principals(events).map(([tenant, principal]) => [tenant, principal.id, engineOf(tenant, principal).describeEntity(tenant, principal)]);

describe('whatever comes, in whatever number of partitions', () => {
  it('what is found, and what is expected of everybody, is what one engine finds and expects', () => {
    let found = 0;
    let crashed = 0;
    fc.assert(fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 6 }), fc.constantFrom(0, 2), (seed, partitions, crashPercent) => {
      const events = anything(seed, 700);
      const one = createEngine(OPTIONS);
      const whole = finalFindings(runWhole(events, OPTIONS, one));
      const { findings, engines, crashes } = runPartitioned({ events, partitions, engine: OPTIONS, seed, crashPercent });
      expect(contradictions(findings)).toEqual([]);
      expect(engines.map(({ stats }) => stats.divergedHours)).toEqual(engines.map(() => 0));
      expect(finalFindings(findings)).toEqual(whole);
      expect(expected((tenant, { type, id }) => engines[partitionOf(shardOf(tenant, type, id), partitions)]!, events)).toEqual(expected(() => one, events));
      expect(one.stats.overflow).toBeGreaterThan(0);
      found += whole.size;
      crashed += crashes;
    }), { numRuns: process.env['WARY_TEST_LONG'] === undefined ? 4 : 120, seed: 9, endOnFailure: true });
    expect(found).toBeGreaterThan(150);
    expect(crashed).toBeGreaterThan(3);
  }, 300_000);
});
