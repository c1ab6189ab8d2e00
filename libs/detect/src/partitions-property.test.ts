import fc from 'fast-check';
import { EVENT_FLAG, type Event } from '@wary/model/event.js';
import { partitionOf, shardOf } from '@wary/model/shard.js';
import { buildEvent } from '@wary/testkit/event-builder.js';
import { contradictions, finalFindings, runPartitioned, runWhole } from '@wary/testkit/partitioned-run.js';
import { SeededRandom } from '@wary/testkit/seeded-random.js';
import { describe, expect, it } from 'vitest';
import { createEngine, type Engine } from './engine.js';

const START = Date.UTC(2026, 5, 1, 7);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Early judgement, and limits that are reached: the answers must not depend on who fills them. */
const OPTIONS = { budgetPerDay: 20, seed: 1, limits: { peerGroupsMax: 3, adoptionsPerCategoryMax: 12, actsPerGroupMax: 9 } } as const;

/** Anything that can come: bursts, silences of hours and of days, late events, resends, the future, marks, events of nobody, canaries. */
function anything(seed: number, count: number): Event[] {
  const random = new SeededRandom(seed);
  const events: { readonly event: Event; readonly at: number }[] = [];
  let time = START + random.below(20 * HOUR);
  for (let i = 0; i < count; i += 1) {
    const step = random.below(400);
    time += step === 0 ? random.below(12 * 24 * HOUR) : step < 6 ? random.below(9 * HOUR) : random.below(7 * MINUTE);
    const user = random.below(14);
    const id = random.below(60) === 0 ? '' : `p-${user}`;
    const future = random.below(90) === 0;
    const event = buildEvent({
      tenant: user % 4 === 0 ? 'acme' : 'default', id: `e-${i}`, time: future ? time + 40 * 24 * HOUR : time, flags: future ? EVENT_FLAG.future : 0,
      kind: random.pick(['access', 'access', 'access', 'inference', 'identity', 'posture']), action: random.pick(['read', 'read', 'download', 'status', 'send', 'chat']), outcome: random.next() < 0.1 ? 'denied' : 'success',
      actor: { type: user % 5 === 0 ? 'agent' : 'user', id }, peerGroup: random.below(200) === 0 ? 'elsewhere' : `group-${user % 6}`, bytes: random.below(3) === 0 ? random.below(1e6) : null,
      resource: { id: `r/${random.below(40)}`, type: random.pick(['file', 'secret', 'host']) }, client: { country: random.pick(['DE', 'DE', 'SG']), ip: `10.${user}.0.1` },
      canaries: random.below(150) === 0 ? ['c'] : [], injection: random.below(5) === 0 ? 0.9 : 0, piiOutput: random.below(9) === 0 ? { email: random.below(40) } : {}, tzOffsetMinutes: 60,
    });
    events.push({ event, at: time + (random.below(4) === 0 ? random.below(50 * MINUTE) : 0) });
    if (random.below(40) === 0) events.push({ event, at: time + random.below(20 * MINUTE) });
  }
  return events.sort((a, b) => a.at - b.at).map(({ event }) => event);
}

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
