import { Buffer } from 'node:buffer';
import type { Event } from '@wary/model/event.js';
import { parseRows } from '../engine/json-rows.js';
import { eventOfRow, type EventRow } from './event-row.js';

/** The events of one `PackedEvents`, in its order. */
export function unpackEvents(bytes: Uint8Array): Event[] {
  return parseRows<EventRow>(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')).map(eventOfRow);
}
