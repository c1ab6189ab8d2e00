import type { SigmaCorrelation, Seen } from '../language/rule-model.js';
import { createAggregate, fulfils, type Aggregate } from './aggregate.js';
import type { CorrelatorCounts, CorrelatorLimits } from './correlation-limits.js';

/** One observation of a rule of the correlation: which (by its place in `rules`), when, of which event, with which values. */
export interface Observation { readonly rule: number; readonly time: number; readonly ref: number; readonly values: readonly (string | number)[] }
/** The state of one group: takes observations in the order of time, and says whether the condition holds then. */
export interface GroupState { observe(observation: Observation): boolean; /** Events that made it hold, the oldest first. */ refs(): number[] }
const REFS_MAX = 100;

export function createGroupState(correlation: SigmaCorrelation, limits: CorrelatorLimits, counts: CorrelatorCounts): GroupState {
  const { type, bounds, timespanMs, seen } = correlation;
  if (type === 'temporal_ordered') return new OrderedState(correlation.rules.length, timespanMs);
  if (type === 'temporal') {
    const positions = new Map(correlation.rules.map((rule, index) => [rule, index]));
    return new SeenState(correlation.rules.length, timespanMs, (has, count) => (seen !== null ? isSeen(seen, (rule) => has(positions.get(rule)!)) : bounds.length > 0 ? fulfils(count, bounds) : count === correlation.rules.length));
  }
  // Of a plain count only the last n times matter.
  const needed = type === 'event_count' ? Math.max(...bounds.map(({ operator, value }) => (operator === 'gt' ? Math.floor(value) + 1 : Math.ceil(value))), 1) : 0;
  return needed > 0 && needed <= limits.entriesMax ? new CountState(needed, timespanMs) : new SlidingState(createAggregate(type, correlation.percentile), timespanMs, (value) => fulfils(value, bounds), limits.entriesMax, counts);
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
class CountState implements GroupState {
  private readonly times: number[] = [];
  private readonly events: number[] = [];
  private next = 0;
  constructor(private readonly needed: number, private readonly spanMs: number) {}

  observe({ time, ref }: Observation): boolean {
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

  refs(): number[] {
    return [...this.events.slice(this.next), ...this.events.slice(0, this.next)].slice(-REFS_MAX);
  }
}

/** The observations of the last timespan and what they come to. */
class SlidingState implements GroupState {
  private times: number[] = [];
  private events: number[] = [];
  private values: (readonly (string | number)[])[] = [];
  private head = 0;
  constructor(private readonly aggregate: Aggregate, private readonly spanMs: number, private readonly holds: (value: number) => boolean, private readonly entriesMax: number, private readonly counts: CorrelatorCounts) {}

  observe({ time, ref, values }: Observation): boolean {
    while (this.head < this.times.length && this.times[this.head]! < time - this.spanMs) this.drop();
    if (this.times.length - this.head >= this.entriesMax) {
      this.drop();
      this.counts.forgottenEntries += 1;
    }
    if (this.head > 64 && this.head * 2 > this.times.length) {
      this.times = this.times.slice(this.head);
      this.events = this.events.slice(this.head);
      this.values = this.values.slice(this.head);
      this.head = 0;
    }
    this.times.push(time);
    this.events.push(ref);
    this.values.push(values);
    for (const value of values) this.aggregate.add(value);
    return this.holds(this.aggregate.value);
  }

  private drop(): void {
    for (const value of this.values[this.head]!) this.aggregate.remove(value);
    this.head += 1;
  }

  refs(): number[] {
    return this.events.slice(Math.max(this.head, this.events.length - REFS_MAX));
  }
}

/** When each rule was last seen. */
class SeenState implements GroupState {
  private readonly times: number[];
  private readonly events: number[];
  private now = 0;
  constructor(rules: number, private readonly spanMs: number, private readonly holds: (has: (rule: number) => boolean, count: number) => boolean) {
    this.times = Array.from({ length: rules }, () => Number.NEGATIVE_INFINITY);
    this.events = Array.from({ length: rules }, () => -1);
  }

  observe({ rule, time, ref }: Observation): boolean {
    this.times[rule] = time;
    this.events[rule] = ref;
    this.now = time;
    const has = (each: number): boolean => this.times[each]! >= time - this.spanMs;
    let count = 0;
    for (let each = 0; each < this.times.length; each += 1) if (has(each)) count += 1;
    return this.holds(has, count);
  }

  refs(): number[] {
    return [...new Set(this.events.filter((_, rule) => this.times[rule]! >= this.now - this.spanMs))];
  }
}

/** Of every beginning of the sequence the latest time it can have started; events of the same time are in order. */
class OrderedState implements GroupState {
  private readonly started: number[];
  private readonly chains: number[][];
  constructor(rules: number, private readonly spanMs: number) {
    this.started = Array.from({ length: rules }, () => Number.NEGATIVE_INFINITY);
    this.chains = Array.from({ length: rules }, () => []);
  }

  observe({ rule, time, ref }: Observation): boolean {
    if (rule === 0) {
      this.started[0] = time;
      this.chains[0] = [ref];
    } else if (this.started[rule - 1]! >= time - this.spanMs) {
      this.started[rule] = this.started[rule - 1]!;
      this.chains[rule] = [...this.chains[rule - 1]!, ref];
    } else return false;
    return rule === this.started.length - 1;
  }

  refs(): number[] {
    return [...new Set(this.chains.at(-1)!)].slice(-REFS_MAX);
  }
}
