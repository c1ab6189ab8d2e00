import { WEEK_HOURS } from '@wary/baseline/week-histogram.js';
import type { Core } from './core.js';
import { CATEGORY_CELLS, ENTITY, ENTITY_LAYOUT } from './entity-layout.js';
import type { EntityState } from './entity-state.js';
import { CATEGORY_COUNT, FEATURE_COUNT, WINDOW_COUNT } from './features.js';
import { chunkOf, placeOf } from './slab.js';

const MOMENT_CELLS = WINDOW_COUNT * FEATURE_COUNT;

/** A compacted entity: what it has learned, without its charts and recent events. A few hundred bytes. */
export interface ColdEntity {
  readonly group: string;
  readonly numbers: readonly number[];
  /** Cells of moments in use with n, mean, variance, largest; then cells of the week; then category values with their day and uses. */
  readonly floats: Float32Array;
  readonly bytes: Uint8Array;
}

const HEADER = 6;

export function packEntity(core: Core, entity: EntityState): ColdEntity {
  const chunk = chunkOf(entity.row);
  const place = placeOf(entity.row);
  const f32 = core.entities.f32[chunk]!;
  const floatAt = place * ENTITY_LAYOUT.f32;
  const floats: number[] = [];
  for (let cell = 0; cell < MOMENT_CELLS; cell += 1) {
    const at = floatAt + ENTITY.moments + cell * 3;
    if (f32[at]! > 0) floats.push(cell, f32[at]!, f32[at + 1]!, f32[at + 2]!, f32[floatAt + ENTITY.largest + cell]!);
  }
  const u8 = core.entities.u8[chunk]!;
  const byteAt = place * ENTITY_LAYOUT.u8;
  const week: number[] = [];
  for (let cell = 0; cell < WEEK_HOURS; cell += 1) if (u8[byteAt + ENTITY.week + cell]! > 0) week.push(cell, u8[byteAt + ENTITY.week + cell]!);
  const u32 = core.entities.u32[chunk]!;
  const wordAt = place * ENTITY_LAYOUT.u32;
  const values: number[] = [];
  for (let cell = 0; cell < CATEGORY_CELLS; cell += 1) {
    if (u32[wordAt + ENTITY.categoryHash + cell] !== 0) values.push(cell, u32[wordAt + ENTITY.categoryHash + cell]!, core.entities.u16[chunk]![place * ENTITY_LAYOUT.u16 + ENTITY.categoryDay + cell]!, u8[byteAt + ENTITY.categoryDays + cell]!);
  }
  const view = new DataView(new ArrayBuffer(2 + week.length + values.length / 4 * 8 + CATEGORY_COUNT * 8));
  view.setUint16(0, week.length / 2, true);
  let at = 2;
  for (const item of week) { view.setUint8(at, item); at += 1; }
  for (let category = 0; category < CATEGORY_COUNT; category += 1, at += 8) {
    view.setUint32(at, u32[wordAt + ENTITY.draws + category]!, true);
    view.setUint32(at + 4, u32[wordAt + ENTITY.opened + category]!, true);
  }
  for (let i = 0; i < values.length; i += 4, at += 8) {
    view.setUint8(at, values[i]!);
    view.setUint32(at + 1, values[i + 1]!, true);
    view.setUint16(at + 5, values[i + 2]!, true);
    view.setUint8(at + 7, values[i + 3]!);
  }
  return {
    group: entity.group, numbers: [entity.joined ? 1 : 0, entity.since, entity.watermark, entity.lagWatermark, entity.windowsLearned, entity.learnedDay],
    floats: Float32Array.from(floats), bytes: new Uint8Array(view.buffer),
  };
}

/** Puts a compacted entity back into a fresh row. */
export function unpackEntity(core: Core, entity: EntityState, cold: ColdEntity): void {
  const chunk = chunkOf(entity.row);
  const place = placeOf(entity.row);
  const f32 = core.entities.f32[chunk]!;
  const floatAt = place * ENTITY_LAYOUT.f32;
  for (let i = 0; i < cold.floats.length; i += 5) {
    const cell = cold.floats[i]!;
    f32.set(cold.floats.subarray(i + 1, i + 4), floatAt + ENTITY.moments + cell * 3);
    f32[floatAt + ENTITY.largest + cell] = cold.floats[i + 4]!;
  }
  const u8 = core.entities.u8[chunk]!;
  const byteAt = place * ENTITY_LAYOUT.u8;
  const u32 = core.entities.u32[chunk]!;
  const wordAt = place * ENTITY_LAYOUT.u32;
  const view = new DataView(cold.bytes.buffer, cold.bytes.byteOffset, cold.bytes.byteLength);
  let at = 2;
  for (let i = 0; i < view.getUint16(0, true); i += 1, at += 2) u8[byteAt + ENTITY.week + view.getUint8(at)] = view.getUint8(at + 1);
  for (let category = 0; category < CATEGORY_COUNT; category += 1, at += 8) {
    u32[wordAt + ENTITY.draws + category] = view.getUint32(at, true);
    u32[wordAt + ENTITY.opened + category] = view.getUint32(at + 4, true);
  }
  for (; at < cold.bytes.byteLength; at += 8) {
    const cell = view.getUint8(at);
    u32[wordAt + ENTITY.categoryHash + cell] = view.getUint32(at + 1, true);
    core.entities.u16[chunk]![place * ENTITY_LAYOUT.u16 + ENTITY.categoryDay + cell] = view.getUint16(at + 5, true);
    u8[byteAt + ENTITY.categoryDays + cell] = view.getUint8(at + 7);
  }
  const [joined, since, watermark, lagWatermark, windowsLearned, learnedDay] = cold.numbers as [number, number, number, number, number, number];
  Object.assign(entity, { joined: joined === 1, since, watermark, lagWatermark, windowsLearned, learnedDay });
}

export const coldBytes = (cold: ColdEntity): number => cold.floats.byteLength + cold.bytes.byteLength + HEADER * 8 + 200;
