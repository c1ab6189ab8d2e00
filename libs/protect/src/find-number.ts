import { isPublicIpv4, isPublicIpv6, parseIpv4, parseIpv6 } from '@wary/model/ip.js';
import { cardGroups, isIssued, needsCardContext, passesLuhn } from './find-card.js';
import { isAlnum, isAsciiLetter, isDigit, isHex, isWordChar } from './chars.js';
import { withoutMasks } from './mask.js';
import type { Span } from './span.js';

const GROUPS_MAX = 6;
const DIGITS_MAX = 24;
const CONTEXT_CHARS = 48;

/** The groups of digits at a number's start: scratch, valid until the next call. */
const starts = new Int32Array(GROUPS_MAX);
const lengths = new Int32Array(GROUPS_MAX);
/** Separator before each group: 0 for the first, else one of blank, dash, dot. */
const separators = new Int32Array(GROUPS_MAX);

export const CARD_WORDS = /card|visa|master|amex|credit|debit|\bpan\b|\bcc\b|cvv|cvc|karte|carte|tarjeta|payment/;
const CARD_WORD = /\b(?:cards?|cc|amex|visa|mastercard|maestro)\b/;
export const SSN_WORDS = /\bssns?\b|social[ -]?sec|tax ?id|\btin\b|\bitin\b|ss#|ss ?no/;
export const PHONE_WORDS = /phone|\btel\b|tel[.:]|mobile|\bcell|\bcall|\bfax|whatsapp|\bsms\b|\bdial\b|\bring\b|\btext me|contact|handy|telefon|mobil|rufnummer|t[ée]l[ée]phone|portable|m[óo]vil|hotline|answer(?:ing)? at|messages? to|reach (?:me|us|him|her|them)/;
const PHONE_WORDS_AFTER = /^[\s(-]{1,3}(?:office|fax|phone|mobile|cell|telefon|home phone|direct)\b/;
export const IP_WORDS = /\bips?\b|ipv4|addr|\bfrom\b|\bhost|client|server|gateway|\bdns\b|peer|remote|source|\bdst\b|\bsrc\b|ping|visitor|login|connect/;
const VERSION_WORDS = /(?:\bv(?:er(?:sion)?)?\.?|release|\brev(?:ision)?|build|\bsdk|\boid|section|chapter|driver|firmware|clause|paragraph|\bkb|patch|upgrade(?:d)?(?: to)?|version (?:from|to)|§)[\s"':=#(]*$/;
/** A label right before the number that says it is something else. */
const OTHER_NUMBER = /(?:order|invoice|ticket|ref(?:erence)?|tracking|serial|sku|part|case|build|batch|isbn|ean|upc|item|model|transaction|txn|trace|span|request|shipment|parcel|asset|article|product|catalog(?:ue)?|lot|po|imei|uuid|hash|commit|timestamp|epoch|nonce|sequence|seq|offset|id)s?(?:[ _-]?(?:no|number|nr|num|id|code|key))?\.?(?: is| was)?[\s"':=#([]*$/;

/** As words: names in data are written `ssn_number` and `phoneNumber`. */
const asWords = (text: string): string => withoutMasks(text).replaceAll('_', ' ').replaceAll(/([a-z])(?=[A-Z][a-z])/g, '$1 ').toLowerCase();
const before = (text: string, start: number): string => asWords(text.slice(Math.max(0, start - CONTEXT_CHARS), start));
const after = (text: string, end: number): string => asWords(text.slice(end, end + 24));

/** A card, SSN, phone number or public IPv4 address whose first digit stands at `start` (the character before is no letter or digit). */
export function findNumber(text: string, start: number): Span | null {
  const previous = start === 0 ? 0 : text.charCodeAt(start - 1);
  const beforePrevious = start < 2 ? 0 : text.charCodeAt(start - 2);
  if ((previous === 46 || previous === 44) && isDigit(beforePrevious)) return null;
  const count = readGroups(text, start);
  const total = digitsOf(count);
  if (total < 4) return null;
  if (count >= 4 && separators[1] === 46 && separators[2] === 46 && separators[3] === 46) return findIpv4(text, start, count, previous, beforePrevious);
  if (total < 7 || previous === 95 || ((previous === 45 || previous === 47) && belongsToToken(text, start))) return null;
  return findCard(text, start, count) ?? findSsn(text, start, count) ?? findNationalPhone(text, start, count);
}

function readGroups(text: string, start: number): number {
  let count = 0;
  let total = 0;
  let i = start;
  while (count < GROUPS_MAX && total < DIGITS_MAX) {
    const from = i;
    while (isDigit(text.charCodeAt(i)) && i - from < 40) i += 1;
    if (i === from) break;
    starts[count] = from;
    lengths[count] = i - from;
    separators[count] = count === 0 ? 0 : text.charCodeAt(from - 1);
    count += 1;
    total += i - from;
    const c = text.charCodeAt(i);
    if (c !== 32 && c !== 45 && c !== 46 && c !== 0xa0) break;
    i += 1;
  }
  for (let g = count; g < GROUPS_MAX; g += 1) lengths[g] = 0;
  return count;
}

function digitsOf(count: number): number {
  let total = 0;
  for (let g = 0; g < count; g += 1) total += lengths[g]!;
  return total;
}

const endOf = (group: number): number => starts[group]! + lengths[group]!;

function joined(text: string, count: number): string {
  let digits = '';
  for (let g = 0; g < count; g += 1) digits += text.slice(starts[g]!, endOf(g));
  return digits;
}

function sameSeparator(count: number, allowed: (c: number) => boolean): boolean {
  for (let g = 1; g < count; g += 1) if (separators[g] !== separators[1] || !allowed(separators[g]!)) return false;
  return true;
}
const blankOrDash = (c: number): boolean => c === 32 || c === 45 || c === 0xa0;

/** A number that goes on as a word, a decimal or a longer serial is none of ours. */
function endsHere(text: string, end: number): boolean {
  const c = text.charCodeAt(end);
  if (isWordChar(c) || c === 64) return false;
  return !((c === 45 || c === 46 || c === 44) && isAlnum(text.charCodeAt(end + 1)) && (c === 45 || isDigit(text.charCodeAt(end + 1))));
}

/** True when the letters, digits and dashes before hold a digit: the tail of a UUID, a date, a serial. */
function belongsToToken(text: string, start: number): boolean {
  if (text.charCodeAt(start - 1) === 47) return start >= 2 && isDigit(text.charCodeAt(start - 2));
  for (let i = start - 1; i >= 0 && i > start - 40; i -= 1) {
    const c = text.charCodeAt(i);
    if (isDigit(c)) return true;
    if (!isWordChar(c) && c !== 45) return false;
  }
  return false;
}

function findCard(text: string, start: number, count: number): Span | null {
  let groups = cardGroups(lengths, count);
  for (; groups > 0; groups = groups === 5 ? 4 : 0) {
    const end = endOf(groups - 1);
    if (groups > 1 && !sameSeparator(groups, blankOrDash)) continue;
    if (!endsHere(text, end)) continue;
    const digits = joined(text, groups);
    if (!passesLuhn(digits)) continue;
    const context = before(text, start);
    const about = CARD_WORDS.test(context);
    // Beside the word itself any number with a right check digit is a card: shops and banks issue from ranges of their own.
    if (!isIssued(digits) && !(about && CARD_WORD.test(context))) continue;
    if (needsCardContext(digits) && !about) continue;
    if (!about && groups === 1 && OTHER_NUMBER.test(context)) continue;
    return { start, end, type: 'card', secret: false };
  }
  return null;
}

/** SSA: areas 000, 666 and 900–999, group 00 and serial 0000 were never issued; two numbers of advertisements were withdrawn. */
function isIssuedSsn(digits: string): boolean {
  const area = digits.slice(0, 3);
  return area !== '000' && area !== '666' && area[0] !== '9' && digits.slice(3, 5) !== '00' && digits.slice(5) !== '0000' && digits !== '078051120' && digits !== '219099999';
}

function findSsn(text: string, start: number, count: number): Span | null {
  const grouped = count >= 3 && lengths[0] === 3 && lengths[1] === 2 && lengths[2] === 4 && separators[1] === separators[2];
  if (!grouped && !(lengths[0] === 9)) return null;
  const end = endOf(grouped ? 2 : 0);
  if (!endsHere(text, end) || !isIssuedSsn(joined(text, grouped ? 3 : 1))) return null;
  const context = before(text, start);
  const about = SSN_WORDS.test(context) || SSN_WORDS.test(after(text, end));
  if (!about && (!grouped || separators[1] !== 45 || OTHER_NUMBER.test(context))) return null;
  return { start, end, type: 'ssn', secret: false };
}

/** North American numbers by their form, others beside a word about phones. */
function findNationalPhone(text: string, start: number, count: number): Span | null {
  const first = lengths[0] === 1 && text.charCodeAt(start) === 49 ? 1 : lengths[0] === 3 && text.startsWith('001', start) ? 1 : 0;
  const groups = first + 3;
  if (count >= groups && lengths[first] === 3 && lengths[first + 1] === 3 && lengths[first + 2] === 4) {
    const end = endOf(groups - 1);
    const area = text.charCodeAt(starts[first]!);
    const exchange = text.charCodeAt(starts[first + 1]!);
    // Area and exchange begin with 2 to 9; with a dash or a dot on both sides the form says enough.
    const form = separators[first + 1] === separators[first + 2] && (separators[first + 1] === 45 || separators[first + 1] === 46);
    if (((area >= 50 && exchange >= 50) || form) && endsLikePhone(text, end)) {
      const context = before(text, start);
      if (PHONE_WORDS.test(context) || (!OTHER_NUMBER.test(context) && separators[first + 1] === separators[first + 2])) return { start, end: extensionEnd(text, end), type: 'phone', secret: false };
      return null;
    }
  }
  return findPhoneBesideWord(text, start, count);
}

function findPhoneBesideWord(text: string, start: number, count: number): Span | null {
  const total = digitsOf(count);
  if (total < 7 || total > 15 || isDate(text, count)) return null;
  const end = endOf(count - 1);
  if (!endsLikePhone(text, end) || text.charCodeAt(end) === 58) return null;
  if (count === 1 && total < 9 && text.charCodeAt(start) !== 48) return null;
  const context = before(text, start).slice(-28);
  if (OTHER_NUMBER.test(context) || !(PHONE_WORDS.test(context) || PHONE_WORDS_AFTER.test(after(text, extensionEnd(text, end))))) return null;
  return { start, end: extensionEnd(text, end), type: 'phone', secret: false };
}

function isDate(text: string, count: number): boolean {
  if (count < 3) return false;
  const year = lengths[0] === 4 ? 0 : lengths[2] === 4 && lengths[0]! <= 2 && lengths[1]! <= 2 ? 2 : -1;
  if (year < 0) return false;
  const value = Number(text.slice(starts[year]!, endOf(year)));
  return value >= 1900 && value <= 2100 && lengths[1]! <= 2;
}

const EXTENSION = /,? ?(?:x|ext\.?|extension) ?\d{1,6}(?!\w)/y;
function extensionEnd(text: string, end: number): number {
  EXTENSION.lastIndex = end;
  return EXTENSION.test(text) ? EXTENSION.lastIndex : end;
}
/** Also before a word that is tied on: "415-555-2671-Office". */
const endsLikePhone = (text: string, end: number): boolean => endsHereOrExtension(text, end) || (text.charCodeAt(end) === 45 && isAsciiLetter(text.charCodeAt(end + 1)) && isAsciiLetter(text.charCodeAt(end + 2)));
const endsHereOrExtension = (text: string, end: number): boolean => endsHere(text, end) || extensionEnd(text, end) > end;

/** Country calling codes of two digits besides 1 and 7 (ITU-T E.164); every other code has three. */
const TWO_DIGIT_CODES = new Set([20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56, 57, 58, 60, 61, 62, 63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98]);
const THREE_DIGIT_CODE = /^(?:2(?:1[1-8]|[234568]\d|9[0-9])|3[578]\d|42[0-3]|50\d|59\d|6[789]\d|80[08]|85[02356]|87[0-9]|88[0-8]|96\d|97[0-7]|99[2-68])/;

/** E.164 in print: a plus sign at `plus`, 8 to 15 digits with blanks, dashes, dots or parentheses between. */
export function findInternationalPhone(text: string, plus: number): Span | null {
  if (plus > 0 && (isWordChar(text.charCodeAt(plus - 1)) || text.charCodeAt(plus - 1) === 43)) return null;
  let digits = '';
  let end = plus + 1;
  let dots = 0;
  let others = 0;
  for (let i = plus + 1; i < text.length && i < plus + 28; i += 1) {
    const c = text.charCodeAt(i);
    if (isDigit(c)) {
      if (digits.length === 15) return null;
      digits += text[i];
      end = i + 1;
    } else if (c === 46) {
      if (!isDigit(text.charCodeAt(i + 1))) break;
      dots += 1;
    } else if (c === 32 || c === 45 || c === 40 || c === 41 || c === 0xa0 || c === 47) {
      if (!isDigit(text.charCodeAt(i + 1)) && !(c === 41 || text.charCodeAt(i + 1) === 40)) break;
      others += 1;
    } else break;
  }
  if (digits.length < 8 || digits.charCodeAt(0) === 48 || !endsLikePhone(text, end)) return null;
  // +48.8566140 is a coordinate.
  if (dots > 0 && (dots === 1 || others > 0)) return null;
  if (digits.charCodeAt(0) === 49) {
    if (digits.length !== 11 || digits.charCodeAt(1) < 50 || digits.charCodeAt(4) < 50) return null;
  } else if (digits.charCodeAt(0) === 55) {
    if (digits.length !== 11) return null;
  } else if (!TWO_DIGIT_CODES.has(Number(digits.slice(0, 2))) && !THREE_DIGIT_CODE.test(digits)) return null;
  return { start: plus, end: extensionEnd(text, end), type: 'phone', secret: false };
}

const NANP_PARENTHESES = /\((?:\d{3}\)[ .-]?\d{3}[ .-]|[2-9]\d{2}\)[2-9]\d{2})\d{4}(?!\d|[a-wyz_])/y;
const AREA_PARENTHESES = /\(0\d{1,5}\)[ .-]?\d{3,8}(?:[ .-]\d{2,6}){0,2}(?!\w)/y;

/** (415) 555-2671 by its form; (030) 901820 beside a word about phones. */
export function findParenthesisPhone(text: string, start: number): Span | null {
  if (!isDigit(text.charCodeAt(start + 1))) return null;
  NANP_PARENTHESES.lastIndex = start;
  if (NANP_PARENTHESES.test(text)) return { start, end: extensionEnd(text, NANP_PARENTHESES.lastIndex), type: 'phone', secret: false };
  AREA_PARENTHESES.lastIndex = start;
  if (AREA_PARENTHESES.test(text) && (PHONE_WORDS.test(before(text, start)) || PHONE_WORDS_AFTER.test(after(text, AREA_PARENTHESES.lastIndex)))) return { start, end: extensionEnd(text, AREA_PARENTHESES.lastIndex), type: 'phone', secret: false };
  return null;
}

/** Well-known resolvers are addresses whatever stands beside them. */
const RESOLVERS = new Set(['1.1.1.1', '1.0.0.1', '8.8.8.8', '8.8.4.4', '9.9.9.9', '4.2.2.2', '4.2.2.1']);

function findIpv4(text: string, start: number, count: number, previous: number, beforePrevious: number): Span | null {
  const end = endOf(3);
  const next = text.charCodeAt(end);
  if (count > 4 && separators[4] === 46) return null;
  if (isWordChar(next) || ((next === 45 || next === 43) && isAlnum(text.charCodeAt(end + 1)) && !isDigit(text.charCodeAt(end + 1)))) return null;
  const address = parseIpv4(text, start, end);
  if (address < 0 || !isPublicIpv4(address)) return null;
  // name/1.2.3.4, pkg-1.2.3.4, pkg@1.2.3.4, pkg==1.2.3.4, ^1.2.3.4
  if ((previous === 47 || previous === 45 || previous === 95 || previous === 64) && isWordChar(beforePrevious)) return null;
  if (previous === 94 || previous === 126 || (previous === 61 && (beforePrevious === 61 || beforePrevious === 126 || beforePrevious === 62 || beforePrevious === 60))) return null;
  const context = before(text, start);
  if (VERSION_WORDS.test(context)) return null;
  // Four small numbers are more often a version or a section than an address.
  const small = lengths[0]! + lengths[1]! + lengths[2]! + lengths[3]! <= 6 && (address >>> 24) < 32;
  if (small && !RESOLVERS.has(text.slice(start, end)) && !IP_WORDS.test(context) && previous !== 47) return null;
  return { start, end, type: 'ip', secret: false };
}

const WORDS = new Uint32Array(4);
/** A public IPv6 address whose first colon stands at `colon`. */
export function findIpv6(text: string, colon: number, floor: number): Span | null {
  const start = colon - 4;
  if (start < floor) return null;
  const lead = text.charCodeAt(start);
  if (lead !== 50 && lead !== 51) return null;
  const previous = start === 0 ? 0 : text.charCodeAt(start - 1);
  if (isWordChar(previous) || previous === 58 || previous === 46) return null;
  let end = colon;
  let colons = 0;
  for (; end < text.length && end - start <= 45; end += 1) {
    const c = text.charCodeAt(end);
    if (c === 58) colons += 1;
    else if (!isHex(c) && c !== 46) break;
  }
  while (end > colon && (text.charCodeAt(end - 1) === 46 || (text.charCodeAt(end - 1) === 58 && text.charCodeAt(end - 2) !== 58))) end -= 1;
  if (colons < 2 || isWordChar(text.charCodeAt(end)) || !parseIpv6(text.slice(start, end), WORDS) || !isPublicIpv6(WORDS)) return null;
  return { start, end, type: 'ip', secret: false };
}
