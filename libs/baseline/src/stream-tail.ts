/** Buckets of a raw surprise; beyond the last they are one. */
const BUCKETS = 1_000;
const BUCKETS_PER_UNIT = 20;
/** The part of the past that the fitted tail describes, and the least it needs. */
const TAIL_SHARE = 0.02;
const EXCEEDANCES_MIN = 10;
/** Silent before it has seen this many. */
export const STREAM_TAIL_MIN = 30;

/** How often one stream's surprise was how large: `buckets` counts, `top` the highest bucket in use, `n` their sum. */
export interface StreamTail { n: number; top: number; readonly buckets: number[] }

export const createStreamTail = (): StreamTail => ({ n: 0, top: 0, buckets: new Array<number>(BUCKETS).fill(0) });

/**
 * −log10 of the tail probability of `surprise` against the stream's own past: its rank, and beyond the score that one in fifty exceeds an
 * exponential over the excess (peaks over threshold, Pickands 1975, shape 0, for the surprise is logarithmic). 0 while there is too little past.
 */
export function tailStrength(tail: StreamTail, surprise: number): number {
  if (tail.n < STREAM_TAIL_MIN) return 0;
  const wanted = Math.max(EXCEEDANCES_MIN, tail.n * TAIL_SHARE);
  let exceedances = 0;
  let sum = 0;
  let bucket = tail.top;
  for (; bucket >= 1 && exceedances < wanted; bucket -= 1) {
    const count = tail.buckets[bucket]!;
    exceedances += count;
    sum += count * (bucket + 0.5);
  }
  const start = (bucket + 1) / BUCKETS_PER_UNIT;
  const atStart = -Math.log10((exceedances + 1) / (tail.n + 1));
  if (surprise <= start || exceedances === 0) return surprise <= start ? 0 : atStart;
  // The scale is its upper one-sigma bound, never less than a bucket.
  const mean = sum / exceedances / BUCKETS_PER_UNIT - start;
  const scale = Math.max(1 / BUCKETS_PER_UNIT, mean) * (1 + 1 / Math.sqrt(exceedances));
  return atStart + ((surprise - start) / scale) * Math.LOG10E;
}

export function learnTail(tail: StreamTail, surprise: number): void {
  const bucket = Math.min(BUCKETS - 1, Math.floor(surprise * BUCKETS_PER_UNIT));
  tail.buckets[bucket]! += 1;
  tail.n += 1;
  if (bucket > tail.top) tail.top = bucket;
}
