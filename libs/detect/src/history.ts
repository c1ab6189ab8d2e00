import type { Core } from './core.js';
import { ENTITY, ENTITY_LAYOUT, HISTORY_LAYOUT, HISTORY_WINDOWS, WINDOW, WINDOW_LAYOUT } from './entity-layout.js';
import type { EntityState, OpenWindow } from './entity-state.js';
import { FEATURE_COUNT, WINDOW_COUNT } from './features.js';
import { chunkOf, placeOf } from './slab.js';

/** Window starts are kept in units of the shortest window, so that 32 bits do. */
const UNIT_MS = 300_000;

/** A past window of one feature with what was predicted for it then. */
export interface PastWindow { readonly start: number; readonly value: number; readonly a: number; readonly b: number }

/** Appends a closed window to the entity's charts. A feature gets a row of its own with its first value that is not zero. */
export function appendHistory(core: Core, entity: EntityState, window: OpenWindow): void {
  const words = core.entities.u32[chunkOf(entity.row)]!;
  const base = placeOf(entity.row) * ENTITY_LAYOUT.u32;
  const startAt = base + ENTITY.historyStart + window.kind * HISTORY_WINDOWS;
  // A ring without a counter: the oldest start is overwritten. History that comes late takes its place in the order of time when it is read.
  let place = 0;
  for (let i = 1; i < HISTORY_WINDOWS; i += 1) if (words[startAt + i]! < words[startAt + place]!) place = i;
  const start = Math.floor(window.start / UNIT_MS);
  if (start <= words[startAt + place]!) return;
  words[startAt + place] = start;
  const values = core.windows.f64[chunkOf(window.row)]!;
  const valueAt = placeOf(window.row) * WINDOW_LAYOUT.f64;
  const predicted = core.windows.f32[chunkOf(window.row)]!;
  const predictedAt = placeOf(window.row) * WINDOW_LAYOUT.f32 + WINDOW.predicted;
  for (let feature = 0; feature < FEATURE_COUNT; feature += 1) {
    const rowAt = base + ENTITY.historyRow + window.kind * FEATURE_COUNT + feature;
    const value = values[valueAt + feature]!;
    if (words[rowAt] === 0) {
      if (value === 0) continue;
      words[rowAt] = core.histories.alloc() + 1;
    }
    const row = words[rowAt]! - 1;
    const floats = core.histories.f32[chunkOf(row)]!;
    const at = placeOf(row) * HISTORY_LAYOUT.f32 + place * 3;
    floats[at] = value;
    floats[at + 1] = predicted[predictedAt + feature * 3]!;
    floats[at + 2] = predicted[predictedAt + feature * 3 + 2]! === 0 ? 0 : predicted[predictedAt + feature * 3 + 1]!;
  }
}

/** The past windows of a feature, oldest first; those before its first value are left out. */
export function pastWindows(core: Core, entity: EntityState, kind: number, feature: number): PastWindow[] {
  const words = core.entities.u32[chunkOf(entity.row)]!;
  const base = placeOf(entity.row) * ENTITY_LAYOUT.u32;
  const row = words[base + ENTITY.historyRow + kind * FEATURE_COUNT + feature]! - 1;
  if (row < 0) return [];
  const floats = core.histories.f32[chunkOf(row)]!;
  const past: PastWindow[] = [];
  for (let place = 0; place < HISTORY_WINDOWS; place += 1) {
    const start = words[base + ENTITY.historyStart + kind * HISTORY_WINDOWS + place]!;
    const at = placeOf(row) * HISTORY_LAYOUT.f32 + place * 3;
    if (start > 0) past.push({ start: start * UNIT_MS, value: floats[at]!, a: floats[at + 1]!, b: floats[at + 2]! });
  }
  return past.sort((one, other) => one.start - other.start);
}

export function releaseHistory(core: Core, entity: EntityState): void {
  const words = core.entities.u32[chunkOf(entity.row)]!;
  const from = placeOf(entity.row) * ENTITY_LAYOUT.u32 + ENTITY.historyRow;
  for (let cell = 0; cell < WINDOW_COUNT * FEATURE_COUNT; cell += 1) {
    if (words[from + cell]! > 0) core.histories.release(words[from + cell]! - 1);
    words[from + cell] = 0;
  }
}
