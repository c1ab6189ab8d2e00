import { predictCount, type Moments } from '@wary/baseline/count-baseline.js';
import { predictMagnitude, type LogStudent } from '@wary/baseline/magnitude-baseline.js';
import { TAIL_NUMBERS } from '@wary/baseline/score-calibration.js';
import { sizeFromMoments } from '@wary/baseline/negative-binomial.js';
import { weekHour } from '@wary/baseline/week-histogram.js';
import { EVENT_FLAG, hasFlag, type Event } from '@wary/model/event.js';
import { BEHAVIOUR_COUNT } from './behaviour-weights.js';
import type { Core, TenantCore } from './core.js';
import { DAY_MS, HOUR_MS, IDLE_CLOSE_HOURS } from './engine-limits.js';
import { HOT, WINDOW, WINDOW_FLAG } from './entity-layout.js';
import type { EntityState } from './entity-state.js';
import { FEATURE_COUNT, HOUR, REQUESTS, WINDOWS } from './features.js';
import { LEVEL_MAX } from './level-ledger.js';
import { muteBits, speakingShare } from './mute.js';
import type { NodeView } from './node-view.js';
import { OpenWindow } from './open-window.js';
import { countOpened } from './watch/watch-cells.js';
import { levelUnits } from './watched-status.js';
import { isCount } from './window-score.js';

/** Below this many standard deviations nothing is near any level (p of 1 % and more). */
const SCREEN_SDS = 2;

/** Opens a window for the event that begins it: its predictions, tails and level are fixed now, before its data is seen. */
export function openWindow(core: Core, tenant: TenantCore, entity: EntityState, kind: number, lane: number, start: number, event: Event): OpenWindow {
  const { lengthMs, ownWindowsMin, peerWindowsMin } = WINDOWS[kind]!;
  const { population } = tenant;
  const view = population.view(entity.node);
  view.refresh(kind);
  const known = entity.chunk.f32[entity.momentsAt(kind * FEATURE_COUNT + REQUESTS)]! >= ownWindowsMin;
  const scored = known || view.windows(kind) >= peerWindowsMin;
  if (kind === HOUR && lane === 0 && !hasFlag(event, EVENT_FLAG.historical)) countOpened(population.hour(Math.floor(event.time / HOUR_MS)).watch, entity.type, known);
  let level = 0;
  if (scored) {
    const units = levelUnits(entity, event.hrStatus, event.time);
    const day = Math.floor(start / DAY_MS);
    population.hour(Math.floor(event.time / HOUR_MS)).addTests(day, entity.shard, kind, units);
    if (view.isCalibrated(kind)) level = tenant.ledger.draw(day, entity.shard, kind, units);
  }
  const row = core.windows.alloc();
  core.windows.clear(row);
  const window = (core.windowOfRow[row] ??= new OpenWindow(core.windows, row));
  const { chunk, d, b } = window;
  const end = start + lengthMs;
  const { hot, hd, hf, hb } = window;
  hot.f64[hd + HOT.start] = start;
  hot.f64[hd + HOT.end] = end;
  hot.u8[hb + HOT.kind] = kind;
  hot.u8[hb + HOT.lane] = lane;
  hot.u8[hb + HOT.flags] = scored ? WINDOW_FLAG.scored : 0;
  chunk.f64[d + WINDOW.idleHour] = lane === 0 ? Math.floor((end - 1) / HOUR_MS) + 1 + IDLE_CLOSE_HOURS : population.now + IDLE_CLOSE_HOURS;
  chunk.u8[b + WINDOW.weekCell] = weekHour(start, event.tzOffsetMinutes, event.holiday);
  if (scored) {
    predict(window, entity, view, kind);
    window.mute = muteBits(tenant, entity, window);
    level = Math.min(LEVEL_MAX, level / speakingShare(core, kind, window.mute));
  } else hot.f32.fill(Number.POSITIVE_INFINITY, hf + HOT.screen, hf + HOT.screen + FEATURE_COUNT);
  chunk.f64[d + WINDOW.level] = level;
  // The shortest windows are too many to keep a string alive for each.
  if (kind > 0) window.firstId = event.id;
  entity.addWindow(window);
  tenant.watchIdle(entity, window.idleHour);
  return window;
}

const mine: Moments = { n: 0, mean: 0, variance: 0 };
const peers: Moments = { n: 0, mean: 0, variance: 0 };
const count: Moments = { n: 0, mean: 0, variance: 0 };
const magnitude: LogStudent = { location: 0, scale: 0, df: 0 };

/** Predictive of a feature from an entity's own moments and its peers'. Writes a, b, c at `at` of `out`; c 0: not judged. */
export function predictFeature(entity: EntityState, kind: number, feature: number, view: NodeView, out: Float32Array, at: number): void {
  const { priorWindows, ownWindowsMin, peerWindowsMin } = WINDOWS[kind]!;
  const cell = kind * FEATURE_COUNT + feature;
  const own = entity.momentsAt(cell);
  const { f32 } = entity.chunk;
  mine.n = f32[own]!;
  mine.mean = f32[own + 1]!;
  mine.variance = f32[own + 2]!;
  view.priorOf(cell, peers);
  if (isCount[feature]!) {
    predictCount(mine, peers, priorWindows, count);
    out[at] = count.mean;
    out[at + 1] = sizeFromMoments(count.mean, count.variance);
    out[at + 2] = 1;
    return;
  }
  // A magnitude that neither she nor her peers are known to have has no scale to be judged by.
  if (mine.n < ownWindowsMin && peers.n < peerWindowsMin) { out[at + 2] = 0; return; }
  predictMagnitude(mine, peers, priorWindows, magnitude);
  out[at] = magnitude.location;
  out[at + 1] = magnitude.scale;
  out[at + 2] = magnitude.df;
}

/** Fixes what a window is judged by. */
export function predict({ chunk, f, hot, hf }: OpenWindow, entity: EntityState, view: NodeView, kind: number): void {
  const { f32 } = chunk;
  for (let feature = 0; feature < FEATURE_COUNT; feature += 1) {
    const at = f + WINDOW.predicted + feature * 3;
    predictFeature(entity, kind, feature, view, f32, at);
    const a = f32[at]!;
    const b = f32[at + 1]!;
    let screen = Number.POSITIVE_INFINITY;
    if (isCount[feature]!) screen = a + SCREEN_SDS * Math.sqrt(a + (a * a) / b);
    else if (f32[at + 2]! > 0) screen = Math.exp(a + SCREEN_SDS * b);
    hot.f32[hf + HOT.screen + feature] = screen;
  }
  for (let behaviour = 0; behaviour < BEHAVIOUR_COUNT; behaviour += 1) {
    const from = (kind * BEHAVIOUR_COUNT + behaviour) * TAIL_NUMBERS;
    const at = f + WINDOW.tails + behaviour * TAIL_NUMBERS;
    for (let i = 0; i < TAIL_NUMBERS; i += 1) f32[at + i] = view.tails[from + i]!;
  }
}
