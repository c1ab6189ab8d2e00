import { ENTITY, HISTORY_WINDOWS, HOT } from './entity-layout.js';
import type { EntityState } from './entity-state.js';
import { FEATURE_COUNT } from './features.js';
import type { OpenWindow } from './open-window.js';
import { predictedOf } from './window-score.js';

/** Window starts are kept in units of the shortest window, so that 32 bits do. */
const UNIT_MS = 300_000;

/** A past window of one feature with what was predicted for it then: mean and size of a count, or median and scale of a magnitude; b 0: nothing. */
export interface PastWindow { readonly start: number; readonly value: number; readonly a: number; readonly b: number }

const word = new Float32Array(1);
const halves = new Uint16Array(word.buffer);

/** The upper half of a float: two and a half digits, enough for a band on a chart. */
function half(value: number): number {
  word[0] = value;
  return halves[1]!;
}

function whole(bits: number): number {
  halves[0] = 0;
  halves[1] = bits;
  return word[0]!;
}

/** Appends a closed window to the entity's charts. */
export function appendHistory(entity: EntityState, window: OpenWindow): void {
  const { u32, f32, u16 } = entity.chunk;
  const kind = window.kind;
  const startAt = entity.f + ENTITY.historyStart + kind * HISTORY_WINDOWS;
  // A ring without a counter: the oldest start is overwritten.
  let place = 0;
  for (let i = 1; i < HISTORY_WINDOWS; i += 1) if (u32[startAt + i]! < u32[startAt + place]!) place = i;
  const start = Math.floor(window.start / UNIT_MS);
  if (start <= u32[startAt + place]!) return;
  u32[startAt + place] = start;
  const valueAt = entity.f + ENTITY.historyValue + (kind * HISTORY_WINDOWS + place) * FEATURE_COUNT;
  const values = window.hot.f64;
  const from = window.hd + HOT.values;
  for (let feature = 0; feature < FEATURE_COUNT; feature += 1) f32[valueAt + feature] = values[from + feature]!;
  if (kind === 0) return;
  const predictedAt = entity.h + ENTITY.historyPredicted + ((kind - 1) * HISTORY_WINDOWS + place) * FEATURE_COUNT * 2;
  for (let feature = 0; feature < FEATURE_COUNT; feature += 1) {
    const { count, a, b, c } = predictedOf(window, feature);
    u16[predictedAt + feature * 2] = window.scored && c !== 0 ? half(count ? a : Math.exp(a)) : 0;
    u16[predictedAt + feature * 2 + 1] = window.scored && c !== 0 ? half(b) : 0;
  }
}

/** The past windows of a feature, oldest first. For the shortest windows the prediction is that of `present`. */
export function pastWindows(entity: EntityState, present: OpenWindow, feature: number): PastWindow[] {
  const kind = present.kind;
  const now = predictedOf(present, feature);
  const { u32, f32, u16 } = entity.chunk;
  const past: PastWindow[] = [];
  for (let place = 0; place < HISTORY_WINDOWS; place += 1) {
    const cell = (kind * HISTORY_WINDOWS + place) * FEATURE_COUNT + feature;
    const start = u32[entity.f + ENTITY.historyStart + kind * HISTORY_WINDOWS + place]!;
    const predicted = entity.h + ENTITY.historyPredicted + (cell - HISTORY_WINDOWS * FEATURE_COUNT) * 2;
    const [a, b] = kind === 0 ? [now.count ? now.a : Math.exp(now.a), now.c === 0 ? 0 : now.b] : [whole(u16[predicted]!), whole(u16[predicted + 1]!)];
    if (start > 0) past.push({ start: start * UNIT_MS, value: f32[entity.f + ENTITY.historyValue + cell]!, a, b });
  }
  return past.sort((one, other) => one.start - other.start);
}
