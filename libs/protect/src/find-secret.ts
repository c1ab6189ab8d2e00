import { isAlnum, isAsciiLetter, isDigit, isSpace, isTokenChar } from './chars.js';
import { entropyOf, isFakeToken, isPlaceholder } from './placeholder.js';
import type { SecretType, Span } from './span.js';
import { RULES_BY_FIRST } from './token-rules.js';

const secret = (start: number, end: number, type: SecretType): Span => ({ start, end, type, secret: true });

/** A token with a form of its own at a word start. What is glued to it is taken too: never leave part of a secret. */
export function findToken(text: string, start: number, first: number): Span | null {
  const rules = RULES_BY_FIRST[first];
  if (rules === undefined) return null;
  const second = text.charCodeAt(start + 1);
  for (const rule of rules) {
    if (rule.prefix.charCodeAt(1) !== second || !text.startsWith(rule.prefix, start)) continue;
    // Long patterns start only near a real break, or a text of "eyJ-eyJ-" would be read over and over.
    if (rule.type === 'jwt' && !isNearBreak(text, start)) continue;
    rule.pattern.lastIndex = start;
    if (!rule.pattern.test(text)) continue;
    let end = rule.pattern.lastIndex;
    if (!rule.accepts(text.slice(start, end))) continue;
    while (isTokenChar(text.charCodeAt(end)) || (rule.type === 'jwt' && text.charCodeAt(end) === 46 && isTokenChar(text.charCodeAt(end + 1)))) end += 1;
    const from = PROSE.has(rule.type) ? valueStart(text, start, end) : start;
    return secret(from, end, rule.type);
  }
  return null;
}
const LABEL_CHARS_MAX = 48;
function isNearBreak(text: string, start: number): boolean {
  for (let i = start - 1; i >= start - LABEL_CHARS_MAX; i -= 1) if (i < 0 || !isTokenChar(text.charCodeAt(i))) return true;
  return false;
}

/** Types whose match begins with a word that may stay ("Bearer", "password is"). */
const PROSE: ReadonlySet<SecretType> = new Set<SecretType>(['bearer_token', 'basic_auth', 'password']);
function valueStart(text: string, start: number, end: number): number {
  let from = end;
  while (from > start && !isSpace(text.charCodeAt(from - 1)) && !isQuote(text.charCodeAt(from - 1))) from -= 1;
  return from;
}
const isQuote = (c: number): boolean => c === 34 || c === 39 || c === 96;

const PEM_BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/y;
const PEM_CHARS_MAX = 16_384;
const PEM_BODY_CHARS_MIN = 40;

/** A PEM private key from its first dash; without an end line, as far as base64 goes. */
export function findPrivateKey(text: string, start: number): Span | null {
  if (!text.startsWith('-----BEGIN ', start)) return null;
  PEM_BEGIN.lastIndex = start;
  if (!PEM_BEGIN.test(text)) return null;
  const body = PEM_BEGIN.lastIndex;
  const close = text.slice(body, body + PEM_CHARS_MAX).indexOf('-----END');
  let end = body;
  if (close >= 0) {
    end = body + close + 8;
    const dashes = text.indexOf('-----', end);
    if (dashes >= 0 && dashes - end < 60) end = dashes + 5;
  }
  let chars = 0;
  let i = body;
  for (; i < (close >= 0 ? body + close : text.length); i += 1) {
    const c = text.charCodeAt(i);
    if (isAlnum(c) || c === 43 || c === 47 || c === 61) chars += 1;
    else if (close < 0 && !isSpace(c) && c !== 92) break;
  }
  if (chars < PEM_BODY_CHARS_MIN) return null;
  return secret(start, Math.max(end, i), 'private_key');
}

const AUTHORITY_CHARS_MAX = 512;

/** The password in `scheme://user:password@host` from the colon after the scheme; the user and the host stay readable. */
export function findUrlPassword(text: string, colon: number): Span | null {
  const from = colon + 3;
  const limit = Math.min(text.length, from + AUTHORITY_CHARS_MAX);
  let slash = -1;
  let firstColon = -1;
  let at = -1;
  for (let i = from; i < limit; i += 1) {
    const c = text.charCodeAt(i);
    if (isSpace(c) || isQuote(c) || c === 60 || c === 62 || c === 92 || (c === 58 && text.startsWith('//', i + 1))) break;
    if (c === 64 && (slash < 0 || at < 0)) at = i;
    else if (c === 58 && firstColon < 0 && slash < 0) firstColon = i;
    else if ((c === 47 || c === 63 || c === 35) && slash < 0) {
      slash = i;
      if (at >= 0 || firstColon < 0 || isPort(text, firstColon + 1, i)) break;
    }
  }
  if (at < 0 || firstColon < 0 || firstColon > at || at - firstColon < 2) return null;
  if (isPlaceholder(text.slice(firstColon + 1, at))) return null;
  return secret(firstColon + 1, at, /^https?$/i.test(schemeBefore(text, colon)) ? 'url_password' : 'connection_string');
}
function isPort(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i += 1) if (!isDigit(text.charCodeAt(i))) return false;
  return end - start <= 5;
}
function schemeBefore(text: string, colon: number): string {
  let start = colon;
  while (start > 0 && colon - start < 16 && isAsciiLetter(text.charCodeAt(start - 1))) start -= 1;
  return text.slice(start, colon);
}

