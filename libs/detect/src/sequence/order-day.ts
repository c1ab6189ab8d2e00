import type { RecordReader, RecordWriter } from '../record-writer.js';
import { actKey, pairKey, START, tripleKey } from './order-model.js';

/** Different steps of a day, and steps in all, that are kept; what comes after is neither judged nor learned. */
export const DAY_STEPS_MAX = 96;
const DAY_PATH_MAX = 600;
const HEAD_WORDS = 12;
const STEP_WORDS = 6;

/** An act, what came before it and before that; how often today; and what its pair said when it came first, in decades. */
export interface OrderStep { readonly earlier: number; readonly before: number; readonly act: number; count: number; readonly decades: number }

/** The order in which an entity has done things on one day. Runs of one act count once. Lives and dies with its day window. */
export class OrderDay {
  /** The largest sum over steps in a row (a CUSUM of likelihood ratios) beyond `usual`, what the entity's days have lately said. Only grows. */
  score = 0;
  earlier = START;
  before = START;
  lastTime = Number.NEGATIVE_INFINITY;
  private sum = 0;
  readonly steps: OrderStep[] = [];
  /** Places of the steps, one after the other. */
  private readonly path: number[] = [];

  constructor(private readonly usual = 0) {}

  /** The largest sum, where it is beyond the usual. */
  get most(): number {
    return this.score > 0 ? this.score + this.usual : 0;
  }

  /** What an act says here and how often its pair came today. */
  private pairOf(before: number, act: number): { readonly count: number; readonly decades: number } {
    let [count, decades] = [0, 0];
    for (const step of this.steps) {
      if (step.act !== act || step.before !== before) continue;
      if (count === 0) decades = step.decades;
      count += step.count;
    }
    return { count, decades };
  }

  /**
   * Takes an act; true when the score has grown. What a pair said first counts in full, and half, a third … when it comes again that day: a power
   * between 0 and 1 of an e-value is one too, and what is done once in an odd way is often done so again.
   */
  take(act: number, decadesOf: (earlier: number, before: number) => number): boolean {
    const { earlier, before, steps, path } = this;
    this.earlier = before;
    this.before = act;
    if (path.length >= DAY_PATH_MAX) return false;
    const { count, decades: first } = this.pairOf(before, act);
    const decades = count === 0 ? decadesOf(earlier, before) : first;
    let at = steps.findIndex((step) => step.act === act && step.before === before && step.earlier === earlier);
    if (at < 0) {
      if (steps.length >= DAY_STEPS_MAX) return false;
      at = steps.push({ earlier, before, act, count: 0, decades }) - 1;
    }
    steps[at]!.count += 1;
    path.push(at);
    this.sum = Math.max(0, this.sum + decades / (count + 1));
    if (this.sum - this.usual <= this.score) return false;
    this.score = this.sum - this.usual;
    return true;
  }

  /** The score as it would be without some pairs. */
  without(left: ReadonlySet<number>): number {
    const counts = new Map<number, number>();
    let [sum, most] = [0, 0];
    for (const at of this.path) {
      const { before, act, decades } = this.steps[at]!;
      const pair = pairKey(before, act);
      if (left.has(pair)) continue;
      const count = (counts.get(pair) ?? 0) + 1;
      counts.set(pair, count);
      sum = Math.max(0, sum + decades / count);
      most = Math.max(most, sum);
    }
    return Math.max(0, most - this.usual);
  }

  /** Pairs that speak, strongest first, each with what it has said in all. */
  strongest(): OrderStep[] {
    const pairs = new Map<number, OrderStep>();
    for (const step of this.steps) {
      const pair = pairKey(step.before, step.act);
      const known = pairs.get(pair);
      if (known === undefined) pairs.set(pair, { ...step });
      else known.count += step.count;
    }
    return [...pairs.values()].filter(({ decades }) => decades > 0).map((step) => ({ ...step, decades: step.decades * harmonic(step.count) })).sort((a, b) => b.decades - a.decades || a.act - b.act || a.before - b.before);
  }

  /** What the day teaches: acts, pairs, triples and how often each context was there. */
  counts(): Map<number, number> {
    const counts = new Map<number, number>();
    for (const { earlier, before, act, count } of this.steps) {
      for (const key of [actKey(act), actKey(0), pairKey(before, act), pairKey(before, 0), tripleKey(earlier, before, act), tripleKey(earlier, before, 0)]) counts.set(key, (counts.get(key) ?? 0) + count);
    }
    return counts;
  }

  /** Words that `write` takes at most. */
  get words(): number {
    return HEAD_WORDS + this.steps.length * STEP_WORDS + Math.ceil(this.path.length / 4);
  }

  /** Into a record that has room for it. */
  write(out: RecordWriter): void {
    const { steps, path } = this;
    for (const value of [this.usual, this.score, this.sum, this.lastTime]) out.double(value);
    for (const word of [this.earlier, this.before, steps.length, path.length]) { out.words[out.at] = word; out.at += 1; }
    for (const { earlier, before, act, count, decades } of steps) {
      for (const word of [earlier, before, act, count]) { out.words[out.at] = word; out.at += 1; }
      out.double(decades);
    }
    for (let at = 0; at < path.length; at += 4) {
      out.words[out.at] = (path[at]! | ((path[at + 1] ?? 0) << 8) | ((path[at + 2] ?? 0) << 16) | ((path[at + 3] ?? 0) << 24)) >>> 0;
      out.at += 1;
    }
  }

  static read(from: RecordReader): OrderDay {
    const day = new OrderDay(from.double());
    day.score = from.double();
    day.sum = from.double();
    day.lastTime = from.double();
    day.earlier = from.word();
    day.before = from.word();
    const [steps, length] = [from.word(), from.word()];
    for (let left = steps; left > 0; left -= 1) day.steps.push({ earlier: from.word(), before: from.word(), act: from.word(), count: from.word(), decades: from.double() });
    for (let at = 0; at < length; at += 4) {
      const word = from.word();
      for (let i = 0; i < 4 && at + i < length; i += 1) day.path.push((word >>> (8 * i)) & 0xff);
    }
    return day;
  }
}

/** 1 + ½ + ⅓ + … */
function harmonic(count: number): number {
  let sum = 0;
  for (let i = 1; i <= count; i += 1) sum += 1 / i;
  return sum;
}
