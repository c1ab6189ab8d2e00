import type { Event } from '@wary/model/event.js';
import type { Finding } from '@wary/model/finding.js';
import { buildEvent, inTimeOrder, numbered, type EventParts } from '@wary/testkit/event-builder.js';
import { OFFICE_START, officeStream } from '@wary/testkit/office-stream.js';
import { describe, expect, it } from 'vitest';
import { createEngine, type EngineOptions } from './engine.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const DAYS = 61;
/** The night to a Friday, after more than eight weeks in which everybody's habits became known. */
const NIGHT = OFFICE_START + (DAYS - 1) * DAY + 2 * HOUR;
const office = officeStream({ seed: 11, users: 24, days: DAYS, groups: 2, requestsPerHour: 0.6 });
const OPTIONS: EngineOptions = { budgetPerDay: 5, seed: 1, keepDayScores: true };

const act = (user: string, name: string, time: number, parts: EventParts): Event => buildEvent({ ...parts, id: `${user}-${name}-${time}`, time, actor: { id: user, group: 'team-0' }, peerGroup: 'team-0' });
const stick = (user: string, time: number, files: number): Event[] => [
  act(user, 'connect', time, { action: 'connect', resource: { id: 'device/1', type: 'removable_media' } }),
  ...Array.from({ length: files }, (_, i) => act(user, `copy${i}`, time + (i + 1) * 60_000, { action: 'copy', resource: { id: `file/${i}`, type: 'file', labels: ['removable_media'] } })),
];
const site = (user: string, time: number, label: string, action = 'visit'): Event => act(user, `${action}-${label}`, time, { action, resource: { id: `${label}.example`, type: 'website', labels: [label] } });

function run(extra: readonly Event[], options: Partial<EngineOptions> = {}): { findings: Finding[]; score: (user: string, time: number) => number } {
  const engine = createEngine({ ...OPTIONS, ...options });
  const findings = [...engine.scoreEvents(numbered(inTimeOrder([...office, ...extra]), 1)), ...engine.finish()].filter(({ detector }) => detector.id === 'activity');
  const scores = new Map(engine.dayScores().map(({ entity, day, score }) => [`${entity.id}|${day}`, score]));
  return { findings, score: (user, time) => scores.get(`${user}|${new Date(time).toISOString().slice(0, 10)}`) ?? 0 };
}

