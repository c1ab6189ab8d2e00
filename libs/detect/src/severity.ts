import type { Severity } from '@wary/model/finding.js';

/**
 * How bad a behavioural finding is. Unlikely is not the same as bad: a quarter's end is as unlikely as a theft when one looks at
 * volume alone. So strength alone reaches `medium`; more takes a second, independent reason.
 *
 *   points                                                          severity by the sum
 *   strength ≥ 4 decades 1, ≥ 6 decades 2                            ≤ 0 informational
 *   other family unusual in the same day +1, two or more +2          1 low
 *   the person is leaving +1                                         2 medium
 *   most critical asset: low −1, high +1, critical +1                3–4 high
 *   usual among the peers −1                                         ≥ 5 critical
 *
 * Besides the sum: high takes 5 decades and a second reason (another family, leaving, or an overwhelming amount of data taken
 * from a high or critical asset that is nothing her peers do), since what is less unlikely happens to somebody every few weeks; critical takes 8 decades, and a critical asset or two other families.
 *
 * This is the severity of the finding, the asset included: nothing downstream moves it by the asset again.
 */
export interface BehaviourFacts {
  /** −log10 of the calibrated p. */
  readonly strength: number;
  /** Other independent families (amount, failures, novelty, time) that are unusual for the entity at the same time. */
  readonly otherFamilies: number;
  readonly leaving: boolean;
  /** Highest asset criticality among the events, 1..4. */
  readonly criticality: number;
  readonly usualForPeers: boolean;
  /** Downloads, bytes, rows or different resources at least twice the most that was ever learned of the entity, and 15 decades unlikely by themselves. */
  readonly overwhelmingTake: boolean;
}

const BY_POINTS: readonly Severity[] = ['informational', 'low', 'medium', 'high', 'high', 'critical'];

export function behaviourSeverity({ strength, otherFamilies, leaving, criticality, usualForPeers, overwhelmingTake }: BehaviourFacts): Severity {
  let points = strength >= 6 ? 2 : strength >= 4 ? 1 : 0;
  points += Math.min(2, otherFamilies);
  if (leaving) points += 1;
  if (criticality >= 3) points += 1;
  else if (criticality === 1) points -= 1;
  if (usualForPeers) points -= 1;
  const overwhelming = overwhelmingTake && criticality >= 3 && !usualForPeers;
  if (strength < 5 || (otherFamilies === 0 && !leaving && !overwhelming)) points = Math.min(points, 2);
  if (strength < 8 || (criticality < 4 && otherFamilies < 2)) points = Math.min(points, 4);
  return BY_POINTS[Math.max(0, Math.min(points, BY_POINTS.length - 1))]!;
}

/**
 * Deterministic and sequential evidence: the detector says how bad such a thing is on an ordinary asset; the asset moves it by a step.
 *
 *   asset      low −1 · medium 0 · high 0 · critical +1      (never below low, never above critical)
 */
export function evidenceSeverity(onOrdinaryAsset: Severity, criticality: number): Severity {
  const ranks: readonly Severity[] = ['informational', 'low', 'medium', 'high', 'critical'];
  const step = criticality >= 4 ? 1 : criticality <= 1 ? -1 : 0;
  return ranks[Math.max(1, Math.min(ranks.length - 1, ranks.indexOf(onOrdinaryAsset) + step))]!;
}
