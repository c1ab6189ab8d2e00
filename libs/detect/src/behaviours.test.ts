import type { Event } from '@wary/model/event.js';
import type { Finding } from '@wary/model/finding.js';
import { DETECTOR_CASES } from '@wary/testkit/detector-cases.js';
import { ranCase } from '@wary/testkit/engine-conformance.js';
import { buildEvent, inTimeOrder, numbered, type EventParts } from '@wary/testkit/event-builder.js';
import { OFFICE_START, officeStream } from '@wary/testkit/office-stream.js';
import { describe, expect, it } from 'vitest';
import { ANALYTICS } from './analytics.js';
import { createEngine } from './engine.js';
import { BEHAVIOURS, type BehaviourId } from './features.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Thursday of the fourth week; before it a large office with little to do, so that everybody's habits are known. */
const THURSDAY = OFFICE_START + 24 * DAY;
const office = officeStream({ seed: 6, users: 50, days: 24, groups: 2, requestsPerHour: 1.2 });
const usual = office.filter(({ actor }) => actor.id === 'user-8').at(-1)!;
const SAME: EventParts = { actor: { id: 'user-8', group: 'team-0' }, peerGroup: 'team-0', client: usual.client };
const at = (name: string, count: number, gapMs: number, parts: (index: number) => EventParts, start = THURSDAY + 10 * HOUR): Event[] =>
  Array.from({ length: count }, (_, i) => buildEvent({ ...SAME, id: `${name}-${i}`, time: start + i * gapMs, resource: { id: `files/user-8/${i % 3}`, type: 'file' }, ...parts(i) }));

/** What is found of these events after the office's four weeks, which are learned once and then taken from a snapshot. */
const run = (attack: readonly Event[]): Finding[] => {
  const engine = createEngine({ budgetPerDay: 1, seed: 1 });
  expect(engine.restore(trained())).toBe(true);
  return [...engine.scoreEvents(numbered(attack, 1_000_000)), ...engine.finish()].filter(({ entity, time }) => entity.id === 'user-8' && time >= THURSDAY);
};
let snapshot: Uint8Array | null = null;
function trained(): Uint8Array {
  if (snapshot === null) {
    const engine = createEngine({ budgetPerDay: 1, seed: 1 });
    engine.scoreEvents(inTimeOrder(office));
    snapshot = engine.dump();
  }
  return snapshot;
}

const strangePlace = { country: 'SG', asn: 64_500, userAgent: 'curl/8.5' };
const SUNDAY_NIGHT = THURSDAY + 3 * DAY + 3 * HOUR;

