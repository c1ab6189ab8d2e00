import { isAlnum, isDigit, isHex } from './chars.js';
import { canonicalise, hidesText } from './canonical-text.js';
import { findEmail } from './find-email.js';
import { addRun, ENCODED_DEPTH_MAX, ENCODED_WORD_CHARS_MIN, findEncoded, type Runs } from './find-encoded.js';
import { findIban } from './find-iban.js';
import { findInternationalPhone, findIpv6, findNumber, findParenthesisPhone } from './find-number.js';
import { findAssignment, findAzureClientSecret, findPairedAwsSecret, findPrivateKey, findToken, findUrlPassword } from './find-secret.js';
import { maskEnd } from './mask.js';
import type { Span } from './span.js';
import { beginsToken } from './token-rules.js';

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
const AMPERSAND = 12;
const KINDS = new Uint8Array(128);
for (let c = 0; c < 128; c += 1) KINDS[c] = isDigit(c) ? DIGIT : isAlnum(c) ? LETTER : OTHER;
for (const [char, kind] of [['@', AT], [':', ASSIGN], ['=', ASSIGN], ['+', PLUS], ['(', PARENTHESIS], ['-', DASH], ['%', PERCENT], ['\\', BACKSLASH], ['[', BRACKET], ['~', TILDE], ['&', AMPERSAND]] as const) KINDS[char.charCodeAt(0)] = kind;

const isWordChar = (c: number): boolean => c < 128 && (KINDS[c] === LETTER || KINDS[c] === DIGIT);

/** What the pass over the characters met, and a second look may be worth. */
const FOREIGN = 1;
const ESCAPED = 2;

/**
 * Personal data with structure and secrets in a text, in order, without overlaps. One pass over the characters; at the few that can
 * begin or mark something (a word start, a digit, an at sign, a colon …) a bounded look-up decides, so the time is linear on any text.
 * A text with characters that hide others (zero-width, full-width, tags, escapes) is also read without them, and base64 in it decoded.
 */
export function scanText(text: string): Span[] {
  return scan(text, 0);
}

/** The text as it stands, for ids: nothing is decoded. */
export function scanShallow(text: string): Span[] {
  const spans: Span[] = [];
  scanPlain(text, spans, null);
  return spans;
}

function scan(text: string, depth: number): Span[] {
  const spans: Span[] = [];
  const runs: Runs = [];
  const met = scanPlain(text, spans, runs);
  if ((met & ESCAPED) !== 0 || ((met & FOREIGN) !== 0 && hidesText(text))) scanHidden(text, spans);
  if (runs.length > 0 && depth < ENCODED_DEPTH_MAX) {
    const encoded = findEncoded(text, runs, (decoded) => scan(decoded, depth + 1));
    if (encoded.length > 0) merge(spans, encoded);
  }
  return spans;
}

function scanHidden(text: string, spans: Span[]): void {
  const canonical = canonicalise(text, false);
  if (canonical.text === text) return;
  const hidden: Span[] = [];
  scanPlain(canonical.text, hidden, null);
  if (hidden.length > 0) merge(spans, hidden.map((span) => ({ ...span, start: canonical.sourceStart(span.start), end: canonical.sourceEnd(span.end - 1) })));
}

