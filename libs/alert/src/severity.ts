import { SEVERITIES, severityRank, type Finding, type Severity } from '@wary/model/finding.js';

/** Steps that the worth of the asset moves a severity: criticality 1 (low) … 4 (critical); medium is the one nobody spoke about. */
const CRITICALITY_STEPS: Readonly<Record<number, number>> = { 1: -1, 2: 0, 3: 0, 4: 1 };

/** The detector says what its evidence is worth on an ordinary asset; the asset's worth moves that by a step. */
export function severityOf({ severity, criticality }: Pick<Finding, 'severity' | 'criticality'>): Severity {
  const rank = severityRank(severity) + (CRITICALITY_STEPS[criticality] ?? 0);
  return SEVERITIES[Math.min(Math.max(rank, 0), SEVERITIES.length - 1)]!;
}
