/**
 * Which simulated time it is at a real one. The live part begins up to `LEAD_MS` ago (an event is live until it is an hour old), runs
 * faster until it has caught up after `CATCH_UP_MS`, and then goes with the clock.
 */
export interface Timeline { readonly liveFrom: number; readonly speed: number; /** All six attacks fit in here. */ readonly spanMs: number; at(nowMs: number): number }

export const LEAD_MS = 50 * 60_000;
export const CATCH_UP_MS = 225_000;

export function createTimeline(sentUntil: number, nowMs: number): Timeline {
  const liveFrom = Math.max(Math.ceil(sentUntil), nowMs - LEAD_MS);
  const behindMs = Math.max(0, nowMs - liveFrom);
  const speed = (behindMs + CATCH_UP_MS) / CATCH_UP_MS;
  return { liveFrom, speed, spanMs: 0.97 * (behindMs + CATCH_UP_MS), at: (real) => Math.min(real, Math.floor(liveFrom + speed * (real - nowMs))) };
}
