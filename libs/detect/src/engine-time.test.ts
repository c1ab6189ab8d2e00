import { EVENT_FLAG, type Event } from '@wary/model/event.js';
import type { Finding } from '@wary/model/finding.js';
import { buildEvent, inTimeOrder, numbered, type EventParts } from '@wary/testkit/event-builder.js';
import { OFFICE_START, officeStream } from '@wary/testkit/office-stream.js';
import { describe, expect, it } from 'vitest';
import { createEngine, type Engine } from './engine.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const OPTIONS = { budgetPerDay: 5, seed: 1 } as const;
const THURSDAY = OFFICE_START + 10 * DAY;
const office = officeStream({ seed: 4, users: 15, days: 11 });
const USER: EventParts = { actor: { id: 'user-3', group: 'team-0' }, peerGroup: 'team-0' };
const burst = (name: string, at: number, count: number, parts: EventParts = {}): Event[] =>
  Array.from({ length: count }, (_, i) => buildEvent({ ...USER, id: `${name}-${i}`, time: at + i * 10_000, action: 'download', bytes: 3e5, resource: { id: `files/team-0/${name}-${i}` }, ...parts }));
const feed = (engine: Engine, events: readonly Event[]): Finding[] => engine.scoreEvents(events);
/** An engine that has learned the office: taken from a snapshot, for learning takes longer. */
let snapshot: Uint8Array | null = null;
function trained(): Engine {
  const engine = createEngine(OPTIONS);
  if (snapshot === null) { engine.scoreEvents(office); snapshot = engine.dump(); }
  else engine.restore(snapshot);
  return engine;
}
const describeUser = (engine: Engine) => JSON.stringify(engine.describeEntity('default', { type: 'user', id: 'user-3' }));

describe('time', () => {
  it('an event from the future is never learned and moves no watermark; deterministic evidence speaks', () => {
    const engine = trained();
    const before = describeUser(engine);
    const future = numbered(burst('future', THURSDAY + 300 * DAY, 50, { flags: EVENT_FLAG.future, canaries: ['c-1'] }), office.length);
    const raised = feed(engine, future);
    expect(describeUser(engine)).toBe(before);
    expect(new Set(raised.map(({ detector }) => detector.id))).toEqual(new Set(['canary']));
    expect(engine.stats.futureEvents).toBe(50);
    // The present goes on as before: what comes next is neither late nor closed.
    feed(engine, numbered(burst('now', THURSDAY + 18 * HOUR, 1), office.length + 50));
    expect(engine.stats.lateEvents).toBe(0);
  });

  it('history in time order trains and raises what it would have raised, marked historical', () => {
    const history = inTimeOrder([...office, ...burst('theft', THURSDAY + 11 * HOUR, 60)]).map((event) => ({ ...event, flags: EVENT_FLAG.historical }));
    const live = inTimeOrder([...office, ...burst('theft', THURSDAY + 11 * HOUR, 60)]);
    const [asHistory, asLive] = [createEngine(OPTIONS), createEngine(OPTIONS)];
    const [old, now] = [[...feed(asHistory, history), ...asHistory.finish()], [...feed(asLive, live), ...asLive.finish()]];
    expect(old.length).toBeGreaterThan(0);
    expect(old.every(({ historical }) => historical)).toBe(true);
    expect(now.some(({ historical }) => historical)).toBe(false);
    // The same findings of the same strength: history is judged against its own days' budget.
    expect(old.map((finding) => ({ ...finding, historical: false }))).toEqual(now);
    expect(describeUser(asHistory)).toBe(describeUser(asLive));
  });

  it('history that comes after the present still trains, in a lane of its own', () => {
    const engine = createEngine(OPTIONS);
    const recent = office.filter(({ time }) => time >= OFFICE_START + 7 * DAY);
    feed(engine, recent);
    const learned = engine.describeEntity('default', { type: 'user', id: 'user-3' })!.windowsLearned;
    const backfill = numbered(office.filter(({ time }) => time < OFFICE_START + 7 * DAY).map((event) => ({ ...event, flags: EVENT_FLAG.historical })), office.length);
    const raised = feed(engine, backfill);
    expect(raised.every(({ historical }) => historical)).toBe(true);
    expect(engine.describeEntity('default', { type: 'user', id: 'user-3' })!.windowsLearned).toBeGreaterThan(learned + 20);
    expect(engine.stats.lateEvents).toBe(0);
  });

  it('an event later than the grace, and not history, is counted late and changes no closed window', () => {
    const engine = trained();
    feed(engine, numbered(burst('late', THURSDAY + 9 * HOUR, 3), office.length));
    expect(engine.stats.lateEvents).toBe(3);
  });

  it('a principal that fell silent is closed by the clock of the tenant, a day after', () => {
    const engine = trained();
    const raised = feed(engine, numbered(burst('theft', THURSDAY + 20 * HOUR, 60), 90_000));
    expect(raised.some(({ closed, entity }) => closed && entity.id === 'user-3')).toBe(false);
    const others = Array.from({ length: 60 }, (_, i) => buildEvent({ id: `other-${i}`, time: THURSDAY + (21 + i) * HOUR, actor: { id: 'user-9' }, peerGroup: 'team-0', resource: { id: 'files/team-0/1' } }));
    const later = feed(engine, numbered(others, 100_000));
    expect(later.some(({ closed, entity }) => closed && entity.id === 'user-3')).toBe(true);
  });
});

