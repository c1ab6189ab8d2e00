import type { SigmaCorrelation, Seen } from '../language/rule-model.js';
import { createAggregate, fulfils, type Aggregate } from './aggregate.js';
import type { CorrelatorCounts, CorrelatorLimits, RefCodec } from './correlation-limits.js';

/** One observation of a rule of the correlation: which (by its place in `rules`), when, of which event, with which values. */
export interface Observation<R = number> { readonly rule: number; readonly time: number; readonly ref: R; readonly values: readonly (string | number)[] }
/** The state of one group: takes observations in the order of time, and says whether the condition holds then. */
export interface GroupState<R = number> {
  observe(observation: Observation<R>): boolean;
  /** Events that made it hold, the oldest first. */
  refs(): R[];
  /** Plain data; `load` of a fresh state of the same correlation takes it. */
  dump(codec: RefCodec<R>): unknown;
  load(state: unknown, codec: RefCodec<R>): void;
}
const REFS_MAX = 100;

export function createGroupState<R>(correlation: SigmaCorrelation, limits: CorrelatorLimits, counts: CorrelatorCounts): GroupState<R> {
  const { type, bounds, timespanMs, seen } = correlation;
  if (type === 'temporal_ordered') return new OrderedState<R>(correlation.rules.length, timespanMs);
  if (type === 'temporal') {
    const positions = new Map(correlation.rules.map((rule, index) => [rule, index]));
    return new SeenState<R>(correlation.rules.length, timespanMs, (has, count) => (seen !== null ? isSeen(seen, (rule) => has(positions.get(rule)!)) : bounds.length > 0 ? fulfils(count, bounds) : count === correlation.rules.length));
  }
  if (type === 'value_count') return new DistinctState<R>(timespanMs, (value) => fulfils(value, bounds), limits.entriesMax, counts);
  // Of a plain count only the last n times matter.
  const needed = type === 'event_count' ? Math.max(...bounds.map(({ operator, value }) => (operator === 'gt' ? Math.floor(value) + 1 : Math.ceil(value))), 1) : 0;
  return needed > 0 && needed <= limits.entriesMax ? new CountState<R>(needed, timespanMs) : new SlidingState<R>(createAggregate(type, correlation.percentile), timespanMs, (value) => fulfils(value, bounds), limits.entriesMax, counts);
}

export function isSeen(seen: Seen, has: (rule: string) => boolean): boolean {
  switch (seen.op) {
    case 'seen': return has(seen.rule);
    case 'not': return !isSeen(seen.of, has);
    case 'and': return seen.of.every((each) => isSeen(each, has));
    case 'or': return seen.of.some((each) => isSeen(each, has));
  }
}

/** A ring of the last n times: n of them within the timespan is the whole condition. */
class CountState<R> implements GroupState<R> {
  private readonly times: number[] = [];
  private readonly events: R[] = [];
  private next = 0;
  constructor(private readonly needed: number, private readonly spanMs: number) {}

  observe({ time, ref }: Observation<R>): boolean {
    if (this.times.length < this.needed) {
      this.times.push(time);
      this.events.push(ref);
      return this.times.length === this.needed && this.times[0]! >= time - this.spanMs;
    }
    this.times[this.next] = time;
    this.events[this.next] = ref;
    this.next = (this.next + 1) % this.needed;
    return this.times[this.next]! >= time - this.spanMs;
  }

  refs(): R[] {
    return [...this.events.slice(this.next), ...this.events.slice(0, this.next)].slice(-REFS_MAX);
  }

  dump({ encode }: RefCodec<R>): unknown {
    return { times: [...this.times], events: this.events.map(encode), next: this.next };
  }

  load(state: unknown, { decode }: RefCodec<R>): void {
    const { times, events, next } = state as { times: number[]; events: unknown[]; next: number };
    this.times.push(...times);
    for (const each of events) this.events.push(decode(each));
    this.next = next;
  }
}

type Value = string | number;

/** Different values: of each only when it was last seen matters. In the order of that time, the longest unseen first. */
class DistinctState<R> implements GroupState<R> {
  private readonly seen = new Map<Value, { time: number; ref: R }>();
  private newest: Value | null = null;

  constructor(private readonly spanMs: number, private readonly holds: (value: number) => boolean, private readonly entriesMax: number, private readonly counts: CorrelatorCounts) {}

  observe({ time, ref, values }: Observation<R>): boolean {
    const { seen } = this;
    for (const [value, { time: last }] of seen) {
      if (last >= time - this.spanMs) break;
      seen.delete(value);
    }
    for (let at = 0; at < values.length; at += 1) {
      const value = values[at]!;
      let entry = seen.get(value);
      if (entry === undefined) {
        if (seen.size >= this.entriesMax) {
          seen.delete(seen.keys().next().value!);
          this.counts.forgottenEntries += 1;
        }
        seen.set(value, (entry = { time, ref }));
      } else {
        // One that comes out of order does not make it older.
        entry.time = Math.max(entry.time, time);
        entry.ref = ref;
        if (value !== this.newest) {
          seen.delete(value);
          seen.set(value, entry);
        }
      }
      this.newest = value;
    }
    return this.holds(seen.size);
  }

  refs(): R[] {
    return [...new Set([...this.seen.values()].map(({ ref }) => ref))].slice(-REFS_MAX);
  }

  dump({ encode }: RefCodec<R>): unknown {
    const entries = [...this.seen];
    return { values: entries.map(([value]) => value), times: entries.map(([, { time }]) => time), refs: entries.map(([, { ref }]) => encode(ref)), newest: this.newest };
  }

