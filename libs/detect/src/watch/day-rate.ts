import { learnMoments, type Moments } from '@wary/baseline/count-baseline.js';
import { negativeBinomialLogLower, negativeBinomialLogUpper, negativeBinomialQuantile, sizeFromMoments } from '@wary/baseline/negative-binomial.js';

const MEMORY_DAYS = 30;
const DAYS_KNOWN_MIN = 10;
const NOTHING: Moments = { n: 0, mean: 0, variance: 0 };
/** No more than a day off says: see `Rhythm`. */
const OFF_CHANCE = 0.05;
const CLIP_DEVIATIONS = 3;
const LN10 = Math.LN10;

/** How often something happens on a day: Gamma–Poisson, one for working days and one for weekends; unusual when it is against both. */
export class DayRate {
  private classes: [Moments, Moments] = [{ ...NOTHING }, { ...NOTHING }];

  isKnown(weekend: boolean): boolean {
    return this.classes[weekend ? 1 : 0]!.n >= DAYS_KNOWN_MIN * 0.8;
  }

  /** Decades of evidence that a day with so many is above what is usual; the count only grows, so it may be asked at any hour. */
  above(count: number): number {
    let least = Number.POSITIVE_INFINITY;
    for (const own of this.classes) {
      if (own.n < DAYS_KNOWN_MIN * 0.8) continue;
      const { mean, size } = predictive(own);
      least = Math.min(least, -negativeBinomialLogUpper(count, mean, size) / LN10);
    }
    return least === Number.POSITIVE_INFINITY ? 0 : least;
  }

  /** Decades of evidence in a whole day without any. */
  none(weekend: boolean): number {
    const own = this.classes[weekend ? 1 : 0]!;
    if (own.n < DAYS_KNOWN_MIN * 0.8) return 0;
    const { mean, size } = predictive(own);
    return -Math.log10(OFF_CHANCE + (1 - OFF_CHANCE) * Math.exp(negativeBinomialLogLower(0, mean, size)));
  }

  /** The usual for such a day, with its 98 % band. */
  band(weekend: boolean): { readonly value: number; readonly low: number; readonly high: number } {
    const own = this.isKnown(weekend) ? this.classes[weekend ? 1 : 0]! : this.classes[weekend ? 0 : 1]!;
    const { mean, size } = predictive(own);
    return { value: mean, low: negativeBinomialQuantile(0.01, mean, size), high: negativeBinomialQuantile(0.99, mean, size) };
  }

  /** What is far above the usual teaches as much as three standard deviations above it. */
  learn(count: number, weekend: boolean): void {
    const own = this.classes[weekend ? 1 : 0]!;
    const { mean, variance } = own.n >= DAYS_KNOWN_MIN * 0.8 ? predictive(own) : { mean: count, variance: 0 };
    learnMoments(own, Math.min(count, Math.max(1, mean + CLIP_DEVIATIONS * Math.sqrt(variance))), MEMORY_DAYS);
  }

  dump(): unknown {
    return this.classes;
  }

  load(state: unknown): void {
    this.classes = state as [Moments, Moments];
  }
}

/** Over-dispersion (of μ²) assumed at first, and its weight in days: days of one detector differ less than windows of one person. */
const DISPERSION_FIRST = 0.5;
const DISPERSION_DAYS = 4;

/** Negative binomial: the Gamma–Poisson of `count-baseline`, with the over-dispersion of days. */
function predictive({ n, mean: sample, variance: spread }: Moments): { readonly mean: number; readonly variance: number; readonly size: number } {
  const mean = sample + 0.5 / (n * (1 + n * sample));
  const own = sample > 0 ? Math.max(0, spread - sample) / (sample * sample) : 0;
  const dispersion = (n * own + DISPERSION_DAYS * DISPERSION_FIRST) / (n + DISPERSION_DAYS);
  const within = mean + mean * mean * dispersion;
  const variance = within + within / n;
  return { mean, variance, size: sizeFromMoments(mean, variance) };
}