describe('guarded learning', () => {
  const expectation = (engine: Engine): number => engine.describeEntity('default', { type: 'user', id: 'user-3' })!.features.find(({ feature, window }) => feature === 'downloads' && window === '1h')!.expected;
  const calm = (from: number, days: number): Event[] => officeStream({ seed: 9, users: 15, days, start: from });

  it('what is under suspicion is not learned for a week, and then no more than the growth cap of it', () => {
    const engine = trained();
    feed(engine, numbered(burst('theft', THURSDAY + 20 * HOUR, 300), 90_000));
    const before = expectation(engine);
    const days = calm(THURSDAY + DAY, 13);
    const at = (from: number, to: number): Event[] => numbered(days.filter(({ time }) => time >= THURSDAY + from * DAY && time < THURSDAY + to * DAY).map((event) => ({ ...event, id: `b-${event.id}` })), 200_000 + from * 10_000);
    feed(engine, at(1, 6));
    const after = expectation(engine);
    expect(after).toBeLessThan(before * 1.5);
    feed(engine, at(6, 14));
    const learned = expectation(engine);
    // 300 downloads learned as they were would have put the hourly expectation at several.
    expect(learned).toBeLessThan(1.5);
    expect(learned).toBeGreaterThan(0);
  });

  it('a stolen identity’s new network stays new', () => {
    const engine = trained();
    feed(engine, numbered(burst('theft', THURSDAY + 20 * HOUR, 300, { client: { country: 'SG', asn: 64_500, userAgent: 'curl/8' } }), 90_000));
    feed(engine, numbered(calm(THURSDAY + DAY, 4).map((event) => ({ ...event, id: `b-${event.id}` })), 300_000));
    const { categories } = engine.describeEntity('default', { type: 'user', id: 'user-3' })!;
    expect(categories.find(({ category }) => category === 'network')!.values.map(({ value }) => value)).not.toContain('AS64500');
    expect(categories.find(({ category }) => category === 'country')!.values.map(({ value }) => value)).not.toContain('SG');
  });
});

