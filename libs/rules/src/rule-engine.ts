import { lookUp, type EventRecord } from './events/field-values.js';
import { parseExactJson } from './events/exact-json.js';
import { mapFields, type Expr } from './language/expr.js';
import type { LogSource, SigmaRule } from './language/rule-model.js';
import { learnedCost } from './match/learned-cost.js';
import { IndexedMatcher } from './match/indexed-matcher.js';
import type { Destination, EventRouter, Way } from './pipeline/event-router.js';

/** Destinations differ in a few dozen ways; what comes beyond is matched with a matcher that is made again. */
const MATCHERS_MAX = 256;

/** Whether a rule of this log source is meant for events that come this way. An open way knows only a part of the source. */
export function isMeantFor(rule: LogSource, { source, isOpen }: Way): boolean {
  for (const part of ['category', 'product', 'service'] as const) {
    if (rule[part] === null || rule[part] === source[part]) continue;
    if (!isOpen || source[part] !== null) return false;
  }
  return true;
}

/** The condition of a rule for events of a destination: through the first way that the rule is meant for. */
export function conditionFor(rule: SigmaRule, destination: Destination): Expr | null {
  const way = destination.ways.find((each) => isMeantFor(rule.logsource, each));
  if (way === undefined) return null;
  return Object.keys(way.fields).length === 0 ? rule.condition : mapFields(rule.condition, (field) => (Object.hasOwn(way.fields, field) ? way.fields[field]! : [field]));
}

/** A matcher learns from one event in so many, until it has enough, which signs are rare; then it is made again, once. */
const LEARN = { everyEvents: 32, sampleEvents: 64 } as const;

interface Lane { readonly rules: readonly SigmaRule[]; readonly conditions: readonly Expr[]; matcher: IndexedMatcher; events: number; /** null: it has learned. */ sample: { readonly record: EventRecord; readonly whole: unknown }[] | null }

/** Rules over events: routed by log source, then matched by an index made for the destination when its first event comes. */
export class RuleEngine {
  private readonly lanes = new Map<Destination, Lane>();

  constructor(private readonly rules: readonly SigmaRule[], private readonly router: EventRouter) {}

  /** Rules that hold, in the order they were given. `source` is the event's JSON: asked again only when a number in it is beyond 2^53. */
  match(event: EventRecord, source?: string): SigmaRule[] {
    const { record, destination } = this.router.route(event);
    let lane = this.lanes.get(destination);
    if (lane === undefined || lane.matcher.isWorn) lane = this.open(destination);
    if (lane.sample !== null && ++lane.events % LEARN.everyEvents === 0) this.learn(lane, record, event);
    const matched = lane.matcher.match(record, event);
    if (lane.matcher.sawInexact && source !== undefined) return this.match(parseExactJson(source) as EventRecord);
    if (matched.length === 0) return NO_RULES;
    return matched.map((index) => lane.rules[index]!);
  }

  /** Reads an event's fields under the names a rule uses, as the rule's condition did. */
  reader(rule: SigmaRule, event: EventRecord): (field: string) => unknown {
    const { record, destination } = this.router.route(event);
    const fields = destination.ways.find((each) => isMeantFor(rule.logsource, each))?.fields ?? {};
    return (field) => {
      for (const name of Object.hasOwn(fields, field) ? fields[field]! : [field]) {
        const value = lookUp(record, name);
        if (value !== undefined) return value;
      }
      return undefined;
    };
  }

  /** The event with its fields readable, as rules see it. */
  recordOf(event: EventRecord): EventRecord {
    return this.router.route(event).record;
  }

  /** How the events' log sources were told, for reports. */
  destinationOf(event: EventRecord): Destination {
    return this.router.route(event).destination;
  }

  private learn(lane: Lane, record: EventRecord, whole: unknown): void {
    lane.sample!.push({ record, whole });
    if (lane.sample!.length < LEARN.sampleEvents) return;
    lane.matcher = new IndexedMatcher(lane.conditions, learnedCost(lane.sample!));
    lane.sample = null;
  }

  private open(destination: Destination): Lane {
    const rules: SigmaRule[] = [];
    const conditions: Expr[] = [];
    for (const rule of this.rules) {
      const condition = conditionFor(rule, destination);
      if (condition === null) continue;
      rules.push(rule);
      conditions.push(condition);
    }
    const lane: Lane = { rules, conditions, matcher: new IndexedMatcher(conditions), events: 0, sample: [] };
    if (this.lanes.size >= MATCHERS_MAX) this.lanes.delete(this.lanes.keys().next().value!);
    this.lanes.set(destination, lane);
    return lane;
  }
}
const NO_RULES: SigmaRule[] = [];
