import { WEEK_HOURS } from '@wary/baseline/week-histogram.js';
import { ACT_SLOTS, CATEGORY_CELLS, ENTITY, GROWTH_RING_BYTES } from './entity-layout.js';
import type { EntityState } from './entity-state.js';
import { CATEGORY_COUNT, FEATURE_COUNT, WINDOW_COUNT } from './features.js';

const ACT_NUMBERS = [ENTITY.actKnown, ENTITY.actMean, ENTITY.actVariance, ENTITY.actSlow] as const;
const MOMENT_CELLS = WINDOW_COUNT * FEATURE_COUNT;

/** A compacted entity: what it has learned, without its charts and open windows. A few hundred bytes. */
export interface ColdEntity {
  readonly group: string;
  /** joined, since, watermark, lagWatermark, windowsLearned, learnedDay. */
  readonly clocks: readonly [number, number, number, number, number, number];
  /** Cell, n, mean, variance, largest of each feature in use. */
  readonly moments: Float32Array;
  /** Draws and openings by category; then cell, hash, day and uses of each category value. */
  readonly categories: Uint32Array;
  /** Cell and count of each active hour of the week. */
  readonly week: Uint8Array;
  /** Days learned, day of what was told, acts taken up and what was told (bits of floats); then place, hash, the four numbers (bits) and index of each act. */
  readonly acts: Uint32Array;
  /** What growth has learned, as it lies in the record. */
  readonly growth: Uint8Array;
}

export function packEntity(entity: EntityState): ColdEntity {
  const { chunk, f, h, b } = entity;
  const moments: number[] = [];
  for (let cell = 0; cell < MOMENT_CELLS; cell += 1) {
    const at = entity.momentsAt(cell);
    if (chunk.f32[at]! > 0) moments.push(cell, chunk.f32[at]!, chunk.f32[at + 1]!, chunk.f32[at + 2]!, chunk.f32[f + ENTITY.largest + cell]!);
  }
  const categories: number[] = [];
  for (let i = 0; i < 2 * CATEGORY_COUNT; i += 1) categories.push(chunk.u32[f + ENTITY.draws + i]!);
  for (let cell = 0; cell < CATEGORY_CELLS; cell += 1) {
    const hash = chunk.u32[f + ENTITY.categoryHash + cell]!;
    if (hash !== 0) categories.push(hash, cell | (chunk.u8[b + ENTITY.categoryDays + cell]! << 8) | (chunk.u16[h + ENTITY.categoryDay + cell]! << 16));
  }
  const week: number[] = [];
  for (let cell = 0; cell < WEEK_HOURS; cell += 1) if (chunk.u8[b + ENTITY.week + cell]! > 0) week.push(cell, chunk.u8[b + ENTITY.week + cell]!);
  const acts = [chunk.u32[f + ENTITY.actDays]!, chunk.u32[f + ENTITY.actToldDay]!, chunk.u32[f + ENTITY.actTaken]!, chunk.u32[f + ENTITY.actTold]!];
  for (let slot = 0; slot < ACT_SLOTS; slot += 1) {
    const hash = chunk.u32[f + ENTITY.actHash + slot]!;
    if (hash !== 0) acts.push(slot, hash, ...ACT_NUMBERS.map((place) => chunk.u32[f + place + slot]!), chunk.u16[h + ENTITY.actIndex + slot]!);
  }
  return {
    group: entity.group, clocks: [Number(entity.joined), entity.since, entity.watermark, entity.lagWatermark, entity.windowsLearned, entity.learnedDay],
    moments: Float32Array.from(moments), categories: Uint32Array.from(categories), week: Uint8Array.from(week), acts: Uint32Array.from(acts), growth: chunk.u8.slice(b + ENTITY.growthDays * 4, b + ENTITY.growthRing + GROWTH_RING_BYTES),
  };
}

/** Puts a compacted entity back into a fresh row. */
export function unpackEntity(entity: EntityState, cold: ColdEntity): void {
  const { chunk, f, h, b } = entity;
  for (let i = 0; i < cold.moments.length; i += 5) {
    const cell = cold.moments[i]!;
    chunk.f32.set(cold.moments.subarray(i + 1, i + 4), entity.momentsAt(cell));
    chunk.f32[f + ENTITY.largest + cell] = cold.moments[i + 4]!;
  }
  chunk.u32.set(cold.categories.subarray(0, 2 * CATEGORY_COUNT), f + ENTITY.draws);
  for (let i = 2 * CATEGORY_COUNT; i < cold.categories.length; i += 2) {
    const packed = cold.categories[i + 1]!;
    const cell = packed & 0xff;
    chunk.u32[f + ENTITY.categoryHash + cell] = cold.categories[i]!;
    chunk.u8[b + ENTITY.categoryDays + cell] = (packed >>> 8) & 0xff;
    chunk.u16[h + ENTITY.categoryDay + cell] = packed >>> 16;
  }
  let total = 0;
  for (let i = 0; i < cold.week.length; i += 2) {
    chunk.u8[b + ENTITY.week + cold.week[i]!] = cold.week[i + 1]!;
    total += cold.week[i + 1]!;
  }
  chunk.u32[f + ENTITY.weekTotal] = total;
  const { acts } = cold;
  [ENTITY.actDays, ENTITY.actToldDay, ENTITY.actTaken, ENTITY.actTold].forEach((place, i) => { chunk.u32[f + place] = acts[i]!; });
  for (let i = 4; i < acts.length; i += 7) {
    const slot = acts[i]!;
    chunk.u32[f + ENTITY.actHash + slot] = acts[i + 1]!;
    ACT_NUMBERS.forEach((place, at) => { chunk.u32[f + place + slot] = acts[i + 2 + at]!; });
    chunk.u16[h + ENTITY.actIndex + slot] = acts[i + 6]!;
  }
  chunk.u8.set(cold.growth, b + ENTITY.growthDays * 4);
  const [joined, since, watermark, lagWatermark, windowsLearned, learnedDay] = cold.clocks;
  Object.assign(entity, { joined: joined === 1, since, watermark, lagWatermark, windowsLearned, learnedDay });
}
