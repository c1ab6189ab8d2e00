import { EVENT_FLAG, type Event } from '@wary/model/event.js';
import { addDistinct } from './distinct.js';
import { WINDOW, WINDOW_FLAG } from './entity-layout.js';
import { FEATURE_COUNT, readFeatures, RESOURCES } from './features.js';
import type { OpenWindow } from './open-window.js';
import { isLeaving } from './window-open.js';

/** What one event adds, read once for its three windows. */
export class Increments {
  readonly values: Float64Array = new Float64Array(FEATURE_COUNT);
  /** Features that grow, and how many they are. */
  readonly grown: Int32Array = new Int32Array(FEATURE_COUNT);
  count = 0;
  resourceHash = 0;
  /** Flags of the window that follow its latest event. */
  flags = 0;

  read(event: Event, resourceHash: number): void {
    readFeatures(event, this.values);
    this.count = 0;
    for (let feature = 0; feature < FEATURE_COUNT; feature += 1) {
      if (this.values[feature]! <= 0) continue;
      this.grown[this.count] = feature;
      this.count += 1;
    }
    this.resourceHash = resourceHash;
    this.flags = ((event.flags & EVENT_FLAG.historical) !== 0 ? WINDOW_FLAG.historical : 0) | (event.hrStatus !== '' && isLeaving(event.hrStatus) ? WINDOW_FLAG.leaving : 0);
  }
}

/** Adds an event to a window. Gives the features that are now beyond their screen, as bits. */
export function addToWindow(window: OpenWindow, event: Event, increments: Increments): number {
  const { chunk, d, f, b } = window;
  const { f64, f32, u8 } = chunk;
  const values = d + WINDOW.values;
  const screen = f + WINDOW.screen;
  let beyond = 0;
  for (let i = 0; i < increments.count; i += 1) {
    const feature = increments.grown[i]!;
    const value = f64[values + feature]! + increments.values[feature]!;
    f64[values + feature] = value;
    if (value >= f32[screen + feature]!) beyond |= 1 << feature;
  }
  if (increments.resourceHash !== 0) {
    const count = addDistinct(window, increments.resourceHash);
    // The estimate of a sketch may step back where it takes over; what was counted stays counted.
    if (count > f64[values + RESOURCES]!) {
      f64[values + RESOURCES] = count;
      if (count >= f32[screen + RESOURCES]!) beyond |= 1 << RESOURCES;
    }
  }
  f64[d + WINDOW.lastTime] = event.time;
  chunk.u32[f + WINDOW.events]! += 1;
  u8[b + WINDOW.flags] = (u8[b + WINDOW.flags]! & WINDOW_FLAG.scored) | increments.flags;
  if (event.criticality > u8[b + WINDOW.criticality]!) u8[b + WINDOW.criticality] = event.criticality;
  if ((beyond | chunk.u32[f + WINDOW.exceeded]!) !== 0 || window.raised !== null) tell(window, event);
  return beyond;
}

const TELLING_MAX = 8;

/** From the moment something is unusual, the latest events are kept: they are the telling ones. */
function tell(window: OpenWindow, event: Event): void {
  window.lastId = event.id;
  if (window.telling.length === 0) window.telling = [];
  else if (window.telling.length >= TELLING_MAX) window.telling.shift();
  window.telling.push(event.id);
}