describe('activity', () => {
  it('adds up what comes together: a stick and an upload at night are more than each of them', () => {
    const both = run([...stick('user-0', NIGHT, 6), site('user-0', NIGHT + HOUR, 'file_sharing', 'upload')]);
    const one = run(stick('user-0', NIGHT + 9 * HOUR, 1));
    expect(both.score('user-0', NIGHT)).toBeGreaterThan(one.score('user-0', NIGHT) + 1.5);
    const finding = both.findings.findLast(({ entity }) => entity.id === 'user-0')!;
    expect(finding.explanation.summary).toMatch(/^user-0 did on .* what this user does not usually do together: .*removable_media/);
    expect(finding.explanation.contributions.map(({ feature }) => feature)).toEqual(expect.arrayContaining(['acts_removable.1d', 'acts_web.1d', 'acts_time.1d']));
    expect(finding.explanation.contributions.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 5);
    expect(finding.explanation.counterfactual!.text).toMatch(/^Without .* it would have stayed quiet\.$/);
  });

  it('what somebody does every week is not unusual for them, whatever it is for others', () => {
    const weekly = Array.from({ length: 8 }, (_, week) => stick('user-0', OFFICE_START + week * 7 * DAY + DAY + 10 * HOUR, 3)).flat();
    const time = OFFICE_START + 8 * 7 * DAY + DAY + 10 * HOUR;
    expect(run([...weekly, ...stick('user-0', time, 3)]).score('user-0', time)).toBeLessThan(run(stick('user-0', time, 3)).score('user-0', time) - 0.5);
  });

  it('sees what is done on more and more days, though no day of it is much', () => {
    const workdays = Array.from({ length: 18 }, (_, i) => OFFICE_START + (30 + i) * DAY).filter((day) => ((Math.floor(day / DAY) + 3) % 7) < 5);
    const hunt = run(workdays.map((day) => site('user-2', day + 11 * HOUR, 'job_search')));
    const first = hunt.score('user-2', workdays[0]!);
    // The first day is new; days later it would be usual, were it not for their sum.
    expect(hunt.score('user-2', workdays.at(-1)!)).toBeGreaterThan(first * 0.5);
    const once = run([site('user-2', workdays[0]! + 11 * HOUR, 'job_search')]);
    expect(once.score('user-2', workdays.at(-1)!)).toBeLessThan(hunt.score('user-2', workdays.at(-1)!));
  });

  it('sees who is at the machine of another, unless that is their way', () => {
    const at = (user: string, time: number, device: string): Event => act(user, `mail-${device}`, time, { action: 'send', client: { device }, resource: { id: 'mail/all', type: 'mail', labels: ['internal'] } });
    const workdays = Array.from({ length: DAYS }, (_, i) => OFFICE_START + i * DAY + 11 * HOUR).filter((time) => ((Math.floor(time / DAY) + 3) % 7) < 5);
    const time = workdays.pop()!;
    const settled = workdays.map((day) => at('user-3', day, 'pc-3'));
    const roaming = workdays.map((day, i) => at('user-3', day, `pc-${i}`));
    const elsewhere = run([...settled, at('user-3', time, 'pc-77')]).score('user-3', time);
    expect(elsewhere).toBeGreaterThan(run([...settled, at('user-3', time, 'pc-3')]).score('user-3', time) + 1);
    expect(elsewhere).toBeGreaterThan(run([...roaming, at('user-3', time, 'pc-77')]).score('user-3', time) + 1);
  });

  it('gives the same findings and scores from a snapshot at any point', () => {
    const events = numbered(inTimeOrder([...office.slice(-1_500), ...stick('user-0', NIGHT, 6), site('user-0', NIGHT + HOUR, 'file_sharing', 'upload')]), 1);
    const whole = createEngine(OPTIONS);
    const found = JSON.stringify([...whole.scoreEvents(events), ...whole.finish()]);
    const scores = JSON.stringify(whole.dayScores());
    for (const cut of [200, 1_100, events.length - 4]) {
      const before = createEngine(OPTIONS);
      const head = before.scoreEvents(events.slice(0, cut));
      const bytes = before.dump();
      const after = createEngine(OPTIONS);
      expect(after.restore(bytes)).toBe(true);
      expect(Buffer.from(after.dump()).equals(Buffer.from(bytes))).toBe(true);
      expect(JSON.stringify([...head, ...after.scoreEvents(events.slice(cut)), ...after.finish()])).toBe(found);
      expect(JSON.stringify(after.dayScores())).toBe(scores);
    }
  });

  it('remembers acts of who was compacted in between', () => {
    const weekly = Array.from({ length: 8 }, (_, week) => stick('user-0', OFFICE_START + week * 7 * DAY + DAY + 10 * HOUR, 3)).flat();
    const time = OFFICE_START + 8 * 7 * DAY + DAY + 10 * HOUR;
    const known = [...weekly, ...stick('user-0', time, 3)];
    const roomy = run(known).score('user-0', time);
    const tight = run(known, { limits: { hotEntitiesMax: 256 } });
    expect(tight.score('user-0', time)).toBeCloseTo(roomy, 0);
  });

  it('counts no more acts of a day that is learned', () => {
    const engine = createEngine(OPTIONS);
    const late = site('user-3', OFFICE_START + 3 * DAY + 11 * HOUR, 'job_search');
    const ordinary = numbered(inTimeOrder(office.slice(0, 2_000)), 1);
    engine.scoreEvents(ordinary);
    const before = engine.stats.lateEvents;
    engine.scoreEvents([{ ...late, seq: 10_000 }]);
    expect(engine.stats.lateEvents).toBe(before + 1);
  });
});
