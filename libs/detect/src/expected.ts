import { negativeBinomialQuantile } from '@wary/baseline/negative-binomial.js';
import { studentTQuantile } from '@wary/baseline/student-t.js';
import type { Predicted } from './window-score.js';

/** The band shown to people: 98 % of windows lie in it, one in a hundred below and one above. */
const BAND = 0.99;
/** Degrees of freedom for the bands of the past, where only location and scale are kept. */
const PAST_DF = 30;

export interface Band { readonly value: number; readonly low: number; readonly high: number }

/** What was expected and the band around it, from the predictive as it stood. */
export function bandOf({ count, a, b, c }: Predicted): Band {
  if (c === 0) return { value: 0, low: 0, high: 0 };
  if (count) return { value: tidy(a), low: Math.max(0, negativeBinomialQuantile(1 - BAND, a, b)), high: negativeBinomialQuantile(BAND, a, b) };
  const reach = b * studentTQuantile(BAND, c);
  return { value: tidy(Math.exp(a)), low: tidy(Math.exp(a - reach)), high: tidy(Math.exp(a + reach)) };
}

/** The band of a past window, of which two numbers are kept: mean and size of a count, median and scale of a magnitude. */
export const pastBandOf = (count: boolean, a: number, b: number): Band =>
  (b === 0 ? { value: 0, low: 0, high: 0 } : bandOf(count ? { count, a, b, c: 1 } : { count, a: Math.log(a), b, c: PAST_DF }));

/** Four significant digits: what is shown is an expectation. */
const tidy = (value: number): number => (Number.isFinite(value) ? Number(value.toPrecision(4)) : 0);
