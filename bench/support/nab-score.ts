/**
 * NAB's scoring, from its description (Lavin & Ahmad 2015, "Evaluating Real-time Anomaly Detection Algorithms", §III): the first and best
 * detection in a window counts by a sigmoid that rewards earliness, every row flagged outside costs by its distance to the window before it, a window without a
 * detection costs too. The first min(15 %, 750) rows of a file are probation and count for nothing.
 */
export interface NabFile { readonly name: string; readonly folder: string; readonly timestamps: readonly string[]; readonly values: readonly number[]; /** First and last row. */ readonly windows: readonly (readonly [number, number])[] }
export interface Profile { readonly found: number; readonly falseAlarm: number; readonly missed: number }
export const PROFILES = {
  standard: { found: 1, falseAlarm: 0.11, missed: 1 },
  'reward low false positives': { found: 1, falseAlarm: 0.22, missed: 1 },
  'reward low false negatives': { found: 1, falseAlarm: 0.11, missed: 2 },
} as const;

export const probationOf = (rows: number): number => Math.min(Math.floor(0.15 * rows), 750);

const sigmoid = (x: number): number => (x > 3 ? -1 : 2 / (1 + Math.exp(5 * x)) - 1);
const FULL = sigmoid(-1);

/** What each threshold is worth: going down from the highest, `steps` add up from `base`. */
export interface Curve { readonly base: number; readonly perfect: number; readonly steps: readonly (readonly [threshold: number, gain: number])[] }

export function curveOf({ values, windows }: NabFile, scores: ArrayLike<number>, { found, falseAlarm, missed }: Profile): Curve {
  const rows: number[] = [];
  for (let row = probationOf(values.length); row < values.length; row += 1) if (scores[row]! > 0) rows.push(row);
  rows.sort((a, b) => scores[b]! - scores[a]!);
  const best = new Map<number, number>();
  const steps: [number, number][] = [];
  for (const row of rows) {
    const window = windows.findIndex(([from, to]) => row >= from && row <= to);
    if (window < 0) {
      const before = windows.findLast(([, to]) => to < row);
      steps.push([scores[row]!, falseAlarm * (before === undefined ? -1 : sigmoid((row - before[1]) / (before[1] - before[0])))]);
      continue;
    }
    const [from, to] = windows[window]!;
    const worth = (found * sigmoid(-(to - row + 1) / (to - from + 1))) / FULL;
    const had = best.get(window);
    if (had !== undefined && had >= worth) continue;
    best.set(window, worth);
    steps.push([scores[row]!, had === undefined ? worth + missed : worth - had]);
  }
  return { base: -missed * windows.length, perfect: found * windows.length, steps };
}

export function valueAt({ base, steps }: Curve, threshold: number): number {
  let value = base;
  for (const [at, gain] of steps) {
    if (at < threshold) break;
    value += gain;
  }
  return value;
}

/** The threshold that is best for these files together. */
export function bestThreshold(curves: readonly Curve[]): number {
  const steps = curves.flatMap((curve) => curve.steps).sort((a, b) => b[0] - a[0]);
  let value = 0;
  let best = 0;
  let threshold = Infinity;
  for (let i = 0; i < steps.length; i += 1) {
    value += steps[i]![1];
    if (steps[i + 1]?.[0] === steps[i]![0]) continue;
    if (value <= best) continue;
    best = value;
    threshold = steps[i]![0];
  }
  return threshold;
}

/** 0 for saying nothing, 100 for every window at its first row and nothing else. */
export function normalised(curves: readonly Curve[], thresholdOf: (index: number) => number): number {
  const base = curves.reduce((sum, curve) => sum + curve.base, 0);
  const perfect = curves.reduce((sum, curve) => sum + curve.perfect, 0);
  const value = curves.reduce((sum, curve, i) => sum + valueAt(curve, thresholdOf(i)), 0);
  return (100 * (value - base)) / (perfect - base);
}
