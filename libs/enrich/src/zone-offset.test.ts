import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTimeZone, ZoneOffset } from './zone-offset.js';

const at = (zone: string, time: string): number => new ZoneOffset(zone).at(Date.parse(time));

describe('minutes east of UTC', () => {
  test.each([
    ['UTC', '2026-07-01T00:00:00Z', 0], ['Europe/Berlin', '2026-01-15T12:00:00Z', 60], ['Europe/Berlin', '2026-07-15T12:00:00Z', 120], ['America/New_York', '2026-01-15T12:00:00Z', -300], ['Asia/Kolkata', '2026-01-15T12:00:00Z', 330], ['Pacific/Kiritimati', '2026-01-15T12:00:00Z', 840],
    // The change of Central Europe: 01:00 UTC.
    ['Europe/Berlin', '2026-03-29T00:59:59.999Z', 60], ['Europe/Berlin', '2026-03-29T01:00:00Z', 120], ['Europe/Berlin', '2026-10-25T00:59:59Z', 120], ['Europe/Berlin', '2026-10-25T01:00:00Z', 60],
    ['America/New_York', '2026-03-08T06:59:59Z', -300], ['America/New_York', '2026-03-08T07:00:00Z', -240],
    // Half an hour at Lord Howe, at :45 of UTC in Chatham, on another hemisphere.
    ['Australia/Lord_Howe', '2026-04-04T14:59:59Z', 660], ['Australia/Lord_Howe', '2026-04-04T15:00:00Z', 630], ['Pacific/Chatham', '2026-04-04T13:59:59Z', 825], ['Pacific/Chatham', '2026-04-04T14:00:00Z', 765],
    // Samoa left out a day; a zone of local mean time; before 1970; far away.
    ['Pacific/Apia', '2011-12-30T09:59:59Z', -600], ['Pacific/Apia', '2011-12-30T10:00:00Z', 840], ['Europe/Berlin', '1969-07-20T20:17:00Z', 60], ['Europe/Berlin', '2038-01-19T03:14:08Z', 60], ['UTC', '0001-01-01T00:00:00Z', 0],
  ])('%s %s', (zone, time, minutes) => expect(at(zone, time)).toBe(minutes));

  test('the cache answers as a fresh one does', () => {
    const kept = new ZoneOffset('Europe/London');
    fc.assert(fc.property(fc.integer({ min: Date.parse('2024-01-01'), max: Date.parse('2027-01-01') }), (time) => {
      expect(kept.at(time)).toBe(new ZoneOffset('Europe/London').at(time));
      expect(kept.at(time)).toBe(Number(new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', hour: '2-digit', hourCycle: 'h23' }).format(time)) * 60 === new Date(time).getUTCHours() * 60 ? 0 : 60);
    }), { numRuns: 100 });
  });

  test('more days than are kept', () => {
    const zone = new ZoneOffset('Europe/Berlin');
    for (let day = 0; day < 5_000; day += 1) zone.at(Date.UTC(2000, 0, 1 + day, 12));
    expect(zone.at(Date.UTC(2026, 6, 1))).toBe(120);
  });

  test('zones', () => {
    expect([isTimeZone('Europe/Berlin'), isTimeZone('Mars/Olympus'), isTimeZone('')]).toEqual([true, false, false]);
    expect(() => new ZoneOffset('Mars/Olympus')).toThrow(RangeError);
  });
});
