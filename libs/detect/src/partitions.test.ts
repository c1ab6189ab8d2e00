import type { Event } from '@wary/model/event.js';
import { buildEvent, inTimeOrder, numbered } from '@wary/testkit/event-builder.js';
import { OFFICE_START, officeStream } from '@wary/testkit/office-stream.js';
import { contradictions, finalFindings, runPartitioned, runWhole } from '@wary/testkit/partitioned-run.js';
import { SeededRandom } from '@wary/testkit/seeded-random.js';
import { describe, expect, it } from 'vitest';
import { createEngine } from './engine.js';
import { EMPTY_HOUR } from './hour-gate.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const OPTIONS = { budgetPerDay: 5, seed: 1 } as const;
const LAST_DAY = OFFICE_START + 10 * DAY;

/** Two tenants at work, with a night's theft in each, sums of money in prompts, and somebody who comes once and falls silent. */
const theft = (tenant: string, user: number): Event[] => Array.from({ length: 90 }, (_, i) => buildEvent({
  tenant, id: `${tenant}-theft-${i}`, time: LAST_DAY + 2 * HOUR + i * 20_000, action: 'download', bytes: 400_000 + i, actor: { id: `user-${user}`, group: 'team-1' }, peerGroup: 'team-1', resource: { id: `files/team-1/secret-${i}`, type: 'file' },
}));
const prompts = (tenant: string): Event[] => Array.from({ length: 40 }, (_, i) => buildEvent({
  tenant, id: `${tenant}-prompt-${i}`, kind: 'inference', action: 'chat', time: LAST_DAY + 9 * HOUR + i * 600_000, actor: { id: `user-${i % 3}`, group: 'team-0' }, peerGroup: 'team-0', injection: i % 3 === 0 ? 0.95 : 0, genAi: { requestModel: 'assistant', inputTokens: 200 + i }, piiInput: { email: i },
}));
const guest = (tenant: string): Event[] => [buildEvent({ tenant, id: `${tenant}-guest`, time: OFFICE_START + 3 * DAY + 13 * HOUR, actor: { id: 'guest', group: 'visitors' }, peerGroup: 'visitors', canaries: ['c-1'], resource: { id: 'door', type: 'door' } })];
const office = (tenant: string, seed: number): Event[] => officeStream({ seed, users: 16, days: 12 }).map((event) => ({ ...event, tenant, id: `${tenant}-${event.id}` }));
const stream = inTimeOrder(['default', 'acme'].flatMap((tenant, index) => [...office(tenant, 3 + index), ...theft(tenant, 4 - index), ...prompts(tenant), ...guest(tenant)]));
const whole = finalFindings(runWhole(stream, OPTIONS));

describe('partitions of a stream', () => {
  it('find something worth comparing', () => {
    const detectors = new Set([...whole.values()].map((finding) => (finding as { detector: { id: string } }).detector.id));
    expect(whole.size).toBeGreaterThan(15);
    expect([...detectors]).toEqual(expect.arrayContaining(['volume', 'canary', 'personal_data_bulk', 'injection_campaign']));
  });

  it.each([[1, 11], [2, 12], [2, 13], [4, 14], [7, 15]])('by %i engines give what one engine over the whole gives (seed %i)', (partitions, seed) => {
    const { findings, blocked } = runPartitioned({ events: stream, partitions, engine: OPTIONS, seed });
    expect(finalFindings(findings)).toEqual(whole);
    expect(blocked).toBeGreaterThan(0);
  });

  it('also when events come up to 50 minutes late', () => {
    const random = new SeededRandom(8);
    const late = stream.map((event) => ({ event, at: event.time + (random.next() < 0.3 ? random.below(50 * 60_000) : 0) })).sort((a, b) => a.at - b.at).map(({ event }) => event);
    const one = finalFindings(runWhole(late, OPTIONS));
    expect(one.size).toBeGreaterThan(15);
    expect(finalFindings(runPartitioned({ events: late, partitions: 4, engine: OPTIONS, seed: 21 }).findings)).toEqual(one);
  });

  it('also when engines die and replay, wherever they are', () => {
    const { findings, crashes, engines } = runPartitioned({ events: stream, partitions: 3, engine: OPTIONS, seed: 31, crashPercent: 1 });
    expect(crashes).toBeGreaterThan(10);
    // A replay closes every hour as it was published.
    expect(engines.map(({ stats }) => stats.divergedHours)).toEqual([0, 0, 0]);
    expect(contradictions(findings)).toEqual([]);
    expect(finalFindings(findings)).toEqual(whole);
  });

  it('also when most of them have nothing to do', () => {
    const one = stream.filter(({ principal }) => principal.id === 'user-4');
    expect(finalFindings(runPartitioned({ events: one, partitions: 4, engine: OPTIONS, seed: 41 }).findings)).toEqual(finalFindings(runWhole(one, OPTIONS)));
  });
});

