import { CONFIDENCE_BINS, type StreamSums } from './drift-cells.js';

/** Labelled decisions that a bin of confidence remembers, and the weight of believing its confidence. */
const MEMORY_LABELS = 2_000;
const PRIOR_LABELS = 20;

/** How often decisions of each bin of confidence were wrong, and of how many that is known. */
export interface ErrorEstimate { readonly wrong: Float64Array; readonly labels: Float64Array }

export const createErrorEstimate = (): ErrorEstimate => ({ wrong: new Float64Array(CONFIDENCE_BINS), labels: new Float64Array(CONFIDENCE_BINS) });

/** The chance that a decision of this bin is wrong: what labels say, and as far as there are none, one minus its confidence. */
export function wrongChance({ wrong, labels }: ErrorEstimate, bin: number): number {
  const believed = 1 - (bin + 0.5) / CONFIDENCE_BINS;
  return (wrong[bin]! * labels[bin]! + believed * PRIOR_LABELS) / (labels[bin]! + PRIOR_LABELS);
}

/**
 * The error of an hour's decisions without their labels: confidence-based performance estimation, each bin of confidence corrected by what
 * labels that came later said of it (the idea of CBPE, Kula et al. 2021, by bins). In thousandths, as a stream of its own; null without confidence.
 */
export function estimateErrors(estimate: ErrorEstimate, streams: ReadonlyMap<string, StreamSums>): StreamSums | null {
  const all: StreamSums = { n: 0, sum: 0, squares: 0 };
  for (let bin = 0; bin < CONFIDENCE_BINS; bin += 1) {
    const n = streams.get(`c.${bin}`)?.n ?? 0;
    const each = 1_000 * wrongChance(estimate, bin);
    all.n += n;
    all.sum += n * each;
    all.squares += n * each * each;
  }
  return all.n === 0 ? null : all;
}

/** Labels teach after the hour was estimated. */
export function learnLabels({ wrong, labels }: ErrorEstimate, streams: ReadonlyMap<string, StreamSums>): void {
  for (let bin = 0; bin < CONFIDENCE_BINS; bin += 1) {
    const seen = streams.get(`t.${bin}`);
    if (seen === undefined) continue;
    const known = labels[bin]! + seen.n;
    wrong[bin]! += (seen.sum / seen.n - wrong[bin]!) * (seen.n / known);
    labels[bin] = Math.min(known, MEMORY_LABELS);
  }
}
