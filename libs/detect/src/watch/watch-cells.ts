import { ACTOR_TYPES, type ActorType } from '@wary/model/entity.js';
import { EVENT_FLAG, hasFlag, type Event } from '@wary/model/event.js';
import { SOURCE_NAMES, type SourceName } from '@wary/model/sources.js';

/** What detectors read of an event and a source may stop to send. Two kinds of them: whether an event of the source usually has it is learned. */
export const WATCHED_FIELDS = ['content', 'client address', 'bytes', 'resource'] as const;
export const SOURCES = SOURCE_NAMES.length;
const FIELDS = WATCHED_FIELDS.length;
/** Detectors by a place that stays: new ones are added at the end. Rules have their own health. */
export const FIRING = [
  'volume', 'breadth', 'failures', 'cost_tokens', 'novelty', 'off_hours', 'activity', 'canary', 'secret_in_output', 'personal_data_bulk', 'purpose', 'impossible_travel', 'sensitive_egress', 'injection_campaign', 'sequence', 'growth', 'repeats', 'changes', 'concurrent_use', 'other_purpose',
] as const;
const FIRING_AT = new Map<string, number>(FIRING.map((id, index) => [id, index]));

/**
 * Counters of an event-time hour that the monitor watches itself by: whole numbers that add up over shards and partitions.
 * By source its events and how many have each field; by detector its new findings; by kind of principal the hours opened, and those of them of principals without a baseline of their own, and the principals that nobody had heard of.
 */
const EVENTS_AT = 0;
const FIELDS_AT = EVENTS_AT + SOURCES;
const FIRING_FROM = FIELDS_AT + SOURCES * FIELDS;
const OPENED_AT = FIRING_FROM + FIRING.length;
const UNKNOWN_AT = OPENED_AT + ACTOR_TYPES.length;
const BEGUN_AT = UNKNOWN_AT + ACTOR_TYPES.length;
export const WATCH_CELLS = BEGUN_AT + ACTOR_TYPES.length;

export const eventsCell = (source: number): number => EVENTS_AT + source;
export const fieldCell = (source: number, field: number): number => FIELDS_AT + source * FIELDS + field;
export const firingCell = (place: number): number => FIRING_FROM + place;
export const openedCell = (kind: number): number => OPENED_AT + kind;
export const begunCell = (kind: number): number => BEGUN_AT + kind;
export const unknownCell = (kind: number): number => UNKNOWN_AT + kind;

const SOURCE_AT: Readonly<Record<SourceName, number>> = Object.fromEntries(SOURCE_NAMES.map((name, index) => [name, index])) as Record<SourceName, number>;
const KIND_AT: Readonly<Record<ActorType, number>> = Object.fromEntries(ACTOR_TYPES.map((type, index) => [type, index])) as Record<ActorType, number>;
/** −1: not watched. */
export const firingPlace = (detector: string): number => FIRING_AT.get(detector) ?? -1;

/** One more hour of a principal of this kind; `known`: it has a baseline of its own. */
export function countOpened(cells: Int32Array, type: ActorType, known: boolean): void {
  cells[openedCell(KIND_AT[type])]! += 1;
  if (!known) cells[unknownCell(KIND_AT[type])]! += 1;
}

/** A principal of this kind that nobody had heard of. */
export function countBegun(cells: Int32Array, type: ActorType): void {
  cells[begunCell(KIND_AT[type])]! += 1;
}

/** One more event of its source, with what it has. */
export function countEvent(cells: Int32Array, event: Event): void {
  const source = SOURCE_AT[event.source];
  cells[EVENTS_AT + source]! += 1;
  const fields = FIELDS_AT + source * FIELDS;
  if (hasFlag(event, EVENT_FLAG.contentSeen)) cells[fields]! += 1;
  if (event.client.ip !== '') cells[fields + 1]! += 1;
  if (event.bytes !== null) cells[fields + 2]! += 1;
  if (event.resource.id !== '') cells[fields + 3]! += 1;
}
