import { describe, expect, it } from 'vitest';
import { behaviourSeverity, evidenceSeverity } from './severity.js';
import { chanceWords, entityWords, numberWords, spanWords, unlikelyWords, valueWords } from './words.js';

describe('words for people', () => {
  it.each([['user', 'alice', 'User alice'], ['key', 'key/partner', 'key/partner'], ['agent', 'agents', 'Agent agents'], ['key', 'key', 'Key key']])('%s %s', (type, id, words) => { expect(entityWords({ type: type as 'user', id })).toBe(words); });
  it.each([[0, '0'], [0.04567, '0.046'], [3.14159, '3.1'], [412, '412'], [12_345_678.9, '12,345,679'], [Number.POSITIVE_INFINITY, 'more than can be counted']])('%d', (value, words) => { expect(numberWords(value)).toBe(words); });
  it.each([[1, 'downloads', '1 download'], [412, 'downloads', '412 downloads'], [999, 'bytes', '999 bytes'], [4_200_000_000, 'bytes', '4.2 GB'], [0.3, 'rows', '0.3 rows']])('%d %s', (value, unit, words) => { expect(valueWords(value, unit)).toBe(words); });
  it.each([
    [2.5e-4 / 45, 45, 'key', 'about once in 4,000 weeks for this key'], [1 / 45, 45, 'user', 'about once in 7 days for this user'], [0.5, 45, 'user', 'more than three times a week for this user'], [1e-200, 5, 'agent', 'less than once in a billion weeks for this agent'],
  ])('p %d in %d windows a week', (p, windows, type, words) => { expect(unlikelyWords(p, windows, type)).toBe(words); });
  it('spans and chances', () => {
    const start = Date.UTC(2026, 10, 24, 2);
    expect(spanWords(start, start + 3_600_000)).toBe('between 02:00 and 03:00 UTC on 2026-11-24');
    expect(spanWords(Date.UTC(2026, 10, 24), Date.UTC(2026, 10, 25))).toBe('on 2026-11-24 (UTC)');
    expect(chanceWords(5)).toBe('about one chance in 100,000');
    expect(chanceWords(40)).toBe('less than one chance in a trillion');
  });
});

describe('severity: the table', () => {
  const facts = { strength: 7, otherFamilies: 0, leaving: false, criticality: 2, usualForPeers: false, overwhelmingTake: false };
  it.each([
    [{}, 'medium'], [{ strength: 3.5 }, 'informational'], [{ strength: 4.5 }, 'low'], [{ strength: 200 }, 'medium'],
    [{ strength: 200, criticality: 4 }, 'medium'], [{ strength: 200, criticality: 4, overwhelmingTake: true }, 'high'], [{ strength: 200, criticality: 3, overwhelmingTake: true }, 'high'], [{ strength: 200, overwhelmingTake: true }, 'medium'],
    [{ strength: 4.9, criticality: 4, overwhelmingTake: true }, 'medium'], [{ strength: 200, criticality: 4, overwhelmingTake: true, usualForPeers: true }, 'medium'], [{ otherFamilies: 1 }, 'high'], [{ strength: 4.9, otherFamilies: 2 }, 'medium'], [{ leaving: true }, 'high'],
    [{ otherFamilies: 1, usualForPeers: true }, 'medium'], [{ otherFamilies: 1, criticality: 1 }, 'medium'], [{ otherFamilies: 2, leaving: true }, 'high'],
    [{ strength: 9, otherFamilies: 2, leaving: true }, 'critical'], [{ strength: 9, otherFamilies: 1, leaving: true, criticality: 4 }, 'critical'], [{ strength: 9, otherFamilies: 1, leaving: true, criticality: 3 }, 'high'],
  ] as const)('%o', (change, severity) => { expect(behaviourSeverity({ ...facts, ...change })).toBe(severity); });

  it.each([['medium', 1, 'low'], ['medium', 2, 'medium'], ['medium', 3, 'medium'], ['medium', 4, 'high'], ['high', 4, 'critical'], ['critical', 4, 'critical'], ['low', 1, 'low']] as const)(
    'evidence that is %s on an ordinary asset, criticality %d', (ordinary, criticality, severity) => { expect(evidenceSeverity(ordinary, criticality)).toBe(severity); });
});
