import { bucketOf } from '@wary/baseline/quantile-sketch.js';
import type { Core, TenantCore } from './core.js';
import { ENTITY, HOT } from './entity-layout.js';
import type { EntityState, SuspendedWindow } from './entity-state.js';
import { FEATURE_COUNT, HOUR, WINDOWS } from './features.js';
import { BUCKET_OFFSET, SLOT } from './hour-log.js';
import { learnWeekHour } from './off-hours.js';
import type { OpenWindow } from './open-window.js';
import { isCount, predictedOf, valueOf } from './window-score.js';

/** A window under suspicion teaches nothing for this long … */
export const SUSPENDED_MS = 7 * 86_400_000;
/** … and then no more than this many standard deviations above what was expected (the growth cap). */
const CLIP_SDS = 3;

/** Teaches a window's values (at `from` of `values`) to the entity and to its peers. Zeros are learned for counts, never for magnitudes. */
function learnValues(tenant: TenantCore, entity: EntityState, kind: number, weekCell: number, values: ArrayLike<number>, from: number): void {
  const { population } = tenant;
  const { f32 } = entity.chunk;
  const { memoryWindows } = WINDOWS[kind]!;
  const { shard } = entity;
  const index = entity.node;
  const log = population.log;
  const { node, kind: ofKind } = population.view(entity.node);
  if (!entity.joined) { log.add(shard, index, SLOT.joined, 0); entity.joined = true; }
  log.add(shard, index, SLOT.windows + kind, 0);
  for (let feature = 0; feature < FEATURE_COUNT; feature += 1) {
    const value = values[from + feature]!;
    const count = isCount[feature]!;
    if (value === 0 && !count) continue;
    const cell = kind * FEATURE_COUNT + feature;
    learnOne(f32, entity.momentsAt(cell), count ? value : Math.log(value), memoryWindows);
    if (value === 0) continue;
    log.add(shard, index, SLOT.values + cell, bucketOf(value) + BUCKET_OFFSET);
    const largestAt = entity.f + ENTITY.largest + cell;
    if (value > f32[largestAt]!) f32[largestAt] = value;
    if (value > node.largest[cell]! || (ofKind !== null && value > ofKind.node.largest[cell]!)) log.enlarge(index, cell, value);
  }
  if (kind === HOUR) {
    learnWeekHour(entity, weekCell);
    log.add(shard, index, SLOT.week, weekCell);
  }
  entity.windowsLearned += 1;
}

/** `learnMoments` of the baseline library, in place. */
function learnOne(moments: Float32Array, at: number, value: number, memory: number): void {
  const n = moments[at]! * (1 - 1 / memory) + 1;
  const mean = moments[at + 1]!;
  const delta = value - mean;
  const next = mean + delta / n;
  moments[at + 2] = ((n - 1) * moments[at + 2]! + delta * (value - next)) / n;
  moments[at + 1] = next;
  moments[at] = n;
}

export const learnWindow = (tenant: TenantCore, entity: EntityState, window: OpenWindow): void =>
  learnValues(tenant, entity, window.kind, window.weekCell, window.hot.f64, window.hd + HOT.values);

/** Puts a window aside, clipped. What does not fit is never learned, and counted. */
export function suspendWindow(core: Core, entity: EntityState, window: OpenWindow): void {
  if (entity.suspended.length >= core.limits.suspendedWindowsMax) { core.stats.overflow += 1; return; }
  const values: number[] = [];
  for (let feature = 0; feature < FEATURE_COUNT; feature += 1) {
    const { count, a, b, c } = predictedOf(window, feature);
    const cap = !window.scored || c === 0 ? Number.POSITIVE_INFINITY : count ? Math.ceil(a + CLIP_SDS * Math.sqrt(a + (a * a) / b)) : Math.exp(a + CLIP_SDS * b);
    values.push(Math.min(valueOf(window, feature), cap));
  }
  entity.suspended = [...entity.suspended, { kind: window.kind, due: window.end + SUSPENDED_MS, weekCell: window.weekCell, values }];
}

/** Learns what has been suspended long enough, as seen by the principal's own clock. */
export function learnSuspended(tenant: TenantCore, entity: EntityState): void {
  const isDue = ({ due }: SuspendedWindow): boolean => due <= entity.watermark;
  const due = entity.suspended.filter(isDue);
  if (due.length === 0) return;
  entity.suspended = entity.suspended.filter((window) => !isDue(window));
  for (const { kind, weekCell, values } of due) learnValues(tenant, entity, kind, weekCell, values, 0);
}
