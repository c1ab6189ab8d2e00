/**
 * Tokens that come back at a steady rate, up to as many as a burst may take. What costs more than a whole burst is let through when the
 * bucket is full, and leaves a debt that is paid back before anything else is: so nothing is too large for ever, and the mean holds.
 * Time is passed in (ms); a clock that goes back gives nothing and takes nothing.
 * Tokens are counted in thousandths: whole numbers for whole milliseconds, so that who waits as long as told is never short by a rounding.
 */
export class TokenBucket {
  private thousandths: number;
  private at: number;

  constructor(private readonly perSecond: number, private readonly burst: number, now: number) {
    this.thousandths = burst * 1_000;
    this.at = now;
  }

  /** Takes `cost` tokens, or none: 0 when they were taken, else the milliseconds until they can be. */
  take(cost: number, now: number): number {
    this.thousandths = Math.min(this.burst * 1_000, this.thousandths + Math.max(0, now - this.at) * this.perSecond);
    this.at = now;
    const needed = Math.min(cost, this.burst) * 1_000;
    if (this.thousandths >= needed) {
      this.thousandths -= cost * 1_000;
      return 0;
    }
    return Math.ceil((needed - this.thousandths) / this.perSecond);
  }
}
