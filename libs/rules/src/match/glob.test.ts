import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchPattern } from '../evaluate/match-pattern.js';
import { ANY, DASH, ONE, tidy, type Token } from '../language/pattern.js';
import { compilePattern, coversText } from './glob.js';
import { ShiftAnd } from './shift-and.js';

const token = fc.oneof({ weight: 3, arbitrary: fc.stringMatching(/^[ab\-–😀]{1,3}$/u) }, { weight: 2, arbitrary: fc.constantFrom<Token>(ANY, ONE, DASH) });
const patterns = fc.array(token, { maxLength: 9 }).map(tidy);
const texts = fc.stringMatching(/^[abc\-–/😀]{0,14}$/u);

describe('patterns', () => {
  it('cover what the plain matcher says, piece by piece and all at once', () => {
    fc.assert(fc.property(patterns, texts, (pattern, text) => {
      const plain = matchPattern(pattern, text, true);
      expect(compilePattern(pattern)(text)).toBe(plain);
      expect(coversText(pattern, text, true)).toBe(plain);
      // So long that pieces are looked for by their bits.
      const far = `${'c'.repeat(60_000)}${text}`;
      const anywhere = tidy([ANY, ...pattern, ANY]);
      expect(compilePattern(anywhere)(far)).toBe(matchPattern(anywhere, text, true) || compilePattern(anywhere)(`${'c'.repeat(40)}${text}`));
    }), { numRuns: 1_500, seed: 11 });
  }, 60_000);

  it('are found at the same place by their bits as one by one, over more than one word', () => {
    const piece = fc.array(fc.oneof(fc.stringMatching(/^[ab]{1,20}$/), fc.constantFrom<typeof ONE | typeof DASH>(ONE, DASH)), { minLength: 1, maxLength: 12 }).map((tokens) => tidy(tokens) as Exclude<Token, typeof ANY>[]);
    fc.assert(fc.property(piece, fc.stringMatching(/^[ab-]{0,120}$/), fc.nat(20), (tokens, text, from) => {
      const start = Math.min(from, text.length);
      let expected = -1;
      for (let end = start; end <= text.length && expected < 0; end += 1) if (matchPattern([ANY, ...tokens], text.slice(start, end), true)) expected = end;
      expect(new ShiftAnd(tokens).find(text, start)).toBe(expected);
    }), { numRuns: 1_000, seed: 12 });
  });
});
