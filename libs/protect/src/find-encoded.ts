import { isAlnum, isHex } from './chars.js';
import type { Span } from './span.js';

/** Letters and digits in a row that may be the inside of base64; a scanner that met none need not look here. */
export const ENCODED_WORD_CHARS_MIN = 16;
/** Base64 within base64 is read once more, no deeper. */
export const ENCODED_DEPTH_MAX = 2;
const DECODED_CHARS_MAX = 65_536;

/** Starts and ends (alternating) of the runs of base64 characters in which long words stood. */
export type Runs = number[];

/** Widens a long word to the run around it; `+`, `/`, `-` and `_` part words but not base64. */
export function addRun(text: string, wordStart: number, wordEnd: number, runs: Runs): void {
  const floor = runs.length === 0 ? 0 : runs.at(-1)!;
  if (wordStart < floor) return;
  let start = wordStart;
  while (start > floor && isEncoded(text.charCodeAt(start - 1))) start -= 1;
  let end = wordEnd;
  while (isEncoded(text.charCodeAt(end))) end += 1;
  runs.push(start, end);
}
const isEncoded = (c: number): boolean => isAlnum(c) || c === 43 || c === 47 || c === 45 || c === 95;

/** All runs of a text that may be base64 or hex. */
export function runsOf(text: string): Runs {
  const runs: Runs = [];
  let wordStart = 0;
  for (let i = 0; i <= text.length; i += 1) {
    if (i < text.length && isAlnum(text.charCodeAt(i))) continue;
    if (i - wordStart >= ENCODED_WORD_CHARS_MIN) addRun(text, wordStart, i, runs);
    wordStart = i + 1;
  }
  return runs;
}

/** What `scan` finds inside base64 or hex; the whole run is the span, because no part of it can be masked. */
export function findEncoded(text: string, runs: Runs, scan: (decoded: string) => readonly Span[]): Span[] {
  const spans: Span[] = [];
  let budget = DECODED_CHARS_MAX;
  for (let r = 0; r < runs.length && budget > 0; r += 2) {
    const start = runs[r]!;
    let end = runs[r + 1]!;
    const decoded = decodeText(text.slice(start, Math.min(end, start + 2 * budget)));
    if (decoded === '') continue;
    budget -= decoded.length;
    const found = scan(decoded);
    if (found.length === 0) continue;
    const first = found.find((span) => span.secret) ?? found[0]!;
    for (let padding = 0; padding < 2 && text.charCodeAt(end) === 61; padding += 1) end += 1;
    spans.push({ start, end, type: first.type, secret: first.secret, value: first.value ?? decoded.slice(first.start, first.end) });
  }
  return spans;
}

const SEXTETS = new Int8Array(128).fill(-1);
for (const [value, char] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) SEXTETS[char.charCodeAt(0)] = value;
SEXTETS[45] = 62;
SEXTETS[95] = 63;
const PROBE_CHARS = 16;
const PRINTABLE_SHARE_MIN = 0.8;
const HEX = /^(?:[0-9a-f]{2})+$|^(?:[0-9A-F]{2})+$/;

/** The text that a run of base64 or hex stands for, or '' when it is none: most runs are paths, names and hashes, and a few bytes tell. */
export function decodeText(run: string): string {
  if (isBase64OfText(run)) return Buffer.from(run, 'base64').toString('utf8');
  if (!isHex(run.charCodeAt(0)) || !isHex(run.charCodeAt(1)) || !isHex(run.charCodeAt(2)) || !HEX.test(run)) return '';
  const head = Buffer.from(run.slice(0, PROBE_CHARS), 'hex');
  return head.filter(isPrintable).length >= head.length * PRINTABLE_SHARE_MIN ? Buffer.from(run, 'hex').toString('utf8') : '';
}

/** Whether the first bytes of a run are printable ASCII, without decoding the rest. */
export function isBase64OfText(run: string): boolean {
  const chars = Math.min(run.length, PROBE_CHARS);
  let held = 0;
  let bytes = 0;
  let printable = 0;
  for (let i = 0; i < chars; i += 1) {
    held = (held << 6) | SEXTETS[run.charCodeAt(i)]!;
    if ((i & 3) === 0) continue;
    const byte = (held >> (6 - 2 * (i & 3))) & 255;
    bytes += 1;
    if (isPrintable(byte)) printable += 1;
    if ((i & 3) === 3) held = 0;
  }
  return printable >= bytes * PRINTABLE_SHARE_MIN;
}
const isPrintable = (byte: number): boolean => (byte >= 32 && byte < 127) || byte === 10 || byte === 13 || byte === 9;
