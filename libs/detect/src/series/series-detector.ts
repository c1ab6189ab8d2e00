import { createDayProfile, expectedThenLearn, type DayProfile } from '@wary/baseline/day-profile.js';
import { createLinearPrediction, learnNext, predictNext, type LinearPrediction } from '@wary/baseline/linear-prediction.js';
import { addToMean, createMovingMean, type MovingMean } from '@wary/baseline/moving-mean.js';
import { createRunningLevel, learnLevel, levelSurprise, type RunningLevel } from '@wary/baseline/running-level.js';
import { createStreamTail, learnTail, tailStrength, type StreamTail } from '@wary/baseline/stream-tail.js';
import { createValueRarity, raritySurprise, type ValueRarity } from '@wary/baseline/value-rarity.js';

export const SERIES_VERSION = 2;
/** The ways of looking at a series, each with its own surprise and its own past of it. */
export const SERIES_VIEWS = ['value', 'step', 'local', 'short', 'long', 'time-of-day', 'prediction'] as const;
export type SeriesView = (typeof SERIES_VIEWS)[number];

const SHORT_ROWS = 10;
const LONG_ROWS = 30;
const LOCAL_ROWS = 50;
const ORDER = 10;
/** What is within two hundredths of the spread of the whole series is never unusual, however still it was lately. */
const FLOOR = 0.02 ** 2;
/** What is within three and a half deviations is not worth an alarm, however rare (`levelSurprise` of 3.5). */
const SURPRISE_MIN = Math.log1p(3.5 ** 2 / 4);
/** Standardised values beyond this teach the prediction as if they were it. */
const CLIP_DEVIATIONS = 8;
/** −log10 p from which a row is worth an alarm: its score is one half. */
const ALARM_STRENGTH = 2.88;
/** Rows after an alarm in which only something stronger by this factor is another. */
const REFRACTORY_ROWS = 130;
const STRONGER = 1.5;
/** A series is read by people who have only so much patience for it: strength that each tenfold of rows beyond the first thousand costs. */
const PATIENCE = 0.3;
const PATIENT_ROWS = 1_000;

/** Plain and serialisable (JSON); of constant size. */
export interface SeriesState {
  readonly version: number;
  rows: number; last: number;
  readonly whole: RunningLevel; readonly local: RunningLevel;
  readonly short: MovingMean; readonly long: MovingMean;
  readonly day: DayProfile; readonly prediction: LinearPrediction; readonly rarity: ValueRarity;
  /** What is usual for the derived numbers of a view, and for its surprise. */
  readonly levels: RunningLevel[]; readonly tails: StreamTail[];
  /** Strength of the last alarm and the rows since. */
  alarm: number; sinceAlarm: number;
}
/** `strength` is −log10 of the tail probability; `score` of 0 to 1 is one half at the strength of an alarm. */
export interface SeriesScore { readonly score: number; readonly strength: number; readonly view: SeriesView | null }

export const createSeriesState = (): SeriesState => ({
  version: SERIES_VERSION, rows: 0, last: 0, whole: createRunningLevel(), local: createRunningLevel(), short: createMovingMean(SHORT_ROWS), long: createMovingMean(LONG_ROWS),
  day: createDayProfile(), prediction: createLinearPrediction(ORDER), rarity: createValueRarity(),
  levels: SERIES_VIEWS.map(createRunningLevel), tails: SERIES_VIEWS.map(createStreamTail), alarm: 0, sinceAlarm: 0,
});

/**
 * Scores one row against the rows before it, then learns it. Every view turns the row into a surprise, and its own past of surprises turns that
 * into a probability, so that views and series can be compared; the least probable view speaks. `time` is milliseconds.
 */
export function scoreSeries(state: SeriesState, time: number, value: number): SeriesScore {
  learnLevel(state.whole, value);
  const floor = FLOOR * state.whole.variance;
  const deviations = (value - state.whole.mean) / Math.sqrt(state.whole.variance + 1e-12);
  const short = addToMean(state.short, value);
  const long = addToMean(state.long, value);
  const expected = expectedThenLearn(state.day, time, long);
  let best = 0;
  let view: SeriesView | null = null;
  for (let i = 0; i < SERIES_VIEWS.length; i += 1) {
    const name = SERIES_VIEWS[i]!;
    const surprise = surpriseOf(state, name, i, { value, short, long, deviations, expected, floor });
    const strength = surprise < SURPRISE_MIN ? 0 : tailStrength(state.tails[i]!, surprise);
    learnTail(state.tails[i]!, surprise);
    if (strength <= best) continue;
    best = strength;
    view = name;
  }
  state.last = value;
  state.rows += 1;
  const strength = Math.max(0, best - PATIENCE * Math.log10(Math.max(1, (state.rows - 1) / PATIENT_ROWS)));
  return { score: isNews(state, strength) ? strength / (strength + ALARM_STRENGTH) : 0, strength, view };
}

interface Row { readonly value: number; readonly short: number; readonly long: number; readonly deviations: number; readonly expected: number | null; readonly floor: number }

function surpriseOf(state: SeriesState, view: SeriesView, index: number, { value, short, long, deviations, expected, floor }: Row): number {
  switch (view) {
    case 'value':
      return raritySurprise(state.rarity, deviations);
    case 'step':
      return deviate(state.levels[index]!, state.rows === 0 ? null : value - state.last, floor);
    case 'local': {
      const surprise = levelSurprise(state.local, value, floor);
      learnLevel(state.local, value, LOCAL_ROWS);
      return surprise;
    }
    case 'short':
      return deviate(state.levels[index]!, short, floor);
    case 'long':
      return deviate(state.levels[index]!, long, floor);
    case 'time-of-day':
      return deviate(state.levels[index]!, expected === null ? null : long - expected, floor);
    case 'prediction': {
      const { prediction } = state;
      const predicted = predictNext(prediction);
      const surprise = deviate(state.levels[index]!, prediction.n > ORDER + 1 ? deviations - predicted : null, FLOOR);
      learnNext(prediction, Math.max(-CLIP_DEVIATIONS, Math.min(CLIP_DEVIATIONS, deviations)), predicted);
      return surprise;
    }
  }
}

/** How unusual a derived number is among all earlier ones; null teaches nothing. */
function deviate(level: RunningLevel, derived: number | null, floor: number): number {
  if (derived === null) return 0;
  const surprise = levelSurprise(level, derived, floor);
  learnLevel(level, derived);
  return surprise;
}

/** One row per event: after an alarm, only what is clearly stronger speaks again. */
function isNews(state: SeriesState, strength: number): boolean {
  state.sinceAlarm += 1;
  const isQuietTime = state.alarm > 0 && state.sinceAlarm <= REFRACTORY_ROWS;
  if (isQuietTime && strength <= state.alarm * STRONGER) return false;
  if (strength >= ALARM_STRENGTH || isQuietTime) {
    state.alarm = strength;
    state.sinceAlarm = 0;
  }
  return true;
}
