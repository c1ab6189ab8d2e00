import type { Alert, Suppression, SuppressionScope } from '@wary/model/alert.js';
import type { Entity } from '@wary/model/entity.js';
import type { Incident, TimelineEntry } from '@wary/model/incident.js';
import type { LiveChange } from '@wary/model/live.js';
import type { AuditEntry } from './audit.port.js';
import type { Page } from './event-store.port.js';
import type { AlertQuery, IncidentQuery, Workflow } from './workflow.port.js';

export interface AppliedFinding { readonly tenant: string; readonly findingId: string; readonly revision: number; readonly alertId: string; readonly at: number }
export interface OutboxMessage {
  /** Sorts by time of creation. */
  readonly id: string; readonly tenant: string; readonly type: 'alert.created' | 'alert.updated' | 'incident.created' | 'incident.updated'; readonly payload: Alert | Incident; readonly at: number;
}
export interface ChangeRecord { readonly tenant: string; readonly kind: 'alert' | 'incident'; readonly target: string; readonly change: 'created' | 'updated'; readonly at: number }

/** Everything one transaction writes, in one go. Rows that are not created are there already, one version older. */
export interface WorkflowWrite {
  readonly alerts: ReadonlyArray<{ readonly created: boolean; readonly alert: Alert; readonly dedupKey: string; /** Its explanation is the one that is stored. */ readonly sameExplanation: boolean }>;
  readonly incidents: ReadonlyArray<{ readonly created: boolean; readonly incident: Incident; readonly newEntries: readonly TimelineEntry[] }>;
  readonly suppressions: ReadonlyArray<{ readonly created: boolean; readonly tenant: string; readonly suppression: Suppression; readonly endedAt: number | null }>;
  readonly applied: readonly AppliedFinding[];
  readonly audits: readonly AuditEntry[];
  readonly outbox: readonly OutboxMessage[];
  readonly changes: readonly ChangeRecord[];
}

/** What a transaction of one tenant reads is locked until it ends; no other one of the same tenant runs beside it. */
export interface WorkflowTransaction {
  /** Highest revision and alert of those of these findings that were applied before. */
  appliedFindings(ids: readonly string[]): Promise<Map<string, { readonly revision: number; readonly alertId: string }>>;
  /** The alerts with these ids, and the unresolved ones with these dedup keys. */
  lockAlerts(which: { readonly ids?: readonly string[]; readonly openWithKeys?: readonly string[] }): Promise<Array<{ readonly alert: Alert; readonly dedupKey: string }>>;
  /** Triggered and acknowledged alerts in the scope, oldest first. */
  lockOpenAlertsIn(scope: SuppressionScope, limit: number): Promise<Alert[]>;
  lockAlertsSuppressedBy(suppressionId: string, limit: number): Promise<Alert[]>;
  lockIncidents(ids: readonly string[]): Promise<Incident[]>;
  /** Of each entity the open incident that is its home: its own (the latest of several), or the one that its own was merged into. */
  lockOpenIncidentsOf(entities: readonly Entity[]): Promise<Array<{ readonly entity: Entity; readonly incident: Incident }>>;
  /** Not ended, whether their time is over or not. */
  suppressions(): Promise<Suppression[]>;
  /** The next `count` incident numbers begin here; none is ever given twice or left out. */
  takeIncidentNumbers(count: number): Promise<number>;
  write(what: WorkflowWrite): Promise<void>;
}

/** Where alerts and incidents are kept. Failures that may pass are `store_unavailable`; a conflict with a parallel transaction is repeated inside. */
/** What one alert weighs: by the rank of its severity times by the criticality (1..4) of what was touched. */
export interface AlertWeights { readonly bySeverity: readonly number[]; readonly byCriticality: readonly number[]; readonly halfLifeMs: number; readonly clearingVerdicts: readonly string[] }

export interface WorkflowStore {
  /** All or nothing, and durable when it resolves. `work` may run more than once. */
  transaction<T>(tenant: string, work: (transaction: WorkflowTransaction) => Promise<T>): Promise<T>;

  findAlerts(query: AlertQuery): Promise<Page<Alert>>;
  countAlerts(query: Parameters<Workflow['countAlerts']>[0]): ReturnType<Workflow['countAlerts']>;
  findAlert(tenant: string, id: string): Promise<Alert | null>;
  findIncidents(query: IncidentQuery): Promise<Page<Incident>>;
  findIncident(tenant: string, id: string): Promise<Incident | null>;
  findSuppressions(tenant: string): Promise<Suppression[]>;
  /** Suppressions that have not ended and whose time is over. */
  dueSuppressions(now: number): Promise<Array<{ readonly tenant: string; readonly id: string }>>;
  previewSuppression(tenant: string, scopes: readonly SuppressionScope[], from: number): ReturnType<Workflow['previewSuppression']>;
  /** Alerts of these entities seen since then (and first seen by `raisedBy` at the latest), latest first, at most `limit` of each. */
  alertsOf(tenant: string, entities: readonly Entity[], since: number, limit: number, raisedBy?: number): Promise<AlertSummary[]>;
  /** Of these alerts what changed after an instant: as the audit says, what each of these fields was before its first change. Null: the alert was new. */
  alertChanges(tenant: string, ids: readonly string[], after: number, fields: readonly string[]): Promise<Array<{ readonly alertId: string; readonly before: Readonly<Record<string, unknown>> | null }>>;
  /** Entities whose alerts weigh most, heaviest first: points by severity rank and criticality, halved every `halfLifeMs` since they were last seen. Before any cap. */
  heaviestEntities(tenant: string, weights: AlertWeights, since: number, now: number, limit: number): Promise<Entity[]>;

  /** Gives the next numbers to changes that were committed and have none; only one caller at a time. */
  numberChanges(limit: number): Promise<LiveChange[]>;
  changesAfter(tenant: string, after: number, limit: number): Promise<LiveChange[]>;
  everyChangeAfter(after: number, limit: number): Promise<ChangesRead>;
  lastChangeSeq(): Promise<number>;
  oldestChangeSeq(): Promise<number>;
}
/** Changes of all tenants in seq order. `first` is null when there are none; what is missing between the asked one and `first` is kept no more. `last`: go on behind it. */
export interface ChangesRead { readonly first: number | null; readonly last: number; readonly changes: readonly LiveChange[] }
export type AlertSummary = Pick<Alert, 'id' | 'title' | 'entity' | 'severity' | 'criticality' | 'reason' | 'status' | 'verdict' | 'firstSeen' | 'lastSeen' | 'resolvedAt'>;
export const WORKFLOW_STORE = Symbol.for('wary.WorkflowStore');
