import { ENCODED_WORD_CHARS_MIN } from './find-encoded.js';
import { LEXICON, type Mask } from './injection-lexicon.js';
import { PHRASES } from './injection-rules.js';

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
const SHAPES = new Uint8Array(65_536);
for (const word of [...LEXICON.keys(), ...PHRASES.keys()]) SHAPES[shapeOf(word.charCodeAt(0), word.length > 1 ? word.charCodeAt(1) : 0, word.length)] = 1;

/** Words of the lexicon and of the phrases, for texts that do not part theirs. */
const KNOWN = new Set([...LEXICON.keys(), ...[...PHRASES.values()].flatMap((rules) => rules.flatMap(({ words }) => words))]);
export const isKnownWord = (word: string): boolean => KNOWN.has(word);

/** The columns of the words, used for one text after another. */
const STARTS = new Int32Array(WORDS_MAX);
const ENDS = new Int32Array(WORDS_MAX);
const PLACES = new Int32Array(WORDS_MAX);
const LOW = new Int32Array(WORDS_MAX);
const HIGH = new Int32Array(WORDS_MAX);

/** The words of a folded text, as columns: those and `text` hold until the next text is parted. */
export interface Words {
  readonly count: number;
  readonly starts: Int32Array;
  /** Place in the text counted in words; a sentence end counts as three, so that no rule reaches far across it. */
  readonly places: Int32Array;
  /** Classes of the lexicon, 0 for most words. */
  readonly low: Int32Array;
  readonly high: Int32Array;
  /** Words of the lexicon, and those that begin a phrase. */
  readonly marked: readonly number[];
  readonly phrases: readonly number[];
  /** Words with a digit or sign between letters; the longest spelling of single letters; words of eight binary digits. */
  readonly leetWords: number;
  readonly loneLetters: number;
  readonly binaryWords: number;
  readonly longWords: boolean;
  /** Signs outside of words (`SIGNS`) that stand anywhere in the text, as bits. */
  readonly signs: number;
  is(index: number, word: string): boolean;
  text(index: number): string;
  has(mask: Mask): boolean;
}

export function tokenise(text: string): Words {
  let count = 0;
  let signs = 0;
  const marked: number[] = [];
  const phrases: number[] = [];
  let [place, allLow, allHigh, leetWords, binaryWords, loneLetters, spelled] = [0, 0, 0, 0, 0, 0, 0];
  let longWords = false;
  let start = -1;
  let last = OTHER;
  let inside = false;
  let ended = false;
  let letters = 0;
  for (let i = 0; i <= text.length; i += 1) {
    const c = i < text.length ? text.charCodeAt(i) : 10;
    const kind = c < 128 ? KINDS[c]! : c >= 0xc0 ? LETTER : OTHER;
    if (kind !== LETTER && kind !== DIGIT && c < 128) signs |= SIGN_BITS[c]!;
    if (kind === LETTER || kind === DIGIT || (kind === SIGN && start >= 0)) {
      if (start < 0) {
        start = i;
        inside = false;
        letters = 0;
      } else if (kind === LETTER && last !== LETTER && letters > 0) inside = true;
      if (kind === LETTER) letters += 1;
      last = kind;
      continue;
    }
    if (start >= 0) {
      const chars = i - start;
      if (chars >= ENCODED_WORD_CHARS_MIN) longWords = true;
      if (inside) leetWords += 1;
      if (letters === 0 && chars === 8) binaryWords += 1;
      spelled = chars === 1 && letters === 1 ? (count > 0 && start - ENDS[count - 1]! <= SPELLING_GAP_MAX ? spelled + 1 : 1) : 0;
      if (spelled > loneLetters) loneLetters = spelled;
      if (count < WORDS_MAX) {
        const index = count;
        count += 1;
        STARTS[index] = start;
        ENDS[index] = i;
        place += 1;
        ended = false;
        PLACES[index] = place;
        let wordLow = 0;
        let wordHigh = 0;
        if (chars <= WORD_CHARS_MAX && SHAPES[shapeOf(text.charCodeAt(start), chars > 1 ? text.charCodeAt(start + 1) : 0, chars)] === 1) {
          const word = text.slice(start, i);
          const mask = LEXICON.get(word);
          if (mask !== undefined) {
            marked.push(index);
            wordLow = mask.low;
            wordHigh = mask.high;
            allLow |= wordLow;
            allHigh |= wordHigh;
          }
          if (PHRASES.has(word)) phrases.push(index);
        }
        LOW[index] = wordLow;
        HIGH[index] = wordHigh;
      }
      start = -1;
    }
    if (kind === END && !ended) {
      place += SENTENCE_WORDS;
      ended = true;
    }
  }
  return {
    count, starts: STARTS, places: PLACES, low: LOW, high: HIGH, marked, phrases, leetWords, loneLetters, binaryWords, longWords, signs,
    is: (index, word) => index < count && ENDS[index]! - STARTS[index]! === word.length && text.startsWith(word, STARTS[index]),
    text: (index) => (index < count ? text.slice(STARTS[index], ENDS[index]) : ''),
    has: (mask) => (allLow & mask.low) !== 0 || (allHigh & mask.high) !== 0,
  };
}

export const isIn = (words: Words, i: number, mask: Mask): boolean => (words.low[i]! & mask.low) !== 0 || (words.high[i]! & mask.high) !== 0;
