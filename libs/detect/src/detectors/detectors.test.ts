import type { Event } from '@wary/model/event.js';
import { buildEvent, principalOf, type EventParts } from '@wary/testkit/event-builder.js';
import { DetectorContext, inspectAll } from '@wary/testkit/detector-context.js';
import { SeededRandom } from '@wary/testkit/seeded-random.js';
import { describe, expect, it } from 'vitest';
import { countriesKnown, distanceKm } from './country-centroids.js';
import { createImpossibleTravelDetector } from './impossible-travel.js';
import { createInjectionCampaignDetector } from './injection-campaign.js';
import { createPersonalDataBulkDetector } from './personal-data-bulk.js';
import { createPurposeDetector } from './purpose.js';
import { createSensitiveEgressDetector } from './sensitive-egress.js';

const START = Date.UTC(2026, 10, 23, 9);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('impossible travel', () => {
  const at = (hours: number, country: string, parts: EventParts = {}): Event => buildEvent({ time: START + hours * HOUR, ...parts, client: { country, ip: `192.0.2.${country.charCodeAt(0)}`, ...parts.client } });
  const look = (events: readonly Event[], prepare: (context: DetectorContext) => void = () => undefined) => {
    const context = new DetectorContext();
    prepare(context);
    return inspectAll(createImpossibleTravelDetector(), events, context);
  };
  const thereAndBack = [at(0, 'DE'), at(0.5, 'SG'), at(1, 'DE')];

  it('is raised by the way back, with the events of the journey', () => {
    const signals = look(thereAndBack);
    expect(signals.length).toBe(1);
    expect(signals[0]!.summary).toMatch(/DE.*SG.*DE/);
    expect(signals[0]!.eventIds).toContain(thereAndBack[1]!.id);
    expect(signals[0]!.observed).toBeGreaterThan(1_000);
    // What would have kept it quiet, put in.
    expect(signals[0]!.counterfactual.value).toBe('SG');
    expect(look([thereAndBack[0]!, thereAndBack[1]!, at(1, 'SG')])).toEqual([]);
  });

  it.each([
    ['one way alone may be a network nobody registered', [at(0, 'DE'), at(0.5, 'SG'), at(1, 'SG')]],
    ['a traveller on a plausible schedule', [at(0, 'DE'), at(14, 'SG'), at(40, 'SG'), at(56, 'DE')]],
    ['neighbours', [at(0, 'DE'), at(0.2, 'FR'), at(0.4, 'DE')]],
    ['failed attempts, which are not use', [at(0, 'DE'), at(0.5, 'SG', { outcome: 'failure' }), at(1, 'DE')]],
    ['registered egress', [at(0, 'DE'), at(0.5, 'SG', { knownEgress: true }), at(1, 'DE')]],
    ['the same device', [at(0, 'DE', { client: { device: 'lt-1' } }), at(0.5, 'SG', { client: { device: 'lt-1' } }), at(1, 'DE', { client: { device: 'lt-1' } })]],
    ['services, which are in many places', [at(0, 'DE'), at(0.5, 'SG'), at(1, 'DE')].map((event): Event => ({ ...event, principal: { type: 'service', id: 's' } }))],
    ['countries nobody knows', [at(0, 'DE'), at(0.5, 'ZZ'), at(1, 'DE')]],
  ])('stays quiet for %s', (_, events) => { expect(look(events)).toEqual([]); });

  it('stays quiet for a country or a network that is known', () => {
    expect(look(thereAndBack, ({ used }) => used.add('country:SG'))).toEqual([]);
    expect(look(thereAndBack, ({ networks }) => networks.set('192.0.2.0/24', 5))).toEqual([]);
  });

  it('knows where countries are, roughly', () => {
    expect(countriesKnown().length).toBeGreaterThan(220);
    expect(distanceKm('DE', 'FR')).toBe(Math.max(0, distanceKm('FR', 'DE')));
    expect(distanceKm('DE', 'CH')).toBeLessThan(300);
    expect(distanceKm('DE', 'SG')).toBeGreaterThan(9_500);
    expect(distanceKm('US', 'MX')).toBeLessThan(200);
    expect(distanceKm('NZ', 'ES')).toBeGreaterThan(18_000);
    expect(distanceKm('DE', 'DE')).toBe(0);
  });
});

