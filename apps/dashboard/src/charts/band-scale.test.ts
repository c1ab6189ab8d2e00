import { describe, expect, it } from 'vitest';
import { bandSentence, compressedSplits, isCompressed } from './band-scale.js';

const point = (value: number, low = 1, high = 10) => ({ start: 0, value, low, expected: 5, high });

describe('band scale', () => {
  it('stays linear while the band can be seen', () => expect(isCompressed([point(5), point(200)])).toBe(false));
  it('is compressed when it could not', () => expect(isCompressed([point(5), point(400)])).toBe(true));
  it('does not fail without a band or history', () => expect([isCompressed([]), isCompressed([point(9, 0, 0)])]).toEqual([false, false]));
  it('says the chart in a sentence', () => expect(bandSentence([point(5), point(0.5), point(412)], (value) => `${value} reads`)).toBe('3 windows, 2 of them outside the usual band. The last one: 412 reads observed, 1 reads to 10 reads usual.'));
});

describe('the grid of a compressed axis', () => {
  it.each([[0, [0, 1]], [38, [0, 1, 10]], [9_999, [0, 1, 10, 100, 1_000]], [123_456, [0, 10, 1_000, 100_000]], [4e9, [0, 10, 1_000, 1e5, 1e7, 1e9]]])('up to %d', (top, splits) => { expect(compressedSplits(top)).toEqual(splits); });
});
