import { emptyEvent, EVENT_FLAG, type Event } from '@wary/model/event.js';
import { describe, expect, it } from 'vitest';
import { loadRules } from '../load-rules.js';
import { compileRules } from './compiled-rules.js';
import { LIVE_LIMITS, LiveRules } from './live-rules.js';

const START = Date.parse('2026-11-25T09:00:00Z');
const REFUSED = `title: Refused
name: refused
id: 11111111-1111-4111-8111-111111111111
level: informational
logsource: { product: wary, category: access }
detection:
  selection:
    outcome: denied
  condition: selection
`;
const SERIES = `title: Three refusals
id: 22222222-2222-4222-8222-222222222222
level: high
correlation:
  type: event_count
  rules: [refused]
  group-by: [actor.id]
  timespan: 10m
  condition: { gte: 3 }
`;
const MANY_ROWS = `title: Many rows
id: 33333333-3333-4333-8333-333333333333
level: medium
description: A great many rows.
tags: [attack.t1530, owasp.llm02-2025]
runbook: Ask the owner.
logsource: { product: wary, category: access }
detection:
  selection:
    rows|gte: 1000
    resource.labels: confidential
  condition: selection
`;
const load = (...texts: readonly string[]): ReturnType<typeof compileRules> => {
  const set = loadRules([{ path: 'r.yml', text: texts.join('---\n') }]);
  expect(set.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return compileRules(set);
};

let made = 0;
function event(minutes: number, change: Partial<Event> = {}): Event {
  made += 1;
  return { ...emptyEvent('native'), id: `e${made}`, seq: made, time: START + minutes * 60_000, action: 'read', actor: { ...emptyEvent('native').actor, id: 'eva' }, principal: { type: 'user', id: 'eva' }, ...change };
}
const denied = (minutes: number, id = 'eva', flags = 0): Event => event(minutes, { outcome: 'denied', flags, actor: { ...emptyEvent('native').actor, id }, principal: { type: 'user', id } });
const titles = (rules: LiveRules, events: readonly Event[]): string[] => events.flatMap((each) => rules.observe(each).map(({ rule, group }) => `${rule.document.title}${group === '' ? '' : `:${group}`}@${each.id}`));

describe('rules over events', () => {
  it('say which selection, field and value held', () => {
    const rules = new LiveRules(load(MANY_ROWS));
    const [match] = rules.observe(event(0, { rows: 5_000, resource: { id: 'ds/a', type: 'dataset', labels: ['confidential', 'eu'], owner: '' } }));
    expect(match).toMatchObject({ group: '', rule: { level: 'medium' } });
    expect(match!.explain()).toEqual([{ selection: 'selection', field: 'rows', value: '5000', pattern: 'gte 1000' }, { selection: 'selection', field: 'resource.labels', value: 'confidential', pattern: 'confidential' }]);
    expect(rules.observe(event(0, { rows: 999, resource: { id: 'ds/a', type: 'dataset', labels: ['confidential'], owner: '' } }))).toEqual([]);
    expect(rules.observe(event(0, { kind: 'inference', rows: 5_000, resource: { id: 'ds/a', type: 'dataset', labels: ['confidential'], owner: '' } }))).toEqual([]);
  });

  it('of a correlation speak at the event that crosses, with all events of the window, and not for what only feeds it', () => {
    const rules = new LiveRules(load(REFUSED, SERIES));
    const events = [denied(0), denied(1), denied(2, 'ben'), denied(3)];
    const matches = events.flatMap((each) => rules.observe(each));
    expect(matches).toHaveLength(1);
    expect(matches[0]).toMatchObject({ group: 'eva', event: { id: events[3]!.id, entity: { type: 'user', id: 'eva' } }, eventIds: [events[0]!.id, events[1]!.id, events[3]!.id] });
    expect(matches[0]!.explain().map(({ selection, value }) => `${selection}=${value}`)).toEqual(['event_count=3', 'group-by=eva', 'selection=denied']);
  });

  it('take late events into their place, and keep history and the future out of the present', () => {
    const rules = new LiveRules(load(REFUSED, SERIES));
    expect(titles(rules, [denied(0), denied(9), denied(4)])).toHaveLength(1);
    const other = new LiveRules(load(REFUSED, SERIES));
    expect(titles(other, [denied(0, 'ben'), denied(1, 'ben', EVENT_FLAG.historical), denied(2, 'ben', EVENT_FLAG.future), denied(3, 'ben', EVENT_FLAG.historical)])).toEqual([]);
    expect(titles(other, [denied(4, 'ben'), denied(5, 'ben')])).toHaveLength(1);
  });

  it('read the record of the source under its own names', () => {
    const rules = new LiveRules(load('title: Trail stopped\nid: 44444444-4444-4444-8444-444444444444\nlogsource: { product: aws, service: cloudtrail }\ndetection:\n  s:\n    eventName: StopLogging\n  condition: s\n'));
    const raw = JSON.stringify({ eventVersion: '1.09', eventSource: 'cloudtrail.amazonaws.com', eventName: 'StopLogging', awsRegion: 'eu-central-1' });
    expect(titles(rules, [event(0, { source: 'cloudtrail', raw }), event(0, { source: 'cloudtrail', raw: '{"eventName":"StopLog' }), event(0)])).toHaveLength(1);
  });
});

describe('in two stages', () => {
  const stage = (name: 'first' | 'second'): LiveRules => new LiveRules(load(REFUSED, SERIES, MANY_ROWS), null, LIVE_LIMITS, name);
  const REFUSED_ID = '11111111-1111-4111-8111-111111111111';

  it('the first judges single events and says what correlations read; the second has what the whole has', () => {
    const [whole, first, second] = [new LiveRules(load(REFUSED, SERIES, MANY_ROWS)), stage('first'), stage('second')];
    const events = [denied(0), event(1, { rows: 5_000, resource: { id: 'ds/a', type: 'dataset', labels: ['confidential'], owner: '' } }), denied(2), event(3), denied(4), denied(5, 'eva', EVENT_FLAG.future)];
    const told = (matches: ReturnType<LiveRules['observe']>): unknown[] => matches.map(({ rule, time, event: of, eventIds, group, explain }) => ({ title: rule.document.title, time, of, eventIds, group, matched: explain() }));
    const found: unknown[] = [];
    const expected: unknown[] = [];
    for (const each of events) {
      expected.push(...told(whole.observe(each)));
      found.push(...told(first.observe(each)));
      const { forwarded } = first;
      expect(forwarded?.rules ?? []).toEqual(each.outcome === 'denied' && each.flags === 0 ? [REFUSED_ID] : []);
      if (forwarded === null) continue;
      // Of the event nothing but what it is, and what the rule and its correlation read.
      const { id, tenant, time, seq, kind, source, flags, principal, criticality } = each;
      expect(forwarded.event).toEqual({ id, tenant, time, seq, kind, source, flags, principal, criticality, outcome: 'denied', actor: { id: 'eva' } });
      found.push(...told(second.observeMatched(forwarded.event, [...forwarded.rules, 'gone'])));
    }
    expect(found).toEqual(expected);
    expect(found).toHaveLength(2);
    expect(second.unknownRules).toBe(3);
    // What a rule matched is counted where it is evaluated.
    expect([first.health(REFUSED_ID).matches, second.health(REFUSED_ID).matches, second.health('22222222-2222-4222-8222-222222222222').matches]).toEqual([4, 0, 1]);
  });

  it('what a correlation cannot use is not passed on; where anything may be read, all of it is', () => {
    const grouped = SERIES.replace('[actor.id]', '[attributes.batch.id]');
    const first = new LiveRules(load(REFUSED, grouped), null, LIVE_LIMITS, 'first');
    first.observe(denied(0));
    expect(first.forwarded).toBeNull();
    first.observe({ ...denied(1), attributes: { other: 'x', 'batch.id': 'b1', batch: { size: 3 } } });
    expect(first.forwarded!.event).toMatchObject({ attributes: { 'batch.id': 'b1', batch: {} } });
    expect(first.forwarded!.event.attributes).not.toHaveProperty('other');
    const anywhere = new LiveRules(load(REFUSED.replace('    outcome: denied', '    - denied'), SERIES), null, LIVE_LIMITS, 'first');
    const whole = denied(2);
    anywhere.observe(whole);
    expect(anywhere.forwarded).toEqual({ event: whole, rules: [REFUSED_ID] });
  });

  it('a rule of the source\'s own names is explained behind the partitions as before them', () => {
    const texts = [REFUSED.replace('logsource: { product: wary, category: access }', 'logsource: { product: aws, service: cloudtrail }').replace('    outcome: denied', '    eventName: StopLogging'), SERIES.replace('[actor.id]', '[awsRegion]').replace('gte: 3', 'gte: 1')];
    const [whole, first, second] = [new LiveRules(load(...texts)), new LiveRules(load(...texts), null, LIVE_LIMITS, 'first'), new LiveRules(load(...texts), null, LIVE_LIMITS, 'second')];
    const each = event(0, { source: 'cloudtrail', raw: JSON.stringify({ eventVersion: '1.09', eventSource: 'cloudtrail.amazonaws.com', eventName: 'StopLogging', awsRegion: 'eu-central-1' }) });
    const expected = whole.observe(each);
    first.observe(each);
    const found = second.observeMatched(first.forwarded!.event, first.forwarded!.rules);
    expect(expected).toHaveLength(1);
    expect(found.map((match) => match.explain())).toEqual(expected.map((match) => match.explain()));
  });

  it('the second keeps its windows over a snapshot and other rules, and learns from the first how time passes', () => {
    const rules = stage('second');
    rules.observeMatched(denied(0), [REFUSED_ID]);
    const restored = stage('second');
    restored.load(structuredClone(rules.dump()));
    restored.observeMatched(denied(1), [REFUSED_ID]);
    restored.swap(load(REFUSED, SERIES));
    expect(restored.observeMatched(denied(2), [REFUSED_ID])).toHaveLength(1);
    const few = new LiveRules(load(REFUSED, SERIES.replace('gte: 3', 'lte: 2')), null, LIVE_LIMITS, 'second');
    few.observeMatched(denied(0), [REFUSED_ID]);
    expect(few.pass(START + 24 * 60_000, false)).toEqual([]);
    expect(few.pass(START + 26 * 60_000, true)).toEqual([]);
    expect(few.pass(START + 26 * 60_000, false).map(({ rule, time }) => [rule.id, time])).toEqual([['22222222-2222-4222-8222-222222222222', START + 10 * 60_000]]);
  });
});

describe('windows', () => {
  it('say after a snapshot of how many events as before it, also where one event holds two of the rules', () => {
    const any = REFUSED.replace('Refused', 'Read').replace('refused', 'reading').replaceAll('1111', '5555').replace('outcome: denied', 'action: read');
    const ordered = 'title: Read, refused, rows\nid: 66666666-6666-4666-8666-666666666666\nlevel: high\ncorrelation:\n  type: temporal_ordered\n  rules: [reading, refused, many]\n  group-by: [actor.id]\n  timespan: 10m\n';
    const rows = MANY_ROWS.replace('title: Many rows', 'title: Many rows\nname: many');
    const whole = new LiveRules(load(any, REFUSED, rows, ordered));
    whole.observe(denied(0));
    const restored = new LiveRules(load(any, REFUSED, rows, ordered));
    restored.load(structuredClone(whole.dump()));
    const last = event(1, { rows: 5_000, resource: { id: 'ds/a', type: 'dataset', labels: ['confidential'], owner: '' } });
    const told = [whole, restored].map((rules) => rules.observe(last).map((match) => match.explain()));
    expect(told[0]).toHaveLength(1);
    expect(told[0]![0]![0]!.value).toBe('2');
    expect(told[1]).toEqual(told[0]);
  });

  it('survive a snapshot and a hot swap of other rules, not a change of what the correlation asks', () => {
    const first = new LiveRules(load(REFUSED, SERIES));
    const before = [denied(0), denied(1)];
    expect(titles(first, [...before, denied(0, 'ben 7 \n x'), denied(1, 'ben 7 \n x')])).toEqual([]);
    const restored = new LiveRules(load(REFUSED, SERIES));
    restored.load(structuredClone(first.dump()));
    expect(restored.health('11111111-1111-4111-8111-111111111111').matches).toBe(4);
    const third = denied(2);
    expect(restored.observe(third).map(({ event: { id, entity }, eventIds }) => ({ id, entity, eventIds }))).toEqual([{ id: third.id, entity: { type: 'user', id: 'eva' }, eventIds: [...before.map(({ id }) => id), third.id] }]);
    // Names with anything in them come back as they were.
    expect(titles(restored, [denied(3, 'ben 7 \n x')])).toHaveLength(1);

    first.swap(load(REFUSED, SERIES.replace('title: Three refusals', 'title: Three in a row'), MANY_ROWS));
    expect(titles(first, [denied(2)]).map((title) => title.split('@')[0])).toEqual(['Three in a row:eva']);

    const changed = new LiveRules(load(REFUSED, SERIES));
    titles(changed, [denied(0), denied(1)]);
    changed.swap(load(REFUSED, SERIES.replace('gte: 3', 'gte: 4')));
    expect(titles(changed, [denied(2), denied(3), denied(4)])).toEqual([]);
    expect(titles(changed, [denied(5)])).toHaveLength(1);
  });
});

describe('health', () => {
  it('counts matches and knows the latest', () => {
    const rules = new LiveRules(load(REFUSED, SERIES, MANY_ROWS));
    rules.observe(denied(0));
    expect(rules.health('11111111-1111-4111-8111-111111111111')).toMatchObject({ matches: 1, lastMatchAt: START, errors: 0 });
  });
});
