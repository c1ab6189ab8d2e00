import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalText, contentHash } from './canonical-hash.js';

/** The value with all keys in order, as the standard serialisation has it. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? 0 : value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [`.${key}`, sorted(inner)]));
};

it('two values have the same text exactly when they are the same JSON', () => {
  const small = fc.jsonValue({ maxDepth: 3, stringUnit: fc.constantFrom('a', '1', ':', '{', ']', ';', 'n', 'é') });
  fc.assert(fc.property(small, small, (a, b) => {
    expect(canonicalText(a) === canonicalText(b)).toBe(JSON.stringify(sorted(a)) === JSON.stringify(sorted(b)));
  }), { numRuns: 2_000 });
});

it('does not see what is undefined, nor the order of keys', () => {
  expect(canonicalText({ b: [1, { d: null, c: 'x' }], a: undefined })).toBe(canonicalText({ b: [1, { c: 'x', d: null }] }));
  expect(canonicalText({ a: '1' })).not.toBe(canonicalText({ a: 1 }));
  expect(canonicalText(['a', 'b'])).not.toBe(canonicalText(['ab', '']));
  expect(contentHash('')).toBe('e3b0c44298fc1c149afbf4c8996fb924');
});
