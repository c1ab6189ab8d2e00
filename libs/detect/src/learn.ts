import { bucketOf } from '@wary/baseline/quantile-sketch.js';
import type { Core, TenantCore } from './core.js';
import { HOUR_MS } from './engine-limits.js';
import { ENTITY, ENTITY_LAYOUT, WINDOW_LAYOUT } from './entity-layout.js';
import type { EntityState, OpenWindow, SuspendedWindow } from './entity-state.js';
import { FEATURE_COUNT, HOUR, WINDOWS } from './features.js';
import { learnWeekHour } from './off-hours.js';
import { BUCKET_OFFSET, SLOT } from './shard-hour.js';
import { chunkOf, placeOf } from './slab.js';
import { isCount, predictedOf, valueOf } from './window-score.js';

/** A window under suspicion teaches nothing for this long … */
export const SUSPENDED_MS = 7 * 86_400_000;
/** … and then no more than this many standard deviations above what was expected (the growth cap). */
const CLIP_SDS = 3;

/** Teaches a window's values (at `from` of `values`) to the entity and to its peers. Zeros are learned for counts, never for magnitudes. */
function learnValues(core: Core, tenant: TenantCore, entity: EntityState, kind: number, weekCell: number, values: ArrayLike<number>, from: number): void {
  const moments = core.entities.f32[chunkOf(entity.row)]!;
  const base = placeOf(entity.row) * ENTITY_LAYOUT.f32;
  const { memoryWindows } = WINDOWS[kind]!;
  const part = tenant.population.hour(Math.floor(entity.watermark / HOUR_MS), entity.shard);
  const { node } = tenant.population.view(entity.node);
  const kindNode = tenant.population.view(tenant.population.kindOf(entity.node)).node;
  if (!entity.joined) { part.add(entity.node, SLOT.joined, 0); entity.joined = true; }
  part.add(entity.node, SLOT.windows + kind, 0);
  for (let feature = 0; feature < FEATURE_COUNT; feature += 1) {
    const value = values[from + feature]!;
    if (value === 0 && !isCount[feature]!) continue;
    const cell = kind * FEATURE_COUNT + feature;
    learnOne(moments, base + ENTITY.moments + cell * 3, isCount[feature]! ? value : Math.log(value), memoryWindows);
    if (value === 0) continue;
    part.add(entity.node, SLOT.values + cell, bucketOf(value) + BUCKET_OFFSET);
    if (value > moments[base + ENTITY.largest + cell]!) moments[base + ENTITY.largest + cell] = value;
    if (value > node.largest[cell]! || value > kindNode.largest[cell]!) part.largest.push(entity.node, cell, value);
  }
  if (kind === HOUR) {
    learnWeekHour(core, entity, weekCell);
    part.add(entity.node, SLOT.week, weekCell);
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

export function learnWindow(core: Core, tenant: TenantCore, entity: EntityState, window: OpenWindow): void {
  learnValues(core, tenant, entity, window.kind, window.weekCell, core.windows.f64[chunkOf(window.row)]!, placeOf(window.row) * WINDOW_LAYOUT.f64);
}

/** Puts a window aside, clipped. What does not fit is never learned, and counted. */
export function suspendWindow(core: Core, entity: EntityState, window: OpenWindow): void {
  if (entity.suspended.length >= core.limits.suspendedWindowsMax) { core.stats.overflow += 1; return; }
  const values: number[] = [];
  for (let feature = 0; feature < FEATURE_COUNT; feature += 1) {
    const { count, a, b, c } = predictedOf(core, window, feature);
    const cap = !window.scored || c === 0 ? Number.POSITIVE_INFINITY : count ? Math.ceil(a + CLIP_SDS * Math.sqrt(a + (a * a) / b)) : Math.exp(a + CLIP_SDS * b);
    values.push(Math.min(valueOf(core, window, feature), cap));
  }
  entity.suspended.push({ kind: window.kind, due: window.end + SUSPENDED_MS, weekCell: window.weekCell, values });
}

/** Learns what has been suspended long enough, as seen by the principal's own clock. */
export function learnSuspended(core: Core, tenant: TenantCore, entity: EntityState): void {
  const { suspended } = entity;
  let kept = 0;
  for (const window of suspended) {
    if (window.due <= entity.watermark) learnClipped(core, tenant, entity, window);
    else { suspended[kept] = window; kept += 1; }
  }
  suspended.length = kept;
}

const learnClipped = (core: Core, tenant: TenantCore, entity: EntityState, { kind, weekCell, values }: SuspendedWindow): void =>
  learnValues(core, tenant, entity, kind, weekCell, values, 0);
