import { describe, expect, it } from 'vitest';
import { formatAgo, formatAmount, formatBytes, formatDuration, formatNumber, formatRange, formatTime, plural, sentence } from './format.js';

describe('format', () => {
  it.each([[0, '0 s'], [59_400, '59 s'], [90_000, '1 min'], [3_600_000, '1 h'], [5_400_000, '1 h 30 min'], [200_000_000, '2 d']])('duration %d → %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
  it.each([[0, 'just now'], [125_000, '2 min ago'], [90 * 60_000, '1 h ago'], [50 * 3_600_000, '2 d ago'], [-600_000, 'in 10 min']])('ago %d → %s', (ms, text) => expect(formatAgo(1_000_000_000_000, 1_000_000_000_000 + ms)).toBe(text));
  it.each([[0, '0 B'], [999, '999 B'], [1_500, '1.5 KB'], [123_456_789, '123 MB']])('bytes %d → %s', (value, text) => expect(formatBytes(value)).toBe(text));
  it('writes amounts with their unit', () => {
    expect(formatAmount(412, 'downloads')).toBe('412 downloads');
    expect(formatAmount(2_000_000, 'bytes')).toBe('2 MB');
    expect(formatAmount(3.14159, '')).toBe('3.1');
  });
  it('keeps small figures apart', () => expect([formatNumber(0.0041), formatNumber(0.5), formatNumber(0), formatNumber(-0.043)]).toEqual(['0.0041', '0.5', '0', '-0.043']));
  it('writes ranges', () => expect([formatRange(12, 38, 'downloads'), formatRange(1_200_000, 9_000_000, 'bytes'), formatRange(0, 3, '')]).toEqual(['12–38 downloads', '1.2 MB–9 MB', '0–3']));
  it('names UTC and keeps a day before its month', () => expect(formatTime(Date.UTC(2026, 10, 24, 17, 5, 9), 'utc', true)).toBe('24 Nov, 17:05:09 UTC'));
  it('turns codes into words', () => expect(sentence('benign_expected')).toBe('Benign expected'));
  it('counts', () => expect([plural(1, 'alert'), plural(2, 'alert'), plural(0, 'entry', 'entries')]).toEqual(['1 alert', '2 alerts', '0 entries']));
});
