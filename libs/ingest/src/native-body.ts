import { WaryError } from '@wary/model/errors.js';
import { BodyReader } from './body-reader.js';
import { DEFAULT_INGEST_LIMITS, type IngestLimits } from './ingest-limits.js';
import type { ReadBody, ReadContext } from './read-body.js';

export type { ReadBody, ReadContext, Rejection } from './read-body.js';

const LINE_TYPES = new Set(['application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/x-jsonlines', 'application/x-jsonl', 'application/json-lines']);
const NEWLINE = 0x0a;

/**
 * Records of a JSON source: a JSON array, NDJSON, or objects one after the other. A line or element that cannot be read is rejected
 * alone. CloudTrail's files, `{"Records":[…]}`, are taken apart. Throws `unsupported_media_type` and `batch_too_large`;
 * `bad_request` when the body is empty.
 */
export function readNativeBody(body: Buffer, mediaType: string, context: ReadContext, limits: IngestLimits = DEFAULT_INGEST_LIMITS): ReadBody {
  const type = mediaType.split(';')[0]!.trim().toLowerCase();
  const lines = LINE_TYPES.has(type);
  if (!lines && type !== 'application/json') throw new WaryError('unsupported_media_type', 'Send application/x-ndjson (one record a line) or application/json (an array of records)');
  const reader = new BodyReader(body, context, limits);
  const start = skipSpace(body, body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0, body.length);
  if (start === body.length) throw new WaryError('bad_request', 'The body is empty: send one record a line, or an array of records');
  // No record is an array, so a body that begins with a bracket is one whatever the type says.
  if (body[start] === 0x5b) readArray(reader, body, start + 1, body.length);
  else if (lines) readLines(reader, body, start);
  else readValues(reader, body, start);
  return reader.result();
}

function readLines(reader: BodyReader, body: Buffer, from: number): void {
  let line = 0;
  for (let i = body.indexOf(NEWLINE); i >= 0 && i < from; i = body.indexOf(NEWLINE, i + 1)) line += 1;
  let start = from;
  while (start < body.length) {
    let next = body.indexOf(NEWLINE, start);
    if (next < 0) next = body.length;
    let end = next;
    while (end > start && isSpace(body[end - 1]!)) end -= 1;
    const first = skipSpace(body, start, end);
    if (first < end) {
      const records = recordsStart(reader, body, first, end);
      if (records < 0) reader.takeJson(first, end, true, line);
      else readArray(reader, body, records, end);
    }
    start = next + 1;
    line += 1;
  }
}

/** Objects one after the other, with or without line ends between them (a single pretty-printed one, or NDJSON with another name). */
function readValues(reader: BodyReader, body: Buffer, from: number): void {
  let at = from;
  for (let index = 0; at < body.length; index += 1) {
    const records = recordsStart(reader, body, at, body.length);
    if (records >= 0) at = readArray(reader, body, records, body.length);
    else {
      reader.takeJson(at, body.length, false, index);
      if (reader.valueEnd <= at) {
        reader.reject(index, at, body.length, 'malformed_json', 'it is not valid JSON, or it breaks off: nothing from here on was read');
        return;
      }
      at = reader.valueEnd;
    }
    at = skipSpace(body, at, body.length);
  }
}

/** Elements from behind the opening bracket on; gives the index behind the closing one (and what closes the object around it). */
function readArray(reader: BodyReader, body: Buffer, from: number, end: number): number {
  let at = skipSpace(body, from, end);
  if (body[at] === 0x5d) return closeArray(reader, body, at + 1, end, 0);
  for (let index = 0; ; index += 1) {
    reader.takeJson(at, end, false, index);
    if (reader.valueEnd <= at) {
      reader.reject(index, at, end, 'malformed_json', `the array breaks off at record ${index}: nothing from here on was read`);
      return end;
    }
    at = skipSpace(body, reader.valueEnd, end);
    const c = at < end ? body[at] : -1;
    if (c === 0x5d) return closeArray(reader, body, at + 1, end, index + 1);
    if (c !== 0x2c) {
      reader.reject(index + 1, at, end, 'malformed_json', `the array breaks off behind record ${index}: a comma or ] is missing; nothing from here on was read`);
      return end;
    }
    at = skipSpace(body, at + 1, end);
  }
}

function closeArray(reader: BodyReader, body: Buffer, from: number, end: number, index: number): number {
  let at = skipSpace(body, from, end);
  if (body[at] === 0x7d && reader.source === 'cloudtrail') at = skipSpace(body, at + 1, end);
  if (at < end && !(reader.source === 'cloudtrail' && body[at] === 0x7b)) {
    reader.reject(index, at, end, 'malformed_json', 'something follows the end of the array; it was not read');
    return end;
  }
  return at;
}

/** Index behind `{"Records":[` of a CloudTrail file, or -1. */
function recordsStart(reader: BodyReader, body: Buffer, from: number, end: number): number {
  if (reader.source !== 'cloudtrail' || body[from] !== 0x7b) return -1;
  let at = skipSpace(body, from + 1, end);
  if (body.toString('latin1', at, at + 9) !== '"Records"') return -1;
  at = skipSpace(body, at + 9, end);
  if (body[at] !== 0x3a) return -1;
  at = skipSpace(body, at + 1, end);
  return body[at] === 0x5b ? at + 1 : -1;
}

const isSpace = (c: number): boolean => c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09;
function skipSpace(body: Buffer, from: number, end: number): number {
  let i = from;
  while (i < end && isSpace(body[i]!)) i += 1;
  return i;
}
