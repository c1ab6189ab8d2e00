/** z with P(Z ≥ z) = p for p ≤ ½, from ln p: Hastings' rational approximation (Abramowitz & Stegun 26.2.23), within 4.5e-4 everywhere. */
export function normalScore(logP: number): number {
  const t = Math.sqrt(Math.max(0, -2 * logP));
  return Math.max(0, t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))));
}