type KeyClass = 'password' | 'secret' | 'aws' | 'azure' | 'sas' | '';
const PASSWORD_KEY = /(?:password|passwd|passphrase|passwort|passcode|pwd)\d?$|(?:^|[_.-])pass$/;
const SECRET_KEY = /(?:secret|secret[_-]?key|api[_-]?key|apikey|access[_-]?key|private[_-]?key|auth[_-]?key|encryption[_-]?key|signing[_-]?key|master[_-]?key|service[_-]?key|subscription[_-]?key|token|credentials?|secret[_-]?value)$/;
/** Tokens that open nothing: cursors, counters, form tokens. */
const NOT_SECRET = /(?:next|page|paging|continuation|continue|sync|max|stop|start|eos|bos|pad|csrf|xsrf|request|client_request|idempotency|sort|cancel|change)[_-]?token$|public|publish/;
const KEY_CHARS_MAX = 40;
const VALUE_CHARS_MAX = 256;
const KEYS_CACHED_MAX = 10_000;
const classes = new Map<string, KeyClass>();

/** What the name before `:` or `=` promises. Pure in its argument; the cache is a speed-up for the few hundred names that repeat. */
export function classifyKey(name: string): KeyClass {
  let found = classes.get(name);
  if (found === undefined) {
    const lower = name.toLowerCase();
    if (PASSWORD_KEY.test(lower)) found = 'password';
    else if (/^(?:accountkey|sharedaccesskey)$/.test(lower)) found = 'azure';
    else if (lower === 'sig') found = 'sas';
    else if (!SECRET_KEY.test(lower) || NOT_SECRET.test(lower)) found = '';
    else found = /aws|secret[_-]?access/.test(lower) ? 'aws' : 'secret';
    if (classes.size >= KEYS_CACHED_MAX) classes.clear();
    classes.set(name, found);
  }
  return found;
}

/** Type of the secret that `value` is under a key of this class, or ''. */
export function secretTypeOf(keyClass: KeyClass, value: string, quoted: boolean): SecretType | '' {
  if (keyClass === '' || value.length < 6 || value.includes('[secret:')) return '';
  if (keyClass === 'password') return isPassword(value, quoted) ? 'password' : '';
  if (value.length < 16 || isPlaceholder(value) || isFakeToken(value)) return '';
  if (keyClass === 'sas') return /^[A-Za-z0-9+/]{40,90}(?:=|%3[Dd]){0,2}$/.test(value.replaceAll(/%2[BbFf]/g, '+')) ? 'azure_sas' : '';
  if (keyClass === 'azure') return value.length >= 40 ? 'azure_key' : '';
  if (keyClass === 'aws' && /^[A-Za-z0-9/+]{40}$/.test(value)) return 'aws_secret_key';
  if (!/\d/.test(value) || !/[A-Za-z]/.test(value) || /[\s(){}<>]/.test(value) || entropyOf(value) < 3) return '';
  return 'api_key';
}

