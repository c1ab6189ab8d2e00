import type { RecordReader, RecordWriter } from '../record-writer.js';
import { actKey, pairKey, START, tripleKey } from './order-model.js';
import type { StepCounts } from './step-counts.js';

/** Different steps of a day, and steps in all, that are kept; what comes after is neither judged nor learned. */
export const DAY_STEPS_MAX = 96;
const DAY_PATH_MAX = 600;
const HEAD_WORDS = 12;
const STEP_WORDS = 6;
/** A day with more steps than this is not kept for others: most have a handful. */
const SPARE_STEPS_MAX = 24;

/** An act, what came before it and before that; how often today; and what its pair said when it came first, in decades. */
export interface OrderStep { readonly earlier: number; readonly before: number; readonly act: number; count: number; readonly decades: number }

/** Numbers of a step as it is kept: earlier, before, act, count, decades. */
const STEP_NUMBERS = 5;
/** Days that nobody has at the moment: an entity's wakes and rests with it. */
const spare: OrderDay[] = [];
const SPARE_MAX = 1_024;

/** Says what an act is worth after two others, in decades. */
export interface StepJudge { decadesOf(earlier: number, before: number, act: number): number }

/** The order in which an entity has done things on one day. Runs of one act count once. Lives and dies with its day window. */
export class OrderDay {
  /** The largest sum over steps in a row (a CUSUM of likelihood ratios) beyond `usual`, what the entity's days have lately said. Only grows. */
  score = 0;
  earlier = START;
  before = START;
  lastTime = Number.NEGATIVE_INFINITY;
  private sum = 0;
  /** Steps side by side, with room for more: no object for each. */
  private readonly numbers: number[] = [];
  private stepCount = 0;
  /** Places of the steps, one after the other. */
  private readonly path: number[] = [];
  private pathLength = 0;

  /** What the entity's days have lately said. */
  private usual = 0;

  /** The largest sum, where it is beyond the usual. */
  get most(): number {
    return this.score > 0 ? this.score + this.usual : 0;
  }

  static begin(usual = 0): OrderDay {
    const day = spare.pop() ?? new OrderDay();
    day.usual = usual;
    return day;
  }

  /** Nobody has it any more. */
  static release(day: OrderDay): void {
    if (spare.length >= SPARE_MAX || day.stepCount > SPARE_STEPS_MAX) return;
    day.score = day.sum = day.stepCount = day.pathLength = 0;
    day.earlier = day.before = START;
    day.lastTime = Number.NEGATIVE_INFINITY;
    spare.push(day);
  }

  /** Steps in the order in which they came first. */
  get steps(): OrderStep[] {
    const { numbers } = this;
    return Array.from({ length: this.stepCount }, (_, step) => {
      const at = step * STEP_NUMBERS;
      return { earlier: numbers[at]!, before: numbers[at + 1]!, act: numbers[at + 2]!, count: numbers[at + 3]!, decades: numbers[at + 4]! };
    });
  }

  /**
   * Takes an act; true when the score has grown. What a pair said first counts in full, and half, a third … when it comes again that day: a power
   * between 0 and 1 of an e-value is one too, and what is done once in an odd way is often done so again.
   */
  take(act: number, judge: StepJudge): boolean {
    const { earlier, before, numbers } = this;
    this.earlier = before;
    this.before = act;
    if (this.pathLength >= DAY_PATH_MAX) return false;
    // How often the pair came today, what it said first, and the step's place.
    let count = 0;
    let decades = 0;
    let step = -1;
    for (let each = 0; each < this.stepCount; each += 1) {
      const at = each * STEP_NUMBERS;
      if (numbers[at + 2] !== act || numbers[at + 1] !== before) continue;
      if (count === 0) decades = numbers[at + 4]!;
      count += numbers[at + 3]!;
      if (numbers[at] === earlier) step = each;
    }
    if (count === 0) decades = judge.decadesOf(earlier, before, act);
    if (step < 0) {
      if (this.stepCount >= DAY_STEPS_MAX) return false;
      step = this.add(earlier, before, act, 0, decades);
    }
    numbers[step * STEP_NUMBERS + 3]! += 1;
    this.path[this.pathLength] = step;
    this.pathLength += 1;
    this.sum = Math.max(0, this.sum + decades / (count + 1));
    if (this.sum - this.usual <= this.score) return false;
    this.score = this.sum - this.usual;
    return true;
  }

