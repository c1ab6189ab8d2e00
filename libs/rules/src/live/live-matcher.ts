import type { CorrelatedEvent } from '@wary/model/correlated-event.js';
import type { Event } from '@wary/model/event.js';
import type { EventRecord } from '../events/field-values.js';
import { explainMatch, type Explanation } from '../explain-match.js';
import { fieldsOf, type Expr } from '../language/expr.js';
import type { SigmaRule } from '../language/rule-model.js';
import type { ConditionNode } from '../match/condition-node.js';
import { IndexedMatcher } from '../match/indexed-matcher.js';
import { learnedCost } from '../match/learned-cost.js';
import { pruneExpr } from '../match/prune-expr.js';
import { fieldReader, Plan } from '../match/read-plan.js';
import { createRouter, type Destination, type EventRouter } from '../pipeline/event-router.js';
import { readyPipeline } from '../pipeline/ready-pipelines.js';
import { conditionFor, isMeantFor, RuleEngine } from '../rule-engine.js';
import { EVENT_SHAPE } from './event-shape.js';
import { SOURCE_PIPELINES, sourceRecord } from './source-record.js';

/** A lane learns from one event in so many which signs are rare, and is made again once. */
const LEARN = { everyEvents: 8, sampleEvents: 64 } as const;
const SAMPLE_EVERY_EVENTS = 256;

interface Lane { readonly rules: readonly SigmaRule[]; readonly conditions: readonly Expr[]; matcher: IndexedMatcher; events: number; sample: { readonly record: EventRecord; readonly whole: unknown }[] | null }

type FieldRead = (record: EventRecord) => unknown;

/** What happens while conditions are evaluated; `now` in milliseconds with fractions. */
export interface MatchWatch { readonly now: () => number; cost(rule: SigmaRule, ms: number): void; failed(rule: SigmaRule, error: unknown): void }

/**
 * Rules over the events of the path, as they lie in memory: one index for each kind of event, made when the first one comes, which
 * reads the fields that carry signs straight from the event. Rules of other products see the source's own record, which is only
 * read when such a rule is there.
 */
export class LiveMatcher {
  private readonly own: EventRouter = createRouter([{ ...readyPipeline('wary'), accepts: [] }]);
  private readonly lanes = new Map<string, Lane>();
  private readonly names = new Map<string, Map<SigmaRule, ((field: string) => readonly FieldRead[]) | null>>();
  private readonly foreign = new Map<string, { readonly engine: RuleEngine; readonly router: EventRouter } | null>();
  private sampled = 0;
  /** Conditions that were evaluated, over all events: of use to a benchmark. */
  evaluated = 0;

  constructor(private readonly rules: readonly SigmaRule[], private readonly watch: MatchWatch | null = null) {}

  /** Rules that hold, in the order they were given. */
  match(event: Event): readonly SigmaRule[] {
    let lane = this.lanes.get(event.kind);
    if (lane === undefined || lane.matcher.isWorn) this.lanes.set(event.kind, (lane = this.open(event)));
    const record = event as unknown as EventRecord;
    if (lane.sample !== null && ++lane.events % LEARN.everyEvents === 0) this.learn(lane, record);
    const matched = lane.rules.length === 0 ? NONE : this.tried(lane, record);
    this.evaluated += lane.matcher.evaluated;
    const source = event.raw === '' ? null : this.foreignTo(event);
    if (source === null && matched.length === 0) return NO_RULES;
    const rules = matched.map((index) => lane.rules[index]!);
    if (source === null) return rules;
    const raw = sourceRecord(event);
    if (raw !== null) for (const rule of source.engine.match(raw)) if (!rules.includes(rule)) rules.push(rule);
    return rules;
  }

  /** Reads an event's fields under the names the rule uses. */
  reader(rule: SigmaRule, event: CorrelatedEvent): (field: string) => unknown {
    const record = event as unknown as EventRecord;
    const names = this.namesFor(rule, event);
    if (names === null) {
      const source = this.foreignTo(event);
      const raw = source === null ? null : rawOf(event);
      return source === null || raw === null ? () => undefined : source.engine.reader(rule, raw);
    }
    return (field) => {
      for (const read of names(field)) {
        const value = read(record);
        if (value !== undefined) return value;
      }
      return undefined;
    };
  }

  /** The places in our events that a rule's fields have, worked out once for each kind of event and rule; null: the rule is not meant for them. */
  private namesFor(rule: SigmaRule, event: CorrelatedEvent): ((field: string) => readonly FieldRead[]) | null {
    let rules = this.names.get(event.kind);
    if (rules === undefined) this.names.set(event.kind, (rules = new Map()));
    let namesOf = rules.get(rule);
    if (namesOf !== undefined) return namesOf;
    const way = this.destinationOf(event).ways.find((each) => isMeantFor(rule.logsource, each));
    if (way === undefined) namesOf = null;
    else {
      const known = new Map<string, readonly FieldRead[]>();
      namesOf = (field) => {
        let names = known.get(field);
        if (names === undefined) known.set(field, (names = (Object.hasOwn(way.fields, field) ? way.fields[field]! : [field]).filter(hasPlace).map((name) => fieldReader(name, EVENT_SHAPE))));
        return names;
      };
    }
    rules.set(rule, namesOf);
    return namesOf;
  }