describe('personal data in bulk', () => {
  const paste = (minute: number, items: number, parts: EventParts = {}): Event => buildEvent({ time: START + minute * MINUTE, kind: 'inference', piiInput: { email: items }, ...parts });
  const look = (events: readonly Event[]) => inspectAll(createPersonalDataBulkDetector(), events);

  it('is raised by one large input or by an hour of small ones, and its counterfactual holds', () => {
    expect(look([paste(0, 24)])).toEqual([]);
    expect(look([paste(0, 25)])[0]!.counterfactual.value).toBe(24);
    const hour = Array.from({ length: 5 }, (_, i) => paste(10 * i, 20));
    const signals = look(hour);
    expect(signals.length).toBe(1);
    expect(signals[0]!.observed).toBe(100);
    expect(signals[0]!.counterfactual.value).toBe(19);
    expect(look([...hour.slice(0, 4), paste(40, 19)])).toEqual([]);
    // The next hour begins anew.
    expect(look([...hour.slice(0, 4), paste(61, 20)])).toEqual([]);
  });

  it('is quiet for a purpose that allows it, and graver the more there is', () => {
    expect(look([paste(0, 500, { purposeVerdict: 'allowed' })])).toEqual([]);
    const [small, large] = [look([paste(0, 30)])[0]!, look([paste(0, 300)])[0]!];
    expect(large.strength).toBeCloseTo(small.strength + 2, 6);
    expect([small.severity, large.severity]).toEqual(['medium', 'high']);
  });

  it('takes its thresholds from the settings', () => {
    const detector = createPersonalDataBulkDetector();
    detector.configure({ eventItemsMin: 5 });
    expect(inspectAll(detector, [paste(0, 5)]).length).toBe(1);
    detector.configure({});
    expect(inspectAll(detector, [paste(100, 5)])).toEqual([]);
  });
});

it('a purpose is judged by its verdict and by what it is about', () => {
  const use = (purposeVerdict: Event['purposeVerdict'], criticality: number): Event => buildEvent({ purposeVerdict, criticality, purpose: 'ads', resource: { id: 'ds/leads' } });
  const severity = (event: Event): string => inspectAll(createPurposeDetector(), [event])[0]!.severity;
  expect(severity(use('denied', 2))).toBe('medium');
  expect(severity(use('denied', 4))).toBe('high');
  expect(severity(use('unregistered', 2))).toBe('low');
  expect(severity(use('missing', 1))).toBe('low');
});

describe('sensitive egress', () => {
  const agent = principalOf('agent', 'helper');
  const read = (minute: number, parts: EventParts = {}): Event => buildEvent({ ...agent, time: START + minute * MINUTE, action: 'read', resource: { id: 'secret/prod/db', type: 'secret' }, ...parts });
  const send = (minute: number, id: string, parts: EventParts = {}): Event => buildEvent({ ...agent, time: START + minute * MINUTE, action: 'send', resource: { id, type: 'host' }, ...parts });
  const look = (events: readonly Event[], days = 30) => { const context = new DetectorContext(); context.daysLearned = days; return inspectAll(createSensitiveEgressDetector(), events, context); };

  it('is raised by a send to a new place after a sensitive read in the session', () => {
    const signals = look([read(0), send(3, 'https://drop.example/a?x=1')]);
    expect(signals.map(({ subject, severity }) => [subject, severity])).toEqual([['drop.example', 'high']]);
    expect(look([read(0, { criticality: 4 }), send(3, 'drop.example')])[0]!.severity).toBe('critical');
  });

  it.each([
    ['without the read', [send(3, 'drop.example')]],
    ['an hour later', [read(0), send(61, 'drop.example')]],
    ['in another session', [read(0, { actor: { type: 'agent', id: 'helper', session: 'a' } }), send(3, 'drop.example', { actor: { type: 'agent', id: 'helper', session: 'b' } })]],
    ['to where it has sent for days', [send(-2 * 24 * 60, 'drop.example'), read(0), send(3, 'drop.example')]],
    ['by a person, who may', [read(0), send(3, 'drop.example')].map((event): Event => ({ ...event, principal: { type: 'user', id: 'u' } }))],
    ['when the send failed', [read(0), send(3, 'drop.example', { outcome: 'denied' })]],
  ])('stays quiet %s', (_, events) => { expect(look(events)).toEqual([]); });

  it('watches a new agent before it judges it', () => { expect(look([read(0), send(3, 'drop.example')], 1)).toEqual([]); });
});

