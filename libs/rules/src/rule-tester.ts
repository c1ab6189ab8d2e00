import { Correlator } from './correlate/correlator.js';
import { eventTime, TIME_FIELDS } from './events/event-time.js';
import type { EventRecord } from './events/field-values.js';
import type { RuleSet } from './load-rules.js';
import type { EventRouter } from './pipeline/event-router.js';
import { RuleEngine } from './rule-engine.js';
import type { RuleTest } from './rule-tests.js';

/** The events of a test come in any order; none is late. */
const LATENESS_MS = 100 * 365 * 86_400_000;

export interface RuleTester {
  /** How many events the rule matches, or how often the correlation fires; null when there is no such rule. */
  count(test: Pick<RuleTest, 'rule' | 'events'>): number | null;
}

/** Runs tests of rules and of correlations through the engine that matches the stream; one that is at hand need not be made again. */
export function createRuleTester(set: RuleSet, router: EventRouter, engine = new RuleEngine(set.rules, router)): RuleTester {
  const rules = new Set(set.rules.flatMap(({ id, name }) => (name === null ? [id] : [id, name])));
  const correlations = new Set(set.correlations.flatMap(({ id, name }) => (name === null ? [id] : [id, name])));
  return {
    count({ rule, events }) {
      if (rules.has(rule)) return events.filter((event) => engine.match(event).some(({ id, name }) => id === rule || name === rule)).length;
      return correlations.has(rule) ? firings(set, engine, rule, events) : null;
    },
  };
}

function firings(set: RuleSet, engine: RuleEngine, wanted: string, events: readonly EventRecord[]): number {
  let fired = 0;
  const correlator = new Correlator(set.correlations, ({ correlation: { id, name } }) => {
    if (id === wanted || name === wanted) fired += 1;
  }, { latenessMs: LATENESS_MS });
  events.forEach((event, index) => {
    const time = eventTime(engine.recordOf(event), TIME_FIELDS);
    if (time === undefined) return;
    correlator.observe(time, index, engine.match(event).map((rule) => ({ id: rule.id, name: rule.name, read: engine.reader(rule, event) })));
  });
  correlator.finish();
  return fired;
}
