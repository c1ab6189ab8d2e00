import type { SigmaCorrelation } from '../language/rule-model.js';
import { createAggregate, fulfils, type Aggregate } from './aggregate.js';
import { isSeen, type Observation } from './group-state.js';

const REFS_MAX = 100;

/** A window that begins with a group's first event and is judged as a whole when its timespan has passed. */
export class ClosedWindow {
  private readonly aggregate: Aggregate;
  private readonly seen = new Set<number>();
  private readonly events: number[] = [];
  private observations = 0;
  readonly closesAt: number;

  constructor(private readonly correlation: SigmaCorrelation, from: number) {
    this.aggregate = createAggregate(correlation.type, correlation.percentile);
    this.closesAt = from + correlation.timespanMs;
  }

  observe({ rule, ref, values }: Observation): void {
    this.observations += 1;
    this.seen.add(rule);
    for (const value of values) this.aggregate.add(value);
    this.events.push(ref);
    if (this.events.length > REFS_MAX) this.events.shift();
  }

  judge(): boolean {
    const { type, bounds, seen, rules } = this.correlation;
    if (type !== 'temporal') return fulfils(type === 'event_count' ? this.observations : this.aggregate.value, bounds);
    return seen === null ? fulfils(this.seen.size, bounds) : isSeen(seen, (rule) => this.seen.has(rules.indexOf(rule)));
  }

  refs(): number[] {
    return [...this.events];
  }
}
