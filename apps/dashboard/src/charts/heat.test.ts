import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heatGrid, heatStep, shares, shiftHours } from './heat.js';

describe('heat', () => {
  it('sums cells and leaves out what is no hour of the week', () => {
    const grid = heatGrid([{ weekday: 0, hour: 9, events: 2 }, { weekday: 0, hour: 9, events: 3 }, { weekday: 6, hour: 23, events: 1 }, { weekday: 7, hour: 0, events: 9 }, { weekday: 1, hour: 24, events: 9 }]);
    expect(grid[0]![9]).toBe(5);
    expect(grid[6]![23]).toBe(1);
    expect(grid.flat().reduce((sum, value) => sum + value, 0)).toBe(6);
  });
  it('carries hours over the end of the week', () => {
    const grid = heatGrid([{ weekday: 6, hour: 23, events: 4 }, { weekday: 0, hour: 0, events: 7 }]);
    expect(shiftHours(grid, 2)[0]![1]).toBe(4);
    expect(shiftHours(grid, 2)[0]![2]).toBe(7);
    expect(shiftHours(grid, -5)[6]![19]).toBe(7);
  });
  it.each([[0, 10, 0], [1, 100, 1], [10, 100, 2], [100, 100, 5], [5, 0, 0]])('%d of %d is step %d', (value, max, step) => expect(heatStep(value, max)).toBe(step));
  it('loses nothing by shifting, and shares sum to 100', () => {
    fc.assert(fc.property(fc.array(fc.record({ weekday: fc.nat(6), hour: fc.nat(23), events: fc.integer({ min: 1, max: 1_000 }) }), { minLength: 1, maxLength: 80 }), fc.integer({ min: -12, max: 14 }), (cells, offset) => {
      const sum = cells.reduce((total, { events }) => total + events, 0);
      const grid = shiftHours(heatGrid(cells), offset);
      expect(grid.flat().reduce((total, value) => total + value, 0)).toBe(sum);
      expect(shares(grid).flat().reduce((total, value) => total + value, 0)).toBeCloseTo(100, 6);
    }));
  });
});
