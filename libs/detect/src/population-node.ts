import { ADOPTION_COUNTS, type AdoptionTable } from '@wary/baseline/category-model.js';
import type { Moments } from '@wary/baseline/count-baseline.js';
import { halved, QuantileSketch } from '@wary/baseline/quantile-sketch.js';
import { SCORE_BUCKETS } from '@wary/baseline/score-calibration.js';
import { WEEK_HOURS } from '@wary/baseline/week-histogram.js';
import { BEHAVIOUR_COUNT } from './behaviour-weights.js';
import { PeerOrders } from './sequence/peer-orders.js';
import { CATEGORY_COUNT, FEATURE_COUNT, FEATURES, WINDOW_COUNT } from './features.js';
import type { RecordReader, RecordWriter } from './record-writer.js';
import { decodeState, encodeState } from './state-codec.js';

export const VALUE_CELLS = WINDOW_COUNT * FEATURE_COUNT;
export const SCORE_CELLS = WINDOW_COUNT * BEHAVIOUR_COUNT;
/** Windows and scores kept at full weight; beyond, everything of that window kind is halved, so that the past fades. */
const WINDOWS_MAX = [60_000, 30_000, 10_000] as const;

/** What peers do of an act: days with it, and sum and sum of squares of the count beyond the first. */
export interface ActStats { days: number; sum: number; squares: number }
/** Days of peers kept at full weight. */
const ACT_DAYS_MAX = 20_000;
/** No count adds more than this to the moments. */
export const ACT_COUNT_MAX = 4_096;

const ORDERS_VERSION = 1;

/** By value as a signed number, as acts are: a map finds those without making a number of them first. */
interface Adoptions extends AdoptionTable { readonly adopters: Map<number, number> }

/**
 * What a peer group (entities of one kind with one declared group), or a whole kind, is known to do: integer sketches only,
 * so that the sum over shards and hours does not depend on their order.
 */
export class PopulationNode {
  /** Entities that have closed a window in this group. */
  entities = 0;
  readonly windows: Float64Array = new Float64Array(WINDOW_COUNT);
  /** Windows that were scored, unusual or not. */
  readonly scored: Float64Array = new Float64Array(WINDOW_COUNT);
  /** Of these, by window kind and behaviour, those in which the behaviour could not speak yet, whatever happened: they have no rank among the others. */
  readonly mute: Float64Array = new Float64Array(SCORE_CELLS);
  readonly largest: Float64Array = new Float64Array(VALUE_CELLS);
  readonly week: Uint32Array = new Uint32Array(WEEK_HOURS);
  /** Non-zero values; the windows without one are the difference to `windows`. */
  private readonly sketches: (QuantileSketch | null)[] = new Array<QuantileSketch | null>(VALUE_CELLS).fill(null);
  private readonly scores: (Int32Array | null)[] = new Array<Int32Array | null>(SCORE_CELLS).fill(null);
  private readonly adoptions: (Adoptions | null)[] = new Array<Adoptions | null>(CATEGORY_COUNT).fill(null);
  /** Days of acts that were learned. */
  actDays = 0;
  private acts = new Map<number, ActStats>();
  /** In which order the peers do things. */
  readonly orders = new PeerOrders();
  private halvings = 0;
  /** Raised by each change, by window kind and for the week, for those who keep something derived. */
  readonly changes: Uint32Array = new Uint32Array(WINDOW_COUNT + 1);

  addValue(cell: number, bucket: number, count: number): void {
    (this.sketches[cell] ??= new QuantileSketch()).add(bucket, count);
  }

  addScore(cell: number, bucket: number, count: number): void {
    (this.scores[cell] ??= new Int32Array(SCORE_BUCKETS))[bucket]! += count;
  }

  /** What there is more of than is kept counts half: after a whole hour, so that the order within it does not matter. */
  fade(): void {
    for (let window = 0; window < WINDOW_COUNT; window += 1) {
      while (this.windows[window]! > WINDOWS_MAX[window]!) this.halveValues(window);
      while (this.scored[window]! > WINDOWS_MAX[window]!) this.halveScores(window);
    }
  }

