import type { Alert } from '@wary/model/alert.js';
import { severityRank, type Severity } from '@wary/model/finding.js';
import type { Incident } from '@wary/model/incident.js';
import { withEntries } from './timeline.js';

export interface NewIncident { readonly id: string; readonly number: number; readonly tenant: string; readonly title: string; readonly alerts: readonly Alert[]; readonly by: string; readonly now: number }

/** A new incident; its entity is that of its most severe alert, or the tenant as a whole when it begins without alerts. */
export function openIncident({ id, number, tenant, title, alerts, by, now }: NewIncident): Incident {
  const severity = highestSeverity(alerts, 'medium');
  const lead = alerts.find((alert) => alert.severity === severity);
  const incident: Incident = {
    id, number, seq: 0, version: 0, tenant, title, state: 'new', severity, entity: lead?.entity ?? { type: 'tenant', id: tenant }, assignee: null,
    alertIds: alerts.map((alert) => alert.id), createdAt: now, updatedAt: now, acknowledgedAt: null, acknowledgedBy: null, closedAt: null, verdict: null, closeReason: null,
    mergedInto: null, mergedFrom: [], timeToAcknowledgeMs: null, timeToResolveMs: null, notes: [], timeline: [],
  };
  return withEntries(incident, by, now, [{ kind: 'created', text: title }, ...alerts.map((alert) => ({ kind: 'alert_added' as const, text: alert.title, to: alert.id }))]);
}

/** Says who it is about, for a list in which every line is an incident. */
export const titleOf = ({ title, entity }: Pick<Alert, 'title' | 'entity'>): string => (title.includes(entity.id) ? title : `${entity.id}: ${title}`);

/** Which alerts call people by themselves. */
export const needsIncident = ({ severity, historical }: Pick<Alert, 'severity' | 'historical'>): boolean => !historical && severityRank(severity) >= severityRank('high');

export function highestSeverity(alerts: ReadonlyArray<Pick<Alert, 'severity'>>, otherwise: Severity): Severity {
  if (alerts.length === 0) return otherwise;
  return alerts.map(({ severity }) => severity).reduce((a, b) => (severityRank(b) > severityRank(a) ? b : a));
}
