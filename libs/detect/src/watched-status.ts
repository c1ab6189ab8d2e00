import type { Event } from '@wary/model/event.js';
import { DAY_MS } from './engine-limits.js';
import { ENTITY } from './entity-layout.js';
import type { EntityState } from './entity-state.js';

/** States of people that bear on levels. The order is that of state: append only. */
const STATES = ['', 'notice', 'leaving', 'left', 'moved'] as const;
/** What the feed told ends by itself: nobody stays on a watch-list that nobody keeps. */
const LEAVING_DAYS = 180;
const MOVED_DAYS = 90;
const EFFECTIVE_DAYS_MAX = 366;
const FIRST_LEAVING = 1;
const MOVED = STATES.indexOf('moved');

/** People who are leaving draw this many units of level, people in a new place so many; everybody else's tests get the less (the sum stays). */
const LEAVER_UNITS = 4;
const MOVER_UNITS = 2;

export const isLeaving = (hrStatus: string): boolean => hrStatus === 'notice' || hrStatus === 'leaving' || hrStatus === 'left';

/** The state that a mark of the people feed tells (`hr.status`), from the day it is known of; any other state ends it. */
export function takeStatus({ chunk, d, b }: EntityState, { attributes, time }: Event): void {
  const told = attributes['hr.status'];
  const status = Math.max(0, (STATES as readonly unknown[]).indexOf(told));
  chunk.u8[b + ENTITY.status] = status;
  chunk.f64[d + ENTITY.statusUntil] = status === 0 ? 0 : Math.min(Math.max(time, effectiveOf(attributes['hr.effective'])), time + EFFECTIVE_DAYS_MAX * DAY_MS) + (status === MOVED ? MOVED_DAYS : LEAVING_DAYS) * DAY_MS;
}

/** The day on which it becomes true, where that can be read. */
function effectiveOf(day: unknown): number {
  const time = typeof day === 'string' ? Date.parse(day) : Number.NaN;
  return Number.isFinite(time) ? time : 0;
}

function toldAt({ chunk, d, b }: EntityState, time: number): number {
  const status = chunk.u8[b + ENTITY.status]!;
  return status !== 0 && time < chunk.f64[d + ENTITY.statusUntil]! ? status : 0;
}

/** Whether the people register or feed says that this person is leaving. */
export function isLeavingNow(entity: EntityState, hrStatus: string, time: number): boolean {
  if (hrStatus !== '' && isLeaving(hrStatus)) return true;
  const told = toldAt(entity, time);
  return told >= FIRST_LEAVING && told < MOVED;
}

/** Units of level that a test of this person draws. */
export function levelUnits(entity: EntityState, hrStatus: string, time: number): number {
  if (isLeavingNow(entity, hrStatus, time)) return LEAVER_UNITS;
  return hrStatus === 'moved' || toldAt(entity, time) === MOVED ? MOVER_UNITS : 1;
}
