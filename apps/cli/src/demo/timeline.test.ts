import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATCH_UP_MS, createTimeline, LEAD_MS } from './timeline.js';

const NOW = Date.UTC(2026, 10, 24, 22);
const HOUR_MS = 3_600_000;

describe('createTimeline', () => {
  it('never runs ahead of the clock, never backwards, and has caught up in time, however long ago the demo stopped', () => {
    fc.assert(fc.property(fc.oneof(fc.constant(0), fc.integer({ min: NOW - 3 * HOUR_MS, max: NOW })), fc.array(fc.integer({ min: 0, max: 2 * CATCH_UP_MS }), { minLength: 2, maxLength: 10 }), (sentUntil, steps) => {
      const timeline = createTimeline(sentUntil, NOW);
      let last = timeline.liveFrom;
      for (const step of steps.sort((a, b) => a - b)) {
        const at = timeline.at(NOW + step);
        expect(at).toBeLessThanOrEqual(NOW + step);
        expect(at).toBeGreaterThanOrEqual(last);
        last = at;
      }
      expect(timeline.at(NOW + CATCH_UP_MS)).toBeCloseTo(NOW + CATCH_UP_MS, -1);
      expect(timeline.liveFrom).toBeGreaterThanOrEqual(sentUntil);
    }));
  });

  it('keeps everything live: no event is sent when it is an hour old', () => {
    const timeline = createTimeline(0, NOW);
    for (let ms = 0; ms <= CATCH_UP_MS; ms += 1_000) expect(NOW + ms - timeline.at(NOW + ms)).toBeLessThanOrEqual(LEAD_MS);
    expect(LEAD_MS).toBeLessThan(HOUR_MS - 5 * 60_000);
  });

  it('plays all attacks of the round before it has caught up', () => {
    const timeline = createTimeline(0, NOW);
    expect(timeline.liveFrom + timeline.spanMs).toBeLessThanOrEqual(timeline.at(NOW + CATCH_UP_MS));
  });
});
