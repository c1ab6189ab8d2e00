import { isAlnum, isDigit, isHex, isTokenChar } from './chars.js';
import { canonicalise, hidesText } from './canonical-text.js';
import { findEmail } from './find-email.js';
import { findIban } from './find-iban.js';
import { findInternationalPhone, findIpv6, findNumber, findParenthesisPhone } from './find-number.js';
import { findAssignment, findAzureClientSecret, findPairedAwsSecret, findPrivateKey, findToken, findUrlPassword } from './find-secret.js';
import { maskEnd, type Span } from './span.js';

/** What to do at a character. */
const OTHER = 0;
const LETTER = 1;
const DIGIT = 2;
const AT = 3;
const ASSIGN = 4;
const PLUS = 5;
const PARENTHESIS = 6;
const DASH = 7;
const PERCENT = 8;
const BACKSLASH = 9;
const BRACKET = 10;
const TILDE = 11;
const KINDS = new Uint8Array(128);
for (let c = 0; c < 128; c += 1) KINDS[c] = isDigit(c) ? DIGIT : isAlnum(c) ? LETTER : OTHER;
for (const [char, kind] of [['@', AT], [':', ASSIGN], ['=', ASSIGN], ['+', PLUS], ['(', PARENTHESIS], ['-', DASH], ['%', PERCENT], ['\\', BACKSLASH], ['[', BRACKET], ['~', TILDE]] as const) KINDS[char.charCodeAt(0)] = kind;

/**
 * Personal data with structure and secrets in a text, in order, without overlaps. One pass over the characters; at the few that can
 * begin or mark something (a word start, a digit, an at sign, a colon …) a bounded look-up decides, so the time is linear on any text.
 * A text with characters that hide others (zero-width, full-width, tags) is also read without them.
 */
export function scanText(text: string, spans: Span[] = []): Span[] {
  spans.length = 0;
  if (!scanPlain(text, spans) || !hidesText(text)) return spans;
  const { text: plain, offsets } = canonicalise(text, false);
  const hidden: Span[] = [];
  scanPlain(plain, hidden);
  if (hidden.length > 0) merge(spans, hidden.map((span) => ({ ...span, start: offsets[span.start]!, end: offsets[span.end - 1]! + widthAt(text, offsets[span.end - 1]!) })));
  return spans;
}
const widthAt = (text: string, at: number): number => (text.codePointAt(at)! > 0xffff ? 2 : 1);

/** True when a character beyond ASCII was met. */
function scanPlain(text: string, spans: Span[]): boolean {
  const length = text.length;
  let floor = 0;
  let inWord = false;
  let foreign = false;
  for (let i = 0; i < length; i += 1) {
    const c = text.charCodeAt(i);
    if (c >= 128) {
      foreign = true;
      inWord = false;
      continue;
    }
    let span: Span | null = null;
    switch (KINDS[c]) {
      case LETTER:
        if (!inWord) {
          inWord = true;
          span = findToken(text, i, c) ?? findIban(text, i);
        }
        break;
      case DIGIT:
        if (!inWord) {
          inWord = true;
          span = c === 114 ? null : findNumber(text, i);
        }
        break;
      case AT:
        inWord = false;
        span = findEmail(text, i, i + 1, floor);
        break;
      case ASSIGN:
        inWord = false;
        if (c === 58) {
          const next = text.charCodeAt(i + 1);
          if (next === 47 && text.charCodeAt(i + 2) === 47) span = findUrlPassword(text, i);
          else if (next === 58 || isHex(next)) span = findIpv6(text, i, floor);
        }
        span ??= findAssignment(text, i, floor);
        break;
      case PLUS:
        inWord = false;
        if (isDigit(text.charCodeAt(i + 1))) span = findInternationalPhone(text, i);
        break;
      case PARENTHESIS:
        inWord = false;
        span = findParenthesisPhone(text, i);
        break;
      case DASH:
        inWord = false;
        if (text.charCodeAt(i + 1) === 45 && (i === 0 || text.charCodeAt(i - 1) !== 45)) span = findPrivateKey(text, i);
        break;
      case PERCENT:
        inWord = false;
        // Percent-encoding: the two hex digits are no word of their own.
        if (isHex(text.charCodeAt(i + 1)) && isHex(text.charCodeAt(i + 2))) {
          if (text.charCodeAt(i + 1) === 52 && text.charCodeAt(i + 2) === 48) span = findEmail(text, i, i + 3, floor);
          if (span === null && text.charCodeAt(i + 1) === 51 && (text.charCodeAt(i + 2) | 32) === 100) span = findAssignmentEncoded(text, i, floor);
          if (span === null) i += 2;
        }
        break;
      case BACKSLASH: {
        inWord = false;
        const next = text.charCodeAt(i + 1);
        // JSON text inside text: the letter of an escape is no word start.
        if (next === 110 || next === 114 || next === 116 || next === 98 || next === 102) i += 1;
        else if (next === 117 && isHex(text.charCodeAt(i + 2))) {
          if (text.startsWith('0040', i + 2)) span = findEmail(text, i, i + 6, floor);
          if (span === null) i += 5;
        }
        break;
      }
      case BRACKET: {
        inWord = false;
        const end = maskEnd(text, i);
        if (end > 0) {
          i = end - 1;
          floor = end;
        }
        break;
      }
      case TILDE:
        inWord = false;
        span = findAzureClientSecret(text, i, floor);
        break;
      default:
        inWord = false;
    }
    if (span === null || span.start < floor) continue;
    spans.push(span);
    if (span.type === 'aws_access_key') {
      const paired = findPairedAwsSecret(text, span.end);
      // Scanning goes on between the two; the secret joins when its place is reached without an overlap.
      if (paired !== null) pairs.push(paired);
    }
    floor = span.end;
    i = span.end - 1;
    inWord = isTokenChar(text.charCodeAt(i)) && false;
  }
  if (pairs.length > 0) {
    merge(spans, pairs);
    pairs.length = 0;
  }
  return foreign;
}
const pairs: Span[] = [];

/** `password%3Dvalue`: the encoded sign is three characters wide. */
function findAssignmentEncoded(text: string, percent: number, floor: number): Span | null {
  const span = findAssignment(`${text.slice(Math.max(floor, percent - 48), percent)}=${text.slice(percent + 3, percent + 520)}`, Math.min(48, percent - floor), 0);
  if (span === null) return null;
  const shift = percent - Math.min(48, percent - floor) + 2;
  let end = span.end + shift;
  while (isTokenChar(text.charCodeAt(end))) end += 1;
  return { ...span, start: span.start + shift, end };
}

/** Adds `more` to `spans` in order; what overlaps becomes one span of the type that began first (a secret before personal data). */
function merge(spans: Span[], more: readonly Span[]): void {
  const all = [...spans, ...more].sort((a, b) => a.start - b.start || Number(b.secret) - Number(a.secret) || b.end - a.end);
  spans.length = 0;
  for (const span of all) {
    const last = spans.at(-1);
    if (last === undefined || span.start >= last.end) spans.push(span);
    else if (span.end > last.end || (span.secret && !last.secret)) spans[spans.length - 1] = { start: last.start, end: Math.max(last.end, span.end), type: span.secret && !last.secret ? span.type : last.type, secret: last.secret || span.secret };
  }
}
