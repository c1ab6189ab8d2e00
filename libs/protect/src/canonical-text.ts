import { isHex } from './chars.js';

/**
 * One form for texts that look alike (Unicode TR 36 and 39): compatibility forms resolved, invisible characters and combining marks
 * dropped, letters of other scripts that look Latin folded. Work is per code point, so that each character knows where it came from.
 */
export interface CanonicalText {
  readonly text: string;
  /** Where in the source the UTF-16 unit at `at` began, and where it ended. */
  sourceStart(at: number): number;
  sourceEnd(at: number): number;
}

/** Cyrillic, Greek and Armenian letters that most fonts draw like Latin ones (from the confusables of TR 39). */
const CONFUSABLES = new Map<number, string>();
const PAIRS = 'аaеeоoрpсcуyхxіiјjѕsԁdһhԛqԝwӏlвbкkмmнhтtгrпnьbАAВBЕEКKМMНHОOРPСCТTУYХXІIЈJЅSԀDԚQԜWӀIЗ3ЬbαaβbεeηnιiκkνvοoρpτtυuχxωwγyσoΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXօoսuհhոnցgքpօoզqʟlıiȷjɡgɑaѵvѴV';
for (let i = 0; i < PAIRS.length; i += 2) CONFUSABLES.set(PAIRS.charCodeAt(i), PAIRS[i + 1]!);

const INVISIBLE = /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e0fff}]/u;
/** Characters that could hide structured data from a reader of plain ASCII; dashes only beside a digit, because prose is full of them. */
const HIDING = /[\u00a0\u00ad\u00b2\u00b3\u00b9\u034f\u061c\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u115f\u1160\u180b-\u180f\u2000-\u200f\u202a-\u202f\u205f-\u2094\u2460-\u24ff\u3164\ufe00-\ufe0f\ufe50-\ufe6b\ufeff\uff00-\uffee\ud835\udb40]|[\u2010-\u2015\u2212]\d/;
export const hidesText = (text: string): boolean => HIDING.test(text);

const CACHED_CHARS_MAX = 16_384;
const OTHER_DIGITS = [0x660, 0x6f0, 0x966];
const folded = new Map<number, string>();
const foldedPlain = new Map<number, string>();

function fold(codePoint: number, confusables: boolean): string {
  const cache = confusables ? folded : foldedPlain;
  let text = cache.get(codePoint);
  if (text === undefined) {
    text = compute(codePoint, confusables);
    if (cache.size >= CACHED_CHARS_MAX) cache.clear();
    cache.set(codePoint, text);
  }
  return text;
}

function compute(codePoint: number, confusables: boolean): string {
  const char = String.fromCodePoint(codePoint);
  if (codePoint >= 0xe0020 && codePoint < 0xe007f) return lower(String.fromCharCode(codePoint - 0xe0000), confusables);
  if (INVISIBLE.test(char)) return '';
  for (const zero of OTHER_DIGITS) if (codePoint >= zero && codePoint < zero + 10) return String.fromCharCode(48 + codePoint - zero);
  if ((codePoint >= 0x2010 && codePoint <= 0x2015) || codePoint === 0x2212) return '-';
  const plain = char.normalize('NFKD').replace(/\p{M}/gu, '');
  if (!confusables) return plain;
  let text = '';
  for (const each of plain.toLowerCase()) text += CONFUSABLES.get(each.codePointAt(0)!) ?? each;
  return text;
}

/**
 * With `confusables` the result is also case-folded: the form in which canaries are compared. Tag characters (U+E0020–E007E) are read as
 * the ASCII they stand for, because that is how a model reads them. Escapes of other languages (`%40`, `\u0040`, `\x40`, `&#64;`) of printable
 * ASCII are read as what they stand for.
 */