describe('an engine of a partition', () => {
  const index = 0;
  const mine = numbered(stream.filter(({ tenant }) => tenant === 'acme'));
  const hour = Math.floor(mine[0]!.time / HOUR);

  it('waits until its hours have come back and the others have spoken, and scores nothing meanwhile', () => {
    const engine = createEngine({ ...OPTIONS, partition: { index, count: 2 } });
    expect(engine.scorePart(mine, 0)).toMatchObject({ next: 0, blocked: { tenant: 'acme', hour } });
    expect(engine.lastSeq).toBe(0);
    const [own, ...more] = engine.closedHours();
    expect(more).toEqual([]);
    expect(own).toMatchObject({ tenant: 'acme', hour: hour - 2, partition: 0, seq: 0 });
    expect(own!.bytes.length).toBeLessThan(8);
    expect(engine.closedHours()).toEqual([]);
    expect(engine.offerClosed(own!)).toBe('taken');
    expect(engine.offerClosed(own!)).toBe('known');
    expect(engine.scorePart(mine, 0).next).toBe(0);
    expect(engine.offerClosed({ ...own!, partition: 1 })).toBe('taken');
    const { next, blocked } = engine.scorePart(mine, 0);
    expect(blocked).toEqual({ tenant: 'acme', hour: hour + 1 });
    expect(Math.floor(mine[next - 1]!.time / HOUR)).toBe(hour);
    expect(Math.floor(mine[next]!.time / HOUR)).toBe(hour + 1);
    expect(engine.lastSeq).toBe(mine[next - 1]!.seq);
  });

  it('says when the log has another version of an hour that it closed', () => {
    const engine = createEngine({ ...OPTIONS, partition: { index, count: 1 } });
    const other = createEngine({ ...OPTIONS, partition: { index, count: 1 } });
    const pass = (each: typeof engine, events: readonly Event[], offer: boolean): void => {
      for (let at = 0; at < events.length;) {
        const { next, blocked } = each.scorePart(events, at);
        at = next;
        const closed = each.closedHours();
        if (blocked !== null && !offer && closed.some(({ bytes }) => bytes.length > 8)) { each.offerClosed(closed[0]!); return; }
        for (const hours of closed) each.offerClosed(hours);
      }
    };
    pass(other, mine.filter(({ id }) => !id.endsWith('0')), true);
    engine.scorePart(mine, 0);
    expect(engine.offerClosed(engine.closedHours()[0]!)).toBe('taken');
    engine.scorePart(mine, 0);
    const given: unknown[] = [];
    for (let at = 0; at < 3; at += 1) {
      for (const closed of engine.closedHours()) {
        // Somebody else who took this partition for its own was there before.
        if (closed.bytes.length > 8) { expect(engine.offerClosed({ ...closed, bytes: closed.bytes.slice(0, -1) })).toBe('conflict'); given.push(closed); } else engine.offerClosed(closed);
      }
      engine.scorePart(mine, 0);
    }
    expect(given.length).toBeGreaterThan(0);
    // It goes no further.
    expect(engine.scorePart(mine, engine.lastSeq).next).toBe(engine.lastSeq);
  });

  it('takes what the log says of an hour that its snapshot had closed otherwise, and goes on', () => {
    const engine = createEngine({ ...OPTIONS, partition: { index, count: 1 } });
    let at = 0;
    // Until it has closed an hour with something in it, which is not published.
    let [lost] = engine.closedHours();
    while (lost === undefined || lost.bytes.length <= 8) {
      if (lost !== undefined) engine.offerClosed(lost);
      at = engine.scorePart(mine, at).next;
      [lost] = engine.closedHours();
    }
    const other = createEngine({ ...OPTIONS, partition: { index, count: 1 } });
    expect(other.restore(engine.dump())).toBe(true);
    expect(engine.offerClosed({ ...lost, bytes: Uint8Array.from(EMPTY_HOUR) })).toBe('conflict');
    expect(other.offerClosed({ ...lost, bytes: Uint8Array.from(EMPTY_HOUR) })).toBe('taken');
    expect(other.stats.divergedHours).toBe(1);
    expect(other.scorePart(mine, at).next).toBeGreaterThan(at);
    expect(other.closedHours().filter(({ hour: closed }) => closed <= lost.hour)).toEqual([]);
  });

  it('takes no snapshot of another partition', () => {
    const engine = createEngine({ ...OPTIONS, partition: { index: 0, count: 2 } });
    engine.scorePart(mine, 0);
    expect(createEngine({ ...OPTIONS, partition: { index: 1, count: 2 } }).restore(engine.dump())).toBe(false);
    expect(createEngine(OPTIONS).restore(engine.dump())).toBe(false);
    expect(createEngine({ ...OPTIONS, partition: { index: 0, count: 2 } }).restore(engine.dump())).toBe(true);
  });

  it('beyond the limit of tenants still lets the others go on', () => {
    const engine = createEngine({ ...OPTIONS, limits: { tenantsMax: 1 }, partition: { index: 0, count: 2 } });
    engine.reach('default', 10);
    engine.closedHours();
    expect(engine.offerClosed({ tenant: 'acme', hour: 8, partition: 1, seq: 3, bytes: Uint8Array.of(1, 0, 0, 0) })).toBe('known');
    expect(engine.closedHours()).toMatchObject([{ tenant: 'acme', hour: 8, partition: 0 }]);
    expect(engine.scorePart(mine, 0)).toEqual({ findings: [], forwarded: [], next: mine.length, blocked: null });
  });
});
