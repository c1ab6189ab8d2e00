import { EVENT_FLAG, emptyEvent, FUTURE_AFTER_MS, HISTORY_AFTER_MS, type Event } from '@wary/model/event.js';
import { INGEST_LIMITS } from '@wary/model/limits.js';
import type { RawRecord } from '@wary/model/raw-record.js';
import type { SourceName } from '@wary/model/sources.js';
import { deadLetter, ok, type StepResult } from '@wary/pipeline/step-result.js';
import { canonicalText, contentHash } from './canonical-hash.js';
import { MAPPERS } from './mapper-table.js';
import { clip, setAttribute } from './values.js';

export interface NormalizeSettings { readonly retentionDays: number }

const DAY_MS = 86_400_000;

/** One record to one event: everything but what enrich and protect fill. Never throws on any record. */
export function normalizeRecord(record: RawRecord, settings: NormalizeSettings): StepResult<Event> {
  const mapper = MAPPERS.get(record.source);
  if (mapper === undefined) return deadLetter('unsupported_record', `there is no mapper for the source ${record.source} yet`);
  const event = emptyEvent(record.source);
  event.tenant = record.tenant;
  event.receivedAt = record.receivedAt;
  const noEvent = mapper.mapRecord(record, event);
  if (noEvent !== null) return noEvent;
  if (event.actor.id === '') return deadLetter('missing_actor', 'the record does not say who acted');
  const late = judgeTime(event, settings);
  if (late !== null) return late;
  takeNotes(event, record);
  if (event.actor.id.length > INGEST_LIMITS.idCharsMax) event.actor.id = clip(event.actor.id, INGEST_LIMITS.idCharsMax);
  // Longer ids cannot be keys of baselines; the raw record has the whole of them.
  if (event.resource.id.length > INGEST_LIMITS.idCharsMax) event.resource.id = clip(event.resource.id, INGEST_LIMITS.idCharsMax);
  if (event.id === '') event.id = record.transportId !== '' ? record.transportId : identityOf(record);
  return ok(event);
}

/** The record format of a source, null when it has no mapper yet. */
export const recordFormat = (source: SourceName): 'json' | 'text' | 'otlp' | null => MAPPERS.get(source)?.format ?? null;

/** Event time rules detection: what is old teaches only, what is ahead is stored only, what the store would not keep is refused. */
function judgeTime(event: Event, { retentionDays }: NormalizeSettings): StepResult<never> | null {
  const ageMs = event.receivedAt - event.time;
  if (Number.isNaN(ageMs)) return deadLetter('missing_time', 'the time is missing or cannot be read: send ISO 8601 or epoch milliseconds');
  if (ageMs > HISTORY_AFTER_MS) {
    if (ageMs > retentionDays * DAY_MS) return deadLetter('time_out_of_retention', `the time is more than ${retentionDays} days ago, which is how long events are kept`);
    event.flags |= EVENT_FLAG.historical;
  } else if (ageMs < -FUTURE_AFTER_MS) {
    if (ageMs < -retentionDays * DAY_MS) return deadLetter('time_out_of_retention', `the time is more than ${retentionDays} days ahead: check the clock of the sender`);
    event.flags |= EVENT_FLAG.future;
  }
  return null;
}

function takeNotes(event: Event, { notes }: RawRecord): void {
  if (notes === undefined) return;
  if (notes.repairedText) event.flags |= EVENT_FLAG.repairedText;
  const paths = Object.keys(notes.bigIntegers);
  if (paths.length === 0) return;
  event.flags |= EVENT_FLAG.bigInteger;
  // The attributes may be the record's own object, whose content is its identity.
  event.attributes = { ...event.attributes };
  for (const path of paths) {
    setAttribute(event.attributes, `${path}#text`, notes.bigIntegers[path]!);
  }
}

/** For records without an identity of their own: the same content is the same event, whatever the order of its keys. Digits that a double loses count. */
function identityOf({ value, notes }: RawRecord): string {
  const text = canonicalText(value);
  return `h:${contentHash(notes === undefined ? text : text + canonicalText(notes.bigIntegers))}`;
}
