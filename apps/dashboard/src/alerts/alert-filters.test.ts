import { describe, expect, it } from 'vitest';
import { compareAlerts, countFilters, matchesFilters, parseAlertSearch, toFilters, toQuery } from './alert-filters.js';
import { testAlert } from './test-alert.js';

const alert = testAlert();
const matches = (search: Parameters<typeof toFilters>[0], now = alert.lastSeen) => matchesFilters(alert, toFilters(search), now);

describe('alert filters', () => {
  it('read an address and leave out what they do not know', () => {
    expect(parseAlertSearch({ status: 'resolved', severity: 'high,bogus,critical', range: '99y', from: 'abc', historical: 'maybe', q: 'x', sort: 'worst', open: 'a1', evil: '<script>' })).toEqual({ status: 'resolved', severity: 'critical,high', q: 'x', open: 'a1' });
  });
  it('without a status mean the open ones', () => {
    expect(toQuery(toFilters({}), 0).status).toBe('triggered,acknowledged');
    expect(toQuery(toFilters({ status: 'any' }), 0).status).toBe('');
  });
  it('turn a range into a time', () => expect(toQuery(toFilters({ range: '1h' }), 10_000_000).from).toBe(6_400_000));
  it.each([
    [{}, true], [{ status: 'resolved' }, false], [{ severity: 'high' }, true], [{ severity: 'low' }, false], [{ entity: 'user:alice' }, true], [{ entity: 'key:alice' }, false],
    [{ detector: 'volume' }, true], [{ historical: 'true' }, false], [{ q: 'ALICE' }, true], [{ q: 'bob' }, false], [{ to: '1' }, false], [{ from: '1' }, true],
  ] as const)('%j → %s', (search, result) => expect(matches(search)).toBe(result));
  it('forget what is older than their range', () => expect(matches({ range: '1h' }, alert.lastSeen + 3_600_001)).toBe(false));
  it('count only what a person has set', () => expect([countFilters({}), countFilters({ q: 'x', sort: 'severity', open: 'a' })]).toEqual([0, 1]));
  it('sort by severity, then by time, then by id', () => {
    const rows = [testAlert({ id: 'a', severity: 'low' }), testAlert({ id: 'b', severity: 'critical', lastSeen: 1 }), testAlert({ id: 'c', severity: 'critical', lastSeen: 2 }), testAlert({ id: 'd', severity: 'critical', lastSeen: 2 })];
    expect(rows.sort(compareAlerts('severity')).map(({ id }) => id)).toEqual(['d', 'c', 'b', 'a']);
  });
});
