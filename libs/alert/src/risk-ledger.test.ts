import fc from 'fast-check';
import { SEVERITIES } from '@wary/model/finding.js';
import { ALERT_STATUSES, VERDICTS } from '@wary/model/alert.js';
import { describe, expect, it } from 'vitest';
import { RISK_DAYS_MAX, RISK_HALF_LIFE_DAYS, RISK_PER_REASON_MAX, riskAt, riskEntriesAt, riskLedger, type RiskAlert } from './risk-ledger.js';

const DAY_MS = 86_400_000;
const alert = (over: Partial<RiskAlert> = {}): RiskAlert => ({ id: 'a', title: 'T', severity: 'high', criticality: 2, reason: 'volume', status: 'triggered', verdict: null, firstSeen: 0, lastSeen: 0, resolvedAt: null, ...over });

describe('the risk ledger', () => {
  it('halves every seven days, from the time it was last seen', () => {
    expect(riskAt([alert()], 0)).toBe(50);
    expect(riskAt([alert()], RISK_HALF_LIFE_DAYS * DAY_MS)).toBeCloseTo(25, 9);
    expect(riskAt([alert({ lastSeen: 7 * DAY_MS })], 7 * DAY_MS)).toBe(50);
    expect(riskAt([alert({ lastSeen: 7 * DAY_MS })], 14 * DAY_MS)).toBeCloseTo(25, 9);
  });

  it('weighs the asset', () => {
    expect([1, 2, 3, 4, 9].map((criticality) => riskAt([alert({ criticality })], 0))).toEqual([25, 50, 75, 100, 50]);
    expect(SEVERITIES.map((severity) => riskAt([alert({ severity })], 0))).toEqual([0, 2, 10, 50, 100]);
  });

  it('caps a reason, and the lines still sum to the total', () => {
    const many = Array.from({ length: 9 }, (_, index) => alert({ id: `a${index}` }));
    expect(riskAt(many, 0)).toBeCloseTo(RISK_PER_REASON_MAX, 9);
    expect(riskAt([...many, alert({ id: 'b', reason: 'canary' })], 0)).toBeCloseTo(RISK_PER_REASON_MAX + 50, 9);
    expect(riskEntriesAt(many, 0)[0]).toMatchObject({ points: 50, remaining: RISK_PER_REASON_MAX / 9 });
  });

  it('tells a past instant as it stood then', () => {
    const later = alert({ id: 'later', firstSeen: 5 * DAY_MS, lastSeen: 5 * DAY_MS });
    const cleared = alert({ id: 'cleared', reason: 'canary', status: 'resolved', verdict: 'false_positive', resolvedAt: 3 * DAY_MS });
    expect(riskAt([later, cleared], 2 * DAY_MS)).toBe(riskAt([cleared], 2 * DAY_MS));
    expect(riskAt([cleared], 2 * DAY_MS)).toBeGreaterThan(0);
    expect(riskAt([cleared], 3 * DAY_MS)).toBe(0);
  });

  it.each([['true_positive', true], ['inconclusive', true], ['false_positive', false], ['benign_expected', false], ['duplicate', false]] as const)('the verdict %s weighs: %s', (verdict, weighs) => {
    expect(riskAt([alert({ status: 'resolved', verdict, resolvedAt: 0 })], 0) > 0).toBe(weighs);
  });

  it('what is suppressed was accepted', () => {
    expect(riskAt([alert({ status: 'suppressed' })], 0)).toBe(0);
  });

  it('is a ledger: entries sum to the risk, the series ends now, nothing is negative or larger than its points', () => {
    const any = fc.record({
      id: fc.uuid(), title: fc.constant('T'), severity: fc.constantFrom(...SEVERITIES), criticality: fc.integer({ min: 1, max: 4 }), reason: fc.constantFrom('a', 'b'),
      status: fc.constantFrom(...ALERT_STATUSES), verdict: fc.constantFrom(null, ...VERDICTS), resolvedAt: fc.option(fc.integer({ min: 0, max: 100 * DAY_MS })), firstSeen: fc.integer({ min: 0, max: 50 * DAY_MS }), length: fc.nat(20 * DAY_MS),
    }).map(({ length, ...rest }): RiskAlert => ({ ...rest, lastSeen: rest.firstSeen + length }));
    fc.assert(fc.property(fc.array(any, { maxLength: 20 }), fc.integer({ min: 0, max: 100 * DAY_MS }), (alerts, now) => {
      const ledger = riskLedger(alerts, now, 5);
      expect(ledger.entries.reduce((sum, { remaining }) => sum + remaining, 0)).toBeCloseTo(ledger.now, 6);
      expect(ledger.series).toHaveLength(5);
      expect(ledger.series.at(-1)).toEqual({ at: now, risk: ledger.now });
      for (const entry of ledger.entries) {
        expect(entry.remaining).toBeGreaterThan(0);
        expect(entry.remaining).toBeLessThanOrEqual(entry.points);
        expect(entry.at).toBeLessThanOrEqual(now);
      }
      expect(ledger.now).toBeLessThanOrEqual(2 * RISK_PER_REASON_MAX + 1e-9);
    }), { numRuns: 200 });
    expect(riskLedger([], 0).series).toHaveLength(RISK_DAYS_MAX);
  });
});
