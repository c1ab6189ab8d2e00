/** Effects that are bet on, in standard deviations of an hour, up and down. */
const EFFECTS = [0.3, 0.6, 1.2, 2.4, -0.3, -0.6, -1.2, -2.4] as const;
/** A score beyond this says no more: a bet on a clipped score pays less, never more, so that its expectation stays at most one. */
const SCORE_MAX = 4;
/** e-values are held where sums of them are still exact. */
const LOG_MAX = 300;

/** For each effect: the sum over all starts of its e-process, the best start's, and what has come since that start. */
export interface EvidenceState { readonly sums: Float64Array; readonly best: Float64Array; readonly since: Float64Array; readonly n: Float64Array; readonly level: Float64Array; readonly hours: Float64Array }
/** `evidence` is log10 of the mixture; `direction` and the rest are of the effect that says most; `since` an hour. */
export interface Change { readonly evidence: number; readonly direction: 1 | -1; readonly since: number; readonly n: number; readonly mean: number; readonly hours: number }

const zeros = (): Float64Array => new Float64Array(EFFECTS.length);
export const createEvidence = (): EvidenceState => ({ sums: zeros(), best: zeros(), since: zeros().fill(Number.NaN), n: zeros(), level: zeros(), hours: zeros() });

/**
 * One more hour. For each effect δ the e-value of a score z is exp(δz − δ²/2), whose expectation is at most one while scores are standard
 * normal given the past; R ← (1 + R)·e sums e-processes over every hour at which the change may have begun (Shiryaev–Roberts), and the mean
 * over effects is an e-detector: the expected time to a false alarm at level c is at least c hours, whenever one looks and whenever one
 * stops (Shin, Ramdas & Rinaldo 2024, "E-detectors", Theorem 2.4).
 */
export function addHour(state: EvidenceState, hour: number, score: number, n: number, level: number): void {
  EFFECTS.forEach((effect, at) => {
    const z = effect > 0 ? Math.min(score, SCORE_MAX) : Math.max(score, -SCORE_MAX);
    const log = effect * z - (effect * effect) / 2;
    state.sums[at] = Math.min(10 ** LOG_MAX, (1 + state.sums[at]!) * Math.exp(log));
    // Where it began: since the last hour at which nothing spoke for a change (Page's CUSUM).
    if (state.best[at]! <= 0) { state.since[at] = hour; state.n[at] = 0; state.level[at] = 0; state.hours[at] = 0; }
    state.best[at] = Math.min(Math.max(0, state.best[at]! + log), LOG_MAX * Math.LN10);
    state.n[at]! += n;
    state.level[at]! += level;
    state.hours[at]! += 1;
  });
}

export function changeOf(state: EvidenceState): Change {
  let sum = 0;
  let most = 0;
  EFFECTS.forEach((_, at) => {
    sum += state.sums[at]!;
    if (state.sums[at]! > state.sums[most]!) most = at;
  });
  return {
    evidence: Math.log10(Math.max(1e-9, sum / EFFECTS.length)), direction: EFFECTS[most]! > 0 ? 1 : -1,
    since: state.since[most]!, n: state.n[most]!, mean: state.n[most]! > 0 ? state.level[most]! / state.n[most]! : Number.NaN, hours: state.hours[most]!,
  };
}

/** Nats by which an hour speaks for what was usual before, against the effect that says most of the change. */
export function againstChange(state: EvidenceState, score: number): number {
  let most = 0;
  EFFECTS.forEach((_, at) => { if (state.sums[at]! > state.sums[most]!) most = at; });
  const effect = EFFECTS[most]!;
  return (effect * effect) / 2 - effect * Math.max(-SCORE_MAX, Math.min(SCORE_MAX, score));
}
