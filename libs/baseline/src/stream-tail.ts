/** A surprise is logarithmic, so 32 is the end of the world. Beyond the last bucket all are one. */
const BUCKETS = 640;
const BUCKETS_PER_UNIT = 20;
/** The part of the past that the fitted tail describes, and the least it needs. */
const TAIL_SHARE = 0.02;
const EXCEEDANCES_MIN = 10;
/** Decades by which the fitted tail may call a surprise rarer than its rank does. */
const BEYOND_RANK_MAX = 0.5;
/** Silent before it has seen this many. */
export const STREAM_TAIL_MIN = 30;

/** How often one stream's surprise was how large: `buckets` counts, `top` the highest bucket in use, `max` the largest, `n` how many. */
export interface StreamTail { n: number; top: number; max: number; readonly buckets: number[] }

export const createStreamTail = (): StreamTail => ({ n: 0, top: 0, max: 0, buckets: new Array<number>(BUCKETS).fill(0) });

const bucketOf = (surprise: number): number => Math.min(BUCKETS - 1, Math.floor(surprise * BUCKETS_PER_UNIT));

/**
 * −log10 of the tail probability of `surprise` against the stream's own past: the mean of two estimates' strengths, since each fails alone.
 * The rank knows what has come before, but not how far beyond it this one is; an exponential over the excess of the largest fiftieth (peaks
 * over threshold, Pickands 1975, shape 0, for the surprise is logarithmic) knows how far, but calls a rare regular burst unheard of:
 * so it may exceed the rank by half a decade only. What has come back every day is not rare, however far out it lies.
 * 0 among the lower forty-nine fiftieths, and while there is too little past.
 */
export function tailStrength({ n, top, max, buckets }: StreamTail, surprise: number): number {
  if (n < STREAM_TAIL_MIN) return 0;
  const wanted = Math.max(EXCEEDANCES_MIN, n * TAIL_SHARE);
  const own = bucketOf(surprise);
  let exceedances = 0;
  let sum = 0;
  let above = 0;
  let bucket = top;
  for (; bucket >= 1 && exceedances < wanted; bucket -= 1) {
    const count = buckets[bucket]!;
    exceedances += count;
    sum += count * (bucket + 0.5);
    if (bucket >= own) above += count;
  }
  const start = (bucket + 1) / BUCKETS_PER_UNIT;
  if (surprise <= start || (bucket === 0 && own < 1)) return 0;
  // The scale is its upper two-sigma bound, never less than a bucket: ten exceedances say little, and a scale that is too small calls every record an anomaly.
  const mean = exceedances === 0 ? 0 : sum / exceedances / BUCKETS_PER_UNIT - start;
  const scale = Math.max(1 / BUCKETS_PER_UNIT, mean) * (1 + 2 / Math.sqrt(Math.max(1, exceedances)));
  const fitted = Math.log10((n + 1) / (exceedances + 1)) + ((surprise - start) / scale) * Math.LOG10E;
  const ranked = Math.log10((n + 1) / (above + 1)) + (Math.max(0, surprise - max) / scale) * Math.LOG10E;
  return (Math.min(fitted, ranked + BEYOND_RANK_MAX) + ranked) / 2;
}

export function learnTail(tail: StreamTail, surprise: number): void {
  const bucket = bucketOf(surprise);
  tail.buckets[bucket]! += 1;
  tail.n += 1;
  if (bucket > tail.top) tail.top = bucket;
  if (surprise > tail.max) tail.max = surprise;
}
