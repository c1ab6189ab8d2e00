import { createStreamTail, learnTail, tailStrength, type StreamTail } from '@wary/baseline/stream-tail.js';

/** Raised when a state of an earlier version cannot be read. */
export const SERIES_VERSION = 1;
/** Rows over which a short mean is taken. */
const SHORT_ROWS = 10;
/** Rows after which the memory of an alarm has faded to a third. */
const REFRACTORY_ROWS = 300;
/** −log10 p at which a score is one half. */
const HALF_STRENGTH = 3;

interface View { mean: number; variance: number; n: number; readonly tail: StreamTail }
/** Plain and serialisable (JSON). */
export interface SeriesState { readonly version: number; rows: number; last: number; readonly recent: number[]; readonly views: View[]; peak: number }

const createView = (): View => ({ mean: 0, variance: 0, n: 0, tail: createStreamTail() });

export const createSeriesState = (): SeriesState => ({ version: SERIES_VERSION, rows: 0, last: 0, recent: [], views: [createView(), createView(), createView()], peak: 0 });

/** Scores one row against the past, then learns it: 0 usual … 1; a half is about one in a thousand for this series. The time is milliseconds. */
export function scoreSeries(state: SeriesState, _time: number, value: number): number {
  const step = state.rows === 0 ? 0 : value - state.last;
  state.recent.push(value);
  if (state.recent.length > SHORT_ROWS) state.recent.shift();
  let sum = 0;
  for (const each of state.recent) sum += each;
  let strength = 0;
  strength = Math.max(strength, scoreView(state.views[0]!, value));
  strength = Math.max(strength, scoreView(state.views[1]!, step));
  strength = Math.max(strength, scoreView(state.views[2]!, sum / state.recent.length));
  state.rows += 1;
  state.last = value;
  // One row per event: what is not above the fading memory of the last alarm says nothing new.
  const isNew = strength > state.peak;
  state.peak = Math.max(state.peak * (1 - 1 / REFRACTORY_ROWS), strength);
  return isNew ? strength / (strength + HALF_STRENGTH) : 0;
}

/** The strength of a number against its own past: the log of a squared deviation, calibrated by rank. */
function scoreView(view: View, value: number): number {
  let surprise = 0;
  if (view.n > 5) {
    const z2 = (value - view.mean) ** 2 / (view.variance + 1e-12 * (1 + view.mean * view.mean));
    surprise = Math.log1p(z2 / 4);
  }
  view.n += 1;
  const delta = value - view.mean;
  view.mean += delta / view.n;
  view.variance += (delta * (value - view.mean) - view.variance) / view.n;
  const strength = tailStrength(view.tail, surprise);
  learnTail(view.tail, surprise);
  return strength;
}
