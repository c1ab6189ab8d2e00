import { parseNumber } from '../language/modifiers.js';
import { scalarsOf } from '../events/field-values.js';
import type { SigmaCorrelation } from '../language/rule-model.js';
import { isJudgedAtClose } from './aggregate.js';
import { ClosedWindow } from './closed-window.js';
import { CORRELATOR_LIMITS, noCounts, sameRefs, type CorrelatorCounts, type CorrelatorLimits, type RefCodec } from './correlation-limits.js';
import { createGroupState, type GroupState, type Observation } from './group-state.js';
import { GroupTable } from './group-table.js';
import { OpenGroup } from './open-group.js';
import { TimeQueue } from './time-queue.js';

/** Reads a field of the event, under the name rules use; undefined when it is absent. */
export type ReadField = (field: string) => unknown;
export interface CorrelationMatch<R = number> {
  readonly correlation: SigmaCorrelation;
  /** Of the event that crossed, or of the window's end. */
  readonly time: number;
  /** The event that crossed, or the last of the window. */
  readonly ref: R;
  readonly refs: readonly R[];
  readonly group: readonly string[];
}

interface Open<R> { readonly state: GroupState<R>; firedAt: number }
interface Lane<R> {
  readonly correlation: SigmaCorrelation;
  readonly atClose: boolean;
  readonly isValued: boolean;
  readonly create: () => Open<R>;
  readonly open: GroupTable<Open<R>>;
  readonly createGroup: () => OpenGroup<R>;
  readonly groups: GroupTable<OpenGroup<R>>;
  readonly windows: Map<string, ClosedWindow<R>>;
  /** What a rule's event is read by: for each group field, and each value field, its name in that rule. */
  readonly groupFields: readonly (readonly string[])[];
  readonly valueFields: readonly (readonly string[])[];
}
interface Feed<R> { readonly lane: Lane<R>; readonly rule: number }
/** What a correlation needs of an event: read when it comes, so that the event itself need not be kept. */
interface Prepared<R> { readonly lane: Lane<R>; readonly key: string; readonly group: readonly string[]; readonly observation: Observation<R> }
interface Closing<R> { readonly lane: Lane<R>; readonly key: string; readonly group: readonly string[] }

interface Dump {
  readonly latest: number;
  readonly taken: number;
  readonly counts: CorrelatorCounts;
  readonly lanes: ReadonlyMap<string, { readonly open: unknown; readonly groups: unknown; readonly windows: readonly [string, unknown][] }>;
  readonly waiting: readonly [number, string, string, readonly string[], Observation<unknown>][];
  readonly closing: readonly [number, string, string, readonly string[]][];
}

/**
 * Correlations over matches of rules, by the time of the events. Observations wait until the watermark (the latest time less the allowed
 * lateness) has passed them and are then taken in the order of time, so that late and shuffled ones give the answer of ordered ones.
 */
export class Correlator<R = number> {
  private readonly feeds = new Map<string, Feed<R>[]>();
  /** Of documents with a name, by id: what reads them by either. */
  private readonly named = new Map<string, readonly Feed<R>[]>();
  private readonly lanes: Lane<R>[] = [];
  private readonly waiting = new TimeQueue<Prepared<R>>();
  private readonly closing = new TimeQueue<Closing<R>>();
  private readonly limits: CorrelatorLimits;
  private latest = Number.NEGATIVE_INFINITY;
  private taken = Number.NEGATIVE_INFINITY;
  readonly counts: CorrelatorCounts = noCounts();

  constructor(correlations: readonly SigmaCorrelation[], private readonly onMatch: (match: CorrelationMatch<R>) => void, limits: Partial<CorrelatorLimits> = {}) {
    this.limits = { ...CORRELATOR_LIMITS, ...limits };
    for (const correlation of correlations) {
      const namesIn = (rule: string, fields: readonly string[]): string[] => fields.map((field) => correlation.aliases[field]?.[rule] ?? field);
      const keepMs = correlation.timespanMs + (this.limits.eager ? this.limits.latenessMs : 0);
      const lane: Lane<R> = {
        correlation, atClose: isJudgedAtClose(correlation), isValued: correlation.type.startsWith('value_'), windows: new Map(),
        create: () => ({ state: createGroupState<R>(correlation, this.limits, this.counts), firedAt: Number.NEGATIVE_INFINITY }),
        open: new GroupTable(keepMs, this.limits.groupsMax, this.counts), createGroup: () => new OpenGroup<R>(correlation, this.limits, this.counts), groups: new GroupTable(keepMs, this.limits.groupsMax, this.counts),
        groupFields: correlation.rules.map((rule) => namesIn(rule, correlation.groupBy)), valueFields: correlation.rules.map((rule) => namesIn(rule, correlation.valueFields)),
      };
      this.lanes.push(lane);
      correlation.rules.forEach((name, rule) => this.feeds.set(name, [...(this.feeds.get(name) ?? []), { lane, rule }]));
    }
  }

