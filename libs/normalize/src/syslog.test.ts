import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSyslog } from './syslog.js';

const NOON = 12 * 3_600_000;
const timeOf = (head: string, receivedAt: number): string => new Date(parseSyslog(`${head} host sshd[1]: x`, receivedAt)!.time).toISOString();

describe('a head without a year', () => {
  it.each([
    ['Nov 22 04:50:00', Date.UTC(2026, 10, 22, 5), '2026-11-22T04:50:00.000Z'],
    ['Dec 31 23:59:59', Date.UTC(2027, 0, 1, 0, 0, 5), '2026-12-31T23:59:59.000Z'],
    ['Dec  1 00:00:00', Date.UTC(2027, 0, 31), '2026-12-01T00:00:00.000Z'],
    // A sender whose zone is ahead of ours writes tomorrow; on New Year's Eve that is the next year.
    ['Jan  1 08:30:00', Date.UTC(2026, 11, 31, 23, 30), '2027-01-01T08:30:00.000Z'],
    ['Nov 23 03:00:00', Date.UTC(2026, 10, 22, 15), '2026-11-23T03:00:00.000Z'],
    ['Nov 24 03:00:00', Date.UTC(2026, 10, 22, 15), '2025-11-24T03:00:00.000Z'],
    ['Feb 29 04:50:00', Date.UTC(2028, 2, 1), '2028-02-29T04:50:00.000Z'],
    ['Feb 29 04:50:00', Date.UTC(2026, 2, 1), '2024-02-29T04:50:00.000Z'],
  ])('%s', (head, receivedAt, expected) => {
    expect(timeOf(head, receivedAt)).toBe(expected);
  });

  it('finds any time of the last eleven months again', () => {
    fc.assert(fc.property(fc.integer({ min: Date.UTC(2001, 0, 1), max: Date.UTC(2090, 0, 1) }), fc.integer({ min: 0, max: 330 * 86_400 }), (now, ageSeconds) => {
      const time = Math.floor(now / 1000) * 1000 - ageSeconds * 1000;
      const [, , month, day] = /^(\d{4})-(\d\d)-(\d\d)/.exec(new Date(time).toISOString())!.map(String) as [string, string, string, string];
      const name = 'JanFebMarAprMayJunJulAugSepOctNovDec'.slice(Number(month) * 3 - 3, Number(month) * 3);
      const clock = new Date(time).toISOString().slice(11, 19);
      expect(timeOf(`${name} ${day.replace(/^0/, ' ')} ${clock}`, now)).toBe(new Date(time).toISOString());
    }));
  });
});

describe('parseSyslog', () => {
  it.each(['', 'x', 'Nov 22 04:50:00', 'Nov 22 04:50:00 host', 'Nov 22 04:50:00 host no tag here', '2026-11-22T04:50:00Z host', '<38>1 2026', 'x'.repeat(20_000)])('%#: has no head', (line) => {
    expect(parseSyslog(line, NOON)).toBeNull();
  });
  it('reads structured data with escaped brackets and quotes', () => {
    expect(parseSyslog('<38>1 2026-11-22T04:50:00Z h app 1 ID [a b="x\\"] y" c="]"][d] \uFEFFmessage [with] brackets', NOON)).toMatchObject({ host: 'h', program: 'app', message: 'message [with] brackets' });
    expect(parseSyslog('<38>1 - - sshd - - - m', NOON)).toMatchObject({ host: '', program: 'sshd', pid: '', message: 'm' });
  });
  it('takes linear time on any line', () => {
    const started = performance.now();
    for (const piece of ['[a="', ' from ', '<1>', 'Nov 22 04:50:00 h sshd[1]: Failed password for x from 1.1.1.1 port ', '\\"']) parseSyslog(piece.repeat(Math.floor(16_000 / piece.length)), NOON);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
