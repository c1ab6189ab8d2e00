import { describe, expect, it } from 'vitest';
import { timeTicks, windowTicks } from './time-ticks.js';

const at = (day: number, hour: number) => Date.UTC(2026, 10, day, hour) / 1000;

describe('timeTicks', () => {
  it('names the day where it begins', () => expect(timeTicks([at(23, 12), at(23, 18), at(24, 0), at(24, 6)], 21_600, 'utc')).toEqual(['12:00\n23 Nov', '18:00', '00:00\n24 Nov', '06:00']));
  it('names days when the steps are days', () => expect(timeTicks([at(1, 0), at(8, 0)], 604_800, 'utc')).toEqual(['1 Nov', '8 Nov']));
});

describe('windowTicks', () => {
  const hours = [at(20, 9), at(20, 10), at(24, 23)].map((seconds) => seconds * 1000);
  it('names the window at each place, and the day where it changes', () => expect(windowTicks([0, 1, 2], hours, 'utc')).toEqual(['09:00\n20 Nov', '10:00', '23:00\n24 Nov']));
  it('leaves places without a window empty', () => expect(windowTicks([-1, 0.5, 3], hours, 'utc')).toEqual(['', '', '']));
  it('names days when the windows are days', () => expect(windowTicks([0, 1], [at(1, 0), at(2, 0)].map((seconds) => seconds * 1000), 'utc')).toEqual(['1 Nov', '2 Nov']));
});
