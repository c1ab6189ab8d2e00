import type { DeadLetter } from '@wary/model/dead-letter.js';
import { BodyReader } from './body-reader.js';
import { DEFAULT_INGEST_LIMITS, type IngestLimits } from './ingest-limits.js';
import { notesOf, parseJsonRecord } from './parse-json.js';
import type { ReadBody } from './read-body.js';
import { readTextBody } from './text-body.js';

/**
 * A dead letter read again, after what was wrong has been put right (a new version, a longer retention). It keeps the time of its
 * first receipt, and gets the same identity each time, so replaying it twice makes one event. `format` is that of its source.
 */
export function readDeadLetter(letter: DeadLetter, format: 'json' | 'text' | 'otlp', limits: IngestLimits = DEFAULT_INGEST_LIMITS): ReadBody {
  const { tenant, receivedAt, source, payload, offset } = letter;
  const context = { tenant, receivedAt, source };
  const body = Buffer.from(payload, 'utf8');
  if (format === 'text') return readTextBody(body, context, limits);
  const reader = new BodyReader(body, context, limits);
  if (format === 'json') {
    // One record, even where the text would do for several.
    reader.takeJson(0, body.length, true, offset);
    if (body.length === 0) reader.rejectWith(offset, 'malformed_json', 'the record is empty', payload);
    return reader.result();
  }
  const parsed = parseJsonRecord(payload, limits);
  // A damaged protobuf record has lost what it stood in; it is kept to be looked at only.
  if (!parsed.ok) reader.rejectWith(offset, parsed.code, 'this record was damaged when it came and cannot be replayed', payload);
  else reader.takeValue(parsed.value, offset, notesOf(parsed.repaired, parsed.bigIntegers));
  return reader.result();
}
