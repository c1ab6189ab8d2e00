import type { Entity } from '@wary/model/entity.js';
import type { CorrelatedEvent, Forwarded } from '@wary/model/correlated-event.js';
import { EVENT_FLAG, type Event } from '@wary/model/event.js';
import { Correlator, type CorrelationMatch } from '../correlate/correlator.js';
import type { CorrelatorCounts, CorrelatorLimits, RefCodec } from '../correlate/correlation-limits.js';
import type { SigmaCorrelation, SigmaRule } from '../language/rule-model.js';
import type { CompiledRules, LiveRule } from './compiled-rules.js';
import { CorrelationReads } from './correlation-reads.js';
import { correlationMatched, ruleMatched, type Matched } from './describe-match.js';
import { LiveMatcher, type MatchWatch } from './live-matcher.js';
import { count, HealthBook, type HealthEntry, type RuleHealth } from './rule-health.js';

/** What a window keeps of an event. */
export interface EventRef { readonly id: string; readonly entity: Entity; readonly criticality: number; readonly flags: number }

/** A rule that held, for the stage that makes findings. */
export interface LiveMatch {
  readonly rule: LiveRule;
  /** Of the event that decided, or the end of the window. */
  readonly time: number;
  readonly event: EventRef;
  /** All events that belong to it, the oldest first. */
  readonly eventIds: readonly string[];
  /** What decided; worked out only when somebody wants to know, and before the next event. */
  readonly explain: () => readonly Matched[];
  /** Group of a correlation, '' for a rule on single events. */
  readonly group: string;
}

/**
 * Which part of the rules runs here: all of them, or, where the stream is cut into partitions, single events in a partition (`first`) and
 * correlations behind all of them (`second`), since what they group by may be anything.
 */
export type RuleStageName = 'whole' | 'first' | 'second';

export const LIVE_LIMITS: CorrelatorLimits = { latenessMs: 15 * 60_000, eager: true, groupsMax: 100_000, waitingMax: 100_000, entriesMax: 10_000 };

/**
 * Rules over the events of one tenant, in the order they are scored: single events at once, correlations in windows by event time.
 * History has windows and a clock of its own, so that a backfill neither closes the present nor is late for it.
 */
export class LiveRules {
  private compiled: CompiledRules;
  private matcher: LiveMatcher;
  private present: Correlator<EventRef>;
  private history: Correlator<EventRef>;
  private readonly book = new HealthBook();
  private out: LiveMatch[] = [];
  private event: CorrelatedEvent | null = null;
  private reads: CorrelationReads;
  private matched: readonly SigmaRule[] = [];
  /** In the second stage: what an id of the first stands for. */
  private baseById = new Map<string, SigmaRule>();
  /** In the first stage: what correlations need of the latest event, with the rules in the order they were given; null: nothing. */
  forwarded: Forwarded | null = null;
  /** In the second stage: ids of rules that are not, or no longer, here. */
  unknownRules = 0;
  private readonly slots = new Map<SigmaRule | SigmaCorrelation, { readonly rule: LiveRule; readonly health: HealthEntry }>();

  /** `now` (milliseconds with fractions) only measures what conditions cost; without it nothing is measured. */
  constructor(compiled: CompiledRules, private readonly now: (() => number) | null = null, private readonly limits: CorrelatorLimits = LIVE_LIMITS, private readonly stage: RuleStageName = 'whole') {
    this.compiled = compiled;
    this.baseById = baseById(compiled);
    this.matcher = this.matcherOf(compiled);
    this.reads = new CorrelationReads(compiled, this.matcher);
    this.present = this.correlatorOf(compiled);
    this.history = this.correlatorOf(compiled);
  }

