import type { Moments } from './count-baseline.js';

/** The tenant speaks for a peer group until the group has about this many windows of its own. */
export const GROUP_PRIOR_WINDOWS = 40;

/**
 * The prior of an entity: its peer group's pooled moments, shrunk to those of the tenant's entities of the same kind
 * (two-level empirical Bayes; Efron & Morris 1973). The variance is that of the mixture. Writes to `out`.
 */
export function blendMoments(group: Moments, tenant: Moments, out: Moments): void {
  const weight = group.n / (group.n + GROUP_PRIOR_WINDOWS);
  const rest = tenant.n > 0 ? 1 - weight : 0;
  const total = group.n > 0 ? weight + rest : rest;
  out.n = Math.max(group.n, tenant.n);
  if (total === 0) { out.mean = 0; out.variance = 0; out.n = 0; return; }
  const a = group.n > 0 ? weight / total : 0;
  const b = rest / total;
  const mean = a * group.mean + b * tenant.mean;
  out.mean = mean;
  out.variance = a * (group.variance + (group.mean - mean) ** 2) + b * (tenant.variance + (tenant.mean - mean) ** 2);
}
