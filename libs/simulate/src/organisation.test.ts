import { createHash } from 'node:crypto';
import { readNativeBody } from '@wary/ingest/native-body.js';
import { normalizeRecord } from '@wary/normalize/normalize-record.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOrganisation, type Organisation } from './organisation.js';
import type { SimulatedEvent } from './native-event.js';
import { ATTACK_KINDS, ODDITY_KINDS } from './scenarios/scenario.js';
import { DAY_MS, HOUR_MS } from './world/zone.js';

const MONDAY = Date.UTC(2026, 9, 5);
const small = (seed: number, start = MONDAY): Organisation => createOrganisation({ seed, start, days: 1, liveDays: 3, people: 36, eventsPerPersonDay: 10 });
const digest = (events: Iterable<SimulatedEvent>): string => {
  const hash = createHash('sha256');
  for (const { event, label } of events) hash.update(JSON.stringify(event)).update(label ?? '');
  return hash.digest('hex');
};

describe('createOrganisation', () => {
  it('gives the same bytes for the same seed and others for another', () => {
    expect(digest(small(7).events())).toBe(digest(small(7).events()));
    expect(JSON.stringify(small(7).registers)).toBe(JSON.stringify(small(7).registers));
    const day = MONDAY + DAY_MS;
    expect(digest(small(7).events(MONDAY, day))).not.toBe(digest(small(8).events(MONDAY, day)));
  });

  it('is in time order, with unique ids, within its bounds', () => {
    for (const seed of [1, 2]) {
      const organisation = small(seed);
      const ids = new Set<string>();
      let last = organisation.start;
      let count = 0;
      let wrong = 0;
      for (const { at, event } of organisation.events()) {
        if (at < last || Date.parse(event.time) !== at) wrong += 1;
        last = at;
        count += 1;
        ids.add(event.id);
      }
      expect(wrong).toBe(0);
      expect(last).toBeLessThan(organisation.end);
      expect(ids.size).toBe(count);
      expect(count).toBeGreaterThan(4_000);
    }
  });

  it('gives the same whole however it is cut', () => {
    const organisation = small(5);
    const whole = digest(organisation.events());
    fc.assert(fc.property(fc.integer({ min: organisation.start, max: organisation.end }), (cut) => {
      function* halves() {
        yield* organisation.events(organisation.start, cut);
        yield* organisation.events(cut, organisation.end);
      }
      expect(digest(halves())).toBe(whole);
    }), { numRuns: 2 });
  });

  it('labels every attack and oddity, and exactly the events that belong to it', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 0, max: 60 }), (seed, days) => {
      const organisation = small(seed, MONDAY + days * DAY_MS);
      const labels = organisation.labels();
      expect(new Set(labels.map((label) => label.kind))).toEqual(new Set([...ATTACK_KINDS, ...ODDITY_KINDS]));
      const seen = new Map<string, string[]>();
      const outside: string[] = [];
      for (const { at, event, label } of organisation.events()) {
        if (label === undefined) continue;
        const { start, end } = labels.find(({ id }) => id === label)!;
        if (event.time < start || event.time > end || at < organisation.liveStart) outside.push(event.id);
        const ids = seen.get(label);
        if (ids === undefined) seen.set(label, [event.id]);
        else ids.push(event.id);
      }
      expect(outside).toEqual([]);
      for (const label of labels) {
        expect(label.eventIds).toEqual(seen.get(label.id));
        expect(label.events).toBe(label.eventIds.length);
      }
    }), { numRuns: 5 });
  });

  it('keeps attacks apart from each other and from the oddities', () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const entities = small(seed).scenarios.filter(({ kind }) => kind !== 'quarter_end_batch').map(({ entity }) => `${entity.type}:${entity.id}`);
      expect(new Set(entities).size, `seed ${seed}`).toBe(entities.length);
    }
  });

  it('lets people work in their own daytime, and rest on holidays and at weekends', () => {
    const organisation = createOrganisation({ seed: 11, start: Date.UTC(2026, 9, 1), days: 14, liveDays: 1, people: 40 });
    const zones = new Map(organisation.registers.people.filter(({ type }) => type === 'user').map(({ id, timeZone, country }) => [id, { country, format: new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', weekday: 'short', day: '2-digit', hourCycle: 'h23' }) }]));
    const hours = new Array(24).fill(0) as number[];
    let weekend = 0;
    let unityDay = 0;
    let total = 0;
    for (const { event } of organisation.events(organisation.start, organisation.liveStart)) {
      const zone = event.actor.type === 'user' ? zones.get(event.actor.id) : undefined;
      if (zone === undefined) continue;
      const part = Object.fromEntries(zone.format.formatToParts(new Date(event.time)).map(({ type, value }) => [type, value]));
      hours[Number(part['hour'])]! += 1;
      total += 1;
      if (part['weekday'] === 'Sat' || part['weekday'] === 'Sun') weekend += 1;
      if (zone.country === 'DE' && part['day'] === '03') unityDay += 1;
    }
    expect(total).toBeGreaterThan(8_000);
    expect(hours.slice(7, 20).reduce((sum, count) => sum + count, 0) / total).toBeGreaterThan(0.93);
    expect(hours.slice(0, 6).reduce((sum, count) => sum + count, 0) / total).toBeLessThan(0.002);
    // Lunch is a dip, not a stop.
    expect(hours[12]!).toBeLessThan(0.85 * hours[10]!);
    expect(hours[12]!).toBeGreaterThan(0.2 * hours[10]!);
    expect(weekend / total).toBeLessThan(0.03);
    expect(unityDay / total).toBeLessThan(0.01);
  });

  it('plays the six attacks of a demo within the stretch it is given, the leaver at night', () => {
    const organisation = small(3);
    fc.assert(fc.property(fc.integer({ min: organisation.end, max: organisation.end + 20 * DAY_MS }), fc.integer({ min: 4, max: 55 }), fc.integer({ min: 0, max: 5 }), (start, minutes, round) => {
      const spanMs = minutes * 60_000;
      const scenarios = organisation.planLive({ start, spanMs, round });
      const labels = organisation.labels(scenarios);
      expect(new Set(labels.map(({ kind }) => kind))).toEqual(new Set(ATTACK_KINDS));
      for (const label of labels) {
        expect(Date.parse(label.start)).toBeGreaterThanOrEqual(start);
        expect(Date.parse(label.end), label.id).toBeLessThan(start + 1.6 * spanMs + 60_000);
        expect(label.id.endsWith(`-r${round}`)).toBe(true);
      }
      const leaver = labels.find(({ kind }) => kind === 'leaver_night_downloads')!;
      const { timeZone } = organisation.registers.people.find(({ id }) => id === leaver.entity.id)!;
      const hour = Number(new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' }).format(start));
      expect(hour >= 18 || hour <= 8, `${hour} in ${timeZone}`).toBe(true);
    }), { numRuns: 8 });
  });

  it('is taken by the native reader as it is: nothing refused, repaired, dropped or left over', () => {
    const lines: string[] = [];
    const labels = new Set<string>();
    let skipped = 0;
    for (const { event, label } of small(6).events()) {
      // Everything that belongs to a scenario, and a good part of the rest.
      if (label !== undefined) labels.add(label);
      else if ((skipped += 1) % 2 === 0) continue;
      lines.push(JSON.stringify(event));
    }
    const { records, rejected } = readNativeBody(Buffer.from(lines.join('\n')), 'application/x-ndjson', { tenant: 'default', receivedAt: 0 });
    expect(rejected).toEqual([]);
    expect(labels.size).toBe(ATTACK_KINDS.length + ODDITY_KINDS.length);
    const problems = new Set<string>();
    for (const record of records) {
      const value = record.value as { id: string; time: string; attributes?: object };
      const step = normalizeRecord({ ...record, receivedAt: Date.parse(value.time) }, { retentionDays: 400 });
      if (step.kind !== 'ok') problems.add(`${step.kind} ${JSON.stringify(step)}`);
      else if (step.value.id !== value.id || step.value.flags !== 0 || Object.keys(step.value.attributes).length !== Object.keys(value.attributes ?? {}).length) problems.add(value.id);
    }
    expect([...problems].slice(0, 3)).toEqual([]);
  });

  it('has heavy tails: some days and people are several times the usual', () => {
    const perDay = new Map<string, number>();
    for (const { at, event } of createOrganisation({ seed: 4, start: MONDAY, days: 11, liveDays: 1, people: 60 }).events(MONDAY, MONDAY + 11 * DAY_MS)) {
      if (event.actor.type !== 'user') continue;
      const key = `${event.actor.id} ${Math.floor((at + 2 * HOUR_MS) / DAY_MS)}`;
      perDay.set(key, (perDay.get(key) ?? 0) + 1);
    }
    const counts = [...perDay.values()].filter((count) => count > 3).sort((a, b) => a - b);
    const median = counts[Math.floor(counts.length / 2)]!;
    expect(median).toBeGreaterThan(18);
    expect(median).toBeLessThan(45);
    expect(counts.at(-1)! / median).toBeGreaterThan(3);
    expect(counts[Math.floor(0.95 * counts.length)]! / median).toBeGreaterThan(1.8);
  });
});
