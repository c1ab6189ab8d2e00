import { describe, expect, it } from 'vitest';
import type { DriftRow } from '../api/types.js';
import { byUrgency, driftValue } from './drift-rows.js';

const row = (label: string, zone: DriftRow['zone'], use = ''): DriftRow => ({ stream: label, label, family: 'input', unit: '%', use, zone, since: 1, usual: 1, now: null, effect: 0, evidence: 0, events: 0, hours: 60 });

describe('drift on the page of a model', () => {
  it('shows alarms first, then warnings, the whole model before its uses', () => {
    const rows = [row('b', 'stable'), row('a', 'stable'), row('a', 'alarm', 'ds/x'), row('z', 'alarm'), row('l', 'learning'), row('w', 'warning')];
    expect(byUrgency(rows).map(({ label, use }) => `${label}${use}`)).toEqual(['z', 'ads/x', 'w', 'a', 'b', 'l']);
  });

  it('shows three figures with the unit', () => {
    expect([driftValue(1_234.5, 'tokens'), driftValue(0.012345, '%'), driftValue(null, '%'), driftValue(0.91, '')]).toEqual(['1,230 tokens', '0.0123 %', '–', '0.91']);
  });
});
