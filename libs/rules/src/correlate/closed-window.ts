import type { SigmaCorrelation } from '../language/rule-model.js';
import { createAggregate, fulfils, type Aggregate } from './aggregate.js';
import type { RefCodec } from './correlation-limits.js';
import { isSeen, type Observation } from './group-state.js';

const REFS_MAX = 100;

/** A window that begins with a group's first event and is judged as a whole when its timespan has passed. */
export class ClosedWindow<R = number> {
  private readonly aggregate: Aggregate;
  private readonly seen = new Set<number>();
  private readonly values: (string | number)[] = [];
  private readonly events: R[] = [];
  private observations = 0;
  readonly closesAt: number;

  constructor(private readonly correlation: SigmaCorrelation, private readonly from: number) {
    this.aggregate = createAggregate(correlation.type, correlation.percentile);
    this.closesAt = from + correlation.timespanMs;
  }

  observe({ rule, ref, values }: Observation<R>): void {
    this.observations += 1;
    this.seen.add(rule);
    if (this.correlation.type.startsWith('value_')) for (const value of values) this.put(value);
    this.events.push(ref);
    if (this.events.length > REFS_MAX) this.events.shift();
  }

  judge(): boolean {
    const { type, bounds, seen, rules } = this.correlation;
    if (type !== 'temporal') return fulfils(type === 'event_count' ? this.observations : this.aggregate.value, bounds);
    return seen === null ? fulfils(this.seen.size, bounds) : isSeen(seen, (rule) => this.seen.has(rules.indexOf(rule)));
  }

  refs(): R[] {
    return [...this.events];
  }

  dump({ encode }: RefCodec<R>): unknown {
    return { from: this.from, observations: this.observations, seen: [...this.seen], values: [...this.values], events: this.events.map(encode) };
  }

  static load<R>(correlation: SigmaCorrelation, state: unknown, { decode }: RefCodec<R>): ClosedWindow<R> {
    const { from, observations, seen, values, events } = state as { from: number; observations: number; seen: number[]; values: (string | number)[]; events: unknown[] };
    const window = new ClosedWindow<R>(correlation, from);
    window.observations = observations;
    for (const rule of seen) window.seen.add(rule);
    for (const value of values) window.put(value);
    for (const each of events) window.events.push(decode(each));
    return window;
  }

  /** The values themselves are kept too: what an aggregate holds does not say what it was made of. */
  private put(value: string | number): void {
    this.values.push(value);
    this.aggregate.add(value);
  }
}