  private add(earlier: number, before: number, act: number, count: number, decades: number): number {
    const { numbers } = this;
    const at = this.stepCount * STEP_NUMBERS;
    numbers[at] = earlier;
    numbers[at + 1] = before;
    numbers[at + 2] = act;
    numbers[at + 3] = count;
    numbers[at + 4] = decades;
    this.stepCount += 1;
    return this.stepCount - 1;
  }

  /** The score as it would be without some pairs. */
  without(left: ReadonlySet<number>): number {
    const counts = new Map<number, number>();
    let [sum, most] = [0, 0];
    const { steps } = this;
    for (const at of this.path.slice(0, this.pathLength)) {
      const { before, act, decades } = steps[at]!;
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

  /** What the day teaches: acts, pairs, triples and how often each context was there, each once, in the order in which they came. */
  countInto(counts: StepCounts): void {
    const { numbers } = this;
    for (let step = 0; step < this.stepCount; step += 1) {
      const at = step * STEP_NUMBERS;
      const earlier = numbers[at]!;
      const before = numbers[at + 1]!;
      const act = numbers[at + 2]!;
      const count = numbers[at + 3]!;
      counts.add(actKey(act), count);
      counts.add(ANY_ACT, count);
      counts.add(pairKey(before, act), count);
      counts.add(pairKey(before, 0), count);
      counts.add(tripleKey(earlier, before, act), count);
      counts.add(tripleKey(earlier, before, 0), count);
    }
  }

  /** Words that `write` takes at most. */
  get words(): number {
    return HEAD_WORDS + this.stepCount * STEP_WORDS + Math.ceil(this.pathLength / 4);
  }

  /** Into a record that has room for it. */
  write(out: RecordWriter): void {
    const { numbers, path, stepCount, pathLength } = this;
    out.double(this.usual);
    out.double(this.score);
    out.double(this.sum);
    out.double(this.lastTime);
    const { words } = out;
    words[out.at] = this.earlier;
    words[out.at + 1] = this.before;
    words[out.at + 2] = stepCount;
    words[out.at + 3] = pathLength;
    out.at += 4;
    for (let step = 0; step < stepCount; step += 1) {
      const at = step * STEP_NUMBERS;
      for (let i = 0; i < 4; i += 1) words[out.at + i] = numbers[at + i]!;
      out.at += 4;
      out.double(numbers[at + 4]!);
    }
    for (let at = 0; at < pathLength; at += 4) {
      let word = 0;
      for (let i = 0; i < 4 && at + i < pathLength; i += 1) word |= path[at + i]! << (8 * i);
      words[out.at] = word;
      out.at += 1;
    }
  }

  static read(from: RecordReader): OrderDay {
    const day = OrderDay.begin(from.double());
    day.score = from.double();
    day.sum = from.double();
    day.lastTime = from.double();
    day.earlier = from.word();
    day.before = from.word();
    const steps = from.word();
    const length = from.word();
    for (let step = 0; step < steps; step += 1) {
      const { words, at } = from;
      from.at += 4;
      day.add(words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!, from.double());
    }
    for (let at = 0; at < length; at += 4) {
      const word = from.word();
      for (let i = 0; i < 4 && at + i < length; i += 1) day.path[at + i] = (word >>> (8 * i)) & 0xff;
    }
    day.pathLength = length;
    return day;
  }
}

const ANY_ACT = actKey(0);

/** 1 + ½ + ⅓ + … */
function harmonic(count: number): number {
  let sum = 0;
  for (let i = 1; i <= count; i += 1) sum += 1 / i;
  return sum;
}
