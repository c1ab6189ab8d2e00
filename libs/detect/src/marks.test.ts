import { EVENT_FLAG, type Event } from '@wary/model/event.js';
import type { Finding } from '@wary/model/finding.js';
import { buildEvent, inTimeOrder, numbered, principalOf } from '@wary/testkit/event-builder.js';
import { OFFICE_START, officeStream } from '@wary/testkit/office-stream.js';
import { finalFindings, runPartitioned, runWhole } from '@wary/testkit/partitioned-run.js';
import { releaseOf, serviceStream } from '@wary/testkit/service-stream.js';
import { describe, expect, it } from 'vitest';
import { createEngine } from './engine.js';
import { SPLIT_EVERY_MS } from './split.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const OPTIONS = { budgetPerDay: 2, seed: 1 } as const;
const DAYS = 14;
const CHANGED = OFFICE_START + DAYS * DAY + 10 * HOUR;
const SERVICE = { type: 'service', id: 'svc-0' } as const;
const raisedAbout = (findings: readonly Finding[], id: string, detector = ''): Finding[] => findings.filter(({ entity, time, revision, detector: by }) => entity.id === id && time >= CHANGED && revision === 0 && by.id.startsWith(detector));
const run = (events: readonly Event[]): Finding[] => runWhole(inTimeOrder(events), OPTIONS);

/** Of five services the first does twice as much from the release on. */
const doubled = serviceStream({ seed: 5, services: 5, days: DAYS + 3, levelOf: (service, hour) => (service === 0 && hour >= DAYS * 24 + 10 ? 2 : 1) });
const release = releaseOf('svc-0', CHANGED);
const amounts = (findings: readonly Finding[]): Finding[] => ['volume', 'breadth', 'growth'].flatMap((detector) => raisedAbout(findings, 'svc-0', detector));

describe('a service that does twice as much after a release', () => {
  it('alarms again and again when nobody says that there was one', () => {
    const found = amounts(run(doubled));
    expect(found.length).toBeGreaterThanOrEqual(3);
  });

  it('does not alarm when its release was marked, and its baseline says since when', () => {
    const engine = createEngine(OPTIONS);
    const usual = (): number => engine.describeEntity('default', SERVICE)!.features.find(({ feature, window }) => feature === 'requests' && window === '1h')!.expected;
    const stream = inTimeOrder([...doubled, release]);
    const at = stream.findIndex(({ id }) => id === release.id);
    engine.scoreEvents(stream.slice(0, at));
    const before = usual();
    expect(amounts(engine.scoreEvents(stream.slice(at)))).toEqual([]);
    expect(engine.describeEntity('default', SERVICE)!.split).toEqual({ at: CHANGED, cause: 'release' });
    expect(usual()).toBeGreaterThan(1.5 * before);
  });

  it('hides no theft of the same day', () => {
    const taken = Array.from({ length: 400 }, (_, i) => buildEvent({ ...principalOf('service', 'svc-0'), peerGroup: 'backend', id: `taken-${i}`, time: CHANGED + 3 * HOUR + i * 3_000, action: 'export', rows: 5_000, bytes: 2_000_000, resource: { id: `customers/${i}`, type: 'table' } }));
    const found = raisedAbout(run([...doubled, release, ...taken]), 'svc-0', 'volume');
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]!.time).toBeLessThan(CHANGED + 4 * HOUR);
    expect(found[0]!.explanation.summary).toContain('Its baseline is a new one, since the release of 21 Sep 2026.');
    expect(found[0]!.explanation.baseline!.since).toBe(CHANGED);
  });

  it('by two engines is what one engine over the whole says, crashes and all', () => {
    const stream = inTimeOrder([...doubled.filter(({ time }) => time > OFFICE_START + 6 * DAY && time < CHANGED + DAY), releaseOf('svc-1', CHANGED - DAY), releaseOf('svc-3', CHANGED)]);
    const { findings, crashes } = runPartitioned({ events: stream, partitions: 2, engine: OPTIONS, seed: 7, crashPercent: 0.5 });
    expect(crashes).toBeGreaterThan(0);
    expect(findings.length).toBeGreaterThan(0);
    expect(finalFindings(findings)).toEqual(finalFindings(runWhole(stream, OPTIONS)));
  });
});

