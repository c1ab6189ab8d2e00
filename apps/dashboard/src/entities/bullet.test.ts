import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bullet } from './bullet.js';

it('puts the band into two thirds and squeezes the rest', () => {
  const marks = bullet({ low: 5, high: 10, expected: 8, current: 20 });
  expect(marks.high).toBeCloseTo(66.67, 1);
  expect(marks.low).toBeCloseTo(33.33, 1);
  expect(marks.current).toBeCloseTo(83.33, 1);
  expect(marks.outside).toBe(true);
});
it('has no mark without a present value', () => expect(bullet({ low: 0, high: 1, expected: 0.5, current: null }).current).toBeNull());
it('keeps order and bounds whatever the figures', () => {
  const amount = fc.nat(1_000_000);
  fc.assert(fc.property(amount, amount, amount, amount, (a, b, c, current) => {
    const [low, expected, high] = [a, b, c].sort((x, y) => x - y) as [number, number, number];
    const marks = bullet({ low, high, expected, current });
    for (const value of [marks.low, marks.expected, marks.high, marks.current!]) expect(value >= 0 && value <= 100.000001).toBe(true);
    expect(marks.low <= marks.expected && marks.expected <= marks.high).toBe(true);
    expect(marks.current! > marks.high).toBe(current > high);
  }));
});
