import type { Event } from '@wary/model/event.js';
import type { Core } from './core.js';
import { addDistinct } from './distinct.js';
import { WINDOW, WINDOW_LAYOUT } from './entity-layout.js';
import type { OpenWindow } from './entity-state.js';
import { categoryHash, FEATURE_COUNT, readFeatures, RESOURCES } from './features.js';
import { chunkOf, placeOf } from './slab.js';

/** What one event adds, read once for its three windows. */
export class Increments {
  readonly values: Float64Array = new Float64Array(FEATURE_COUNT);
  /** Features that grow, and how many they are. */
  readonly grown: Int32Array = new Int32Array(FEATURE_COUNT);
  count = 0;
  resourceHash = 0;
  marks = 0;

  read(event: Event): void {
    readFeatures(event, this.values);
    this.count = 0;
    this.marks = 0;
    for (let feature = 0; feature < FEATURE_COUNT; feature += 1) {
      if (this.values[feature]! <= 0) continue;
      this.grown[this.count] = feature;
      this.count += 1;
      this.marks |= 1 << feature;
    }
    this.resourceHash = event.resource.id === '' ? 0 : categoryHash(event.resource.id);
    if (this.resourceHash !== 0) this.marks |= 1 << RESOURCES;
  }
}

/** Adds an event to a window. Gives the features that are now beyond their screen, as bits. */
export function addToWindow(core: Core, window: OpenWindow, event: Event, increments: Increments): number {
  const values = core.windows.f64[chunkOf(window.row)]!;
  const place = placeOf(window.row);
  const at = place * WINDOW_LAYOUT.f64;
  const screens = core.windows.f32[chunkOf(window.row)]!;
  const screen = place * WINDOW_LAYOUT.f32 + WINDOW.screen;
  let beyond = 0;
  for (let i = 0; i < increments.count; i += 1) {
    const feature = increments.grown[i]!;
    const value = values[at + feature]! + increments.values[feature]!;
    values[at + feature] = value;
    if (value >= screens[screen + feature]!) beyond |= 1 << feature;
  }
  if (increments.resourceHash !== 0) {
    const count = addDistinct(core, window, increments.resourceHash);
    // The estimate of a sketch may step back where it takes over; what was counted stays counted.
    if (count > values[at + RESOURCES]!) {
      values[at + RESOURCES] = count;
      if (count >= screens[screen + RESOURCES]!) beyond |= 1 << RESOURCES;
    }
  }
  window.events += 1;
  window.lastId = event.id;
  window.lastTime = event.time;
  window.hrStatus = event.hrStatus;
  window.historical = (event.flags & 1) !== 0;
  if (event.criticality > window.criticality) window.criticality = event.criticality;
  return beyond;
}
