import { DASH, DASHES, type ANY, type Token } from '../language/pattern.js';

/** Steps of a piece that stand in one word. */
const WORD_BITS = 32;

/**
 * Where a piece of literals and single wildcards stands in a text, in time linear in the text whatever both are: every position that the
 * piece can have been read up to is a bit, moved by one for each character (Baeza-Yates and Gonnet, "A new approach to text searching",
 * CACM 35 (10), 1992).
 */
export class ShiftAnd {
  private readonly words: number;
  private readonly length: number;
  /** For a character that stands in a literal: where it fits. Any other fits the wildcards alone. */
  private readonly masks = new Map<number, Uint32Array>();
  private readonly others: Uint32Array;

  constructor(piece: readonly Exclude<Token, typeof ANY>[]) {
    const steps = piece.flatMap((token): (number | 'one' | 'dash')[] => (typeof token === 'string' ? [...token].map((char) => char.codePointAt(0)!) : [token === DASH ? 'dash' : 'one']));
    this.length = steps.length;
    this.words = Math.ceil(steps.length / WORD_BITS);
    this.others = new Uint32Array(this.words);
    const dashes = DASHES.map((dash) => dash.codePointAt(0)!);
    for (const step of steps) for (const char of step === 'dash' ? dashes : step === 'one' ? [] : [step]) if (!this.masks.has(char)) this.masks.set(char, new Uint32Array(this.words));
    steps.forEach((step, index) => {
      const [word, bit] = [Math.floor(index / WORD_BITS), 1 << index % WORD_BITS];
      if (step === 'one') this.others[word]! |= bit;
      for (const [char, mask] of this.masks) if (step === 'one' || step === char || (step === 'dash' && dashes.includes(char))) mask[word]! |= bit;
    });
  }

  /** Index behind the first place at or behind `from`, or -1. */
  find(text: string, from: number): number {
    const { words, masks, others } = this;
    const state = new Uint32Array(words);
    const [lastWord, lastBit] = [words - 1, 1 << (this.length - 1) % WORD_BITS];
    for (let at = from; at < text.length;) {
      const char = text.codePointAt(at)!;
      at += char > 0xffff ? 2 : 1;
      const mask = masks.get(char) ?? others;
      let carry = 1;
      for (let word = 0; word < words; word += 1) {
        const before = state[word]!;
        state[word] = ((before << 1) | carry) & mask[word]!;
        carry = before >>> (WORD_BITS - 1);
      }
      if ((state[lastWord]! & lastBit) !== 0) return at;
    }
    return -1;
  }
}
