import type { ErrorCode } from '@wary/model/error-codes.js';
import type { IngestLimits } from './ingest-limits.js';

/** What one pass over the bytes of a JSON value found. One object serves all records of a body, so that a scan allocates nothing. */
export interface JsonScan {
  /** Index behind the value; -1 when it broke off. */
  end: number;
  /** A byte beyond ASCII was seen. */
  foreign: boolean;
  /** An escape of a surrogate or of U+0000 was seen: the text may need repair before it is parsed. */
  repairable: boolean;
  /** An integer of 16 digits or more was seen: it may be beyond 2^53. */
  bigInteger: boolean;
  /** The first limit that was passed, or null. */
  code: ErrorCode | null;
  message: string;
}
export const createJsonScan = (): JsonScan => ({ end: -1, foreign: false, repairable: false, bigInteger: false, code: null, message: '' });

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** What to do at a byte outside of strings; 0 is to pass over it. */
const OPEN = 1;
const CLOSE = 2;
const STRING = 3;
const COLON = 4;
const NUMBER = 5;
const COMMA = 6;
const KINDS = new Uint8Array(256);
for (const [chars, kind] of [['{[', OPEN], ['}]', CLOSE], ['"', STRING], [':', COLON], ['-0123456789', NUMBER], [',', COMMA]] as const) {
  for (const char of chars) KINDS[char.charCodeAt(0)] = kind;
}
const NUMBER_BYTES = new Uint8Array(256);
for (const char of '0123456789+-.eE') NUMBER_BYTES[char.charCodeAt(0)] = 1;

/**
 * Measures a value before anything is built of it: depth, keys, string lengths, refused keys, numbers that overflow. It is no parser:
 * what it lets through, JSON.parse judges. With `whole` the value is everything from `start` to `end` (a line); otherwise it ends
 * where its brackets are closed (an element of an array), and is followed to its end even when a limit was passed, so that the next
 * element can be found.
 */
export function scanJson(bytes: Uint8Array, start: number, end: number, whole: boolean, limits: IngestLimits, scan: JsonScan): void {
  const { depthMax, keysPerRecordMax, stringCharsMax } = limits;
  scan.end = -1;
  scan.foreign = false;
  scan.repairable = false;
  scan.bigInteger = false;
  scan.code = null;
  let depth = 0;
  let keys = 0;
  let seen = 0;
  let stringStart = 0;
  let stringEnd = 0;
  let escaped = false;
  let i = start;
  loop: while (i < end) {
    switch (KINDS[bytes[i]!]) {
      case STRING: {
        i += 1;
        stringStart = i;
        escaped = false;
        for (;;) {
          if (i >= end) break loop;
          const c = bytes[i]!;
          if (c === QUOTE) break;
          if (c === BACKSLASH) {
            escaped = true;
            if (bytes[i + 1] === 0x75 && needsCare(bytes, i + 2)) scan.repairable = true;
            i += 2;
          } else {
            seen |= c;
            i += 1;
          }
        }
        stringEnd = i;
        i += 1;
        if (stringEnd - stringStart > stringCharsMax && countChars(bytes, stringStart, stringEnd) > stringCharsMax) {
          refuse(scan, 'string_too_long', `a string has more than ${stringCharsMax} characters`);
        }
        break;
      }
      case COLON: {
        keys += 1;
        i += 1;
        const length = stringEnd - stringStart;
        if ((length === 9 || length === 11 || escaped) && isForbiddenKey(bytes, stringStart, stringEnd, escaped)) {
          refuse(scan, 'forbidden_key', 'a key is named __proto__, constructor or prototype: rename it');
        }
        break;
      }
      case NUMBER: {
        const from = i;
        let exponentAt = 0;
        let fraction = false;
        do {
          const c = bytes[i]!;
          if ((c | 32) === 0x65) exponentAt = i;
          else if (c === 0x2e) fraction = true;
          i += 1;
        } while (i < end && NUMBER_BYTES[bytes[i]!] === 1);
        if (exponentAt === 0 ? i - from > 300 : i - exponentAt > 3) {
          if (overflows(bytes, from, i)) refuse(scan, 'number_out_of_range', 'a number is larger than 1.8e308: send it as a string');
        }
        if (i - from > 15 && exponentAt === 0 && !fraction) scan.bigInteger = true;
        break;
      }
      case OPEN:
        depth += 1;
        i += 1;
        if (depth > depthMax) {
          refuse(scan, 'too_deep', `it is nested deeper than ${depthMax} levels`);
          if (whole) break loop;
        }
        break;
      case CLOSE:
        if (!whole && depth === 0) break loop;
        depth -= 1;
        i += 1;
        if (!whole && depth === 0) {
          scan.end = i;
          break loop;
        }
        break;
      case COMMA:
        if (!whole && depth === 0) break loop;
        i += 1;
        break;
      default:
        seen |= bytes[i]!;
        i += 1;
    }
  }
  if (keys > keysPerRecordMax) refuse(scan, 'too_many_keys', `it has ${keys} keys, at most ${keysPerRecordMax} are taken`);
  scan.foreign = seen >= 0x80;
  // A scalar ends where something else begins; an open bracket or string at the end of the bytes never ended.
  if (whole) scan.end = end;
  else if (scan.end < 0 && depth === 0 && i < end) scan.end = i;
}

function refuse(scan: JsonScan, code: ErrorCode, message: string): void {
  if (scan.code !== null) return;
  scan.code = code;
  scan.message = message;
}

/** `\uD8xx` to `\uDFxx` (a surrogate, perhaps alone) or `\u0000`, which PostgreSQL cannot keep in a text. */
function needsCare(bytes: Uint8Array, at: number): boolean {
  const c = bytes[at]!;
  if ((c | 32) === 0x64) return bytes[at + 1]! > 0x37;
  return c === 0x30 && bytes[at + 1] === 0x30 && bytes[at + 2] === 0x30 && bytes[at + 3] === 0x30;
}

const FORBIDDEN_KEYS = ['__proto__', 'constructor', 'prototype'];
export const isForbiddenName = (name: string): boolean => name === '__proto__' || name === 'constructor' || name === 'prototype';

function isForbiddenKey(bytes: Uint8Array, start: number, end: number, escaped: boolean): boolean {
  if (escaped) {
    // Each character as an escape of six bytes: longer keys cannot be one of the three.
    if (end - start > 66) return false;
    try {
      return isForbiddenName(JSON.parse(`"${textOf(bytes, start, end)}"`) as string);
    } catch {
      return false;
    }
  }
  for (const name of FORBIDDEN_KEYS) {
    if (name.length !== end - start) continue;
    let same = 0;
    while (same < name.length && name.charCodeAt(same) === bytes[start + same]) same += 1;
    if (same === name.length) return true;
  }
  return false;
}

const overflows = (bytes: Uint8Array, start: number, end: number): boolean => {
  const value = Number(textOf(bytes, start, end));
  return value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;
};

const textOf = (bytes: Uint8Array, start: number, end: number): string => Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');

/** UTF-16 units of the string between two quotes: an escape is one, a byte that goes on a character none, a four-byte character two. */
function countChars(bytes: Uint8Array, start: number, end: number): number {
  let chars = 0;
  for (let i = start; i < end; i += 1) {
    const c = bytes[i]!;
    if (c === BACKSLASH) i += bytes[i + 1] === 0x75 ? 5 : 1;
    else if ((c & 0xc0) === 0x80) continue;
    else if (c >= 0xf0) chars += 1;
    chars += 1;
  }
  return chars;
}
