import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PatternIndex } from './pattern-index.js';

test('exact before the longest prefix before shorter ones', () => {
  const index = new PatternIndex<string>();
  for (const pattern of ['*', 'ds/*', 'ds/customers*', 'ds/customers', 'ds/customers']) index.add(pattern, pattern);
  expect(index.find('ds/customers')).toEqual(['ds/customers', 'ds/customers']);
  expect(index.find('ds/customers-eu')).toEqual(['ds/customers*']);
  expect(index.find('ds/x')).toEqual(['ds/*']);
  expect(index.find('')).toEqual(['*']);
  expect(new PatternIndex<string>().find('x')).toEqual([]);
});

test('agrees with a plain search', () => {
  const id = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 6 });
  fc.assert(fc.property(fc.array(fc.tuple(id, fc.boolean()), { maxLength: 20 }), id, (patterns, wanted) => {
    const index = new PatternIndex<string>();
    for (const [text, wildcard] of patterns) index.add(wildcard ? `${text}*` : text, text);
    const exact = patterns.filter(([text, wildcard]) => !wildcard && text === wanted).map(([text]) => text);
    const prefixes = patterns.filter(([text, wildcard]) => wildcard && wanted.startsWith(text)).map(([text]) => text);
    const longest = Math.max(...prefixes.map((text) => text.length));
    expect(index.find(wanted)).toEqual(exact.length > 0 ? exact : prefixes.filter((text) => text.length === longest));
  }), { numRuns: 300 });
});