  /** False when the group does not know the category yet, and knows as many of its kind as it may. */
  adopt(category: number, value: number, adopters: number, categoriesMax: number): boolean {
    const table = (this.adoptions[category] ??= { total: 0, kinds: 0, ofCount: new Int32Array(ADOPTION_COUNTS), adopters: new Map() });
    const before = table.adopters.get(value | 0) ?? 0;
    if (before === 0 && table.adopters.size >= categoriesMax) return false;
    table.adopters.set(value | 0, before + adopters);
    table.total += adopters;
    if (before === 0) table.kinds += 1;
    else table.ofCount[Math.min(before, ADOPTION_COUNTS - 1)]! -= 1;
    table.ofCount[Math.min(before + adopters, ADOPTION_COUNTS - 1)]! += 1;
    return true;
  }

  /** False when the group does not know the act yet, and knows as many as it may. Act 0 is a day. */
  learnAct(act: number, { days, sum, squares }: ActStats, actsMax: number): boolean {
    if (act === 0) { this.actDays += days; return true; }
    let stats = this.acts.get(act | 0);
    if (stats === undefined) {
      if (this.acts.size >= actsMax) return false;
      this.acts.set(act | 0, (stats = { days: 0, sum: 0, squares: 0 }));
    }
    stats.days += days;
    stats.sum += sum;
    stats.squares += squares;
    return true;
  }

  actStats(act: number): ActStats | null {
    return this.acts.get(act | 0) ?? null;
  }

  /** The past counts half, once there is more of it than is kept. */
  fadeActs(): void {
    while (this.actDays > ACT_DAYS_MAX) {
      this.actDays = Math.floor(this.actDays / 2);
      for (const [act, stats] of this.acts) {
        stats.days = Math.floor(stats.days / 2);
        stats.sum = Math.floor(stats.sum / 2);
        stats.squares = Math.floor(stats.squares / 2);
        if (stats.days === 0) this.acts.delete(act);
      }
    }
  }

  adopters(category: number, value: number): number {
    return this.adoptions[category]?.adopters.get(value | 0) ?? 0;
  }

  adoptionTable(category: number): AdoptionTable | null {
    return this.adoptions[category] ?? null;
  }

  /** Windows whose score of a behaviour has a rank. */
  ranked(cell: number): number {
    return this.scored[Math.floor(cell / BEHAVIOUR_COUNT)]! - this.mute[cell]!;
  }

  scoreBuckets(cell: number): Int32Array | null {
    return this.scores[cell] ?? null;
  }

  /** Moments over the group's windows: of counts with their zeros, of magnitudes on the log scale without. Writes to `out`. */
  moments(cell: number, out: Moments): void {
    const sketch = this.sketches[cell];
    const magnitude = FEATURES[cell % FEATURE_COUNT]!.kind === 'magnitude';
    const windows = this.windows[Math.floor(cell / FEATURE_COUNT)]!;
    if (sketch === null || sketch === undefined || sketch.n === 0) {
      out.n = magnitude ? 0 : windows;
      out.mean = 0;
      out.variance = 0;
      return;
    }
    sketch.moments(out, magnitude);
    if (magnitude) return;
    const share = Math.min(1, sketch.n / Math.max(windows, 1));
    const squares = share * (out.variance + out.mean * out.mean);
    out.mean *= share;
    out.variance = Math.max(0, squares - out.mean * out.mean);
    out.n = windows;
  }

  /** Share of the group's windows whose value is at least this. */
  shareFrom(cell: number, value: number): number {
    const sketch = this.sketches[cell];
    const windows = this.windows[Math.floor(cell / FEATURE_COUNT)]!;
    return sketch === null || sketch === undefined || windows === 0 ? 0 : (sketch.shareFrom(value) * sketch.n) / windows;
  }

  median(cell: number): number {
    const sketch = this.sketches[cell];
    if (sketch === null || sketch === undefined) return 0;
    const windows = this.windows[Math.floor(cell / FEATURE_COUNT)]!;
    const zeros = windows - sketch.n;
    return zeros >= windows / 2 ? 0 : sketch.quantile((windows / 2 - zeros) / sketch.n);
  }

