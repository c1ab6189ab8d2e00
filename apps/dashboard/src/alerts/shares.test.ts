import fc from 'fast-check';
import { expect, it } from 'vitest';
import { wholePercents } from './shares.js';

it.each([[[1], [100]], [[1, 1, 1], [34, 33, 33]], [[0.615, 0.385], [62, 38]], [[0, 0], [0, 0]], [[], []]])('%j → %j', (shares, percents) => expect(wholePercents(shares)).toEqual(percents));

it('adds up to 100 and is within one of the exact share', () => {
  fc.assert(fc.property(fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 }), (shares) => {
    const total = shares.reduce((sum, share) => sum + share, 0);
    const percents = wholePercents(shares);
    expect(percents.reduce((sum, value) => sum + value, 0)).toBe(100);
    shares.forEach((share, index) => expect(Math.abs(percents[index]! - (share / total) * 100)).toBeLessThan(1));
  }));
});
