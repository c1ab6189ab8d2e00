import { ENCODED_WORD_CHARS_MIN } from './find-encoded.js';
import { LEXICON, type Mask } from './injection-lexicon.js';
import { type PhraseRule, PHRASES } from './injection-rules.js';

export const WORDS_MAX = 8_192;
const WORD_CHARS_MAX = 32;
const SENTENCE_WORDS = 3;
/** Letters alone with more signs between them do not spell a word. */
const SPELLING_GAP_MAX = 3;

const OTHER = 0;
const LETTER = 1;
const DIGIT = 2;
/** Signs that stand for letters in leet. */
const SIGN = 3;
const END = 4;
const KINDS = new Uint8Array(128);
for (let c = 0; c < 128; c += 1) {
  const char = String.fromCharCode(c);
  KINDS[c] = /[a-zA-Z]/.test(char) ? LETTER : /\d/.test(char) ? DIGIT : /[@$|]/.test(char) ? SIGN : /[.!?;\n]/.test(char) ? END : OTHER;
}

/** Signs that forms are made of (`FORMS`), a bit each. */
const SIGNS = '|><#-=*]:@\n';
const SIGN_BITS = new Int32Array(128);
[...SIGNS].forEach((sign, index) => { SIGN_BITS[sign.charCodeAt(0)] = 1 << index; });
/** Bits of the signs of a text, as `Words.signs` has them. */
export const signsOf = (text: string): number => [...text].reduce((bits, char) => bits | (SIGN_BITS[char.charCodeAt(0)] ?? 0), 0);

/** First two characters and length of the words that mean something: most words of a text are told apart without a look-up. */
const shapeOf = (first: number, second: number, chars: number): number => ((first * 31 + second) * 33 + chars) & 0xffff;
interface Telling { readonly word: string; readonly mask: Mask | undefined; readonly phrases: readonly PhraseRule[] | undefined }
/** By shape, place in `TELLING` of the words that have it; 0 is the empty list. */
const SHAPES = new Uint16Array(65_536);
const TELLING: Telling[][] = [[]];
for (const word of new Set([...LEXICON.keys(), ...PHRASES.keys()])) {
  const shape = shapeOf(word.charCodeAt(0), word.length > 1 ? word.charCodeAt(1) : 0, word.length);
  if (SHAPES[shape] === 0) SHAPES[shape] = TELLING.push([]) - 1;
  TELLING[SHAPES[shape]!]!.push({ word, mask: LEXICON.get(word), phrases: PHRASES.get(word) });
}

/** Words of the lexicon and of the phrases, for texts that do not part theirs. */
const KNOWN = new Set([...LEXICON.keys(), ...[...PHRASES.values()].flatMap((rules) => rules.flatMap(({ words }) => words))]);
export const isKnownWord = (word: string): boolean => KNOWN.has(word);

/** The columns of the words, used for one text after another. */
const STARTS = new Int32Array(WORDS_MAX);
const ENDS = new Int32Array(WORDS_MAX);
const PLACES = new Int32Array(WORDS_MAX);
const LOW = new Int32Array(WORDS_MAX);
const HIGH = new Int32Array(WORDS_MAX);

/** The words of a folded text, as columns: those and `is` hold until the next text is parted. */
export class Words {
  readonly starts = STARTS;
  /** Place in the text counted in words; a sentence end counts as three, so that no rule reaches far across it. */
  readonly places = PLACES;
  /** Classes of the lexicon, 0 for most words. */
  readonly low = LOW;
  readonly high = HIGH;

  constructor(
    private readonly source: string,
    readonly count: number,
    /** Words of the lexicon, and those that begin a phrase. */
    readonly marked: readonly number[],
    readonly phrases: readonly number[],
    /** What each of `phrases` may begin. */
    readonly rules: readonly (readonly PhraseRule[])[],
    /** Words with a digit or sign between letters; the longest spelling of single letters; words of eight binary digits. */
    readonly leetWords: number,
    readonly loneLetters: number,
    readonly binaryWords: number,
    readonly longWords: boolean,
    /** Signs outside of words (`SIGNS`) that stand anywhere in the text, as bits. */
    readonly signs: number,
    private readonly allLow: number,
    private readonly allHigh: number,
  ) {}