describe('new entities and limits', () => {
  it('a newcomer who does what the peers do is left in peace, one who does not is found on the first day', () => {
    const joined = (at: number, count: number): Event[] => Array.from({ length: count }, (_, i) => buildEvent({ id: `new-${at}-${i}`, actor: { id: 'newcomer' }, peerGroup: 'team-1', time: at + i * (count > 40 ? 20_000 : 600_000), action: count > 40 ? 'download' : 'read', bytes: count > 40 ? 4e5 : null, resource: { id: `files/team-1/${i % 20}${count > 40 ? `-${i}` : ''}` }, client: { country: 'DE', asn: 3_001, userAgent: 'office-client/3' } }));
    const run = (events: readonly Event[]): Finding[] => { const engine = createEngine(OPTIONS); return [...feed(engine, inTimeOrder([...office, ...events])), ...engine.finish()].filter(({ entity }) => entity.id === 'newcomer'); };
    expect(run(joined(THURSDAY + 10 * HOUR, 30))).toEqual([]);
    const found = run([...joined(THURSDAY + 9 * HOUR, 20), ...joined(THURSDAY + 13 * HOUR, 150)]);
    expect(found.length).toBeGreaterThan(0);
    expect(found.at(-1)!.explanation.peers?.verdict).toBe('unusual_for_both');
  });

  it('keeps to its limits, compacts newcomers first and brings entities back as they were', () => {
    const limits = { hotEntitiesMax: 1_024, coldEntitiesMax: 2_048, recentIdsMax: 2_000, valueNamesMax: 500 };
    const engine = createEngine({ ...OPTIONS, limits });
    feed(engine, office);
    const learned = (): unknown => { const { windowsLearned, since, week, categories } = engine.describeEntity('default', { type: 'user', id: 'user-3' })!; return { windowsLearned, since, week, categories }; };
    const before = learned();
    const flood = numbered(Array.from({ length: 6_000 }, (_, i) => buildEvent({ id: `flood-${i}`, time: THURSDAY + 17 * HOUR + i, actor: { id: `stranger-${i}` }, resource: { id: `r-${i}` } })), office.length);
    feed(engine, flood);
    const { entities, entitiesEvicted, overflow } = engine.stats;
    expect(entities).toBeLessThanOrEqual(1_024);
    expect(entitiesEvicted).toBeGreaterThan(4_000);
    expect(overflow).toBeGreaterThan(0);
    // Those who have been there all along are still there, with all they have learned.
    expect(learned()).toEqual(before);
    // A stranger comes back from the cold with what it had learned.
    const back = feed(engine, numbered([buildEvent({ id: 'back', time: THURSDAY + 18 * HOUR, actor: { id: 'stranger-5999' } })], 50_000));
    expect(back).toEqual([]);
  });

  it('with another number of hot entities the findings on those that stay are the same', () => {
    const events = inTimeOrder([...office, ...burst('theft', THURSDAY + 11 * HOUR, 60)]);
    const ids = (limits: object): string[] => { const engine = createEngine({ ...OPTIONS, limits }); return [...feed(engine, events), ...engine.finish()].filter(({ entity, revision }) => entity.id === 'user-3' && revision === 0).map(({ id }) => id).sort(); };
    expect(ids({ hotEntitiesMax: 512 })).toEqual(ids({}));
  });

  it('a mass download is high on sensitive things at any hour, and medium on ordinary ones in office hours', () => {
    const worst = (hour: number, criticality: number, parts: EventParts = {}): string => {
      const found = feed(trained(), numbered(burst(`mass-${hour}-${criticality}`, THURSDAY + DAY + hour * HOUR, 300, { criticality, ...parts }), office.length));
      return (['critical', 'high', 'medium', 'low', 'informational'] as const).find((severity) => found.some((one) => one.severity === severity)) ?? 'none';
    };
    expect([3, 10, 14].map((hour) => worst(hour, 3)).filter((severity) => severity !== 'high' && severity !== 'critical')).toEqual([]);
    expect(worst(10, 2)).toBe('medium');
    // As many requests that take nothing along, as an evaluation makes them.
    expect(worst(10, 3, { action: 'read', bytes: 0, resource: { id: 'model/one' } })).toBe('medium');
  });

  it('a detector that is switched off is silent, and its level goes to the others', () => {
    const events = inTimeOrder([...office, ...burst('theft', THURSDAY + 11 * HOUR, 60, { canaries: ['c-1'] })]);
    const off = { enabled: false, weight: 1, thresholds: {} };
    const engine = createEngine({ ...OPTIONS, settings: { volume: off, canary: off } });
    const detectors = new Set([...feed(engine, events), ...engine.finish()].map(({ detector }) => detector.id));
    expect(detectors.has('volume')).toBe(false);
    expect(detectors.has('canary')).toBe(false);
    expect(detectors.has('breadth')).toBe(true);
  });

  it('is switched off for one tenant alone, and the other finds what it finds by itself', () => {
    const events = inTimeOrder([...office, ...burst('theft', THURSDAY + 11 * HOUR, 60, { canaries: ['c-1'] })]);
    const both = events.flatMap((event) => [event, { ...event, tenant: 'acme', id: `acme-${event.id}` }]).map((event, index) => ({ ...event, seq: index + 1 }));
    const off = { enabled: false, weight: 1, thresholds: {} };
    const engine = createEngine({ ...OPTIONS, tenantSettings: new Map([['acme', { volume: off, canary: off }]]) });
    const found = [...feed(engine, both), ...engine.finish()];
    const of = (tenant: string): string[] => [...new Set(found.filter((one) => one.tenant === tenant).map(({ detector }) => detector.id))].sort();
    const alone = createEngine(OPTIONS);
    expect(of(events[0]!.tenant)).toEqual([...new Set([...feed(alone, events), ...alone.finish()].map(({ detector }) => detector.id))].sort());
    expect(of(events[0]!.tenant)).toContain('canary');
    expect(of('acme')).toContain('breadth');
    expect(of('acme').filter((id) => id === 'canary' || id === 'volume')).toEqual([]);
    engine.applySettings({}, 'acme');
    const later = burst('theft-2', THURSDAY + 13 * HOUR, 60, { canaries: ['c-1'] }).map((event, index) => ({ ...event, tenant: 'acme', id: `late-${event.id}`, seq: both.length + index + 1 }));
    expect(feed(engine, later).map(({ detector }) => detector.id)).toContain('canary');
  });
});
