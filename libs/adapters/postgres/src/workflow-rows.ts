import type { Alert, Suppression } from '@wary/model/alert.js';
import { SEVERITIES, severityRank, type Explanation, type Severity } from '@wary/model/finding.js';
import type { Incident, TimelineEntry } from '@wary/model/incident.js';
import type { Selectable } from 'kysely';
import type { AlertsTable, IncidentsTable, SuppressionsTable } from './workflow-tables.js';

type AlertRow = Selectable<AlertsTable>;
/** `timeline` comes from the entries' table, in order. */
type IncidentRow = Selectable<IncidentsTable> & { timeline: TimelineEntry[] };

export const toSeverity = (rank: number): Severity => SEVERITIES[rank] ?? 'critical';

export function toAlert(row: AlertRow): Alert {
  return {
    id: row.id, seq: row.seq, version: row.version, tenant: row.tenant, status: row.status, severity: toSeverity(row.severity), title: row.title,
    entity: { type: row.entity_type, id: row.entity_id }, detector: { id: row.detector, version: row.detector_version }, reason: row.reason, historical: row.historical,
    assignee: row.assignee, verdict: row.verdict, resolution: row.resolution, firstSeen: row.first_seen, lastSeen: row.last_seen, createdAt: row.created_at, updatedAt: row.updated_at,
    acknowledgedAt: row.acknowledged_at, acknowledgedBy: row.acknowledged_by, resolvedAt: row.resolved_at, findingCount: row.finding_count, findingIds: row.finding_ids,
    strength: row.strength, criticality: row.criticality, incidentId: row.incident_id, suppressionId: row.suppression_id, notes: row.notes, explanation: JSON.parse(row.explanation) as Explanation,
  };
}

/** All but the explanation, which is written beside the rows. */
export function fromAlert(alert: Alert, dedupKey: string): { [K in Exclude<keyof AlertsTable, 'explanation'>]: unknown } {
  return {
    tenant: alert.tenant, id: alert.id, version: alert.version, seq: alert.seq, status: alert.status, severity: severityRank(alert.severity), title: alert.title,
    entity_type: alert.entity.type, entity_id: alert.entity.id, detector: alert.detector.id, detector_version: alert.detector.version, reason: alert.reason, dedup_key: dedupKey,
    historical: alert.historical, assignee: alert.assignee, verdict: alert.verdict, resolution: alert.resolution, first_seen: alert.firstSeen, last_seen: alert.lastSeen,
    created_at: alert.createdAt, updated_at: alert.updatedAt, acknowledged_at: alert.acknowledgedAt, acknowledged_by: alert.acknowledgedBy, resolved_at: alert.resolvedAt,
    finding_count: alert.findingCount, finding_ids: alert.findingIds, strength: alert.strength, criticality: alert.criticality, incident_id: alert.incidentId,
    suppression_id: alert.suppressionId, notes: alert.notes, search: searchText(alert.title, alert.entity.id, alert.explanation.summary),
  };
}

export function toIncident(row: IncidentRow): Incident {
  const { timeline } = row;
  return {
    id: row.id, number: row.number, seq: row.seq, version: row.version, tenant: row.tenant, title: row.title, state: row.state, severity: toSeverity(row.severity),
    entity: { type: row.entity_type, id: row.entity_id }, assignee: row.assignee, alertIds: row.alert_ids, createdAt: row.created_at, updatedAt: row.updated_at,
    acknowledgedAt: row.acknowledged_at, acknowledgedBy: row.acknowledged_by, closedAt: row.closed_at, verdict: row.verdict, closeReason: row.close_reason,
    mergedInto: row.merged_into, mergedFrom: row.merged_from,
    timeToAcknowledgeMs: row.acknowledged_at === null ? null : row.acknowledged_at - row.created_at, timeToResolveMs: row.closed_at === null ? null : row.closed_at - row.created_at,
    notes: timeline.filter(({ kind }) => kind === 'note').map(({ id, at, by, text }) => ({ id, at, by, text })), timeline,
  };
}

export function fromIncident(incident: Incident): { [K in keyof IncidentsTable]: unknown } {
  return {
    tenant: incident.tenant, id: incident.id, number: incident.number, version: incident.version, seq: incident.seq, title: incident.title, state: incident.state, severity: severityRank(incident.severity),
    entity_type: incident.entity.type, entity_id: incident.entity.id, assignee: incident.assignee, alert_ids: incident.alertIds, created_at: incident.createdAt, updated_at: incident.updatedAt,
    acknowledged_at: incident.acknowledgedAt, acknowledged_by: incident.acknowledgedBy, closed_at: incident.closedAt, verdict: incident.verdict, close_reason: incident.closeReason,
    merged_into: incident.mergedInto, merged_from: incident.mergedFrom, search: searchText(incident.title, incident.entity.id, `#${incident.number}`),
  };
}

export function toSuppression(row: Selectable<SuppressionsTable>): Suppression {
  return { id: row.id, scope: row.scope, until: row.until, reason: row.reason, createdBy: row.created_by, createdAt: row.created_at, hits: row.hits };
}

/** Lower case on both sides makes a substring search that needs no collation and no extension. */
export const searchText = (...parts: readonly string[]): string => parts.join('\n').toLowerCase();
