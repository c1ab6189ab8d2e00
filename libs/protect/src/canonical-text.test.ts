import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalise, foldText, hidesText } from './canonical-text.js';

/** Any UTF-16 at all, lone surrogates included. */
const anyUnits = (maxLength: number) => fc.array(fc.nat({ max: 0xffff }), { maxLength }).map((units) => String.fromCharCode(...units));

describe('canonical text', () => {
  test.each([
    ['ｊｏ＠x.io', 'jo@x.io'], ['j\u200bo', 'jo'], ['é', 'e'], ['ﬁne', 'fine'], ['１２', '12'], ['٣', '3'], ['4–5', '4-5'], ['a\u00a0b', 'a b'], ['%41%20%7e', 'A ~'], ['\\u0041\\x42', 'AB'], ['&#65;&#x42;', 'AB'], ['\u{e0041}\u{e0020}\u{e0042}', 'A B'], ['𝐀𝟏', 'A1'],
    ['%zz %4 %00 \\u2028 &#7; &amp;', '%zz %4 %00 \\u2028 &#7; &amp;'], ['', ''], ['\ud800x', '\ud800x'],
  ])('%j', (source, text) => expect(canonicalise(source, false).text).toBe(text));

  test.each([['Раssword', 'password'], ['ΑΒΕ', 'abe'], ['ＡＢＣ', 'abc'], ['%41', 'a'], ['\u{e0041}', 'a'], ['PLAIN', 'plain'], ['ümlaut', 'umlaut']])('folded: %j', (source, text) => expect(foldText(source)).toBe(text));

  test('every character knows where it came from', () => {
    const piece = fc.oneof(anyUnits(5), fc.constantFrom('abc', '\u200b', 'ﬁ', '１', '%41', '\\u0041', '&#65;', '\u{e0041}', '𝐀', 'é', '—'));
    fc.assert(fc.property(fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')), fc.boolean(), (source, confusables) => {
      const { text, sourceStart, sourceEnd } = canonicalise(source, confusables);
      let floor = 0;
      const wrong: number[] = [];
      for (let i = 0; i < text.length; i += 1) {
        const [start, end] = [sourceStart(i), sourceEnd(i)];
        // Read by itself, the piece it came from holds the character.
        if (start < floor || end <= start || end > source.length || !canonicalise(source.slice(start, end), confusables).text.includes(text[i]!)) wrong.push(i);
        floor = start;
      }
      expect(wrong).toEqual([]);
    }), { numRuns: 100 });
  });

  test('a folded text stays as it is', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', 'Я', 'é', '１', 'ﬁ', ' ', 'Z', '\u200b', '—'), maxLength: 20 }), (text) => {
      expect(foldText(foldText(text))).toBe(foldText(text));
    }));
  });

  test('prose does not hide, disguises do', () => {
    for (const text of ['plain', 'it’s “fine” — really…', 'größer', 'Привет', '日本語']) expect(hidesText(text)).toBe(false);
    for (const text of ['４', 'a\u200bb', '\u{e0041}', '4–5', '﹫', '𝐀']) expect(hidesText(text)).toBe(true);
  });
});