  is(index: number, word: string): boolean {
    if (index >= this.count) return false;
    const start = STARTS[index]!;
    if (ENDS[index]! - start !== word.length) return false;
    for (let i = 0; i < word.length; i += 1) if (word.charCodeAt(i) !== this.source.charCodeAt(start + i)) return false;
    return true;
  }

  has(mask: Mask): boolean {
    return (this.allLow & mask.low) !== 0 || (this.allHigh & mask.high) !== 0;
  }
}

export function tokenise(text: string): Words {
  const { length } = text;
  const marked: number[] = [];
  const phrases: number[] = [];
  const rules: (readonly PhraseRule[])[] = [];
  let count = 0;
  let signs = 0;
  let place = 0;
  let allLow = 0;
  let allHigh = 0;
  let leetWords = 0;
  let binaryWords = 0;
  let loneLetters = 0;
  let spelled = 0;
  let longWords = false;
  let ended = false;
  for (let i = 0; i <= length; i += 1) {
    const c = i < length ? text.charCodeAt(i) : 10;
    const kind = kindOf(c);
    if (kind === LETTER || kind === DIGIT) {
      const start = i;
      let letters = 0;
      let inside = false;
      let last = OTHER;
      for (let next = kind; next === LETTER || next === DIGIT || next === SIGN; next = i < length ? kindOf(text.charCodeAt(i)) : END) {
        if (next === LETTER) {
          if (last !== LETTER && letters > 0) inside = true;
          letters += 1;
        } else if (next === SIGN) signs |= SIGN_BITS[text.charCodeAt(i)]!;
        last = next;
        i += 1;
      }
      const chars = i - start;
      // The outer loop looks at what ended the word.
      i -= 1;
      if (chars >= ENCODED_WORD_CHARS_MIN) longWords = true;
      if (inside) leetWords += 1;
      if (letters === 0 && chars === 8) binaryWords += 1;
      spelled = chars === 1 && letters === 1 ? (count > 0 && start - ENDS[count - 1]! <= SPELLING_GAP_MAX ? spelled + 1 : 1) : 0;
      if (spelled > loneLetters) loneLetters = spelled;
      if (count === WORDS_MAX) continue;
      STARTS[count] = start;
      ENDS[count] = start + chars;
      place += 1;
      ended = false;
      PLACES[count] = place;
      LOW[count] = 0;
      HIGH[count] = 0;
      const shape = chars <= WORD_CHARS_MAX ? SHAPES[shapeOf(c, chars > 1 ? text.charCodeAt(start + 1) : 0, chars)]! : 0;
      if (shape !== 0) {
        const { mask, phrases: begun } = tellingAt(text, start, chars, TELLING[shape]!);
        if (mask !== undefined) {
          marked.push(count);
          LOW[count] = mask.low;
          HIGH[count] = mask.high;
          allLow |= mask.low;
          allHigh |= mask.high;
        }
        if (begun !== undefined) {
          phrases.push(count);
          rules.push(begun);
        }
      }
      count += 1;
      continue;
    }
    if (c < 128) signs |= SIGN_BITS[c]!;
    if (kind === END && !ended) {
      place += SENTENCE_WORDS;
      ended = true;
    }
  }
  return new Words(text, count, marked, phrases, rules, leetWords, loneLetters, binaryWords, longWords, signs, allLow, allHigh);
}

const NONE: Telling = { word: '', mask: undefined, phrases: undefined };
/** Compared in place: cutting each word out and hashing it would cost more than the rest. */
function tellingAt(text: string, start: number, chars: number, candidates: readonly Telling[]): Telling {
  for (let k = 0; k < candidates.length; k += 1) {
    const { word } = candidates[k]!;
    if (word.length !== chars) continue;
    let i = 0;
    while (i < chars && word.charCodeAt(i) === text.charCodeAt(start + i)) i += 1;
    if (i === chars) return candidates[k]!;
  }
  return NONE;
}

const kindOf = (c: number): number => (c < 128 ? KINDS[c]! : c >= 0xc0 ? LETTER : OTHER);

export const isIn = (words: Words, i: number, mask: Mask): boolean => (words.low[i]! & mask.low) !== 0 || (words.high[i]! & mask.high) !== 0;