export function canonicalise(source: string, confusables: boolean): CanonicalText {
  let units = new Uint16Array(source.length + 16);
  let length = 0;
  /** From `at` on, a unit of the text came from the unit of the source that lies `shift` further; `width` > 0: all units up to the next piece came from that many. */
  const at: number[] = [0];
  const shift: number[] = [0];
  const width: number[] = [0];
  for (let i = 0; i < source.length; i += 1) {
    const c = source.charCodeAt(i);
    let taken = 1;
    let piece = '';
    if (c < 128) {
      taken = c === 37 || c === 92 || c === 38 ? escapeUnits(source, i, c) : 0;
      if (taken === 0) {
        units[length] = confusables && c >= 65 && c <= 90 ? c + 32 : c;
        length += 1;
        continue;
      }
      piece = lower(String.fromCharCode(escapeCode(source, i, taken)), confusables);
    } else {
      const codePoint = source.codePointAt(i)!;
      if (codePoint > 0xffff) taken = 2;
      piece = fold(codePoint, confusables);
    }
    if (length + piece.length + source.length - i > units.length) {
      const larger = new Uint16Array(units.length * 2 + piece.length);
      larger.set(units);
      units = larger;
    }
    // One for one keeps the shift; anything else begins a piece, and the plain text after it another.
    if (piece.length !== 1 || taken !== 1) {
      if (piece.length > 0) {
        at.push(length);
        shift.push(i - length);
        width.push(taken);
      }
      at.push(length + piece.length);
      shift.push(i + taken - length - piece.length);
      width.push(0);
    }
    for (let k = 0; k < piece.length; k += 1) units[length + k] = piece.charCodeAt(k);
    length += piece.length;
    i += taken - 1;
  }

  /** The last piece that begins at or before the unit. */
  const pieceOf = (unit: number): number => {
    let low = 0;
    let high = at.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (at[middle]! <= unit) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return {
    text: Buffer.from(units.buffer, 0, length * 2).toString('utf16le'),
    sourceStart(unit) {
      const piece = pieceOf(unit);
      return shift[piece]! + (width[piece] === 0 ? unit : at[piece]!);
    },
    sourceEnd(unit) {
      const piece = pieceOf(unit);
      return width[piece] === 0 ? unit + shift[piece]! + 1 : at[piece]! + shift[piece]! + width[piece]!;
    },
  };
}
const lower = (text: string, wanted: boolean): string => (wanted ? text.toLowerCase() : text);

/** Letters of the escapes \b, \t, \n, \f, \r: what they glue to the next word. */
const BLANKS = new Map([[98, 8], [116, 9], [110, 10], [102, 12], [114, 13]]);
const HTML_ESCAPE = /&#(?:\d{2,4}|[xX][0-9a-fA-F]{2,4});/y;
/** Length of the escape of a printable ASCII character or of a blank that begins here, or 0. */
function escapeUnits(text: string, at: number, c: number): number {
  let units = 0;
  if (c === 37) units = 3;
  else if (c === 92 && BLANKS.has(text.charCodeAt(at + 1))) return 2;
  else if (c === 92) units = text.charCodeAt(at + 1) === 117 && text.charCodeAt(at + 2) === 48 && text.charCodeAt(at + 3) === 48 ? 6 : text.charCodeAt(at + 1) === 120 ? 4 : 0;
  else {
    HTML_ESCAPE.lastIndex = at;
    if (HTML_ESCAPE.test(text)) units = HTML_ESCAPE.lastIndex - at;
  }
  if (units === 0) return 0;
  if (c !== 38 && !(isHex(text.charCodeAt(at + units - 2)) && isHex(text.charCodeAt(at + units - 1)))) return 0;
  const code = escapeCode(text, at, units);
  return code >= 32 && code < 127 ? units : 0;
}
function escapeCode(text: string, at: number, units: number): number {
  if (units === 2) return BLANKS.get(text.charCodeAt(at + 1))!;
  if (text.charCodeAt(at) !== 38) return Number.parseInt(text.slice(at + units - 2, at + units), 16);
  const digits = text.slice(at + 2, at + units - 1);
  return /^[xX]/.test(digits) ? Number.parseInt(digits.slice(1), 16) : Number.parseInt(digits, 10);
}

/** The form in which canaries are compared; a text of plain characters takes the short way. */
export function foldText(text: string): string {
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charCodeAt(i);
    if (c >= 128 || c === 37 || c === 92 || c === 38) return canonicalise(text, true).text;
  }
  return text.toLowerCase();
}