  /** Whether any correlation reads this rule (by id or name). */
  reads(rule: { readonly id: string; readonly name: string | null }): boolean {
    return this.feeds.has(rule.id) || (rule.name !== null && this.feeds.has(rule.name));
  }

  /** One event with the rules it matched. `ref` names the event in matches. */
  observe(time: number, ref: R, rules: readonly { readonly id: string; readonly name: string | null; readonly read: ReadField }[]): void {
    if (time < this.taken) {
      this.counts.late += 1;
      return;
    }
    for (const { id, name, read } of rules) {
      for (const feed of this.feedsOf(id, name)) {
        const prepared = this.prepare(feed, time, ref, read);
        if (prepared === null) continue;
        if (this.limits.eager && !feed.lane.atClose) this.takeAtOnce(prepared);
        else this.waiting.push(time, prepared);
      }
    }
    if (time > this.latest) this.latest = time;
    this.advance(this.latest - this.limits.latenessMs);
    while (this.waiting.size > this.limits.waitingMax) {
      this.counts.hurried += 1;
      this.advance(this.waiting.firstTime + 1);
    }
  }

  /** An event that no rule matched: it only says how late it is. */
  pass(time: number): void {
    if (time <= this.latest) return;
    this.latest = time;
    this.advance(time - this.limits.latenessMs);
  }

  private feedsOf(id: string, name: string | null): readonly Feed<R>[] {
    if (name === null || name === id) return this.feeds.get(id) ?? NO_FEEDS;
    let feeds = this.named.get(id);
    if (feeds === undefined) this.named.set(id, (feeds = [...(this.feeds.get(id) ?? []), ...(this.feeds.get(name) ?? [])]));
    return feeds;
  }

  /** Time has passed without events: everything before `watermark` is final. */
  advance(watermark: number): void {
    for (;;) {
      const [next, close] = [this.waiting.firstTime, this.closing.firstTime];
      if (Math.min(next, close) >= watermark) break;
      // A window's last moment belongs to it: events of that time come first.
      if (next <= close) this.takeTime(next);
      else this.close(this.closing.shift(), close);
    }
    if (watermark > this.taken) this.taken = watermark;
  }

  /** The end of the stream: everything that waits is judged. */
  finish(): void {
    this.advance(Number.POSITIVE_INFINITY);
  }

  /** All observations of one time, by their rule's place: events of the same time count as in order. */
  private takeTime(time: number): void {
    const first = this.waiting.shift();
    if (this.waiting.firstTime !== time) return this.take(first);
    const all = [first];
    while (this.waiting.firstTime === time) all.push(this.waiting.shift());
    for (const each of all.sort((left, right) => left.observation.rule - right.observation.rule)) this.take(each);
  }

  private prepare({ lane, rule }: Feed<R>, time: number, ref: R, read: ReadField): Prepared<R> | null {
    const group = this.groupOf(lane.groupFields[rule]!, read);
    if (group === null) {
      this.counts.withoutGroup += 1;
      return null;
    }
    const values = this.valuesOf(lane, rule, read);
    if (values === null) {
      this.counts.withoutValue += 1;
      return null;
    }
    return { lane, key: group.length === 1 ? group[0]! : group.join('\u0000'), group, observation: { rule, time, ref, values } };
  }

  private takeAtOnce({ lane, key, group, observation }: Prepared<R>): void {
    this.counts.observations += 1;
    const fired = lane.groups.get(key, observation.time, lane.createGroup).observe(observation);
    if (fired !== null) this.fire(lane, fired.time, fired.ref, fired.refs, group);
  }

  private take({ lane, key, group, observation }: Prepared<R>): void {
    this.counts.observations += 1;
    if (lane.atClose) return this.collect(lane, key, group, observation);
    const { time, ref } = observation;
    const open = lane.open.get(key, time, lane.create);
    if (!open.state.observe(observation) || time - open.firedAt <= lane.correlation.timespanMs) return;
    open.firedAt = time;
    this.fire(lane, time, ref, open.state.refs(), group);
  }

  private collect(lane: Lane<R>, key: string, group: readonly string[], observation: Observation<R>): void {
    let window = lane.windows.get(key);
    if (window === undefined) {
      if (lane.windows.size >= this.limits.groupsMax) {
        this.counts.forgottenGroups += 1;
        return;
      }
      window = new ClosedWindow<R>(lane.correlation, observation.time);
      lane.windows.set(key, window);
      this.closing.push(window.closesAt, { lane, key, group });
    }
    window.observe(observation);
  }

  private close({ lane, key, group }: Closing<R>, time: number): void {
    const window = lane.windows.get(key)!;
    lane.windows.delete(key);
    if (!window.judge()) return;
    const refs = window.refs();
    this.fire(lane, time, refs.at(-1)!, refs, group);
  }

