import { createOfflinePath } from '@wary/app-cli/files/offline-path.js';
import { readRuleFolders } from '@wary/app-cli/rules/rule-files.js';
import { EVENT_FLAG, type Event } from '@wary/model/event.js';
import { compileRules } from '@wary/rules/live/compiled-rules.js';
import { LIVE_LIMITS, LiveRules, type RuleStageName } from '@wary/rules/live/live-rules.js';
import { createRunner, createSecondRunner } from '@wary/rules/live/runner.js';
import { loadRules } from '@wary/rules/load-rules.js';
import { createOrganisation } from '@wary/simulate/organisation.js';
import { ATTACK_KINDS } from '@wary/simulate/scenarios/scenario.js';
import { buildEvent } from '@wary/testkit/event-builder.js';
import { contradictions, finalFindings, runPartitioned, runWhole } from '@wary/testkit/partitioned-run.js';
import { describe, expect, it } from 'vitest';

const HOUR_MS = 3_600_000;
const START = Date.UTC(2026, 2, 2);
/** One who fails in many places from one address, whoever they say they are: a correlation over principals, on top of those that come with the product. */
const ACROSS = `title: Refusals of several principals
id: aaaaaaaa-0000-4000-8000-000000000001
name: any-refusal
level: low
logsource: { product: wary }
detection:
  selection:
    outcome: [denied, failure]
  condition: selection
---
title: Several principals are refused at one thing
id: aaaaaaaa-0000-4000-8000-000000000002
level: medium
correlation:
  type: value_count
  rules: [any-refusal]
  group-by: [resource.id]
  timespan: 12h
  generate: true
  condition: { field: actor.id, gte: 2 }
`;

/** Two companies of the simulator at once: two weeks of history, then two days with attacks. */
function companies(): Event[] {
  const events = ['default', 'acme'].flatMap((tenant, index) => {
    const organisation = createOrganisation({ seed: 5 + index, start: START, days: 12, liveDays: 2, people: 12, eventsPerPersonDay: 14 });
    const lines = [...organisation.events()].map(({ event }) => JSON.stringify(event));
    const { events: read, refused } = createOfflinePath(organisation.registers).read(Buffer.from(`${lines.join('\n')}\n`), 1);
    if (refused.length > 0) throw new Error(JSON.stringify(refused[0]));
    expect(new Set(organisation.labels().filter(({ category }) => category === 'attack').map(({ kind }) => kind)).size).toBe(ATTACK_KINDS.length);
    return read.map((event): Event => ({ ...event, tenant, id: `${tenant}-${event.id}`, flags: event.flags | (event.time < organisation.liveStart ? EVENT_FLAG.historical : 0) }));
  });
  const last = Math.max(...events.map(({ time }) => time));
  // One more of each after a silence, so that the windows of correlations are over.
  return [...events.sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1)), ...['default', 'acme'].map((tenant) => buildEvent({ tenant, id: `end-${tenant}`, time: last + 26 * HOUR_MS }))];
}

describe('a simulated organisation in partitions', () => {
  const compiled = compileRules(loadRules([...readRuleFolders(['rules']).files, { path: 'across.yml', text: ACROSS }]));
  const rules = (stage: RuleStageName): LiveRules => new LiveRules(compiled, null, LIVE_LIMITS, stage);
  const options = { budgetPerDay: 5, seed: 1 } as const;
  const events = companies();
  const found = runWhole(events, { ...options, rulesOf: () => createRunner(rules('whole')) });
  const whole = finalFindings(found);

  it('raises what one engine raises, of every kind', () => {
    const detectors = new Set(found.map(({ detector }) => detector.id));
    expect(whole.size).toBeGreaterThan(60);
    for (const id of ['volume', 'injection_campaign', 'sensitive_egress', 'rule:aaaaaaaa-0000-4000-8000-000000000002']) expect([...detectors]).toContain(id);
    const correlations = new Set(compiled.correlations.map(({ id }) => `rule:${id}`));
    expect([...detectors].filter((id) => correlations.has(id)).length).toBeGreaterThan(1);
  });

  // The others when there is time for them; unit and property tests have every number of partitions.
  const more = process.env['WARY_TEST_LONG'] === undefined ? [] : [[2, 1, 0], [7, 3, 0]] as const;
  it.each([...more, [4, 4, 0.1] as const])('in %i partitions (seed %i, %f of a hundred turns a crash)', (partitions, seed, crashPercent) => {
    const { findings, crashes, engines } = runPartitioned({
      events, partitions, seed, crashPercent, snapshotPercent: crashPercent > 0 ? 1 : 0.2, lagEventsMax: 2_000, engine: { ...options, rulesOf: () => createRunner(rules('first')) }, correlationsOf: () => createSecondRunner(rules('second')),
    });
    expect(crashes > 0).toBe(crashPercent > 0);
    expect(contradictions(findings)).toEqual([]);
    expect(engines.map(({ stats }) => stats.divergedHours)).toEqual(engines.map(() => 0));
    expect(finalFindings(findings)).toEqual(whole);
  }, 300_000);
});
