import { predictCount, type Moments } from '@wary/baseline/count-baseline.js';
import { predictMagnitude, type LogStudent } from '@wary/baseline/magnitude-baseline.js';
import { sizeFromMoments } from '@wary/baseline/negative-binomial.js';
import { weekHour } from '@wary/baseline/week-histogram.js';
import type { Event } from '@wary/model/event.js';
import { BEHAVIOUR_COUNT } from './behaviour-weights.js';
import type { Core, TenantCore } from './core.js';
import { DAY_MS, HOUR_MS, IDLE_CLOSE_HOURS, LATE_AFTER_MS } from './engine-limits.js';
import { ENTITY, ENTITY_LAYOUT, WINDOW, WINDOW_LAYOUT } from './entity-layout.js';
import type { EntityState, OpenWindow } from './entity-state.js';
import { FEATURE_COUNT, REQUESTS, WINDOWS } from './features.js';
import type { NodeView } from './node-view.js';
import { chunkOf, placeOf } from './slab.js';
import { isCount } from './window-score.js';

/** People who are leaving draw this many units of level; everybody else's tests get the less (the sum stays). */
const LEAVER_UNITS = 4;
export const isLeaving = (hrStatus: string): boolean => hrStatus === 'notice' || hrStatus === 'leaving' || hrStatus === 'left';
/** Below this many standard deviations nothing is near any level (p of 1 % and more). */
const SCREEN_SDS = 2;

/** Opens a window for the event that begins it: its predictions, tails and level are fixed now, before its data is seen. */
export function openWindow(core: Core, tenant: TenantCore, entity: EntityState, kind: number, lane: number, start: number, event: Event): OpenWindow {
  const { lengthMs, ownWindowsMin, peerWindowsMin } = WINDOWS[kind]!;
  const { population } = tenant;
  const view = population.view(entity.node);
  view.refresh();
  const moments = core.entities.f32[chunkOf(entity.row)]!;
  const own = placeOf(entity.row) * ENTITY_LAYOUT.f32 + ENTITY.moments + kind * FEATURE_COUNT * 3;
  const scored = moments[own + REQUESTS * 3]! >= ownWindowsMin || view.windows(kind) >= peerWindowsMin;
  let level = 0;
  if (scored) {
    const units = isLeaving(event.hrStatus) ? LEAVER_UNITS : 1;
    const day = Math.floor(start / DAY_MS);
    population.hour(Math.floor(event.time / HOUR_MS), entity.shard).addTests(day, kind, units);
    if (view.isCalibrated(kind)) level = tenant.ledger.draw(day, entity.shard, kind, units);
  }
  const row = core.windows.alloc();
  if (scored) predict(core, row, moments, own, view, kind);
  const end = start + lengthMs;
  const window: OpenWindow = {
    row, kind, lane, start, end, idleHour: lane === 0 ? Math.floor((end - 1) / HOUR_MS) + 1 + IDLE_CLOSE_HOURS : population.current + IDLE_CLOSE_HOURS,
    level, scored, weekCell: weekHour(start, event.tzOffsetMinutes, event.holiday), exceeded: 0, offHours: 0, noveltyScore: 0,
    firstId: event.id, lastId: event.id, lastTime: event.time, events: 0, criticality: 1, historical: false, hrStatus: event.hrStatus,
    registers: null, distinct: 0, raised: null, dayScore: 0, dayEvidence: 0,
  };
  if (!scored) silence(core, row);
  entity.windows.push(window);
  if (lane === 0) entity.nextClose = Math.min(entity.nextClose, end + LATE_AFTER_MS);
  else entity.nextLagClose = Math.min(entity.nextLagClose, end + LATE_AFTER_MS);
  return window;
}

const mine: Moments = { n: 0, mean: 0, variance: 0 };
const peers: Moments = { n: 0, mean: 0, variance: 0 };
const count: Moments = { n: 0, mean: 0, variance: 0 };
const magnitude: LogStudent = { location: 0, scale: 0, df: 0 };

/** Predictive of a feature from an entity's own moments (at `own` of `moments`) and its peers'. Writes a, b, c at `at` of `out`; c 0: not judged. */
export function predictFeature(kind: number, feature: number, moments: Float32Array, own: number, view: NodeView, out: Float32Array, at: number): void {
  const { priorWindows, ownWindowsMin, peerWindowsMin } = WINDOWS[kind]!;
  mine.n = moments[own]!;
  mine.mean = moments[own + 1]!;
  mine.variance = moments[own + 2]!;
  view.priorOf(kind, feature, peers);
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

function predict(core: Core, row: number, moments: Float32Array, own: number, view: NodeView, kind: number): void {
  const floats = core.windows.f32[chunkOf(row)]!;
  const base = placeOf(row) * WINDOW_LAYOUT.f32;
  for (let feature = 0; feature < FEATURE_COUNT; feature += 1) {
    const at = base + WINDOW.predicted + feature * 3;
    predictFeature(kind, feature, moments, own + feature * 3, view, floats, at);
    const a = floats[at]!;
    const b = floats[at + 1]!;
    let screen = Number.POSITIVE_INFINITY;
    if (isCount[feature]!) screen = a + SCREEN_SDS * Math.sqrt(a + (a * a) / b);
    else if (floats[at + 2]! > 0) screen = Math.exp(a + SCREEN_SDS * b);
    floats[base + WINDOW.screen + feature] = screen;
  }
  for (let behaviour = 0; behaviour < BEHAVIOUR_COUNT; behaviour += 1) {
    const from = (kind * BEHAVIOUR_COUNT + behaviour) * 4;
    const at = base + WINDOW.tails + behaviour * 3;
    floats[at] = view.tails[from]!;
    floats[at + 1] = view.tails[from + 1]!;
    floats[at + 2] = view.tails[from + 2]!;
  }
}

function silence(core: Core, row: number): void {
  const at = placeOf(row) * WINDOW_LAYOUT.f32 + WINDOW.screen;
  core.windows.f32[chunkOf(row)]!.fill(Number.POSITIVE_INFINITY, at, at + FEATURE_COUNT);
}
