import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { passesMod97 } from './find-iban.js';
import { scanText } from './scan-text.js';

const found = (text: string): string[] => scanText(text).filter((span) => span.type === 'iban').map((span) => text.slice(span.start, span.end));

/** Check digits by ISO 13616: 98 minus the remainder with 00 in their place. */
function iban(country: string, account: string): string {
  for (let check = 2; check <= 98; check += 1) {
    const text = country + String(check).padStart(2, '0') + account;
    if (passesMod97(text)) return text;
  }
  throw new Error('no check digits');
}

describe('IBAN', () => {
  test.each([
    ['IBAN: DE89 3704 0044 0532 0130 00.', 'DE89 3704 0044 0532 0130 00'], ['GB82WEST12345698765432', 'GB82WEST12345698765432'], ['fr1420041010050500013m02606', 'fr1420041010050500013m02606'],
    ['NO93-8601-1117-947', 'NO93-8601-1117-947'], ['(NL91ABNA0417164300)', 'NL91ABNA0417164300'],
  ])('%s', (text, expected) => expect(found(text)).toEqual([expected]));

  test.each([['wrong check digits', 'DE88370400440532013000'], ['too short', 'DE8937040044053201300'], ['too long', 'DE893704004405320130001'], ['no such country', 'ZZ89370400440532013000'], ['inside a word', 'XDE89370400440532013000']])('not: %s', (_name, text) => expect(found(text)).toEqual([]));

  test('the right check digits are found, any two others are not', () => {
    fc.assert(fc.property(fc.stringMatching(/^\d{18}$/), fc.integer({ min: 1, max: 95 }), (account, step) => {
      const right = iban('DE', account);
      expect(found(`to ${right} please`)).toEqual([right]);
      const wrong = `DE${String((Number(right.slice(2, 4)) + step) % 97).padStart(2, '0')}${account}`;
      if (!passesMod97(wrong)) expect(found(`to ${wrong} please`)).toEqual([]);
    }), { numRuns: 200 });
  });
});
