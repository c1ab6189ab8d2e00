import { fileURLToPath } from 'node:url';
import type { Event } from '@wary/model/event.js';
import { conditionFor, RuleEngine } from '@wary/rules/rule-engine.js';
import { evaluateExpr } from '@wary/rules/evaluate/evaluate-expr.js';
import { lookUp, type EventRecord } from '@wary/rules/events/field-values.js';
import { fieldsOf } from '@wary/rules/language/expr.js';
import { isMap } from '@wary/rules/language/parse-selection.js';
import { createRouter } from '@wary/rules/pipeline/event-router.js';
import { readyPipelines } from '@wary/rules/pipeline/ready-pipelines.js';
import { inlineTests } from '@wary/rules/rule-tests.js';
import { readYaml } from '@wary/rules/yaml/read-yaml.js';
import { createOrganisation } from '@wary/simulate/organisation.js';
import { describe, expect, it } from 'vitest';
import { createOfflinePath } from './files/offline-path.js';
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

  it('pass, routed by the ready pipelines; what does not match is a near miss of the same source', () => {
    const wrong: string[] = [];
    for (const { rule: id, name, file, events, matchesMin, matchesMax } of allTests) {
      const rule = rulesById.get(id);
      if (rule === undefined) continue;
      const say = (message: string): void => void wrong.push(`${file.slice(FOLDER.length)}: ${name}: ${message}`);
      let matched = 0;
      for (const event of events) {
        const { record, destination } = router.route(event);
        const condition = destination.isKnown ? conditionFor(rule, destination) : null;
        if (condition === null) {
          say('no ready pipeline sends this event to the rule');
          continue;
        }
        const matches = engine.match(event).includes(rule);
        if (matches) matched += 1;
        if (evaluateExpr(condition, record, event) !== matches) say('the plain evaluator differs');
        if (![...fieldsOf(condition)].some((field) => lookUp(record, field) !== undefined)) say('the event has none of the fields that the rule reads');
      }
      if (matched < matchesMin || matched > matchesMax) say(`matches ${matched} of ${events.length}`);
    }
    expect(wrong).toEqual([]);
  });
});

describe('on ordinary days', () => {
  const organisation = createOrganisation({ seed: 11, start: Date.parse('2026-11-09T00:00:00Z'), days: 2, liveDays: 2, people: 60 });
  const simulated = [...organisation.events()];
  const offline = createOfflinePath(organisation.registers);
  const normalised: Event[] = offline.read(Buffer.from(simulated.map(({ event }) => JSON.stringify(event)).join('\n')), 0).events;
  const isAlerting = (id: string): boolean => alerting.some(({ document }) => document['id'] === id);
  const attacks = new Set(organisation.labels().filter(({ category }) => category === 'attack').flatMap(({ eventIds }) => eventIds));

  it.each([
    ['as they are sent', simulated.map(({ event }) => event as unknown as EventRecord)],
    ['as they are stored', normalised as unknown as readonly EventRecord[]],
  ])('they are silent where the simulator plays no attack, over events %s', (_name, events) => {
    expect(events.length).toBeGreaterThan(5_000);
    const loud = events.filter((event) => !attacks.has(String(event['id']))).flatMap((event) => engine.match(event).filter(({ id }) => isAlerting(id)).map(({ title }) => `${title}: ${JSON.stringify(event).slice(0, 400)}`));
    expect(loud).toEqual([]);
  });
});
