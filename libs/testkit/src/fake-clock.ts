import type { Clock } from '@wary/ports/clock.port.js';

/** A clock that stands still until it is told to move. */
export class FakeClock implements Clock {
  private time: number;

  constructor(start = Date.UTC(2026, 10, 23, 9)) {
    this.time = start;
  }

  now(): number {
    return this.time;
  }

  advance(ms: number): void {
    this.time += ms;
  }

  set(time: number): void {
    this.time = time;
  }
}
