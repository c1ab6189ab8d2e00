import type { Block } from './two-sample-evidence.js';

/** Sums over blocks, the older ones faded: weights, differences and the two parts of their variance; sizes and cases of both groups. */
export interface StratifiedSums { weight: number; difference: number; P: number; Q: number; n: number; k: number; otherN: number }

export interface StratifiedDifference {
  /** Share of the first group, and of the other at the same times. */
  readonly share: number; readonly otherShare: number;
  /** First less other, with a 95 % interval for this one look; the evidence is what may be looked at again and again. */
  readonly difference: number; readonly low: number; readonly high: number;
}

export const createStratified = (): StratifiedSums => ({ weight: 0, difference: 0, P: 0, Q: 0, n: 0, k: 0, otherN: 0 });

/** `kept`: what is left of what was known before. */
export function addStratum(sums: StratifiedSums, { n, k, otherN, otherK }: Block, kept: number): void {
  const all = n + otherN;
  if (n === 0 || otherN === 0) return;
  sums.weight = sums.weight * kept + (n * otherN) / all;
  sums.difference = sums.difference * kept + (k * otherN - otherK * n) / all;
  sums.P = sums.P * kept + (n * n * otherK - otherN * otherN * k + (n * otherN * (otherN - n)) / 2) / (all * all);
  sums.Q = sums.Q * kept + (k * (otherN - otherK) + otherK * (n - k)) / (2 * all);
  sums.n = sums.n * kept + n;
  sums.k = sums.k * kept + k;
  sums.otherN = sums.otherN * kept + otherN;
}

/**
 * The difference of two shares with each block held against itself, so that a group that comes at other times is not charged for them (Mantel & Haenszel
 * 1959; variance of Sato, Biometrics 1989). Null where both have never come together.
 */
export function stratifiedDifference({ weight, difference, P, Q, n, k }: StratifiedSums): StratifiedDifference | null {
  if (weight <= 0 || n <= 0) return null;
  const mean = difference / weight;
  const deviation = Math.sqrt(Math.max(0, mean * P + Q)) / weight;
  const share = k / n;
  return { share, otherShare: Math.max(0, Math.min(1, share - mean)), difference: mean, low: Math.max(-1, mean - 1.96 * deviation), high: Math.min(1, mean + 1.96 * deviation) };
}
