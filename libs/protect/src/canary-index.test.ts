import { CanarySchema } from '@wary/model/registers.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CanaryIndex } from './canary-index.js';
import { foldText } from './canonical-text.js';

const indexOf = (...values: string[]): CanaryIndex => new CanaryIndex(values.map((value, i) => CanarySchema.parse({ id: String(i), kind: 'text', value })));
function found(index: CanaryIndex, text: string): string[] {
  const ids = new Set<string>();
  const any = index.findTexts(text, ids);
  expect(any).toBe(ids.size > 0);
  return [...ids].sort();
}

describe('canary texts', () => {
  test.each([
    ['as it is', 'a Blue Heron 42 flew'], ['in capitals', 'BLUE HERON 42'], ['with look-alikes', 'Вluе Неron 42'], ['with invisible characters', 'b\u200blue\u2060 heron 4\u00ad2'], ['full-width', 'Ｂｌｕｅ Ｈｅｒｏｎ ４２'],
    ['in tags', [...'blue heron 42'].map((char) => String.fromCodePoint(0xe0000 + char.charCodeAt(0))).join('')], ['with accents', 'blüe hérôn 42'], ['percent', 'blue%20heron%2042'], ['JSON escapes', '\\u0062lue heron 42'],
    ['base64', Buffer.from('see Blue Heron 42 there').toString('base64')], ['base64url in a URL', `https://x.example/?d=${Buffer.from('>>>??? Blue Heron 42').toString('base64url')}`],
    ['MIME lines', Buffer.from(`${'x'.repeat(40)} Blue Heron 42 ${'y'.repeat(40)}`).toString('base64').replaceAll(/.{76}/g, '$&\r\n')],
  ])('%s', (_name, text) => expect(found(indexOf('Blue Heron 42'), text)).toEqual(['0']));

  test.each(['blue heron 4', 'blue  heron 42', 'bluer heron 42', '', 'blue', Buffer.from('Blue Heron 43').toString('base64')])('not: %j', (text) => expect(found(indexOf('Blue Heron 42'), text)).toEqual([]));

  test('overlapping, nested and equal ones are all found', () => {
    const index = indexOf('abcdefgh', 'cdefghij', 'abcdefghijkl', 'defghijk', 'abcdefgh');
    expect(found(index, 'xabcdefghijklx')).toEqual(['0', '1', '2', '3', '4']);
    expect(found(index, 'abcdefghij')).toEqual(['0', '1', '4']);
  });

  test('agrees with a plain search', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 8, maxLength: 12 });
    fc.assert(fc.property(fc.array(word, { minLength: 1, maxLength: 12 }), fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 120 }), (words, text) => {
      expect(found(indexOf(...words), text)).toEqual([...words.keys()].filter((i) => foldText(text).includes(words[i]!)).map(String).sort());
    }), { numRuns: 150 });
  });

  test('too short and too much are named, the rest works', () => {
    const index = indexOf('tiny text'.slice(0, 6), 'long enough', ...Array.from({ length: 600 }, (_, i) => String(i).padStart(2_000, 'x')));
    expect(index.problems[0]).toContain('canary 0: its text has fewer than 8');
    expect(index.problems.filter((problem) => problem.includes('more than 1000000'))).toHaveLength(101);
    expect(found(index, 'a long enough text')).toEqual(['1']);
  });

  test('thousands of them cost the text no more', () => {
    const many = indexOf(...Array.from({ length: 5_000 }, (_, i) => `${((i * 2_654_435_761) >>> 0).toString(36)} row ${i}`));
    expect(found(many, `a ${((4_321 * 2_654_435_761) >>> 0).toString(36)} row 4321 b`)).toContain('4321');
    const timeOf = (index: CanaryIndex, text: string): number => {
      const start = process.cpuUsage();
      index.findTexts(text, new Set());
      return process.cpuUsage(start).user;
    };
    const text = 'so many words of an ordinary answer, and some numbers like 42 or 1,000; '.repeat(5_000);
    const one = indexOf('Blue Heron 42');
    timeOf(one, text);
    timeOf(many, text);
    expect(timeOf(many, text)).toBeLessThan(Math.max(timeOf(one, text), 2_000) * 10);
  });
});

describe('canary ids', () => {
  test('are kept by kind', () => {
    const index = new CanaryIndex((['resource', 'tool', 'principal'] as const).map((kind) => CanarySchema.parse({ id: kind, kind, value: 'name' })));
    expect([index.resources.get('name'), index.tools.get('name'), index.principals.get('name'), index.hasIds, index.hasTexts]).toEqual(['resource', 'tool', 'principal', true, false]);
    expect(found(index, 'a name in a text')).toEqual([]);
  });
});
