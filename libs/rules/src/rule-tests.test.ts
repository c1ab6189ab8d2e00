import { describe, expect, it } from 'vitest';
import { loadRules } from './load-rules.js';
import { createRouter } from './pipeline/event-router.js';
import { readyPipelines } from './pipeline/ready-pipelines.js';
import { createRuleTester } from './rule-tester.js';
import { inlineTests } from './rule-tests.js';

const TEXT = `
title: Three refusals
id: 33333333-3333-4333-8333-333333333333
correlation: { type: event_count, rules: [refused], group-by: [source.ip], timespan: 1m, condition: { gte: 3 } }
tests:
  - name: in time
    events: [{ repeat: 3, every: 30s, event: { time: 2026-11-25T09:00:00Z, kind: access, action: read, outcome: denied, actor: { id: a }, source: { ip: 192.0.2.1 } } }]
  - name: sent and stored are one group, in any order
    events:
      - { time: 2026-11-25T09:00:40Z, kind: access, action: read, outcome: denied, actor: { id: a }, client: { ip: 192.0.2.1 } }
      - { repeat: 2, every: 500ms, event: { time: 1795597200000, kind: access, action: read, outcome: denied, actor: { id: a }, source: { ip: 192.0.2.1 } } }
  - name: too slow
    match: false
    events: [{ repeat: 3, every: 31s, event: { time: 2026-11-25T09:00:00Z, kind: access, action: read, outcome: denied, actor: { id: a }, source: { ip: 192.0.2.1 } } }]
---
title: Refused
name: refused
id: 44444444-4444-4444-8444-444444444444
logsource: { product: wary, category: access }
detection: { selection: { outcome: denied }, condition: selection }
tests:
  - { name: two of three, match: 2, events: [{ repeat: 2, event: { time: 2026-11-25T09:00:00Z, kind: access, action: read, outcome: denied, actor: { id: a } } }, { kind: access, action: read, outcome: success, actor: { id: a } }] }
`;

describe('tests inside rules', () => {
  const { tests, problems } = inlineTests('refused.yml', TEXT);
  const tester = createRuleTester(loadRules([{ path: 'refused.yml', text: TEXT }]), createRouter(readyPipelines()));

  it('repeat an event at a pace', () => {
    expect(problems).toEqual([]);
    expect(tests[0]!.events.map(({ time }) => time)).toEqual(['2026-11-25T09:00:00.000Z', '2026-11-25T09:00:30.000Z', '2026-11-25T09:01:00.000Z']);
  });

  it('count the events that a rule matches, and how often a correlation fires', () => {
    expect(tests.map((test) => [test.name, tester.count(test), test.matchesMin])).toEqual([['in time', 1, 1], ['sent and stored are one group, in any order', 1, 1], ['too slow', 0, 0], ['two of three', 2, 2]]);
    expect(tester.count({ rule: 'nobody', events: [] })).toBeNull();
  });

  it.each(['{ repeat: 3, every: soon, event: { time: 2026-11-25T09:00:00Z } }', '{ repeat: 3, event: { action: read } }', '7'])('say what is wrong with %s', (event) => {
    expect(inlineTests('x.yml', `title: x\ntests: [{ name: a, events: [${event}] }]`).problems).toEqual([expect.stringContaining('x.yml: test 1: "event" is a map')]);
  });
});
