import type { Event } from '@wary/model/event.js';
import { EVENT_FLAG } from '@wary/model/event.js';
import type { Finding } from '@wary/model/finding.js';
import { OFFICE_START } from '@wary/testkit/office-stream.js';
import { finalFindings, runPartitioned, runWhole } from '@wary/testkit/partitioned-run.js';
import { sourceStream, streamDay } from '@wary/testkit/source-streams.js';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../engine.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const OPTIONS = { budgetPerDay: 5, seed: 1 } as const;
const ABOUT_ITSELF = new Set(['silent_source', 'firing_shift', 'starved_baseline', 'entity_flood', 'coverage_gap']);
const day = streamDay;
const stream = sourceStream;

function watched(events: readonly Event[]): Finding[] {
  const engine = createEngine(OPTIONS);
  return engine.scoreEvents(events).filter(({ detector }) => ABOUT_ITSELF.has(detector.id));
}
const first = (findings: readonly Finding[]): Finding[] => findings.filter(({ revision }) => revision === 0);

describe('the monitor watches itself', { timeout: 180_000 }, () => {
  it('says nothing while nothing happens: nights, weekends, and a source that comes now and then', () => {
    for (const seed of [1, 2]) expect(watched(stream({ days: 45, seed }))).toEqual([]);
  });

  it('says nothing of holidays: one, two in a row, and two around a weekend', () => {
    const off = new Set([24, 30, 31, 39, 42]);
    expect(watched(stream({ days: 50, sends: (source, time) => source === 'nginx' || !off.has(Math.floor((time - OFFICE_START) / DAY)) }))).toEqual([]);
  });

  it('a source around the clock that stops is told within hours, goes on growing, and is closed when it is back', () => {
    const findings = watched(stream({ days: 40, sends: (source, time) => source !== 'nginx' || time < day(30, 10) || time >= day(31, 12) }));
    expect(first(findings)).toMatchObject([{ detector: { id: 'silent_source' }, entity: { type: 'application', id: 'wary/source/nginx' }, severity: 'medium', window: { start: day(30, 10) } }]);
    expect(first(findings)[0]!.time - day(30, 10)).toBeLessThanOrEqual(6 * HOUR);
    expect(findings.at(-1)).toMatchObject({ closed: true, window: { start: day(30, 10), end: day(31, 12) } });
    expect(findings.length).toBeGreaterThan(2);
    expect(new Set(findings.map(({ id }) => id)).size).toBe(1);
    const { explanation } = findings[0]!;
    expect(explanation.summary).toContain('nginx');
    expect(explanation.observed).toBe(0);
    expect(explanation.expected!.value).toBeGreaterThan(1);
    expect(explanation.contributions.map(({ share }) => share)).toEqual([1]);
  });

  it('one in office hours is told after three working days, not over a weekend and a holiday', () => {
    const findings = watched(stream({ days: 45, sends: (source, time) => source === 'nginx' || time < day(35) }));
    const [office] = first(findings).filter(({ entity }) => entity.id === 'wary/source/otlp');
    expect(office!.time).toBeGreaterThan(day(37));
    expect(office!.time).toBeLessThanOrEqual(day(39));
  });

  it('a source that was only there for a week is nobody\'s loss', () => {
    expect(watched(stream({ days: 40, sends: (source, time) => source !== 'sshd' || time < day(7) }))).toEqual([]);
  });

  it('the wall clock tells when everything is silent, once for the whole, and of no time at which the service was away', () => {
    const events = stream({ days: 40, sends: (_, time) => time < day(30, 10) || time >= day(31, 10) });
    const before = events.filter(({ time }) => time < day(30, 10));
    const engine = createEngine(OPTIONS);
    engine.scoreEvents(before);
    const state = engine.dump();
    expect(engine.silences(day(30, 11), 0)).toEqual([]);
    const silent = engine.silences(day(31, 4), 0);
    expect(silent).toMatchObject([{ detector: { id: 'silent_source' }, entity: { type: 'tenant', id: 'default' }, severity: 'high', revision: 0, window: { start: day(30, 10) } }]);
    expect(engine.silences(day(31, 6), 0).map(({ id }) => id)).toEqual(silent.map(({ id }) => id));
    expect(engine.silences(day(31, 4), day(31, 3))).toEqual([]);
    // What another partition has heard counts as if it had come here.
    const heardAt = (time: number): Map<string, number> => new Map([['default', Math.floor(time / HOUR)]]);
    expect(engine.silences(day(31, 4), 0, heardAt(day(31, 3)))).toEqual([]);
    expect(engine.silences(day(31, 4), 0, heardAt(day(30, 9)))).toEqual(silent);
    expect(engine.lastHeard()).toEqual([...heardAt(day(30, 9))]);
    expect(Buffer.from(engine.dump()).equals(Buffer.from(state))).toBe(true);
    // Whoever was away, it says nothing of the sources when it is over.
    expect(engine.scoreEvents(events.slice(before.length)).filter(({ detector }) => detector.id === 'silent_source')).toEqual([]);
    expect(engine.silences(day(40, 1), 0)).toEqual([]);
    engine.applySettings({ silent_source: { enabled: false, weight: 1, thresholds: {} } }, 'default');
    expect(engine.silences(day(50), 0)).toEqual([]);
  });

  it('where one source was told before, the others speak for themselves', () => {
    const engine = createEngine(OPTIONS);
    engine.scoreEvents(stream({ days: 31, sends: (source, time) => (source === 'nginx' ? time < day(30, 8) : time < day(30, 17)) }));
    expect(engine.silences(day(31, 7), 0)).toEqual([]);
  });

  it('history that is read in says nothing of silence', () => {
    const events = stream({ days: 40 }).map((event) => ({ ...event, flags: event.flags | EVENT_FLAG.historical }));
    const engine = createEngine(OPTIONS);
    engine.scoreEvents(events);
    expect(engine.silences(day(60), 0)).toEqual([]);
  });

  it('a detector that fires far more often than it does, and one that no longer fires', () => {
    const findings = watched(stream({ days: 60, change: (event) => {
      const at = Math.floor((event.time - OFFICE_START) / DAY);
      if (event.source !== 'otlp') return event;
      // Two people touch canaries each working day; on day 43 everybody does, and from day 50 on nobody.
      const touched = at < 50 && (at === 43 || /-(0|1)$/.test(event.id));
      return touched ? { ...event, canaries: at === 43 ? ['c1', 'c2', 'c3'] : ['c1'] } : event;
    } }));
    expect(first(findings).map(({ entity, detector, window }) => [detector.id, entity.id, (window.start - OFFICE_START) / DAY])).toEqual([['firing_shift', 'wary/detector/canary', 43], ['firing_shift', 'wary/detector/canary', 50]]);
    expect(first(findings)[0]!.explanation).toMatchObject({ observed: 30, expected: { value: expect.any(Number) } });
  });

  it('ids that change starve the baselines', () => {
    const findings = watched(stream({ days: 45, change: (event) => {
      if (event.source !== 'otlp' || event.time < day(35)) return event;
      const id = `pseudonym-${event.id}`;
      return { ...event, actor: { ...event.actor, id, group: id }, principal: { ...event.principal, id }, peerGroup: id };
    } }));
    expect(first(findings).map(({ detector, entity, window }) => [detector.id, entity.type, entity.id, (window.start - OFFICE_START) / DAY])[0]).toEqual(['starved_baseline', 'peer_group', 'type:user', 35]);
    expect(findings.every(({ detector }) => detector.id === 'starved_baseline')).toBe(true);
    // A tenth of newcomers each day is nothing.
    expect(watched(stream({ days: 45, change: (event) => (event.source === 'otlp' && event.time >= day(35) && event.id.endsWith('-3') ? { ...event, actor: { ...event.actor, id: event.id }, principal: { ...event.principal, id: event.id } } : event) }))).toEqual([]);
  });

  it('names that nobody had heard of come in a flood: told once, in the hours in which they come, and a big day of newcomers is none', () => {
    const made = (count: number) => stream({ days: 32 }).flatMap((event) => (event.source !== 'nginx' || Math.floor((event.time - OFFICE_START) / DAY) !== 30 || !event.id.endsWith('-0') ? [event] : [event, ...Array.from({ length: count }, (_, n) => {
      const id = `made-up-${event.id}-${n}`;
      return { ...event, id, actor: { ...event.actor, id, group: 'team' }, principal: { type: 'user' as const, id }, peerGroup: 'team' };
    })]));
    const floods = watched(made(60)).filter(({ detector }) => detector.id === 'entity_flood');
    expect(first(floods)).toMatchObject([{ entity: { type: 'peer_group', id: 'type:user' }, window: { start: day(30) } }]);
    expect(floods[0]!.explanation.observed).toBeGreaterThanOrEqual(200);
    expect(floods.at(-1)!.closed).toBe(true);
    // A hundred and twenty at once where nobody new ever came are worth a look elsewhere, and no flood.
    expect(watched(made(5)).filter(({ detector }) => detector.id === 'entity_flood')).toEqual([]);
  });

  it('a field that a source no longer sends is a gap, from the first whole day on; at weekends it was always missing', () => {
    const findings = watched(stream({ days: 45, change: (event) => {
      const at = Math.floor((event.time - OFFICE_START) / DAY);
      return event.source === 'nginx' && (at % 7 >= 5 || at >= 37) ? { ...event, client: { ...event.client, ip: '' } } : event;
    } }));
    expect(first(findings)).toEqual([]);
    const content = watched(stream({ days: 45, change: (event) => (event.source === 'nginx' && event.time >= day(37) ? { ...event, bytes: null } : event) }));
    expect(first(content).map(({ detector, entity, window }) => [detector.id, entity.id, (window.start - OFFICE_START) / DAY])[0]).toEqual(['coverage_gap', 'wary/source/nginx', 37]);
    expect(content[0]!.explanation.summary).toContain('none has bytes');
  });

  it('carries on after a snapshot as if there had been none, gives the same bytes, and the same by any number of engines', () => {
    const events = stream({ days: 33, sends: (source, time) => source !== 'nginx' || time < day(30, 10) || time >= day(31, 12) });
    const whole = watched(events);
    expect(JSON.stringify(watched(events))).toBe(JSON.stringify(whole));
    for (const cut of [Math.floor(events.length / 3), events.findIndex(({ time }) => time > day(31, 2))]) {
      const head = createEngine(OPTIONS);
      const before = head.scoreEvents(events.slice(0, cut));
      const tail = createEngine(OPTIONS);
      expect(tail.restore(head.dump())).toBe(true);
      expect(JSON.stringify([...before, ...tail.scoreEvents(events.slice(cut))].filter(({ detector }) => ABOUT_ITSELF.has(detector.id)))).toBe(JSON.stringify(whole));
    }
    expect(finalFindings(runPartitioned({ events, partitions: 3, engine: OPTIONS, seed: 5 }).findings)).toEqual(finalFindings(runWhole(events, OPTIONS)));
  }, 120_000);
});
