/** What a stream says of a model: what comes in, what it answers, how sure it is, how it runs, and whether it was right. */
export type DriftFamily = 'input' | 'prediction' | 'confidence' | 'operation' | 'label';

/** How values of a stream are added up: shares as 0 and 1; sizes on a log scale; confidence in thousandths. Whole numbers, so that hours add up in any order. */
export type DriftScale = 'share' | 'log' | 'signed-log' | 'thousandths';

export interface DriftStream { readonly family: DriftFamily; readonly scale: DriftScale; /** What a person calls it. */ readonly label: string; readonly unit: string }

/** Steps of a doubling: a value is known to about two hundredths. */
const STEPS = 32;

/** Keys are published with each hour, so they are short. */
const FIXED: Readonly<Record<string, DriftStream>> = {
  in: { family: 'input', scale: 'log', label: 'input length', unit: 'tokens' },
  inj: { family: 'input', scale: 'share', label: 'inputs that read like an injection', unit: '%' },
  pii: { family: 'input', scale: 'share', label: 'inputs with personal data', unit: '%' },
  out: { family: 'prediction', scale: 'log', label: 'answer length', unit: 'tokens' },
  ref: { family: 'prediction', scale: 'share', label: 'refused answers', unit: '%' },
  len: { family: 'prediction', scale: 'share', label: 'answers cut off at the limit', unit: '%' },
  tool: { family: 'prediction', scale: 'share', label: 'answers that call a tool', unit: '%' },
  conf: { family: 'confidence', scale: 'thousandths', label: 'confidence', unit: '' },
  est: { family: 'confidence', scale: 'thousandths', label: 'estimated error', unit: '%' },
  err: { family: 'operation', scale: 'share', label: 'failed requests', unit: '%' },
  lat: { family: 'operation', scale: 'log', label: 'latency', unit: 'ms' },
  loss: { family: 'label', scale: 'share', label: 'wrong answers by later labels', unit: '%' },
};
export const FIXED_STREAMS: readonly string[] = Object.keys(FIXED);

/** Shares of the values of a category: `label=approve` of all with a `label`. */
export const parentOf = (key: string): string | null => { const at = key.indexOf('='); return at < 0 ? null : key.slice(0, at); };
export const FEATURE_PREFIX = 'f.';

/** `null`: counted for something else (the total of a category, a version, a bin of confidence, a release). */
export function streamOf(key: string): DriftStream | null {
  const fixed = Object.hasOwn(FIXED, key) ? FIXED[key]! : null;
  if (fixed !== null) return fixed;
  const parent = parentOf(key);
  if (parent !== null) {
    const value = key.slice(parent.length + 1);
    if (parent === 'label') return { family: 'prediction', scale: 'share', label: `label "${value}"`, unit: '%' };
    if (parent === 'for') return { family: 'input', scale: 'share', label: `purpose "${value}"`, unit: '%' };
    if (parent.startsWith(FEATURE_PREFIX)) return { family: 'input', scale: 'share', label: `feature ${parent.slice(FEATURE_PREFIX.length)} = "${value}"`, unit: '%' };
    return null;
  }
  return key.startsWith(FEATURE_PREFIX) ? { family: 'input', scale: 'signed-log', label: `feature ${key.slice(FEATURE_PREFIX.length)}`, unit: '' } : null;
}

/** Values to whole numbers. */
export const logStep = (value: number): number => Math.round(STEPS * Math.log2(1 + Math.max(0, value)));
export const signedLogStep = (value: number): number => Math.sign(value) * logStep(Math.abs(value));
export const thousandths = (share: number): number => Math.round(1_000 * Math.max(0, Math.min(1, share)));

/** The mean of a stream as a person reads it: a share in percent, a typical size (the mean on the log scale taken back). */
export function readable(scale: DriftScale, mean: number, unit: string): number {
  switch (scale) {
    case 'share': return mean * 100;
    case 'log': return 2 ** (mean / STEPS) - 1;
    case 'signed-log': return Math.sign(mean) * (2 ** (Math.abs(mean) / STEPS) - 1);
    case 'thousandths': return unit === '%' ? mean / 10 : mean / 1_000;
  }
}

/** Variance of single values that is always allowed for: about 7 % of a size, a hundredth of confidence. */
export function varianceFloor(scale: DriftScale): number {
  switch (scale) {
    case 'share': return 1e-4;
    case 'log': case 'signed-log': return 9;
    case 'thousandths': return 100;
  }
}