describe('who may begin a baseline anew, and how often', () => {
  const calm = serviceStream({ seed: 6, services: 2, days: DAYS });
  const splitAfter = (...marks: Event[]): number | undefined => {
    const engine = createEngine(OPTIONS);
    engine.scoreEvents(inTimeOrder([...calm, ...marks]));
    return engine.describeEntity('default', SERVICE)!.split?.at;
  };
  const at = (days: number): number => OFFICE_START + days * DAY;

  it('nobody whose mark was not made by somebody else', () => expect(splitAfter({ ...releaseOf('svc-0', at(8)), flags: 0 })).toBeUndefined());
  it('releases once in a week', () => {
    expect(splitAfter(releaseOf('svc-0', at(5)), releaseOf('svc-0', at(8)), releaseOf('svc-0', at(11)))).toBe(at(5));
    expect(splitAfter(releaseOf('svc-0', at(5)), releaseOf('svc-0', at(5) + SPLIT_EVERY_MS))).toBe(at(5) + SPLIT_EVERY_MS);
  });
  it('an operator whenever it is needed', () => expect(splitAfter(releaseOf('svc-0', at(5)), { ...releaseOf('svc-0', at(6)), action: 'rebaseline' })).toBe(at(6)));
  it('not what comes a day late, and nobody else', () => {
    const late = { ...releaseOf('svc-0', at(8)), id: 'late' };
    const engine = createEngine(OPTIONS);
    engine.scoreEvents(numbered([...inTimeOrder(calm), late, releaseOf('svc-7', at(8))]));
    expect(engine.describeEntity('default', SERVICE)!.split).toBeNull();
    expect(engine.stats.lateEvents).toBe(1);
    expect(engine.describeEntity('default', { type: 'service', id: 'svc-7' })).toBeNull();
  });
  it('whoever makes a mark, and from where, is nothing that its principal did', () => {
    const read = (minute: number, country: string, device: string): Event => buildEvent({ id: `read-${minute}`, time: at(3) + minute * 60_000, client: { country, device, asn: 64_600 + minute } });
    const mark = (minute: number, of: Partial<Event> = {}): Event => ({ ...read(minute, 'SG', ''), kind: 'identity', action: 'status', flags: EVENT_FLAG.mark, resource: { id: 'alice', type: 'user', labels: [], owner: '' }, attributes: { 'hr.status': 'moved' }, canaries: ['c'], ...of });
    expect(run([read(0, 'DE', 'd1'), mark(10), read(20, 'DE', 'd1')])).toEqual([]);
    // The same from there by somebody who says to be her.
    expect(run([read(0, 'DE', 'd1'), mark(10, { kind: 'access', action: 'read' }), read(20, 'DE', 'd1')]).map(({ detector }) => detector.id)).toEqual(expect.arrayContaining(['canary', 'impossible_travel']));
  });
  it('a snapshot keeps it', () => {
    const engine = createEngine(OPTIONS);
    engine.scoreEvents(inTimeOrder([...calm, releaseOf('svc-0', at(5))]));
    const other = createEngine(OPTIONS);
    expect(other.restore(engine.dump())).toBe(true);
    expect(other.describeEntity('default', SERVICE)).toEqual(engine.describeEntity('default', SERVICE));
  });
});

describe('a person who moves to another department', () => {
  const MOVER = 'user-4';
  /** Another team's files, four times as many of them, by another program. */
  const moved = (declared: boolean): Event[] => officeStream({ seed: 3, users: 24, days: DAYS + 6 }).flatMap((event) => {
    const flags = declared ? EVENT_FLAG.declaredGroup : 0;
    if (event.actor.id !== MOVER || event.time < CHANGED) return [{ ...event, flags }];
    const there: Event = { ...event, flags, peerGroup: 'team-2', resource: { ...event.resource, id: event.resource.id.replace('team-1', 'team-2') }, client: { ...event.client, userAgent: 'office-client/3' } };
    return Array.from({ length: 4 }, (_, i): Event => ({ ...there, ...(i === 0 ? {} : { outcome: 'success', action: 'read', bytes: null }), id: `${there.id}-${i}`, time: there.time + i * 40_000, resource: { ...there.resource, id: i === 0 ? there.resource.id : `files/team-2/${i}` } }));
  });

  it('alarms when only the source says so, not when the register does', () => {
    const [claimed, declared] = [false, true].map((each) => raisedAbout(run(moved(each)), MOVER));
    // Of two dozen people a week at five alarms a day raises something unlikely by chance; a move is more than that.
    const grave = (findings: readonly Finding[]): Finding[] => findings.filter(({ strength }) => strength >= 3);
    expect(grave(declared!)).toEqual([]);
    expect(declared!.length).toBeLessThanOrEqual(1);
    expect(grave(claimed!).length).toBeGreaterThan(0);
  });

  it('is found when the first days in the new place are a theft', () => {
    const theft = Array.from({ length: 150 }, (_, i) => buildEvent({ flags: EVENT_FLAG.declaredGroup, actor: { id: MOVER, group: 'team-2' }, peerGroup: 'team-2', id: `theft-${i}`, time: CHANGED + 5 * HOUR + i * 15_000, action: 'download', bytes: 4_000_000, resource: { id: `files/team-1/secret-${i}`, type: 'file' } }));
    const found = raisedAbout(run([...moved(true), ...theft]), MOVER, 'volume');
    expect(found[0]!.explanation.summary).toContain('since the move of 21 Sep 2026');
  });
});
