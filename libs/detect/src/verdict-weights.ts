import { BEHAVIOURS } from './features.js';

/** What people said of the alerts of one detector; a verdict that is taken back is in none of them. */
export interface VerdictTally { readonly confirmed: number; readonly falsePositives: number }

/** However often it was wrong, a detector keeps so much of its weight, and however often right, it gets no more than that many times. */
const FACTOR_MIN = 0.25;
const FACTOR_MAX = 4;
/** One verdict moves a weight by at most an eighth up and a ninth down or so: e^(±η/2). */
const RATE_MAX = 0.25;

/**
 * By how much verdicts multiply the weights of the behaviours: exponential weights (Hedge: Freund & Schapire 1997; Cesa-Bianchi & Lugosi
 * 2006, theorem 2.3, with η = √(8 ln N / T)). A false positive is a loss of ½, a confirmed alert one of −½, so over T verdicts the weights
 * lose no more than √(T/2 · ln N) against the best detector alone, plus what floor and ceiling take. It depends on the tallies only:
 * in which order verdicts came does not matter, and one that is taken back is as if it had never been. The sum of levels stays (`behaviourShares`).
 */
export function verdictFactors(tallies: Readonly<Record<string, VerdictTally | undefined>>): Readonly<Record<string, number>> {
  let verdicts = 0;
  for (const id of BEHAVIOURS) verdicts += (tallies[id]?.confirmed ?? 0) + (tallies[id]?.falsePositives ?? 0);
  const rate = verdicts === 0 ? 0 : Math.min(RATE_MAX, Math.sqrt((8 * Math.log(BEHAVIOURS.length)) / verdicts));
  return Object.fromEntries(BEHAVIOURS.map((id) => {
    const { confirmed = 0, falsePositives = 0 } = tallies[id] ?? {};
    return [id, Math.min(FACTOR_MAX, Math.max(FACTOR_MIN, Math.exp((rate * (confirmed - falsePositives)) / 2)))];
  }));
}
