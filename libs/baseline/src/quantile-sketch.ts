import type { Moments } from './count-baseline.js';
import { mix32 } from '@wary/model/hash32.js';

/** Bucket i holds (γ^(i−1), γ^i]: every value is known to 2.5 %. */
const GAMMA = 1.05;
const LOG_GAMMA = Math.log(GAMMA);
const BUCKET_MIN = -400;
const BUCKET_MAX = 1_000;

/** Bucket of a value; 0 and below share one. Integer, so that a sum of sketches does not depend on its order. */
export function bucketOf(value: number): number {
  if (!(value > 0)) return BUCKET_MIN;
  return Math.max(BUCKET_MIN + 1, Math.min(BUCKET_MAX, Math.ceil(Math.log(value) / LOG_GAMMA - 1e-9) + 0));
}

export const bucketValue = (bucket: number): number => (bucket <= BUCKET_MIN ? 0 : (2 * Math.exp(bucket * LOG_GAMMA)) / (1 + GAMMA));

/**
 * Half of a count; an odd one keeps its half or loses it by a hash. Rounding all down would make the rare values, which stand alone in
 * their buckets, vanish at once.
 */
export const halved = (count: number, bucket: number, salt: number): number => (count >> 1) + ((count & 1) & (mix32(Math.imul(bucket + 1_009, 0x9e3779b1) ^ salt) & 1));

/**
 * DDSketch (Masson, Rim & Lee 2019) with a fixed γ and integer counts in a dense window of buckets: mergeable in any order.
 * Halved when it holds more than `weightMax`, so that the past fades.
 */
export class QuantileSketch {
  private buckets: Int32Array = new Int32Array(0);
  private first = 0;
  private weight = 0;

  get n(): number {
    return this.weight;
  }

  add(bucket: number, count: number): void {
    this.reach(bucket);
    this.buckets[bucket - this.first]! += count;
    this.weight += count;
  }

  merge(other: QuantileSketch): void {
    for (let i = 0; i < other.buckets.length; i += 1) if (other.buckets[i]! > 0) this.add(other.first + i, other.buckets[i]!);
  }

  /** Value below which a share `q` of the weight lies; 0 when empty. */
  quantile(q: number): number {
    const target = q * this.weight;
    let seen = 0;
    for (let i = 0; i < this.buckets.length; i += 1) {
      seen += this.buckets[i]!;
      if (seen > 0 && seen >= target) return bucketValue(this.first + i);
    }
    return 0;
  }

  /** Share of the weight at or above a value's bucket. */
  shareFrom(value: number): number {
    if (this.weight === 0) return 0;
    const from = Math.max(0, bucketOf(value) - this.first);
    let above = 0;
    for (let i = from; i < this.buckets.length; i += 1) above += this.buckets[i]!;
    return above / this.weight;
  }

  /** Mean and variance of the values, or of their logarithms (then zeros are left out). Writes to `out`. */
  moments(out: Moments, logarithmic: boolean): void {
    let n = 0;
    let sum = 0;
    for (let i = 0; i < this.buckets.length; i += 1) {
      const bucket = this.first + i;
      if (logarithmic && bucket <= BUCKET_MIN) continue;
      const value = logarithmic ? (bucket - 0.5) * LOG_GAMMA : bucketValue(bucket);
      n += this.buckets[i]!;
      sum += this.buckets[i]! * value;
    }
    out.n = n;
    out.mean = n === 0 ? 0 : sum / n;
    let squares = 0;
    for (let i = 0; i < this.buckets.length; i += 1) {
      const bucket = this.first + i;
      if (logarithmic && bucket <= BUCKET_MIN) continue;
      const value = logarithmic ? (bucket - 0.5) * LOG_GAMMA : bucketValue(bucket);
      squares += this.buckets[i]! * (value - out.mean) ** 2;
    }
    out.variance = n === 0 ? 0 : squares / n;
  }

  /** `salt` differs from one halving to the next. */
  halve(salt: number): void {
    let weight = 0;
    for (let i = 0; i < this.buckets.length; i += 1) { this.buckets[i] = halved(this.buckets[i]!, this.first + i, salt); weight += this.buckets[i]!; }
    this.weight = weight;
  }

  private reach(bucket: number): void {
    if (this.buckets.length === 0) { this.buckets = new Int32Array(8); this.first = bucket; return; }
    const last = this.first + this.buckets.length - 1;
    if (bucket >= this.first && bucket <= last) return;
    const first = Math.min(this.first, bucket);
    const wider = new Int32Array(Math.max(last, bucket) - first + 1 + 4);
    wider.set(this.buckets, this.first - first);
    this.buckets = wider;
    this.first = first;
  }

  dump(): { first: number; buckets: Int32Array } {
    return { first: this.first, buckets: this.buckets.slice() };
  }

  static load(state: { first: number; buckets: Int32Array }): QuantileSketch {
    const sketch = new QuantileSketch();
    sketch.first = state.first;
    sketch.buckets = state.buckets.slice();
    for (const count of state.buckets) sketch.weight += count;
    return sketch;
  }
}
