import { isUtf8 } from 'node:buffer';
import type { ErrorCode } from '@wary/model/error-codes.js';
import type { RecordNotes } from '@wary/model/raw-record.js';
import { DEFAULT_INGEST_LIMITS, type IngestLimits } from './ingest-limits.js';
import { findBigIntegers, repairEscapes } from './json-repair.js';
import { createJsonScan, scanJson, type JsonScan } from './json-scan.js';

export type ParsedRecord =
  | { readonly ok: true; readonly value: unknown; readonly repaired: boolean; readonly bigIntegers: Readonly<Record<string, string>> | null; readonly text: string }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string };

const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * One JSON value under the limits. Of two equal keys the last wins, as with JSON.parse everywhere: what is stored, hashed and
 * scored is that one value, so no two stages can read the record differently.
 */
export function parseJsonRecord(text: string, limits: IngestLimits = DEFAULT_INGEST_LIMITS): ParsedRecord {
  const bytes = Buffer.from(text, 'utf8');
  const scan = createJsonScan();
  scanJson(bytes, 0, bytes.length, true, limits, scan);
  const parsed = parseScanned(bytes, 0, bytes.length, true, limits, scan);
  return parsed.ok && !parsed.repaired && LONE_SURROGATE.test(text) ? { ...parsed, repaired: true } : parsed;
}

/** Parses the bytes that `scan` has measured. `validUtf8`: the caller knows that they are valid UTF-8. */
export function parseScanned(bytes: Buffer, start: number, end: number, validUtf8: boolean, limits: IngestLimits, scan: JsonScan): ParsedRecord {
  if (end - start > limits.recordBytesMax) return { ok: false, code: 'record_too_large', message: `the record has ${end - start} bytes, at most ${limits.recordBytesMax} are taken` };
  if (scan.code !== null) return { ok: false, code: scan.code, message: scan.message };
  let text = bytes.toString(scan.foreign ? 'utf8' : 'latin1', start, end);
  let repaired = scan.foreign && !validUtf8 && !isUtf8(bytes.subarray(start, end));
  if (scan.repairable) {
    const whole = repairEscapes(text);
    repaired ||= whole !== text;
    text = whole;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, code: 'malformed_json', message: malformed(error) };
  }
  if (!scan.bigInteger) return { ok: true, value, repaired, bigIntegers: null, text };
  const bigIntegers = findBigIntegers(text, limits.keysPerRecordMax);
  if (bigIntegers === null) return { ok: false, code: 'too_many_keys', message: `it has more than ${limits.keysPerRecordMax} integers beyond 2^53: send them as strings` };
  return { ok: true, value, repaired, bigIntegers, text };
}

const NOTHING: Readonly<Record<string, string>> = Object.freeze({});
/** What normalize has to know of the decoding, undefined (nearly always) when nothing. */
export function notesOf(repaired: boolean, bigIntegers: Readonly<Record<string, string>> | null): RecordNotes | undefined {
  if (!repaired && bigIntegers === null) return undefined;
  return { repairedText: repaired, bigIntegers: bigIntegers ?? NOTHING };
}

/** Where it went wrong, without a piece of the record: messages are stored and shown. */
function malformed(error: unknown): string {
  const position = /position (\d+)/.exec(String(error))?.[1];
  return position === undefined ? 'it is not valid JSON, or it breaks off' : `it is not valid JSON at character ${position}`;
}