describe('an injection campaign', () => {
  const prompt = (index: number, injection: number, parts: EventParts = {}): Event => buildEvent({ time: START + index * MINUTE, kind: 'inference', action: 'chat', injection, genAi: { requestModel: 'm' }, ...parts });

  it('takes several suspicious prompts, and its counterfactual holds', () => {
    expect(inspectAll(createInjectionCampaignDetector(), [prompt(0, 1), prompt(1, 1)])).toEqual([]);
    const scores = [0.9, 0.9, 0, 0.9, 0.9, 0.9, 0.9];
    const signals = inspectAll(createInjectionCampaignDetector(), scores.map((score, i) => prompt(i, score)));
    expect(signals.length).toBeGreaterThan(0);
    const crossed = scores.length - signals.length;
    const quiet = signals[0]!.counterfactual.value as number;
    expect(quiet).toBeLessThan(0.9);
    expect(inspectAll(createInjectionCampaignDetector(), scores.slice(0, crossed + 1).map((score, i) => prompt(i, i === crossed ? quiet : score)))).toEqual([]);
    expect(signals.at(-1)!.strength).toBeGreaterThan(signals[0]!.strength + 1);
  });

  it('refusals speak where the source sends no content', () => {
    const refused = Array.from({ length: 12 }, (_, i) => prompt(i, 0, { genAi: { requestModel: 'm', finishReasons: ['content_filter'] } }));
    expect(inspectAll(createInjectionCampaignDetector(), refused).length).toBeGreaterThan(0);
  });

  it('waits longer where more is tested, so that the budget holds', () => {
    const context = new DetectorContext();
    context.runLengthDecades = 9;
    const events = Array.from({ length: 9 }, (_, i) => prompt(i, 1));
    expect(inspectAll(createInjectionCampaignDetector(), events, context).length).toBeLessThan(inspectAll(createInjectionCampaignDetector(), events).length);
  });

  it('alarms no sooner than promised when prompts look suspicious as often as is usual', () => {
    // 60 principals of 1,500 prompts, 2 % of them flagged: 90,000 steps at a run length of at least 10,000 allow 9 alarms on average.
    const random = new SeededRandom(11);
    let alarmed = 0;
    for (let who = 0; who < 60; who += 1) {
      const events = Array.from({ length: 1_500 }, (_, i) => prompt(i % 600, random.next() < 0.02 ? 1 : 0, principalOf('user', `u${who}`)));
      if (inspectAll(createInjectionCampaignDetector(), events).length > 0) alarmed += 1;
    }
    expect(alarmed).toBeLessThanOrEqual(12);
  });

  it('learns that a red team is one', () => {
    const days = (count: number): Event[] => Array.from({ length: count * 100 }, (_, i) => prompt(Math.floor(i / 100) * 24 * 60 + (i % 100), i % 10 === 0 ? 0.9 : 0));
    const detector = createInjectionCampaignDetector();
    inspectAll(detector, days(5));
    expect(inspectAll(detector, days(6).slice(500))).toEqual([]);
  });
});
