import { describe, expect, it } from 'vitest';
import type { ComparisonRow, DriftRow } from '../api/types.js';
import { byDifference, byUrgency, differenceWords, driftValue } from './drift-rows.js';

const row = (label: string, zone: DriftRow['zone'], use = ''): DriftRow => ({ stream: label, label, family: 'input', unit: '%', use, zone, since: 1, usual: 1, now: null, effect: 0, evidence: 0, events: 0, hours: 60 });

describe('drift on the page of a model', () => {
  it('shows alarms first, then warnings, the whole model before its uses', () => {
    const rows = [row('b', 'stable'), row('a', 'stable'), row('a', 'alarm', 'ds/x'), row('z', 'alarm'), row('l', 'learning'), row('w', 'warning')];
    expect(byUrgency(rows).map(({ label, use }) => `${label}${use}`)).toEqual(['z', 'ads/x', 'w', 'a', 'b', 'l']);
  });

  it('shows what is apart first, groups before versions, and the difference with its interval', () => {
    const of = (value: string, zone: ComparisonRow['zone'], evidence: number, attribute = 'sex'): ComparisonRow => ({ attribute, value, against: attribute === '' ? '7' : '', measure: 'wrong', label: 'wrong answers', use: '', zone, since: 1, share: 0.61, otherShare: 0.75, low: -0.19, high: -0.09, effect: -0.3, evidence, events: 400, otherEvents: 500 });
    expect(byDifference([of('m', 'even', 0.1), of('8', 'apart', 4, ''), of('f', 'apart', 3), of('x', 'even', 2), of('n', 'learning', 0)]).map(({ value }) => value)).toEqual(['f', '8', 'x', 'm', 'n']);
    expect(differenceWords(of('f', 'apart', 3))).toBe('−14.0 points (−19.0 to −9.0)');
    expect(differenceWords({ share: null, otherShare: null, low: null, high: null })).toBe('–');
  });

  it('shows three figures with the unit', () => {
    expect([driftValue(1_234.5, 'tokens'), driftValue(0.012345, '%'), driftValue(null, '%'), driftValue(0.91, '')]).toEqual(['1,230 tokens', '0.0123 %', '–', '0.91']);
  });
});
