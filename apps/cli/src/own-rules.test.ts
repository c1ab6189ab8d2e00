import { fileURLToPath } from 'node:url';
import type { Event } from '@wary/model/event.js';
import { conditionFor, RuleEngine } from '@wary/rules/rule-engine.js';
import { evaluateExpr } from '@wary/rules/evaluate/evaluate-expr.js';
import { lookUp, type EventRecord } from '@wary/rules/events/field-values.js';
import { fieldsOf } from '@wary/rules/language/expr.js';
import { isMap } from '@wary/rules/language/parse-selection.js';
import { createRouter } from '@wary/rules/pipeline/event-router.js';
import { readyPipelines } from '@wary/rules/pipeline/ready-pipelines.js';
import { createRuleTester } from '@wary/rules/rule-tester.js';
import { inlineTests } from '@wary/rules/rule-tests.js';
import { readYaml } from '@wary/rules/yaml/read-yaml.js';
import { createOrganisation } from '@wary/simulate/organisation.js';
import { describe, expect, it } from 'vitest';
import { createOfflinePath } from './files/offline-path.js';
import { createCorrelation } from './rules/correlate-events.js';
import { readRuleFolders } from './rules/rule-files.js';

const FOLDER = fileURLToPath(new URL('../../../rules/', import.meta.url));
const DOCUMENTS_MIN = 60;
const RUNBOOK_CHARS_MIN = 60;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
/** Techniques of ATLAS and ATT&CK, and OWASP's lists with their year. */
const TECHNIQUE = /^(?:atlas\.aml\.t\d{4}(?:\.\d{3})?|attack\.t\d{4}(?:\.\d{3})?)$/;
const OWASP = /^owasp\.(?:llm(?:0[1-9]|10)-2025|asi(?:0[1-9]|10)-2026|api(?:[1-9]|10)-2023)$/;

const { files, set } = readRuleFolders([FOLDER]);
const tests = files.flatMap(({ path, text }) => inlineTests(path, text));
const allTests = tests.flatMap((each) => each.tests);
const documents = files.flatMap(({ path, text }) => readYaml(text).documents.filter(isMap).map((document) => ({ path: path.slice(FOLDER.length), document })));
/** Rules that only feed a correlation: they have an id and a name, and the correlation has the rest. */
const feeders = new Set(set.correlations.filter(({ generate }) => !generate).flatMap(({ rules }) => rules));
const alerting = documents.filter(({ document }) => !feeders.has(String(document['name'])) && !feeders.has(String(document['id'])));
const router = createRouter(readyPipelines());
const engine = new RuleEngine(set.rules, router);
const tester = createRuleTester(set, router, engine);
const rulesById = new Map(set.rules.map((rule) => [rule.id, rule]));