  /** Which selection held, by which field and value. */
  explain(rule: SigmaRule, event: CorrelatedEvent): Explanation {
    const own = explainMatch(rule, event as unknown as EventRecord, this.own);
    if (own.matches) return own;
    const source = this.foreignTo(event);
    const raw = source === null ? null : rawOf(event);
    return source === null || raw === null ? own : explainMatch(rule, raw, source.router);
  }

  /**
   * Where `reader` and `explain` look in an event that the rule holds for, with more fields of the rule's: the same for every event of
   * the kind and source. Null: anywhere, also in the source's own record.
   */
  placesOf(rule: SigmaRule, event: Event, more: readonly string[]): ReadonlySet<string> | null {
    const way = this.destinationOf(event).ways.find((each) => isMeantFor(rule.logsource, each));
    const asked = [rule.condition, ...rule.selections.values()];
    const mayBeForeign = rule.logsource.product !== 'wary' && event.raw !== '' && this.foreignTo(event) !== null;
    if (way === undefined || mayBeForeign || asked.some(readsAnything)) return null;
    const fields = [...new Set(asked.flatMap((each) => [...fieldsOf(each)])), ...more];
    return new Set([...ROUTED_BY, ...fields.flatMap((field) => (Object.hasOwn(way.fields, field) ? way.fields[field]! : [field]))]);
  }

  private destinationOf(event: CorrelatedEvent): Destination {
    return this.own.route(event as unknown as EventRecord).destination;
  }

  private tried(lane: Lane, record: EventRecord): number[] {
    const { watch } = this;
    if (watch === null) return lane.matcher.match(record);
    this.sampled += 1;
    const timed = this.sampled % SAMPLE_EVERY_EVENTS === 0;
    try {
      if (timed) lane.matcher.watch = (index, node) => this.timed(lane.rules[index]!, node, watch);
      return lane.matcher.match(record);
    } catch {
      // One of them threw: which one is found by trying them singly, and the others are judged all the same.
      lane.matcher.watch = (index, node) => this.guarded(lane.rules[index]!, node, watch);
      return lane.matcher.match(record);
    } finally {
      lane.matcher.watch = null;
    }
  }

  private timed(rule: SigmaRule, node: ConditionNode, watch: MatchWatch): boolean {
    const started = watch.now();
    const holds = node.holds();
    watch.cost(rule, watch.now() - started);
    return holds;
  }

  private guarded(rule: SigmaRule, node: ConditionNode, watch: MatchWatch): boolean {
    try {
      return node.holds();
    } catch (error) {
      watch.failed(rule, error);
      return false;
    }
  }

  /** Rules for the source's own record; null when the set has none. */
  private foreignTo({ source }: CorrelatedEvent): { readonly engine: RuleEngine; readonly router: EventRouter } | null {
    let known = this.foreign.get(source);
    if (known === undefined) {
      const pipelines = (SOURCE_PIPELINES[source] ?? []).map((name) => ({ ...readyPipeline(name), accepts: [] }));
      // What is told by the path already (product wary) is not meant for any of these.
      const rules = this.rules.filter((rule) => pipelines.some(({ routes, unknown }) => [...routes.map((route) => ({ source: route.source, isOpen: false })), { source: unknown, isOpen: true }].some((way) => isMeantFor(rule.logsource, { ...way, fields: {} }))) && rule.logsource.product !== 'wary');
      const router = createRouter(pipelines);
      known = rules.length === 0 ? null : { engine: new RuleEngine(rules, router), router };
      this.foreign.set(source, known);
    }
    return known;
  }

  private learn(lane: Lane, record: EventRecord): void {
    lane.sample!.push({ record, whole: record });
    if (lane.sample!.length < LEARN.sampleEvents) return;
    lane.matcher = new IndexedMatcher(lane.conditions, learnedCost(lane.sample!), EVENT_SHAPE);
    lane.sample = null;
  }

  private open(event: Event): Lane {
    const destination = this.destinationOf(event);
    const rules: SigmaRule[] = [];
    const conditions: Expr[] = [];
    for (const rule of this.rules) {
      const condition = conditionFor(rule, destination);
      const pruned = condition === null ? false : pruneExpr(condition, hasPlace);
      if (condition === null || pruned === false) continue;
      rules.push(rule);
      conditions.push(pruned === true ? condition : pruned);
    }
    return { rules, conditions, matcher: new IndexedMatcher(conditions, undefined, EVENT_SHAPE), events: 0, sample: [] };
  }
}

/** Whether an event of our own can have the field. */
const hasPlace = (field: string): boolean => !new Plan([{ name: field, isRead: () => false, read: () => undefined }]).within(EVENT_SHAPE).isEmpty;

/** Whether a test of it asks for any value of the event. */
const readsAnything = (expr: Expr): boolean => (expr.op === 'test' ? expr.field === null : expr.op === 'not' ? readsAnything(expr.of) : expr.of.some(readsAnything));

/** What tells where our own events go. */
const ROUTED_BY: readonly string[] = readyPipeline('wary').routes.flatMap(({ when }) => Object.keys(when));

/** Events that rules of their source's own names hold for are passed on whole. */
const rawOf = (event: CorrelatedEvent): EventRecord | null => (event.raw === undefined ? null : sourceRecord(event as Event));

const NONE: number[] = [];
const NO_RULES: readonly SigmaRule[] = [];