  load(state: unknown, { decode }: RefCodec<R>): void {
    const { values, times, refs, newest } = state as { values: Value[]; times: number[]; refs: unknown[]; newest: Value | null };
    values.forEach((value, index) => this.seen.set(value, { time: times[index]!, ref: decode(refs[index]) }));
    this.newest = newest;
  }
}

/** The observations of the last timespan and what they come to. Of all but the latest only time and value are kept: there may be thousands. */
class SlidingState<R> implements GroupState<R> {
  private times: number[] = [];
  /** One value stands for itself. */
  private values: (Value | readonly Value[])[] = [];
  private head = 0;
  /** Of the latest ones, no longer than twice what is told. */
  private latest: R[] = [];

  constructor(private readonly aggregate: Aggregate, private readonly spanMs: number, private readonly holds: (value: number) => boolean, private readonly entriesMax: number, private readonly counts: CorrelatorCounts) {}

  observe({ time, ref, values }: Observation<R>): boolean {
    while (this.head < this.times.length && this.times[this.head]! < time - this.spanMs) this.drop();
    if (this.times.length - this.head >= this.entriesMax) {
      this.drop();
      this.counts.forgottenEntries += 1;
    }
    if (this.head > 64 && this.head * 2 > this.times.length) {
      this.times = this.times.slice(this.head);
      this.values = this.values.slice(this.head);
      this.head = 0;
    }
    this.times.push(time);
    this.values.push(values.length === 1 ? values[0]! : values);
    if (this.latest.length >= 2 * REFS_MAX) this.latest = this.latest.slice(-REFS_MAX);
    this.latest.push(ref);
    for (let at = 0; at < values.length; at += 1) this.aggregate.add(values[at]!);
    return this.holds(this.aggregate.value);
  }

  private drop(): void {
    const value = this.values[this.head]!;
    if (typeof value === 'object') for (const each of value) this.aggregate.remove(each);
    else this.aggregate.remove(value);
    this.head += 1;
  }

  refs(): R[] {
    return this.latest.slice(-Math.min(this.times.length - this.head, REFS_MAX));
  }

  dump({ encode }: RefCodec<R>): unknown {
    return { times: this.times.slice(this.head), values: this.values.slice(this.head), latest: this.refs().map(encode) };
  }

  load(state: unknown, { decode }: RefCodec<R>): void {
    const { times, values, latest } = state as { times: number[]; values: (Value | readonly Value[])[]; latest: unknown[] };
    this.times = [...times];
    this.values = [...values];
    this.latest = latest.map(decode);
    for (const value of values) for (const each of typeof value === 'object' ? value : [value]) this.aggregate.add(each);
  }
}

/** When each rule was last seen. */
class SeenState<R> implements GroupState<R> {
  private readonly times: number[];
  private readonly events: (R | null)[];
  private now = 0;
  constructor(rules: number, private readonly spanMs: number, private readonly holds: (has: (rule: number) => boolean, count: number) => boolean) {
    this.times = Array.from({ length: rules }, () => Number.NEGATIVE_INFINITY);
    this.events = Array.from({ length: rules }, () => null);
  }

  observe({ rule, time, ref }: Observation<R>): boolean {
    this.times[rule] = time;
    this.events[rule] = ref;
    this.now = time;
    const has = (each: number): boolean => this.times[each]! >= time - this.spanMs;
    let count = 0;
    for (let each = 0; each < this.times.length; each += 1) if (has(each)) count += 1;
    return this.holds(has, count);
  }

  refs(): R[] {
    return [...new Set(this.events.filter((ref, rule): ref is R => ref !== null && this.times[rule]! >= this.now - this.spanMs))];
  }

  dump({ encode }: RefCodec<R>): unknown {
    return { times: [...this.times], events: this.events.map((ref) => (ref === null ? null : encode(ref))), now: this.now };
  }

  load(state: unknown, { decode }: RefCodec<R>): void {
    const { times, events, now } = state as { times: number[]; events: unknown[]; now: number };
    times.forEach((time, rule) => { this.times[rule] = time; });
    events.forEach((saved, rule) => { this.events[rule] = saved === null ? null : decode(saved); });
    this.now = now;
  }
}

/** Of every beginning of the sequence the latest time it can have started; events of the same time are in order. */
class OrderedState<R> implements GroupState<R> {
  private readonly started: number[];
  private readonly chains: R[][];
  constructor(rules: number, private readonly spanMs: number) {
    this.started = Array.from({ length: rules }, () => Number.NEGATIVE_INFINITY);
    this.chains = Array.from({ length: rules }, () => []);
  }

  observe({ rule, time, ref }: Observation<R>): boolean {
    if (rule === 0) {
      this.started[0] = time;
      this.chains[0] = [ref];
    } else if (this.started[rule - 1]! >= time - this.spanMs) {
      this.started[rule] = this.started[rule - 1]!;
      this.chains[rule] = [...this.chains[rule - 1]!, ref];
    } else return false;
    return rule === this.started.length - 1;
  }

  refs(): R[] {
    return [...new Set(this.chains.at(-1)!)].slice(-REFS_MAX);
  }

  dump({ encode }: RefCodec<R>): unknown {
    return { started: [...this.started], chains: this.chains.map((chain) => chain.map(encode)) };
  }

  load(state: unknown, { decode }: RefCodec<R>): void {
    const { started, chains } = state as { started: number[]; chains: unknown[][] };
    started.forEach((time, rule) => { this.started[rule] = time; });
    chains.forEach((chain, rule) => { this.chains[rule] = chain.map(decode); });
  }
}
