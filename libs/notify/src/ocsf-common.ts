import type { Verdict } from '@wary/model/alert.js';
import type { Severity, Technique } from '@wary/model/finding.js';

/** The schema these mappings are written for: OCSF 1.8.0. */
export const OCSF_VERSION = '1.8.0';
const FINDINGS_CATEGORY = 2;

/** OCSF `severity_id`: 1 Informational … 5 Critical. */
export const OCSF_SEVERITY: { readonly [S in Severity]: { readonly id: number; readonly caption: string } } = {
  informational: { id: 1, caption: 'Informational' }, low: { id: 2, caption: 'Low' }, medium: { id: 3, caption: 'Medium' }, high: { id: 4, caption: 'High' }, critical: { id: 5, caption: 'Critical' },
};

/** OCSF `verdict_id`. */
export const OCSF_VERDICT: { readonly [V in Verdict]: { readonly id: number; readonly caption: string } } = {
  false_positive: { id: 1, caption: 'False Positive' }, true_positive: { id: 2, caption: 'True Positive' }, benign_expected: { id: 5, caption: 'Benign' },
  inconclusive: { id: 7, caption: 'Insufficient Data' }, duplicate: { id: 10, caption: 'Duplicate' },
};

export const OCSF_ACTIVITY = { create: { id: 1, caption: 'Create' }, update: { id: 2, caption: 'Update' }, close: { id: 3, caption: 'Close' } } as const;
export type OcsfActivity = keyof typeof OCSF_ACTIVITY;

/** What every finding class begins with. */
export function classification(classUid: number, className: string, activity: OcsfActivity, severity: Severity): Record<string, unknown> {
  const { id, caption } = OCSF_ACTIVITY[activity];
  return {
    category_uid: FINDINGS_CATEGORY, category_name: 'Findings', class_uid: classUid, class_name: className,
    activity_id: id, activity_name: caption, type_uid: classUid * 100 + id, type_name: `${className}: ${caption}`,
    severity_id: OCSF_SEVERITY[severity].id, severity: OCSF_SEVERITY[severity].caption,
  };
}

export const metadata = (uid: string, tenant: string, sequence: number, profiles: readonly string[]): Record<string, unknown> => ({
  version: OCSF_VERSION, uid, tenant_uid: tenant, sequence, product: { name: 'Wary', vendor_name: 'Wary' }, ...(profiles.length > 0 ? { profiles } : {}),
});

/** OCSF attacks are MITRE's matrices alone; other catalogues go to `unmapped`. */
export const attacksOf = (techniques: readonly Technique[]): unknown[] =>
  techniques.filter(({ framework }) => framework === 'ATT&CK' || framework === 'ATLAS').map(({ framework, id, name, version }) => ({ technique: { uid: id, name }, version: framework === 'ATLAS' ? `ATLAS ${version}` : version }));
export const otherTechniquesOf = (techniques: readonly Technique[]): readonly Technique[] => techniques.filter(({ framework }) => framework !== 'ATT&CK' && framework !== 'ATLAS');

export const person = (email: string): Record<string, unknown> => ({ name: email, email_addr: email });
