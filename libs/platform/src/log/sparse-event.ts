import { emptyEvent, type Event } from '@wary/model/event.js';

/** Parts that always have the same fields; what else holds maps is kept as it is, whatever its keys are. */
const CLOSED_PARTS: ReadonlySet<string> = new Set(['actor', 'client', 'resource', 'principal']);
type Fields = Record<string, unknown>;
const NEUTRAL = emptyEvent('native') as unknown as Fields;

/** An event without what is neutral in it, as `emptyEvent` has it: less than half of the text for most. The source is always there, the sequence never. */
export function sparseEvent(event: Event): object {
  const from = event as unknown as Fields;
  const sparse: Fields = {};
  for (const field in NEUTRAL) {
    const value = from[field];
    if (field === 'seq' || (field !== 'source' && isNeutral(value, NEUTRAL[field]))) continue;
    if (!CLOSED_PARTS.has(field)) { sparse[field] = value; continue; }
    const part = sparsePart(value as Fields, NEUTRAL[field] as Fields);
    if (part !== null) sparse[field] = part;
  }
  return sparse;
}

/** The event again, every field in its place; what is no field of an event is left out. */
export function wholeEvent(sparse: Fields): Event {
  const event = emptyEvent('native') as unknown as Fields;
  for (const field in event) {
    if (!Object.hasOwn(sparse, field)) continue;
    if (!CLOSED_PARTS.has(field)) { event[field] = sparse[field]; continue; }
    const part = event[field] as Fields;
    const given = sparse[field] as Fields;
    for (const name in part) if (Object.hasOwn(given, name)) part[name] = given[name];
  }
  return event as unknown as Event;
}

function sparsePart(value: Fields, neutral: Fields): Fields | null {
  let part: Fields | null = null;
  for (const name in neutral) if (!isNeutral(value[name], neutral[name])) (part ??= {})[name] = value[name];
  return part;
}

/** Empty lists and maps are all alike. */
const isNeutral = (value: unknown, neutral: unknown): boolean => value === neutral || (typeof value === 'object' && value !== null && typeof neutral === 'object' && neutral !== null && isEmpty(value) && isEmpty(neutral) && Array.isArray(value) === Array.isArray(neutral));
function isEmpty(value: object): boolean {
  if (Array.isArray(value)) return value.length === 0;
  for (const key in value) if (Object.hasOwn(value, key)) return false;
  return true;
}