  private halveValues(window: number): void {
    this.halvings += 1;
    this.windows[window] = Math.floor(this.windows[window]! / 2);
    for (let feature = 0; feature < FEATURE_COUNT; feature += 1) {
      const cell = window * FEATURE_COUNT + feature;
      this.sketches[cell]?.halve(this.halvings);
      // What only the faded half had seen is no longer the most that peers do.
      const top = this.sketches[cell]?.quantile(1) ?? 0;
      if (this.largest[cell]! > top * 1.05) this.largest[cell] = top;
    }
  }

  private halveScores(window: number): void {
    this.halvings += 1;
    this.scored[window] = Math.floor(this.scored[window]! / 2);
    for (let behaviour = 0; behaviour < BEHAVIOUR_COUNT; behaviour += 1) {
      const cell = window * BEHAVIOUR_COUNT + behaviour;
      this.mute[cell] = Math.floor(this.mute[cell]! / 2);
      const buckets = this.scores[cell];
      if (buckets === null || buckets === undefined) continue;
      for (let bucket = 0; bucket < SCORE_BUCKETS; bucket += 1) buckets[bucket] = halved(buckets[bucket]!, bucket, this.halvings);
    }
  }

  /** All of it as words; the same state gives the same words. */
  write(out: RecordWriter): void {
    for (const value of [this.entities, this.halvings, this.actDays, ...this.windows, ...this.scored, ...this.mute]) { out.reserve(2); out.double(value); }
    out.array(this.largest);
    out.array(this.week);
    out.list(this.scores, (buckets) => { out.array(buckets); });
    out.list(this.sketches, (sketch) => {
      const { first, buckets } = sketch.dump();
      out.word(first);
      out.array(buckets);
    });
    out.list(this.adoptions, ({ total, kinds, ofCount, adopters }) => {
      out.reserve(4);
      out.double(total);
      out.double(kinds);
      out.array(ofCount);
      out.array(Uint32Array.from(adopters.keys()));
      out.array(Float64Array.from(adopters.values()));
    });
    out.array(Uint32Array.from(this.acts.keys()));
    out.array(Float64Array.from([...this.acts.values()].flatMap(({ days, sum, squares }) => [days, sum, squares])));
    out.blob(encodeState(ORDERS_VERSION, this.orders.dump()));
  }

  read(from: RecordReader): void {
    this.entities = from.double();
    this.halvings = from.double();
    this.actDays = from.double();
    for (const column of [this.windows, this.scored]) for (let kind = 0; kind < WINDOW_COUNT; kind += 1) column[kind] = from.double();
    for (let cell = 0; cell < SCORE_CELLS; cell += 1) this.mute[cell] = from.double();
    this.largest.set(from.array(Float64Array));
    this.week.set(from.array(Uint32Array));
    from.list((cell) => { this.scores[cell] = from.array(Int32Array); });
    from.list((cell) => { this.sketches[cell] = QuantileSketch.load({ first: from.word() | 0, buckets: from.array(Int32Array) }); });
    from.list((category) => {
      const total = from.double();
      const kinds = from.double();
      const ofCount = from.array(Int32Array);
      const values = from.array(Uint32Array);
      const counts = from.array(Float64Array);
      const adopters = new Map<number, number>();
      values.forEach((value, at) => { adopters.set(value | 0, counts[at]!); });
      this.adoptions[category] = { total, kinds, ofCount, adopters };
    });
    const acts = from.array(Uint32Array);
    const stats = from.array(Float64Array);
    this.acts = new Map(Array.from(acts, (act, at) => [act | 0, { days: stats[at * 3]!, sum: stats[at * 3 + 1]!, squares: stats[at * 3 + 2]! }]));
    this.orders.load(decodeState(ORDERS_VERSION, from.blob()));
    for (let kind = 0; kind <= WINDOW_COUNT; kind += 1) this.changes[kind]! += 1;
  }
}
