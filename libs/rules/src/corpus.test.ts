import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { evaluateExpr } from './evaluate/evaluate-expr.js';
import type { EventRecord } from './events/field-values.js';
import { loadRules, type RuleSet } from './load-rules.js';
import { createRouter, type EventRouter } from './pipeline/event-router.js';
import { readPipeline } from './pipeline/read-pipeline.js';
import { readyPipelines } from './pipeline/ready-pipelines.js';
import { conditionFor, RuleEngine } from './rule-engine.js';
import { readEventText, regressionTests, type RuleTest } from './rule-tests.js';

const DATA = join(process.env['WARY_TEST_DATA'] ?? '', 'sigma');
const hasData = process.env['WARY_TEST_DATA'] !== undefined && existsSync(DATA);
const filesBelow = (folder: string, accepts: (name: string) => boolean): string[] => readdirSync(join(DATA, folder), { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile() && accepts(entry.name)).map((entry) => join(entry.parentPath ?? entry.path, entry.name));

describe.skipIf(!hasData)('the public Sigma rules (skipped unless WARY_TEST_DATA names a folder with sigma/)', () => {
  let set: RuleSet;
  let cases: RuleTest[];
  let routers: Readonly<Record<string, EventRouter>>;
  beforeAll(() => {
    set = loadRules(['rules', 'rules-emerging-threats', 'rules-threat-hunting'].flatMap((folder) => filesBelow(folder, (name) => name.endsWith('.yml'))).map((path) => ({ path, text: readFileSync(path, 'utf8') })));
    cases = filesBelow('regression_data', (name) => name === 'info.yml').flatMap((file) => regressionTests(file, readFileSync(file, 'utf8'), (name) => readEventText(readFileSync(join(file, '..', `${name}.json`), 'utf8'))).tests);
    routers = { ready: createRouter(readyPipelines()), thor: createRouter([readPipeline(readFileSync(join(DATA, 'tests/thor.yml'), 'utf8'), 'thor.yml')]) };
  });

  it('compile, all but the two whose placeholders have no values', () => {
    expect(set.rules.length).toBe(3_752);
    expect(set.rejected).toBe(2);
    expect(set.problems.filter(({ severity }) => severity === 'error').map(({ code }) => code)).toEqual(['placeholder-unknown', 'placeholder-unknown']);
    expect(set.problems.filter(({ code }) => code === 'placeholder-unknown').every(({ message, line }) => message.includes('%known_cdcs%') && line > 40)).toBe(true);
  });

  it.each(['ready', 'thor'])('pass all their regression cases, routed by the %s pipeline', (name) => {
    const engine = new RuleEngine(set.rules, routers[name]!);
    expect(cases.length).toBeGreaterThan(100);
    const failed = cases.filter(({ rule, events, matchesMin }) => events.filter((event) => engine.match(event).some(({ id }) => id === rule)).length < matchesMin);
    expect(failed.map(({ file }) => file)).toEqual([]);
  });

  it('match what the plain evaluator matches, every rule on a sample of the events', () => {
    const router = routers['ready']!;
    const engine = new RuleEngine(set.rules, router);
    const events: EventRecord[] = cases.filter((_, index) => index % 8 === 0).flatMap(({ events: [first] }) => [first!]);
    for (const event of events) {
      const { record, destination } = router.route(event);
      const expected = set.rules.filter((rule) => {
        const condition = conditionFor(rule, destination);
        return condition !== null && evaluateExpr(condition, record, event);
      });
      expect(engine.match(event).map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    }
  });
});
