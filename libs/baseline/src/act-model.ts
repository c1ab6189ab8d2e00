/**
 * Acts of a day: whether something is done at all, and how often once it is (a hurdle model, Mullahy 1986), with discounting.
 *
 * Presence: the act was done on k of n days (both discounted); peers do it on a share m of theirs. The predictive is Beta–Binomial,
 * (w·m + k + h)/(w + n) with w days of the peers and h half a count, which fades as counts come: the next one must not be impossible (Jeffreys).
 * Who takes up new acts often meets another one soon: h grows with the number taken up lately.
 */
const PEER_DAYS = 1;

/** ln P(the act is done today). `known` days of presence of `days`; `taken` acts taken up lately, which matters while this one is new. */
export function presenceLogP(known: number, days: number, taken: number, peerShare: number): number {
  const half = (0.5 * (1 + (known < 0.5 ? 2 * taken : 0))) / (1 + known);
  return Math.log(Math.min(1, (PEER_DAYS * peerShare + known + half) / (PEER_DAYS + days)));
}

/**
 * The same for what most never do (a deletion, the same record again): half a day in as many as somebody is known says too little there. Before the
 * first time it is the peers' rate, with half a day of theirs added, for people take up such things no more often than that; once done, as above.
 * `peerDays`: days of peers behind the share.
 */
export function rarePresenceLogP(known: number, days: number, peerShare: number, peerDays: number): number {
  const own = presenceLogP(known, days, 0, peerShare);
  return known >= 0.5 ? own : Math.min(own, Math.log(Math.min(1, peerShare + 0.5 / (peerDays + 1))));
}

/**
 * Slow evidence: an e-detector (Shin, Ramdas & Rinaldo 2022) for an act that is done on more days than before. Each day multiplies by the
 * likelihood ratio of presence, mixed over effect sizes, against the predictive; R ← (1 + R)·e sums over all starts (Shiryaev–Roberts), so that
 * P(R ≥ c within n days) ≤ n/c where the predictive holds.
 */
const EFFECTS = [3, 10, 30] as const;
const EFFECT_MIN = 0.1;
const EFFECT_MAX = 0.9;
/** Days done this often have no room to become more. */
const USUAL = 0.9;
const SLOW_MAX = 1e9;

const raised = (p: number, factor: number): number => Math.min(EFFECT_MAX, Math.max(p * factor, EFFECT_MIN));

/** e-value of a day on which the act is done, p its predictive probability, `countLogP` ln P of as many as there were, once it is done. */
export function presentEvidence(p: number, countLogP: number): number {
  if (p >= USUAL) return 1;
  let ratio = 0;
  for (const factor of EFFECTS) ratio += raised(p, factor) / p / EFFECTS.length;
  // Half the bet on the count: ½ + ½·½·p^(−½), whose mean is at most one (Vovk & Wang 2021, calibrators).
  return Math.min(ratio, 30) * (0.5 + 0.25 * Math.exp(-countLogP / 2));
}

/** e-value of a day by its count alone, where it is no question whether it is done: ½ + ½·½·p^(−½), as above. */
export const countEvidence = (countLogP: number): number => Math.min(30, 0.5 + 0.25 * Math.exp(-countLogP / 2));

/** e-value of a day on which it is not. */
export function absentEvidence(p: number): number {
  if (p >= USUAL) return 1;
  let ratio = 0;
  for (const factor of EFFECTS) ratio += (1 - raised(p, factor)) / (1 - p) / EFFECTS.length;
  return ratio;
}

export const addEvidence = (sum: number, evidence: number): number => Math.min(SLOW_MAX, (1 + sum) * evidence);

/** What is left of the sum after `days` days with the same evidence: R·a^d + a(1 − a^d)/(1 − a). */
export function fadeEvidence(sum: number, evidence: number, days: number): number {
  if (days <= 0) return sum;
  if (evidence >= 1 - 1e-9) return Math.min(SLOW_MAX, sum + days);
  const left = evidence ** days;
  return sum * left + (evidence * (1 - left)) / (1 - evidence);
}
