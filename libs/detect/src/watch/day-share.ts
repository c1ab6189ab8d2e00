import { betaBinomialLogLower, betaBinomialLogUpper } from '@wary/baseline/beta-binomial.js';

/** Longest memory, in days. */
const MEMORY_DAYS = 30;
/** However many a day has: shares of days differ by more than chance, so that a day counts for no more than so many independent ones. */
const INDEPENDENT_MAX = 50;
const DAYS_KNOWN_MIN = 5;
const LN10 = Math.LN10;

interface ShareState { days: number; share: number }

/** The share of a day's items that have something: Beta–Binomial, one for working days and one for weekends; a day is unusual when it is against both (a holiday is like a weekend). */
export class DayShare {
  private classes: [ShareState, ShareState] = [{ days: 0, share: 0 }, { days: 0, share: 0 }];

  /** Usual share of the class that is nearer, null when neither is known. */
  usual(count: number, of: number): number | null {
    const known = this.classes.filter(({ days }) => days >= DAYS_KNOWN_MIN);
    const share = count / of;
    return known.length === 0 ? null : known.reduce((best, one) => (Math.abs(one.share - share) < Math.abs(best - share) ? one.share : best), known[0]!.share);
  }

  isKnown(weekend: boolean): boolean {
    return this.classes[weekend ? 1 : 0]!.days >= DAYS_KNOWN_MIN;
  }

  /** Decades of evidence that the share is higher (or lower) than usual on days of every known class. */
  unusual(count: number, of: number, higher: boolean): number {
    const n = Math.min(of, INDEPENDENT_MAX);
    const k = Math.round((count / of) * n);
    let least = Number.POSITIVE_INFINITY;
    for (const { days, share } of this.classes) {
      if (days < DAYS_KNOWN_MIN) continue;
      const weight = Math.min(days, MEMORY_DAYS);
      const a = share * weight + 0.5;
      const b = (1 - share) * weight + 0.5;
      least = Math.min(least, -(higher ? betaBinomialLogUpper(k, n, a, b) : betaBinomialLogLower(k, n, a, b)) / LN10);
    }
    return least === Number.POSITIVE_INFINITY ? 0 : least;
  }

  learn(count: number, of: number, weekend: boolean): void {
    const state = this.classes[weekend ? 1 : 0]!;
    state.days = Math.min(state.days + 1, MEMORY_DAYS);
    state.share += (count / of - state.share) / state.days;
  }

  dump(): unknown {
    return this.classes;
  }

  load(state: unknown): void {
    this.classes = state as [ShareState, ShareState];
  }
}
