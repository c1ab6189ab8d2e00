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

/** First two characters and length of the words that mean something: most words of a text are told apart without a look-up. */
const shapeOf = (first: number, second: number, chars: number): number => ((first * 31 + second) * 33 + chars) & 0xffff;
const SHAPES = new Uint8Array(65_536);
for (const word of [...LEXICON.keys(), ...PHRASES.keys()]) SHAPES[shapeOf(word.charCodeAt(0), word.length > 1 ? word.charCodeAt(1) : 0, word.length)] = 1;

/** Words of the lexicon and of the phrases, for texts that do not part theirs. */
const KNOWN = new Set([...LEXICON.keys(), ...[...PHRASES.values()].flatMap((rules) => rules.flatMap(({ words }) => words))]);
export const isKnownWord = (word: string): boolean => KNOWN.has(word);

/** The words of a folded text, as columns. */
export interface Words {
  readonly count: number;
  readonly starts: readonly number[];
  /** Place in the text counted in words; a sentence end counts as three, so that no rule reaches far across it. */
  readonly places: readonly number[];
  /** Classes of the lexicon, 0 for most words. */
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Words of the lexicon, and those that begin a phrase. */
  readonly marked: readonly number[];
  readonly phrases: readonly number[];
  /** Words with a digit or sign between letters; the longest spelling of single letters; words of eight binary digits. */
  readonly leetWords: number;
  readonly loneLetters: number;
  readonly binaryWords: number;
  readonly longWords: boolean;
  text(index: number): string;
  has(mask: Mask): boolean;
}

export function tokenise(text: string): Words {
  const starts: number[] = [];
  const ends: number[] = [];
  const places: number[] = [];
  const low: number[] = [];
  const high: number[] = [];
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
      spelled = chars === 1 && letters === 1 ? (ends.length > 0 && start - ends.at(-1)! <= SPELLING_GAP_MAX ? spelled + 1 : 1) : 0;
      if (spelled > loneLetters) loneLetters = spelled;
      if (starts.length < WORDS_MAX) {
        const index = starts.push(start) - 1;
        ends.push(i);
        place += 1;
        ended = false;
        places.push(place);
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
        low.push(wordLow);
        high.push(wordHigh);
      }
      start = -1;
    }
    if (kind === END && !ended) {
      place += SENTENCE_WORDS;
      ended = true;
    }
  }
  return {
    count: starts.length, starts, places, low, high, marked, phrases, leetWords, loneLetters, binaryWords, longWords,
    text: (index) => (index < starts.length ? text.slice(starts[index], ends[index]) : ''),
    has: (mask) => (allLow & mask.low) !== 0 || (allHigh & mask.high) !== 0,
  };
}

export const isIn = (words: Words, i: number, mask: Mask): boolean => (words.low[i]! & mask.low) !== 0 || (words.high[i]! & mask.high) !== 0;
