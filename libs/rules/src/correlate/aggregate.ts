import type { Bound, CorrelationType, SigmaCorrelation } from '../language/rule-model.js';

/** What a window's observations come to; values come and go one by one. */
export interface Aggregate { add(value: string | number): void; remove(value: string | number): void; readonly value: number }

export function createAggregate(type: CorrelationType, percentile: number): Aggregate {
  switch (type) {
    case 'value_count': return new Distinct();
    case 'value_sum': return new Sum(false);
    case 'value_avg': return new Sum(true);
    case 'value_percentile': return new Rank(percentile);
    case 'value_median': return new Rank(50);
    default: return new Count();
  }
}

class Count implements Aggregate {
  value = 0;
  add(): void { this.value += 1; }
  remove(): void { this.value -= 1; }
}

class Distinct implements Aggregate {
  private readonly seen = new Map<string | number, number>();
  add(value: string | number): void {
    this.seen.set(value, (this.seen.get(value) ?? 0) + 1);
  }
  remove(value: string | number): void {
    const left = (this.seen.get(value) ?? 1) - 1;
    if (left === 0) this.seen.delete(value);
    else this.seen.set(value, left);
  }
  get value(): number {
    return this.seen.size;
  }
}

/** Neumaier's compensated sum (1974): adding and removing for days does not drift. */
class Sum implements Aggregate {
  private count = 0;
  private sum = 0;
  private rest = 0;
  constructor(private readonly isMean: boolean) {}
  add(value: string | number): void {
    this.count += 1;
    this.put(Number(value));
  }
  remove(value: string | number): void {
    this.count -= 1;
    if (this.count === 0) this.sum = this.rest = 0;
    else this.put(-Number(value));
  }
  private put(value: number): void {
    const next = this.sum + value;
    this.rest += Math.abs(this.sum) >= Math.abs(value) ? this.sum - next + value : value - next + this.sum;
    this.sum = next;
  }
  get value(): number {
    return (this.sum + this.rest) / (this.isMean ? this.count : 1);
  }
}

/** Linear between the two nearest ranks (Hyndman & Fan 1996, type 7), as ClickHouse's quantileExactInclusive. */
class Rank implements Aggregate {
  private readonly sorted: number[] = [];
  constructor(private readonly percentile: number) {}
  add(value: string | number): void {
    this.sorted.splice(this.place(Number(value)), 0, Number(value));
  }
  remove(value: string | number): void {
    this.sorted.splice(this.place(Number(value)), 1);
  }
  private place(value: number): number {
    let low = 0;
    let high = this.sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.sorted[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  get value(): number {
    const at = ((this.sorted.length - 1) * this.percentile) / 100;
    const low = Math.floor(at);
    const below = this.sorted[low] ?? Number.NaN;
    return below + (at - low) * ((this.sorted[low + 1] ?? below) - below);
  }
}

export function fulfils(value: number, bounds: readonly Bound[]): boolean {
  return bounds.every(({ operator, value: bound }) => {
    switch (operator) {
      case 'gt': return value > bound;
      case 'gte': return value >= bound;
      case 'lt': return value < bound;
      case 'lte': return value <= bound;
      case 'eq': return value === bound;
      case 'neq': return value !== bound;
    }
  });
}

const isUpper = ({ operator }: Bound): boolean => operator !== 'gt' && operator !== 'gte';
const hasNot = (seen: SigmaCorrelation['seen']): boolean => seen !== null && (seen.op === 'not' || (seen.op !== 'seen' && seen.of.some(hasNot)));
/** Whether more observations can make it false again: then only a whole window can be judged. */
export const isJudgedAtClose = ({ bounds, seen }: SigmaCorrelation): boolean => bounds.some(isUpper) || hasNot(seen);