/** Order needs people who keep one, growth a longer history, and breadth is told with the amount where it comes with as many requests: they have tests of their own. */
type Tried = Exclude<BehaviourId, 'sequence' | 'breadth' | 'growth'>;
const TRIED = BEHAVIOURS.filter((id): id is Tried => id !== 'sequence' && id !== 'breadth' && id !== 'growth');
const CASES: Readonly<Record<Tried, readonly Event[]>> = {
  volume: at('volume', 90, 20_000, () => ({})),
  failures: at('failures', 25, 60_000, () => ({ outcome: 'denied' })),
  cost_tokens: at('cost', 1, 1, () => ({ kind: 'inference', action: 'chat', cost: 400, genAi: { requestModel: 'large', inputTokens: 900_000, outputTokens: 500_000 } })),
  novelty: at('novelty', 3, 60_000, () => ({ client: strangePlace, action: 'assume_role', resource: { id: 'vault/keys', type: 'vault' } })),
  off_hours: at('off', 2, 60_000, () => ({}), SUNDAY_NIGHT),
  activity: [
    ...at('stick', 4, 60_000, (i) => ({ action: i === 0 ? 'connect' : 'copy', resource: { id: `device/${i}`, type: i === 0 ? 'removable_media' : 'file', labels: i === 0 ? [] : ['removable_media'] } }), SUNDAY_NIGHT),
    ...at('leak', 2, 60_000, () => ({ action: 'upload', resource: { id: 'drop.example', type: 'website', labels: ['file_sharing'] } }), SUNDAY_NIGHT + HOUR),
    ...at('mail', 2, 60_000, () => ({ action: 'send', resource: { id: 'mail/other', type: 'mail', labels: ['external'] } }), SUNDAY_NIGHT + HOUR),
  ],
  repeats: at('record', 40, 9 * 60_000, (i) => ({ resource: { id: i % 2 === 0 ? 'record/4711' : `files/user-8/${i % 6}`, type: 'file' } })),
  changes: at('change', 12, 10 * 60_000, (i) => ({ action: i === 0 ? 'disable' : 'delete', resource: { id: i === 0 ? 'logging/large' : `files/user-8/${i % 6}`, type: i === 0 ? 'logging' : 'file' } })),
  concurrent_use: at('shared', 16, 6 * 60_000, (i) => (i % 2 === 0 ? {} : { client: { ...strangePlace, country: 'DE' } })),
  other_purpose: [0, 1, 4, 5].flatMap((day) => at(`purpose-${day}`, 5, 20 * 60_000, () => ({ purpose: 'support' }), THURSDAY + day * DAY + 10 * HOUR)),
};
/** Some inference by everybody, or nobody would know what tokens cost. */
const chats = officeStream({ seed: 7, users: 50, days: 24, groups: 2, requestsPerHour: 0.4 }).map((event, i): Event => ({ ...event, id: `chat-${i}`, kind: 'inference', action: 'chat', outcome: 'success', bytes: null, cost: 0.01 + (i % 7) * 0.004, genAi: buildEvent({ genAi: { requestModel: 'large', inputTokens: 200 + (i % 50) * 10, outputTokens: 100 } }).genAi, client: office.find(({ actor }) => actor.id === event.actor.id)!.client }));
office.push(...chats);

