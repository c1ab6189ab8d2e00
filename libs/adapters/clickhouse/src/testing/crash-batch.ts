import { emptyEvent, type Event } from '@wary/model/event.js';
import { accessEvent } from './access-event.js';

export const CRASH_ROWS = 400;
/** The events of one batch, the same in every process; over three months, so that one insert is several parts. */
export const crashBatch = (batch: number): Event[] => Array.from({ length: CRASH_ROWS }, (_, row) => {
  const index = batch * CRASH_ROWS + row;
  return accessEvent(emptyEvent('native'), index, Date.UTC(2026, 7 + (row % 3), 3) + index);
});