  /** What the event decided. */
  observe(event: Event): readonly LiveMatch[] {
    if (this.stage === 'first') return this.observeSingle(event);
    const matched = this.matcher.match(event);
    const future = (event.flags & EVENT_FLAG.future) !== 0;
    const correlator = (event.flags & EVENT_FLAG.historical) !== 0 ? this.history : this.present;
    this.event = event;
    if (matched.length === 0) {
      if (!future) correlator.pass(event.time);
      return this.out.length === 0 ? NOTHING : this.take();
    }
    this.matched = matched;
    const ref = refOf(event);
    let read: { readonly id: string; readonly name: string | null; readonly read: (field: string) => unknown }[] | null = null;
    for (const document of matched) {
      const { rule, health } = this.slotOf(document);
      count(health, event.time);
      if (!rule.isSilent) this.out.push({ rule, time: event.time, event: ref, eventIds: [event.id], explain: () => ruleMatched(this.matcher.explain(document, event)), group: '' });
      if (!future && rule.isRead) (read ??= []).push({ id: document.id, name: document.name, read: this.matcher.reader(document, event) });
    }
    if (read !== null) correlator.observe(event.time, ref, read);
    else if (!future) correlator.pass(event.time);
    return this.take();
  }

  /** The first stage: what holds by itself; what correlations read is left to the second. */
  private observeSingle(event: Event): readonly LiveMatch[] {
    const matched = this.matcher.match(event);
    this.forwarded = null;
    if (matched.length === 0) return NOTHING;
    const future = (event.flags & EVENT_FLAG.future) !== 0;
    const ref = refOf(event);
    const read: SigmaRule[] = [];
    for (const document of matched) {
      const { rule, health } = this.slotOf(document);
      count(health, event.time);
      if (!rule.isSilent) this.out.push({ rule, time: event.time, event: ref, eventIds: [event.id], explain: () => ruleMatched(this.matcher.explain(document, event)), group: '' });
      if (!future && rule.isRead) read.push(document);
    }
    if (read.length > 0) this.forwarded = this.reads.of(event, read);
    return this.take();
  }

  /** The second stage: correlations over an event and the ids of the rules that held for it in the first. */
  observeMatched(event: CorrelatedEvent, ruleIds: readonly string[]): readonly LiveMatch[] {
    const matched: SigmaRule[] = [];
    for (const id of ruleIds) {
      const document = this.baseById.get(id);
      if (document === undefined) this.unknownRules += 1;
      else if (this.compiled.of(document).isRead) matched.push(document);
    }
    this.event = event;
    this.matched = matched;
    const correlator = (event.flags & EVENT_FLAG.historical) !== 0 ? this.history : this.present;
    if (matched.length === 0) correlator.pass(event.time);
    else correlator.observe(event.time, refOf(event), matched.map((document) => ({ id: document.id, name: document.name, read: this.matcher.reader(document, event) })));
    return this.take();
  }

  /** The second stage: events up to this time have passed, of history or of the present. */
  pass(time: number, historical: boolean): readonly LiveMatch[] {
    this.event = null;
    (historical ? this.history : this.present).pass(time);
    return this.out.length === 0 ? NOTHING : this.take();
  }

  /** Other rules from the next event on. Correlations that ask the same carry on with their windows. */
  swap(compiled: CompiledRules): void {
    const old = this.compiled;
    const [present, history] = [this.present.dump(old.windowName), this.history.dump(old.windowName)];
    this.compiled = compiled;
    this.slots.clear();
    this.baseById = baseById(compiled);
    this.matcher = this.matcherOf(compiled);
    this.reads = new CorrelationReads(compiled, this.matcher);
    this.present = this.correlatorOf(compiled);
    this.history = this.correlatorOf(compiled);
    this.present.load(present, compiled.windowName);
    this.history.load(history, compiled.windowName);
  }

  dump(): unknown {
    return { present: this.present.dump(this.compiled.windowName, REFS), history: this.history.dump(this.compiled.windowName, REFS), health: this.book.dump() };
  }

  /** Only before the first event. */
  load(state: unknown): void {
    const { present, history, health } = state as { present: unknown; history: unknown; health: unknown };
    const refs = oneForEach(REFS);
    this.present.load(present, this.compiled.windowName, refs);
    this.history.load(history, this.compiled.windowName, refs);
    this.book.load(health);
    this.slots.clear();
  }

