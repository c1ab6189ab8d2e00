import type { Alert, AlertStatus, SuppressionScope, Verdict } from '@wary/model/alert.js';
import type { EntityType } from '@wary/model/entity.js';
import type { IncidentState, TimelineEntry } from '@wary/model/incident.js';
import type { Json } from '@wary/model/json.js';
import type { Generated } from 'kysely';
import type { JsonColumn } from './json-column.js';

/** Times are epoch milliseconds in `bigint` columns, which both engines give as numbers. */
export interface AlertsTable {
  tenant: string; id: string; version: number; seq: number; status: AlertStatus;
  /** Place in SEVERITIES, so that it sorts. */
  severity: number;
  title: string; entity_type: EntityType; entity_id: string; detector: string; detector_version: number; reason: string;
  /** Hash of what makes two findings the same alert. */
  dedup_key: string;
  historical: boolean; assignee: string | null; verdict: Verdict | null; resolution: string | null;
  first_seen: number; last_seen: number; created_at: number; updated_at: number;
  acknowledged_at: number | null; acknowledged_by: string | null; resolved_at: number | null;
  finding_count: number; finding_ids: JsonColumn<string[]>; strength: number; criticality: number;
  incident_id: string | null; suppression_id: string | null; notes: JsonColumn<Alert['notes']>;
  /** JSON, kept as text: it is written and read whole, never looked into. */
  explanation: string;
  /** Title, entity and summary in lower case, for the search of a substring. */
  search: string;
}

/** Which revision of which finding is in which alert: what makes a replay change nothing. */
export interface AppliedFindingsTable { tenant: string; finding_id: string; revision: number; alert_id: string; applied_at: number }

export interface IncidentsTable {
  tenant: string; id: string; number: number; version: number; seq: number; title: string; state: IncidentState; severity: number;
  entity_type: EntityType; entity_id: string; assignee: string | null; alert_ids: JsonColumn<string[]>;
  created_at: number; updated_at: number; acknowledged_at: number | null; acknowledged_by: string | null; closed_at: number | null;
  verdict: Verdict | null; close_reason: string | null; merged_into: string | null; merged_from: JsonColumn<string[]>; search: string;
}
/** Append-only; `n` keeps the order of entries of the same millisecond. Notes are entries of the kind `note`. */
export interface IncidentEntriesTable {
  n: Generated<number>; tenant: string; incident_id: string; id: string; at: number; by_name: string; kind: TimelineEntry['kind']; text: string; from_value: string | null; to_value: string | null;
}

export interface SuppressionsTable {
  tenant: string; id: string; scope: JsonColumn<SuppressionScope>; until: number; reason: string; created_by: string; created_at: number; hits: number; ended_at: number | null;
}

/** One row per committed change, numbered (`seq`) by the relay after the commit; what it was about is read from its table. */
export interface ChangesTable { n: Generated<number>; seq: number | null; tenant: string; kind: 'alert' | 'incident'; target: string; change: 'created' | 'updated'; at: number }

export interface OutboxTable {
  /** Sorts by time of creation. */
  id: string; tenant: string; type: 'alert.created' | 'alert.updated' | 'incident.created' | 'incident.updated';
  payload: JsonColumn<Json>; created_at: number; dispatched_at: number | null;
}

/** Who changed what, when, from where: append-only, written by `writeAudit` in the transaction of the change. */
export interface AuditTable {
  n: Generated<number>; tenant: string; at: number; actor_id: string; actor_name: string; actor_kind: 'user' | 'key' | 'system'; ip: string; request_id: string;
  action: string; target: string; before: JsonColumn<Json>; after: JsonColumn<Json>;
}

/** Numbers that are given without holes: the changes' seq, each tenant's incident numbers. */
export interface CountersTable { name: string; value: number }

export interface WorkflowTables {
  alerts: AlertsTable; applied_findings: AppliedFindingsTable; incidents: IncidentsTable; incident_entries: IncidentEntriesTable;
  suppressions: SuppressionsTable; changes: ChangesTable; outbox: OutboxTable; audit: AuditTable; counters: CountersTable;
}
