import { EVENT_FLAG, type Event } from '@wary/model/event.js';
import { addDistinct } from './distinct.js';
import { HOT, WINDOW_FLAG } from './entity-layout.js';
import { FEATURE_COUNT, readFeatures, RESOURCES } from './features.js';
import type { OpenWindow } from './open-window.js';
import type { Chunk } from './slab.js';
import type { EntityState } from './entity-state.js';
import { isLeavingNow } from './watched-status.js';

/** What one event adds, read once for its three windows. */
export class Increments {
  readonly values: Float64Array = new Float64Array(FEATURE_COUNT);
  /** Features that grow, and how many they are. */
  readonly grown: Int32Array = new Int32Array(FEATURE_COUNT);
  count = 0;
  resourceHash = 0;
  /** Flags of the window that follow its latest event. */
  flags = 0;

  read(event: Event, entity: EntityState, resourceHash: number): void {
    readFeatures(event, this.values);
    this.count = 0;
    for (let feature = 0; feature < FEATURE_COUNT; feature += 1) {
      if (this.values[feature]! <= 0) continue;
      this.grown[this.count] = feature;
      this.count += 1;
    }
    this.resourceHash = resourceHash;
    this.flags = ((event.flags & EVENT_FLAG.historical) !== 0 ? WINDOW_FLAG.historical : 0) | (isLeavingNow(entity, event.hrStatus, event.time) ? WINDOW_FLAG.leaving : 0);
  }
}

/**
 * Adds an event to the hot part of a window, which begins at `d` doubles of the chunk. Gives the features that are now beyond their
 * screen, as bits. What is distinct is counted apart.
 */
export function addToHot({ f64, f32, u8 }: Chunk, d: number, event: Event, increments: Increments): number {
  const values = d + HOT.values;
  const screen = d * 2 + HOT.screen;
  let beyond = 0;
  for (let i = 0; i < increments.count; i += 1) {
    const feature = increments.grown[i]!;
    const value = f64[values + feature]! + increments.values[feature]!;
    f64[values + feature] = value;
    if (value >= f32[screen + feature]!) beyond |= 1 << feature;
  }
  if (event.time > f64[d + HOT.lastTime]!) f64[d + HOT.lastTime] = event.time;
  const b = d * 8;
  u8[b + HOT.flags] = (u8[b + HOT.flags]! & (WINDOW_FLAG.scored | WINDOW_FLAG.watched)) | increments.flags;
  if (event.criticality > u8[b + HOT.criticality]!) u8[b + HOT.criticality] = event.criticality;
  return beyond;
}

/** The bit of the resources, when one more of them takes the count beyond its screen; −1 when the window has seen this one. */
export function addResource(window: OpenWindow, hash: number): number {
  const count = addDistinct(window, hash);
  if (count < 0) return -1;
  const { f64, f32 } = window.hot;
  // The estimate of a sketch may step back where it takes over; what was counted stays counted.
  if (count <= f64[window.hd + HOT.values + RESOURCES]!) return 0;
  f64[window.hd + HOT.values + RESOURCES] = count;
  return count >= f32[window.hf + HOT.screen + RESOURCES]! ? 1 << RESOURCES : 0;
}

const TELLING_MAX = 8;

/** From the moment something is unusual, the latest events are kept: they are the telling ones. */
export function tell(window: OpenWindow, event: Event): void {
  window.lastId = event.id;
  if (window.telling.length === 0) window.telling = [];
  else if (window.telling.length >= TELLING_MAX) window.telling.shift();
  window.telling.push(event.id);
}
