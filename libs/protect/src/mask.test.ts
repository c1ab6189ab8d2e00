import { expect, test } from 'vitest';
import { ID_TAG_CHARS, maskEnd, Masks, TEXT_TAG_CHARS, valueOf, withoutMasks } from './mask.js';
import { PII_TYPES, SECRET_TYPES, type Span } from './span.js';

const masks = new Masks(new Uint8Array(32).fill(5));
const span = (type: Span['type'], text: string): Span => ({ start: 0, end: text.length, type, secret: (SECRET_TYPES as readonly string[]).includes(type) });

test('every mask is recognised as one, whole and without its bracket', () => {
  for (const type of [...PII_TYPES, ...SECRET_TYPES]) {
    for (const chars of [TEXT_TAG_CHARS, ID_TAG_CHARS]) {
      const mask = masks.of('t', span(type, 'x'), 'x', chars);
      expect(maskEnd(`a${mask}b`, 1)).toBe(1 + mask.length);
      expect(withoutMasks(`a${mask}b`)).toBe('ab');
      expect(withoutMasks(`${mask.slice(1)}b`)).toBe('b');
    }
  }
});

test('what only looks like a mask is none', () => {
  for (const text of ['[email:abc]', '[email:ABCD]', '[email:abcde]', '[mail:abcd]', '[secret:my-own:abcd]', '[secret:abcd]', '[email:0000]', '[email:abcd', 'email:abcd]']) expect(maskEnd(text, 0)).toBe(0);
});

test('a long tag begins with the short one', () => {
  expect(masks.of('t', span('email', 'x'), 'x', ID_TAG_CHARS)).toContain(masks.of('t', span('email', 'x'), 'x', TEXT_TAG_CHARS).slice(0, -1));
});

test.each([
  ['card', '4111 1111-1111 1111', '4111111111111111'], ['phone', '+49 (30) 90-18 x5', '49309018'], ['iban', 'de89 3704', 'DE893704'], ['email', 'Jo@X.io', 'jo@x.io'], ['email', 'jo%40x.io', 'jo@x.io'], ['ssn', '５３６-90-4399', '536904399'], ['password', 'Aa 1', 'Aa 1'],
] as const)('%s %s has one spelling', (type, text, value) => expect(valueOf(text, span(type, text))).toBe(value));

test('tags are spread: among 300 values of one kind hardly two share one', () => {
  const tags = new Set(Array.from({ length: 300 }, (_, i) => masks.of('t', span('email', ''), `${i}@x.io`, TEXT_TAG_CHARS)));
  // 300²/2 pairs over 2^20 tags: 0.04 expected.
  expect(tags.size).toBeGreaterThanOrEqual(299);
});
