import type { Finding, Severity } from '@wary/model/finding.js';

/**
 * What a finding is worth as an alert. The detector has drawn its severity from the strength and the asset's criticality
 * (libs/detect/src/severity.ts); weighing the asset again here would count it twice.
 */
export const severityOf = (finding: Pick<Finding, 'severity'>): Severity => finding.severity;