  health(id: string): RuleHealth {
    return this.book.of(id);
  }

  get healthEntries(): ReadonlyMap<string, Readonly<HealthEntry>> {
    return this.book.all();
  }

  get counts(): CorrelatorCounts {
    const [present, history] = [this.present.counts, this.history.counts];
    return Object.fromEntries(Object.entries(present).map(([name, count]) => [name, (count as number) + history[name as keyof CorrelatorCounts]])) as unknown as CorrelatorCounts;
  }

  get evaluated(): number {
    return this.matcher.evaluated;
  }

  /** A rule with its health, looked up once. */
  private slotOf(document: SigmaRule | SigmaCorrelation): { readonly rule: LiveRule; readonly health: HealthEntry } {
    let slot = this.slots.get(document);
    if (slot === undefined) {
      const rule = this.compiled.of(document);
      this.slots.set(document, (slot = { rule, health: this.book.entry(rule.id) }));
    }
    return slot;
  }

  private take(): readonly LiveMatch[] {
    const { out } = this;
    this.out = [];
    this.matched = [];
    return out;
  }

  private matcherOf({ base }: CompiledRules): LiveMatcher {
    const { book, now } = this;
    const watch: MatchWatch | null = now === null ? null : { now, cost: ({ id }, ms) => { book.cost(id, ms); }, failed: ({ id }, error) => { book.failed(id, error); } };
    return new LiveMatcher(base, watch);
  }

  private correlatorOf({ correlations }: CompiledRules): Correlator<EventRef> {
    return new Correlator<EventRef>(this.stage === 'first' ? [] : correlations, (match) => { this.fired(match); }, this.limits);
  }

  private fired(match: CorrelationMatch<EventRef>): void {
    const { rule, health } = this.slotOf(match.correlation);
    count(health, match.time);
    if (rule.isSilent) return;
    const { event } = this;
    // The event that decided is mostly the one under way: what it matched by is at hand.
    const feeding = event !== null && match.ref.id === event.id ? this.matched.filter(({ id, name }) => match.correlation.rules.includes(id) || (name !== null && match.correlation.rules.includes(name))) : [];
    const matcher = this.matcher;
    this.out.push({
      rule, time: match.time, event: match.ref, eventIds: [...new Set(match.refs.map(({ id }) => id))], group: match.group.join('\u0000'),
      explain: () => [...correlationMatched(match.correlation, match.group, match.refs.length), ...feeding.flatMap((document) => ruleMatched(matcher.explain(document, event!)))],
    });
  }
}

/** One text for each event that a window keeps: type, criticality, flags, length of the entity's id, then both ids. */
const REFS: RefCodec<EventRef> = {
  encode: ({ id, entity, criticality, flags }) => `${entity.type} ${criticality} ${flags} ${entity.id.length} ${entity.id}${id}`,
  decode: (saved) => {
    const [whole, type, criticality, flags, length] = /^(\w+) (\d+) (\d+) (\d+) /.exec(saved as string)!;
    const ids = (saved as string).slice(whole.length);
    return { id: ids.slice(Number(length)), entity: { type: type as Entity['type'], id: ids.slice(0, Number(length)) }, criticality: Number(criticality), flags: Number(flags) };
  },
};
/** An event that a window has by several rules is one event in it, after a snapshot too. */
function oneForEach({ encode, decode }: RefCodec<EventRef>): RefCodec<EventRef> {
  const known = new Map<unknown, EventRef>();
  return {
    encode,
    decode: (saved) => {
      let ref = known.get(saved);
      if (ref === undefined) known.set(saved, (ref = decode(saved)));
      return ref;
    },
  };
}
const baseById = ({ base }: CompiledRules): Map<string, SigmaRule> => new Map(base.map((document) => [document.id, document]));
const NOTHING: readonly LiveMatch[] = [];
const refOf = ({ id, principal, criticality, flags }: CorrelatedEvent): EventRef => ({ id, entity: { type: principal.type, id: principal.id }, criticality, flags });
