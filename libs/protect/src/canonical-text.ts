/**
 * One form for texts that look alike (Unicode TR 36 and 39): compatibility forms resolved, invisible characters and combining marks
 * dropped, letters of other scripts that look Latin folded. Work is per code point, so that each character knows where it came from.
 */
export interface CanonicalText {
  readonly text: string;
  /** For each UTF-16 unit of `text`, where its code point began in the source. */
  readonly offsets: Int32Array;
}

/** Cyrillic, Greek and Armenian letters that most fonts draw like Latin ones (from the confusables of TR 39). */
const CONFUSABLES = new Map<number, string>();
const PAIRS = 'аaеeоoрpсcуyхxіiјjѕsԁdһhԛqԝwӏlвbкkмmнhтtгrпnьbАAВBЕEКKМMНHОOРPСCТTУYХXІIЈJЅSԀDԚQԜWӀIЗ3ЬbαaβbεeηnιiκkνvοoρpτtυuχxωwγyσoΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXօoսuհhոnցgքpօoզqʟlıiȷjɡgɑaѵvѴV';
for (let i = 0; i < PAIRS.length; i += 2) CONFUSABLES.set(PAIRS.charCodeAt(i), PAIRS[i + 1]!);

const INVISIBLE = /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e0fff}]/u;
/** Characters that could hide structured data from a reader of plain ASCII. */
const HIDING = /[\u00a0\u00ad\u00b2\u00b3\u00b9\u034f\u061c\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u115f\u1160\u180b-\u180f\u2000-\u2015\u202a-\u202f\u2060-\u2094\u2212\u2460-\u24ff\u3164\ufe00-\ufe0f\ufe50-\ufe6b\ufeff\uff00-\uffee\ud835\udb40]/;
export const hidesText = (text: string): boolean => HIDING.test(text);

const OTHER_DIGITS = [0x660, 0x6f0, 0x966];
const folded = new Map<number, string>();
const foldedPlain = new Map<number, string>();

function fold(codePoint: number, confusables: boolean): string {
  const cache = confusables ? folded : foldedPlain;
  let text = cache.get(codePoint);
  if (text === undefined) {
    text = compute(codePoint, confusables);
    cache.set(codePoint, text);
  }
  return text;
}

function compute(codePoint: number, confusables: boolean): string {
  const char = String.fromCodePoint(codePoint);
  if (codePoint > 0xe0020 && codePoint < 0xe007f) return String.fromCharCode(codePoint - 0xe0000);
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
 * the ASCII they stand for, because that is how a model reads them.
 */
export function canonicalise(text: string, confusables: boolean): CanonicalText {
  let result = '';
  let offsets = new Int32Array(text.length + 16);
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charCodeAt(i);
    const at = i;
    let piece: string;
    if (c < 128) piece = confusables && c >= 65 && c <= 90 ? String.fromCharCode(c + 32) : text[i]!;
    else {
      const codePoint = text.codePointAt(i)!;
      if (codePoint > 0xffff) i += 1;
      piece = fold(codePoint, confusables);
    }
    if (result.length + piece.length > offsets.length) {
      const larger = new Int32Array(offsets.length * 2 + piece.length);
      larger.set(offsets);
      offsets = larger;
    }
    for (let j = 0; j < piece.length; j += 1) offsets[result.length + j] = at;
    result += piece;
  }
  return { text: result, offsets };
}

const NOT_ASCII = /[^\0-\x7f]/;
/** The form in which canaries are compared; plain ASCII takes the short way. */
export const foldText = (text: string): string => (NOT_ASCII.test(text) ? canonicalise(text, true).text : text.toLowerCase());