describe('the rules that come with the product', () => {
  it('compile without an error or a warning, and are at least sixty', () => {
    expect(set.problems.map(({ file, line, message }) => `${file}:${line}: ${message}`)).toEqual([]);
    expect(alerting.length).toBeGreaterThanOrEqual(DOCUMENTS_MIN);
  });

  it('have ids of their own, which are random UUIDs, and titles of their own', () => {
    const ids = documents.map(({ document }) => String(document['id']));
    expect(ids.filter((id) => !UUID.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(documents.map(({ document }) => document['title'])).size).toBe(documents.length);
  });

  it.each(alerting.map(({ path, document }) => [`${path}: ${String(document['title'])}`, document] as const))('%s is mapped, and says what it means, when it is wrong and what to do', (_name, document) => {
    const tags = document['tags'] as readonly string[];
    expect(tags.some((tag) => TECHNIQUE.test(tag))).toBe(true);
    expect(tags.some((tag) => OWASP.test(tag))).toBe(true);
    expect(tags.filter((tag) => !TECHNIQUE.test(tag) && !OWASP.test(tag))).toEqual([]);
    expect(String(document['runbook'] ?? '').length).toBeGreaterThan(RUNBOOK_CHARS_MIN);
    expect(String(document['description'] ?? '').length).toBeGreaterThan(40);
    expect(document).toMatchObject({ status: 'test', author: 'Wary', date: expect.any(String) as unknown, level: expect.any(String) as unknown, falsepositives: expect.arrayContaining([expect.any(String)]) as unknown });
  });
});

describe('their inline tests', () => {
  const byRule = new Map<string, typeof allTests>();
  for (const test of allTests) byRule.set(test.rule, [...(byRule.get(test.rule) ?? []), test]);

  it('are well formed, and at least two show a match and two none', () => {
    expect(tests.flatMap(({ problems }) => problems)).toEqual([]);
    const wanting = alerting.filter(({ document }) => {
      const own = byRule.get(String(document['id'])) ?? [];
      return own.filter(({ matchesMin }) => matchesMin > 0).length < 2 || own.filter(({ matchesMax }) => matchesMax === 0).length < 2;
    });
    expect(wanting.map(({ path }) => path)).toEqual([]);
  });

  it.each(['rules', 'correlations'] as const)('pass, routed by the ready pipelines: %s', (which) => {
    const tried = allTests.filter(({ rule }) => rulesById.has(rule) === (which === 'rules'));
    expect(tried.length).toBeGreaterThan(80);
    const failed = tried.flatMap(({ rule, name, file, events, matchesMin, matchesMax }) => {
      const count = tester.count({ rule, events });
      return count !== null && count >= matchesMin && count <= matchesMax ? [] : [`${file.slice(FOLDER.length)}: ${name}: ${count ?? 'no rule'}, not ${matchesMin}`];
    });
    expect(failed).toEqual([]);
  });

  it('send every event to its rule, hold against the plain evaluator, and do not match by a hair', () => {
    const wrong: string[] = [];
    for (const { rule: id, name, file, events } of allTests) {
      const say = (message: string): void => void wrong.push(`${file.slice(FOLDER.length)}: ${name}: ${message}`);
      const rule = rulesById.get(id);
      for (const event of events) {
        const { record, destination } = router.route(event);
        if (!destination.isKnown) say('no ready pipeline knows this event');
        if (rule === undefined) continue;
        const condition = conditionFor(rule, destination);
        if (condition === null) {
          say('the event is sent elsewhere');
          continue;
        }
        if (evaluateExpr(condition, record, event) !== engine.match(event).includes(rule)) say('the plain evaluator differs');
        if (![...fieldsOf(condition)].some((field) => lookUp(record, field) !== undefined)) say('the event has none of the fields that the rule reads');
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('on ordinary days', () => {
  const organisation = createOrganisation({ seed: 11, start: Date.parse('2026-11-09T00:00:00Z'), days: 2, liveDays: 2, people: 36 });
  const simulated = [...organisation.events()];
  const offline = createOfflinePath(organisation.registers);
  const normalised: Event[] = offline.read(Buffer.from(simulated.map(({ event }) => JSON.stringify(event)).join('\n')), 0).events;
  const labelOf = new Map(organisation.labels().flatMap(({ kind, category, eventIds }) => eventIds.map((id) => [id, { kind, category }] as const)));

  /** Titles of what alerts, with the label of the event it alerts on ('' on an ordinary one). */
  function alertsOver(events: readonly EventRecord[]): { readonly title: string; readonly kind: string; readonly category: string; readonly event: EventRecord }[] {
    const alerts: { title: string; kind: string; category: string; event: EventRecord }[] = [];
    const alert = (number: number, { title }: { readonly title: string }): void => {
      const event = events[number]!;
      alerts.push({ title, kind: '', category: '', event, ...labelOf.get(String(event['id'])) });
    };
    const correlation = createCorrelation(set, engine, { latenessMs: 0, timeFields: ['time'] }, alert);
    events.forEach((event, number) => {
      const matched = engine.match(event);
      for (const rule of matched) if (!correlation.isSilent(rule)) alert(number, rule);
      correlation.observe(event, number, matched);
    });
    correlation.finish();
    return alerts;
  }

  it.each([
    ['as they are sent', simulated.map(({ event }) => event as unknown as EventRecord), ['agent_exfiltration', 'model_extraction', 'prompt_injection_campaign', 'stolen_key']],
    ['as they are stored', normalised as unknown as readonly EventRecord[], ['agent_exfiltration', 'leaver_night_downloads', 'model_extraction', 'prompt_injection_campaign', 'stolen_key']],
  ])('they are silent, and see the attacks that the simulator plays, over events %s', (_name, events, expected) => {
    expect(events.length).toBeGreaterThan(5_000);
    const alerts = alertsOver(events);
    expect(alerts.filter(({ category }) => category !== 'attack').map(({ title, kind, event }) => `${title} (${kind}): ${JSON.stringify(event).slice(0, 400)}`)).toEqual([]);
    const seen = new Set(alerts.map(({ kind }) => kind));
    expect(expected.filter((kind) => !seen.has(kind))).toEqual([]);
  });
});