/** Adds what is found in the text as it stands; says what else was met. */
function scanPlain(text: string, spans: Span[], runs: Runs | null): number {
  const length = text.length;
  let floor = 0;
  let inWord = false;
  let wordStart = 0;
  let met = 0;
  let pairs: Span[] | null = null;
  for (let i = 0; i < length; i += 1) {
    const c = text.charCodeAt(i);
    const kind = c < 128 ? KINDS[c]! : OTHER;
    if (kind === LETTER || kind === DIGIT) {
      if (inWord) {
        // The rest of a word says nothing.
        while (i + 1 < length && isWordChar(text.charCodeAt(i + 1))) i += 1;
        continue;
      }
      inWord = true;
      wordStart = i;
    } else if (inWord) {
      inWord = false;
      if (i - wordStart >= ENCODED_WORD_CHARS_MIN && runs !== null) addRun(text, wordStart, i, runs);
    }
    let span: Span | null = null;
    switch (kind) {
      case LETTER:
        if (beginsToken(c, text.charCodeAt(i + 1))) span = findToken(text, i, c);
        if (span === null && isDigit(text.charCodeAt(i + 2))) span = findIban(text, i);
        break;
      case DIGIT:
        span = findNumber(text, i);
        break;
      case AT:
        span = findEmail(text, i, i + 1, floor);
        break;
      case ASSIGN:
        if (c === 58) {
          const next = text.charCodeAt(i + 1);
          if (next === 47 && text.charCodeAt(i + 2) === 47) span = findUrlPassword(text, i);
          else if (next === 58 || isHex(next)) span = findIpv6(text, i, floor);
        }
        span ??= findAssignment(text, i, floor);
        break;
      case PLUS:
        if (isDigit(text.charCodeAt(i + 1))) span = findInternationalPhone(text, i);
        break;
      case PARENTHESIS:
        span = findParenthesisPhone(text, i);
        break;
      case DASH:
        if (text.charCodeAt(i + 1) === 45 && (i === 0 || text.charCodeAt(i - 1) !== 45)) span = findPrivateKey(text, i);
        break;
      case PERCENT:
        // Percent-encoding: the two hex digits are no word of their own.
        if (isHex(text.charCodeAt(i + 1)) && isHex(text.charCodeAt(i + 2))) {
          met |= ESCAPED;
          if (text.charCodeAt(i + 1) === 52 && text.charCodeAt(i + 2) === 48) span = findEmail(text, i, i + 3, floor);
          if (span === null) i += 2;
        }
        break;
      case BACKSLASH: {
        const next = text.charCodeAt(i + 1);
        // JSON text inside text: the letter of an escape is no word start.
        if (next === 110 || next === 114 || next === 116 || next === 98 || next === 102) {
          met |= ESCAPED;
          i += 1;
        }
        if ((next === 117 || next === 120) && isHex(text.charCodeAt(i + 2))) {
          met |= ESCAPED;
          i += next === 117 ? 5 : 3;
        }
        break;
      }
      case AMPERSAND:
        if (text.charCodeAt(i + 1) === 35) met |= ESCAPED;
        break;
      case BRACKET: {
        const end = maskEnd(text, i);
        if (end > 0) {
          i = end - 1;
          floor = end;
        }
        break;
      }
      case TILDE:
        span = findAzureClientSecret(text, i, floor);
        break;
      default:
        if (c >= 128) met |= FOREIGN;
    }
    if (span === null || span.start < floor) continue;
    spans.push(span);
    if (span.type === 'aws_access_key') {
      const paired = findPairedAwsSecret(text, span.end);
      // Scanning goes on between the two; the secret joins at the end.
      if (paired !== null) (pairs ??= []).push(paired);
    }
    floor = span.end;
    i = span.end - 1;
    inWord = false;
  }
  if (inWord && length - wordStart >= ENCODED_WORD_CHARS_MIN && runs !== null) addRun(text, wordStart, length, runs);
  if (pairs !== null) merge(spans, pairs);
  return met;
}

/** Adds `more` to `spans` in order; what overlaps becomes one span of the type that began first (a secret before personal data). */
function merge(spans: Span[], more: readonly Span[]): void {
  const all = [...spans, ...more].sort((a, b) => a.start - b.start || Number(b.secret) - Number(a.secret) || b.end - a.end);
  spans.length = 0;
  for (const span of all) {
    const last = spans.at(-1);
    if (last === undefined || span.start >= last.end) spans.push(span);
    else if (span.end > last.end || (span.secret && !last.secret)) spans[spans.length - 1] = joined(last, span);
  }
}

function joined(first: Span, second: Span): Span {
  const { type, secret } = second.secret && !first.secret ? second : first;
  return { start: first.start, end: Math.max(first.end, second.end), type, secret };
}
