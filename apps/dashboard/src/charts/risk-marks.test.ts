import { describe, expect, it } from 'vitest';
import { markRisk } from './risk-marks.js';

const series = [{ at: 10, risk: 0 }, { at: 20, risk: 50 }, { at: 30, risk: 40 }];

describe('markRisk', () => {
  it('marks a point that has the alert’s time', () => expect(markRisk(series, [{ at: 20 }])).toEqual([{ at: 10, risk: 0, alert: false }, { at: 20, risk: 50, alert: true }, { at: 30, risk: 40, alert: false }]));
  it('puts an alert between points at the height of the next', () => expect(markRisk(series, [{ at: 15 }])[1]).toEqual({ at: 15, risk: 50, alert: true }));
  it('puts one after the end at the last height', () => expect(markRisk(series, [{ at: 99 }]).at(-1)).toEqual({ at: 99, risk: 40, alert: true }));
  it('leaves out what came before the line', () => expect(markRisk(series, [{ at: 5 }])).toHaveLength(3));
  it('keeps the times in order, which the chart needs', () => {
    const times = markRisk(series, [{ at: 99 }, { at: 15 }, { at: 12 }, { at: 15 }]).map(({ at }) => at);
    expect(times).toEqual([10, 12, 15, 20, 30, 99]);
  });
  it('is empty without a line', () => expect(markRisk([], [{ at: 1 }])).toEqual([]));
});
