import { describe, expect, it } from 'vitest';
import { timeTicks } from './time-ticks.js';

const at = (day: number, hour: number) => Date.UTC(2026, 10, day, hour) / 1000;

describe('timeTicks', () => {
  it('names the day where it begins', () => expect(timeTicks([at(23, 12), at(23, 18), at(24, 0), at(24, 6)], 21_600, 'utc')).toEqual(['12:00\n23 Nov', '18:00', '00:00\n24 Nov', '06:00']));
  it('names days when the steps are days', () => expect(timeTicks([at(1, 0), at(8, 0)], 604_800, 'utc')).toEqual(['1 Nov', '8 Nov']));
});
