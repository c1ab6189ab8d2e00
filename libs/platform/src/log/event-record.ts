import { Buffer } from 'node:buffer';
import type { Event } from '@wary/model/event.js';
import { seqOf } from '@wary/model/topics.js';
import type { SourceMessage } from '@wary/ports/event-source.port.js';
import { sparseEvent, wholeEvent } from './sparse-event.js';

/** Version of the record; readers refuse one they do not know. Version 1 had every field of the event. */
const RECORD_VERSION = 2;
const WHOLE_VERSION = 1;
const PREFIX = Buffer.from(`{"v":${RECORD_VERSION},"event":`);
const SUFFIX = Buffer.from('}');

export const eventKey = ({ tenant, principal }: Event): string => `${tenant}/${principal.type}:${principal.id}`;

/** An event as it lies in the log of record. The sequence is where it lies, and is not in it. */
export function encodeEvent(event: Event): Buffer {
  return Buffer.concat([PREFIX, Buffer.from(JSON.stringify(sparseEvent(event))), SUFFIX]);
}

/** Why a message of the log is no event. */
export class RecordError extends Error {}

/** The event of a message, with its sequence. Throws RecordError for what nobody of us has written. */
export function decodeEvent(partition: number, { offset, value }: SourceMessage): Event {
  let record: { v?: unknown; event?: Event };
  try {
    record = JSON.parse((value ?? Buffer.alloc(0)).toString('utf8')) as typeof record;
  } catch {
    throw new RecordError('it is not JSON');
  }
  if (record === null || typeof record !== 'object' || (record.v !== RECORD_VERSION && record.v !== WHOLE_VERSION)) throw new RecordError(`its version is not ${RECORD_VERSION}: it was written by another release`);
  const event = record.v === WHOLE_VERSION || !isSparse(record.event) ? record.event : wholeEvent(record.event as unknown as Record<string, unknown>);
  if (!isEvent(event)) throw new RecordError('it has not the parts of an event');
  event.seq = seqOf(partition, offset);
  return event;
}

/** The parts that everything after this stands on; the rest was checked when the record was written. */
function isEvent(event: Partial<Event> | null | undefined): event is Event {
  return typeof event === 'object' && event !== null && typeof event.id === 'string' && event.id !== '' && typeof event.tenant === 'string' && event.tenant !== ''
    && Number.isSafeInteger(event.time) && Number.isSafeInteger(event.receivedAt) && typeof event.flags === 'number' && typeof event.kind === 'string'
    && isPart(event.actor) && isPart(event.client) && isPart(event.resource) && isPart(event.attributes) && typeof event.principal?.id === 'string';
}
const isSparse = (event: unknown): boolean => isPart(event) && ['actor', 'client', 'resource', 'principal'].every((part) => !Object.hasOwn(event as object, part) || isPart((event as Record<string, unknown>)[part]));
const isPart = (part: unknown): boolean => typeof part === 'object' && part !== null;
