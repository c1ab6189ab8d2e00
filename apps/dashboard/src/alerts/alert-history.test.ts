import { expect, it } from 'vitest';
import { alertHistory } from './alert-history.js';
import { testAlert } from './test-alert.js';

it('tells the life of an alert in order of time', () => {
  const start = testAlert().firstSeen;
  const alert = testAlert({
    findingCount: 3, lastSeen: start + 90_000, acknowledgedAt: start + 60_000, acknowledgedBy: 'bob@x', resolvedAt: start + 120_000, verdict: 'benign_expected', resolution: 'quarter end',
    notes: [{ id: 'n', at: start + 70_000, by: 'bob@x', text: 'asked' }],
  });
  expect(alertHistory(alert).map(({ text, by }) => (by ? `${text} by ${by}` : text))).toEqual([
    'First event in it', 'Raised', 'Acknowledged by bob@x', 'Note added by bob@x', '3 findings grouped so far', 'Resolved: Benign expected, “quarter end”',
  ]);
});
it('says that history notified nobody', () => expect(alertHistory(testAlert({ historical: true })).map(({ text }) => text)).toContain('Raised from history: notified nobody'));