  private fire({ correlation }: Lane<R>, time: number, ref: R, refs: readonly R[], group: readonly string[]): void {
    this.onMatch({ correlation, time, ref, refs, group });
    const { id, name, groupBy } = correlation;
    const feeds = this.feedsOf(id, name);
    if (feeds.length === 0) return;
    const values = new Map(groupBy.map((field, index) => [field, group[index]]));
    // A chain reads a correlation's match as an event with its group's fields, at its time.
    for (const feed of feeds) {
      const prepared = this.prepare(feed, time, ref, (field) => values.get(field));
      if (prepared === null) continue;
      if (!this.limits.eager) this.take(prepared);
      else if (feed.lane.atClose) this.waiting.push(time, prepared);
      else this.takeAtOnce(prepared);
    }
  }

  /**
   * Everything that was seen and may still count, as plain data. Windows are under the name of their correlation, so that one that stands
   * unchanged in another set carries on with its own.
   */
  dump(nameOf: (correlation: SigmaCorrelation) => string, codec: RefCodec<R> = sameRefs()): unknown {
    const names = new Map(this.lanes.map((lane) => [lane, nameOf(lane.correlation)]));
    return {
      latest: this.latest, taken: this.taken, counts: { ...this.counts },
      lanes: new Map(this.lanes.map((lane) => [names.get(lane)!, {
        open: lane.open.dump(({ state, firedAt }) => ({ state: state.dump(codec), firedAt })), groups: lane.groups.dump((group) => group.dump(codec)), windows: [...lane.windows].map(([key, window]) => [key, window.dump(codec)]),
      }])),
      waiting: this.waiting.entries().map(([time, { lane, key, group, observation }]) => [time, names.get(lane)!, key, group, { ...observation, ref: codec.encode(observation.ref) }]),
      closing: this.closing.entries().map(([time, { lane, key, group }]) => [time, names.get(lane)!, key, group]),
    };
  }

  /** Only of a fresh correlator; gives how many correlations found their windows. */
  load(state: unknown, nameOf: (correlation: SigmaCorrelation) => string, codec: RefCodec<R> = sameRefs()): number {
    const from = state as Dump;
    this.latest = from.latest;
    this.taken = from.taken;
    Object.assign(this.counts, from.counts);
    const byName = new Map<string, Lane<R>>();
    for (const lane of this.lanes) {
      const saved = from.lanes.get(nameOf(lane.correlation));
      if (saved === undefined) continue;
      byName.set(nameOf(lane.correlation), lane);
      lane.open.load(saved.open, (one) => {
        const open = lane.create();
        const { state: inner, firedAt } = one as { state: unknown; firedAt: number };
        open.state.load(inner, codec);
        open.firedAt = firedAt;
        return open;
      });
      lane.groups.load(saved.groups, (one) => lane.createGroup().load(one, codec));
      for (const [key, window] of saved.windows) lane.windows.set(key, ClosedWindow.load<R>(lane.correlation, window, codec));
    }
    for (const [time, name, key, group, observation] of from.waiting) {
      const lane = byName.get(name);
      if (lane !== undefined) this.waiting.push(time, { lane, key, group, observation: { ...observation, ref: codec.decode(observation.ref) } });
    }
    for (const [time, name, key, group] of from.closing) {
      const lane = byName.get(name);
      if (lane !== undefined) this.closing.push(time, { lane, key, group });
    }
    return byName.size;
  }

  private groupOf(fields: readonly string[], read: ReadField): string[] | null {
    if (fields.length === 1) {
      const text = textOf(read(fields[0]!));
      return text === null ? null : [text];
    }
    const group: string[] = [];
    for (const field of fields) {
      const text = textOf(read(field));
      if (text === null) return null;
      group.push(text);
    }
    return group;
  }

  private valuesOf({ correlation: { type }, isValued, valueFields }: Lane<R>, rule: number, read: ReadField): readonly (string | number)[] | null {
    if (!isValued) return ONE_VALUE;
    const fields = valueFields[rule]!;
    if (fields.length > 1) {
      const tuple = this.groupOf(fields, read);
      return tuple === null ? null : [tuple.join('\u0000')];
    }
    const raw = read(fields[0]!);
    // What nearly every event has: one text to count, or one number.
    if (type === 'value_count' ? typeof raw === 'string' : typeof raw === 'number' && Number.isFinite(raw)) return [raw as string | number];
    const scalars = scalarsOf(raw).filter((each) => each !== null && each !== undefined);
    const values = type === 'value_count' ? scalars.map(String) : scalars.flatMap((each) => {
      const number = typeof each === 'number' ? each : typeof each === 'string' ? parseNumber(each) : typeof each === 'bigint' ? each : undefined;
      return number === undefined || !Number.isFinite(Number(number)) ? [] : [Number(number)];
    });
    return values.length === 0 ? null : values;
  }
}

const NO_FEEDS: readonly never[] = [];
const ONE_VALUE: readonly (string | number)[] = [1];

/** A field's value as a part of a group: lists by all of their members. */
function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return null;
  if (typeof value !== 'object') return String(value);
  const scalars = scalarsOf(value).filter((each) => each !== null);
  return scalars.length === 0 ? null : scalars.map(String).join('\u0001');
}