function isPassword(value: string, quoted: boolean): boolean {
  // Without a digit, only mixed case within or punctuation tells it from prose and from names in code.
  const telling = /\d/.test(value) || (quoted && value.length >= 8 && !/\s/.test(value) && ((/[a-z][A-Z]/.test(value) && /[^A-Za-z]/.test(value)) || /[!@#$%^&*?~]/.test(value)));
  return telling && !(value.includes('(') && value.includes(')')) && !isPlaceholder(value);
}

/** The value after `:` or `=` at `at` when the name before it promises a secret. */
export function findAssignment(text: string, at: number, floor: number): Span | null {
  let end = at;
  for (let skipped = 0; end > floor && skipped < 6; skipped += 1) {
    const c = text.charCodeAt(end - 1);
    if (!isQuote(c) && c !== 92 && c !== 32 && c !== 93) break;
    end -= 1;
  }
  if (!KEY_ENDS[text.charCodeAt(end - 1)]) return null;
  let start = end;
  while (start > floor && end - start < KEY_CHARS_MAX) {
    const c = text.charCodeAt(start - 1);
    if (!isTokenChar(c) && c !== 46) break;
    start -= 1;
  }
  const keyClass = classifyKey(text.slice(start, end));
  if (keyClass === '') return null;

  let from = at + 1;
  for (let skipped = 0; skipped < 8; skipped += 1, from += 1) {
    const c = text.charCodeAt(from);
    if (c !== 32 && c !== 61 && c !== 62 && c !== 58 && c !== 9) break;
  }
  let quote = 0;
  for (let skipped = 0; skipped < 8; skipped += 1, from += 1) {
    const c = text.charCodeAt(from);
    if (isQuote(c)) {
      quote = c;
      from += 1;
      break;
    }
    if (c !== 92) break;
  }
  let to = valueEnd(text, from, quote, from + VALUE_CHARS_MAX);
  const value = text.slice(from, to);
  // A call of a function, whose closing bracket was trimmed.
  if (quote === 0 && text.charCodeAt(to) === 41 && /^[A-Za-z_][\w.]*\(/.test(value)) return null;
  const type = secretTypeOf(keyClass, value, quote !== 0);
  if (type === '') return null;
  // A token with a form of its own says better what it is.
  const token = findToken(text, from, text.charCodeAt(from));
  if (token !== null && token.end >= to) return token;
  if (to === from + VALUE_CHARS_MAX) to = valueEnd(text, from, quote, text.length);
  return secret(from, to, type);
}

/** Keys that promise anything end in one of these letters, a digit or a bracket: one array access for the others. */
const KEY_ENDS = new Uint8Array(65_536);
for (const letter of 'dDyYtTnNsSeEgGlL0123456789') KEY_ENDS[letter.charCodeAt(0)] = 1;

function valueEnd(text: string, from: number, quote: number, limit: number): number {
  const stop = Math.min(limit, text.length);
  let end = from;
  for (; end < stop; end += 1) {
    const c = text.charCodeAt(end);
    if (quote !== 0) {
      if (c === quote || c === 10 || c === 13) break;
      continue;
    }
    if (isSpace(c) || isQuote(c) || c === 92 || c === 59 || c === 60 || c === 62) break;
    if ((c === 44 || c === 38) && startsPair(text, end + 1)) break;
  }
  if (quote !== 0) {
    while (end > from && text.charCodeAt(end - 1) === 92) end -= 1;
  } else {
    while (end > from && TRAILING.includes(text[end - 1]!)) end -= 1;
  }
  return end;
}
const TRAILING = ',.)}]:';

/** True when `name=` or `name:` begins here (after a blank): the comma or ampersand before it ended the value. */
function startsPair(text: string, start: number): boolean {
  let i = start;
  while (text.charCodeAt(i) === 32 && i < start + 2) i += 1;
  const from = i;
  while (isTokenChar(text.charCodeAt(i)) && i - from < KEY_CHARS_MAX) i += 1;
  const c = text.charCodeAt(i);
  return i > from && (c === 61 || c === 58);
}

const AZURE_SECRET = /[A-Za-z0-9_~.]{3}\dQ~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9])/y;
/** Entra client secrets carry `Q~` as their fifth and sixth characters. */
export function findAzureClientSecret(text: string, tilde: number, floor: number): Span | null {
  const start = tilde - 5;
  if (start < floor || text.charCodeAt(tilde - 1) !== 81) return null;
  AZURE_SECRET.lastIndex = start;
  if (!AZURE_SECRET.test(text) || (start > 0 && isAlnum(text.charCodeAt(start - 1)) && text.charCodeAt(start - 2) !== 92)) return null;
  return secret(start, AZURE_SECRET.lastIndex, 'azure_client_secret');
}

const PAIRED_SECRET = /(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/;
const PAIR_CHARS_MAX = 160;
/** The secret that stands within reach of an AWS key id. */
export function findPairedAwsSecret(text: string, keyEnd: number): Span | null {
  const match = PAIRED_SECRET.exec(text.slice(keyEnd, keyEnd + PAIR_CHARS_MAX));
  if (match === null || isFakeToken(match[0]) || entropyOf(match[0]) < 4.2 || !/[a-z]/.test(match[0]) || !/[A-Z]/.test(match[0]) || !/\d/.test(match[0])) return null;
  return secret(keyEnd + match.index, keyEnd + match.index + match[0].length, 'aws_secret_key');
}