describe('every behaviour', () => {
  it.each(TRIED.map((id) => [id] as const))('%s finds what it is there for, and says how it is called', (id) => {
    const found = run(CASES[id]).filter(({ detector }) => detector.id === id);
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]).toMatchObject({ detector: { id, version: ANALYTICS[id].version }, reason: ANALYTICS[id].reason });
    expect(found[0]!.explanation.contributions[0]!.share).toBeGreaterThan(0);
    expect(found[0]!.explanation.counterfactual!.feature).not.toBe('');
  });

  it('forty requests for forty files are one story: the amount tells it, with the files in its evidence', () => {
    const found = run(at('breadth', 40, 80_000, (i) => ({ resource: { id: `files/team-1/other-${i}`, type: 'file' } })));
    const stories = found.filter(({ detector }) => detector.id === 'volume' || detector.id === 'breadth');
    expect(stories.length).toBeGreaterThan(0);
    expect(stories.some(({ explanation }) => explanation.contributions.some(({ feature }) => feature.startsWith('resources')) && explanation.contributions.some(({ feature }) => feature.startsWith('requests')))).toBe(true);
    // Whoever spoke second had to be graver by a decade.
    const firsts = stories.filter(({ revision, window }) => revision === 0 && window.end - window.start === HOUR);
    for (const later of firsts.slice(1)) expect(later.strength).toBeGreaterThanOrEqual(firsts[0]!.strength + 1);
  });

  it('nothing is found on a day without an attack', () => { expect(run([])).toEqual([]); });

  it('at the end of a window says what would have kept it quiet then, and with that it stays quiet', () => {
    const inHour = (events: readonly Event[]): Finding[] => run(events).filter(({ detector, window }) => detector.id === 'volume' && window.end - window.start === HOUR);
    const attack = at('both', 90, 20_000, () => ({ action: 'download', bytes: 3_000_000 }));
    const { text } = inHour(attack).findLast(({ closed }) => closed)!.explanation.counterfactual!;
    const [, requests, downloads, megabytes] = /^At (\d+) requests and (\d+) downloads? and ([\d.]+) MB in this hour it would have stayed quiet\.$/.exec(text)!.map(Number) as [number, number, number, number];
    expect(inHour(attack.slice(0, 8)).length).toBeGreaterThan(0);
    const quiet = at('quiet', requests, 20_000, (i) => (i < downloads ? { action: 'download', bytes: Math.floor((megabytes * 1e6) / downloads) } : {}));
    expect(inHour(quiet)).toEqual([]);
  });

  it('what is new names what would have been known, and with that it stays quiet', () => {
    const { counterfactual, contributions, summary } = run(CASES.novelty).find(({ detector }) => detector.id === 'novelty')!.explanation;
    expect(summary).toMatch(/new to this user/);
    expect(contributions.map(({ feature }) => feature)).toEqual(expect.arrayContaining(['country.1d', 'client.1d']));
    // Everything that the text names is put back to the usual.
    const text = counterfactual!.text;
    const familiar = CASES.novelty.map((event): Event => ({
      ...event, action: text.includes('kind of action') ? 'read' : event.action, resource: text.includes('resource') ? { ...event.resource, id: 'files/user-8/0' } : event.resource,
      client: { ...event.client, ...(text.includes('country') ? { country: usual.client.country } : {}), ...(text.includes('network') ? { asn: usual.client.asn } : {}), ...(text.includes('client program') ? { userAgent: usual.client.userAgent } : {}) },
    }));
    expect(run(familiar).filter(({ detector }) => detector.id === 'novelty')).toEqual([]);
  });

  it('an unusual hour names the nearest usual one, and in that it stays quiet', () => {
    const { counterfactual } = run(CASES.off_hours).find(({ detector }) => detector.id === 'off_hours')!.explanation;
    const [day, hour] = (counterfactual!.value as string).split(' ') as [string, string];
    const cell = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'].indexOf(day);
    // The same week's hour of that name, from Thursday on.
    const start = THURSDAY + (((cell - 3 + 7) % 7) * 24 + Number(hour.slice(0, 2))) * HOUR;
    expect(run(at('quiet', 2, 60_000, () => ({}), start)).filter(({ detector }) => detector.id === 'off_hours')).toEqual([]);
  });

  it('what grows says with how much less on its day it would have stayed quiet, and with that it does', () => {
    const growth = DETECTOR_CASES.find(({ id }) => id === 'growth')!;
    const attack = inTimeOrder(growth.attack(0));
    const day = (events: readonly Event[]): Finding | undefined => ranCase(growth, events).find(({ detector }) => detector.id === 'growth');
    const first = day(attack)!;
    const { feature, value, text } = first.explanation.counterfactual!;
    expect(text).toMatch(/^At \d+ requests in this day it would have stayed quiet\.$/);
    expect(feature).toBe('requests.1d');
    const before = attack.filter(({ time }) => time < first.window.start);
    const on = attack.filter(({ time }) => time >= first.window.start && time < first.window.end);
    expect(value).toBeLessThan(on.length);
    expect(day([...before, ...on.slice(0, value as number)])).toBeUndefined();
    expect(day([...before, ...on])?.window).toEqual(first.window);
  });

  it('bears what is missing, keys in another order and keys it does not know, with the same findings', () => {
    const attack = CASES.volume;
    const turned = attack.map((event) => ({ ...Object.fromEntries(Object.entries(event).reverse()), attributes: { new_feature: 1 } }) as unknown as Event);
    expect(JSON.stringify(run(turned))).toBe(JSON.stringify(run(attack)));
    const bare = attack.map((event): Event => ({ ...event, client: { ip: '', country: '', asn: 0, device: '', userAgent: '' }, resource: { id: '', type: '', labels: [], owner: '' }, bytes: null, rows: null, cost: null }));
    expect(run(bare).filter(({ detector }) => detector.id === 'volume').length).toBeGreaterThan(0);
  });
});
