import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { monthOf, readTime } from './read-time.js';

const AT = Date.UTC(2026, 10, 22, 4, 50, 0, 123);

describe('readTime', () => {
  it.each([
    ['2026-11-22T04:50:00.123Z', AT], ['2026-11-22t04:50:00.123z', AT], ['2026-11-22 04:50:00.123Z', AT], ['2026-11-22T05:50:00.123+01:00', AT], ['2026-11-22T05:50:00.123+0100', AT], ['2026-11-22T05:50:00.123+01', AT],
    ['2026-11-21T23:20:00.123-05:30', AT], ['2026-11-22T04:50:00.123456789Z', AT], ['2026-11-22T04:50:00,123Z', AT], ['2026-11-22T04:50:00.123', AT], ['2026-11-22T04:50Z', AT - 123], ['2026-11-22', Date.UTC(2026, 10, 22)],
    ['2026-12-31T23:59:60Z', Date.UTC(2027, 0, 1)], ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)], ['1969-12-31T23:59:59.999Z', -1],
    [AT, AT], [AT + 0.9, AT], [AT / 1000, AT], [Math.floor(AT / 1000), AT - 123], [AT * 1000 + 7, AT], [AT * 1e6, AT], [String(AT), AT], ['1795323000', 1_795_323_000_000], ['1795323000.123', 1_795_323_000_123], [String(AT) + '456789', AT],
  ])('%s', (value, expected) => {
    expect(readTime(value)).toBe(expected);
  });

  it.each([
    'yesterday', '', '2026-13-01T00:00:00Z', '2026-00-01', '2026-02-30T00:00:00Z', '2025-02-29', '2026-11-22T24:00:00Z', '2026-11-22T04:60:00Z', '2026-11-22T04:50:61Z', '2026-11-22T04:50:00.123ZZ', '2026-11-22T04:50:00+25:00',
    '2026-11-22X04:50:00Z', '2026/11/22 04:50:00', '22/Nov/2026', '0x10', '1e12', 'Infinity', '2026-11-22T4:50:00Z', '2026-11-2204:50:00Z', `2026-11-22T04:50:00.${'1'.repeat(40)}Z`,
  ])('%s is no time', (value) => {
    expect(readTime(value)).toBeNaN();
  });
  it.each([[null], [undefined], [true], [{}], [[AT]], [Number.NaN], [Number.POSITIVE_INFINITY], [1e30]])('%s is no time', (value) => {
    expect(readTime(value)).toBeNaN();
  });

  it('agrees with the engine on every date and offset', () => {
    fc.assert(fc.property(fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-30T00:00:00Z'), noInvalidDate: true }), fc.integer({ min: -839, max: 839 }), (date, offset) => {
      expect(readTime(date.toISOString())).toBe(date.getTime());
      const local = new Date(date.getTime() + offset * 60_000).toISOString();
      fc.pre(local.length === 24);
      const sign = offset < 0 ? '-' : '+';
      const text = (n: number): string => String(n).padStart(2, '0');
      expect(readTime(`${local.slice(0, -1)}${sign}${text(Math.floor(Math.abs(offset) / 60))}:${text(Math.abs(offset) % 60)}`)).toBe(date.getTime());
    }));
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.anything(), (value) => { expect(typeof readTime(value)).toBe('number'); }));
    fc.assert(fc.property(fc.stringMatching(/^[0-9T:.Z+-]{0,30}$/), (value) => { expect(typeof readTime(value)).toBe('number'); }));
  });
});

it('monthOf knows twelve months', () => {
  expect(['Jan', 'feb', 'MAR', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'].map(monthOf)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect(['ebm', 'Foo', '', 'January'].map(monthOf)).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
});
