import { describe, expect, it } from 'vitest';
import type { DetectorView } from '../api/admin.js';
import { changeOf, draftOf } from './detector-change.js';

const DETECTOR = {
  id: 'volume', type: 'behavioral', enabled: true, weight: { value: 2, default: 1, min: 0, max: 10 },
  thresholds: [{ name: 'eventItemsMin', value: 10, default: 25, min: 1, max: 100 }, { name: 'hourItemsMin', value: 100, default: 100, min: 1, max: 1_000 }],
} as unknown as DetectorView;
const draft = draftOf(DETECTOR);

describe('the change of a detector', () => {
  it.each([
    ['nothing', draft, null],
    ['switched off', { ...draft, enabled: false }, { enabled: false }],
    ['an empty weight is the default', { ...draft, weight: '' }, { weight: 1 }],
    ['another threshold', { ...draft, values: { ...draft.values, hourItemsMin: '50' } }, { thresholds: { hourItemsMin: 50 } }],
    ['an empty threshold is the default', { ...draft, values: { ...draft.values, eventItemsMin: ' ' } }, { thresholds: { eventItemsMin: null } }],
    ['the default by number', { ...draft, values: { ...draft.values, eventItemsMin: '25' } }, { thresholds: { eventItemsMin: null } }],
    ['what is no change in numbers is none', { ...draft, weight: '2.0', values: { eventItemsMin: '1e1', hourItemsMin: '' } }, null],
  ])('%s', (_, given, expected) => {
    expect(changeOf(DETECTOR, given)).toEqual(expected);
  });

  it('only behaviour has a weight', () => {
    expect(changeOf({ ...DETECTOR, type: 'rule' }, { ...draft, weight: '5' })).toBeNull();
  });
});
