import type { Alert, AlertStatus, Suppression, SuppressionScope, Verdict } from '@wary/model/alert.js';
import type { Entity } from '@wary/model/entity.js';
import type { Finding, Severity } from '@wary/model/finding.js';
import type { Incident, IncidentState } from '@wary/model/incident.js';
import type { LiveChange } from '@wary/model/live.js';
import type { Page } from './event-store.port.js';

/** Who does it, for rows, timeline and audit. `name` is an e-mail or `key:<name>` or `system`. */
export interface Actor { readonly id: string; readonly name: string; readonly kind: 'user' | 'key' | 'system'; readonly ip: string; readonly requestId: string }
export const SYSTEM_ACTOR: Actor = { id: 'system', name: 'system', kind: 'system', ip: '', requestId: '' };

export interface AlertQuery {
  readonly tenant: string;
  readonly status?: readonly AlertStatus[]; readonly severity?: readonly Severity[]; readonly entity?: Entity; readonly detector?: string;
  readonly from?: number; readonly to?: number; readonly historical?: boolean; readonly incidentId?: string; readonly assignee?: string; readonly q?: string;
  readonly sort?: 'newest' | 'severity' | 'lastSeen';
  readonly limit: number; readonly cursor?: string;
}
export type AlertAction =
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'assign'; readonly assignee: string | null }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'resolve'; readonly verdict: Verdict; readonly reason: string }
  | { readonly kind: 'reopen' }
  | { readonly kind: 'suppress'; readonly scope: SuppressionScope; readonly until: number; readonly reason: string };

export interface IncidentQuery {
  readonly tenant: string; readonly state?: readonly IncidentState[]; readonly severity?: readonly Severity[]; readonly entity?: Entity; readonly assignee?: string;
  readonly open?: boolean; readonly q?: string; readonly limit: number; readonly cursor?: string;
}
export type IncidentAction =
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'assign'; readonly assignee: string | null }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'transition'; readonly to: IncidentState; readonly reason: string; readonly verdict: Verdict | null }
  | { readonly kind: 'alerts'; readonly add: readonly string[]; readonly remove: readonly string[] }
  | { readonly kind: 'merge'; readonly into: string }
  | { readonly kind: 'unmerge' };

/** `alerts`: all of that time; `confirmedAlerts`: those of the matched ones that people have confirmed, latest first, at most `CONFIRMED_SHOWN_MAX`. */
export interface SuppressionPreview {
  readonly alerts: number; readonly matched: number; readonly entities: number; readonly confirmed: number;
  readonly confirmedAlerts: ReadonlyArray<Pick<Alert, 'id' | 'title' | 'entity' | 'severity' | 'lastSeen'>>;
}
export const CONFIRMED_SHOWN_MAX = 10;

/** One line of the risk arithmetic: what an alert brought, and what is left of it. */
export interface RiskEntry { readonly alertId: string; readonly title: string; readonly severity: Severity; readonly at: number; readonly points: number; readonly remaining: number }
export interface RiskLedger { readonly now: number; readonly halfLifeDays: number; readonly entries: readonly RiskEntry[]; readonly series: ReadonlyArray<{ readonly at: number; readonly risk: number }> }

/** `keepAlerts`: a finding that was applied before leaves its alert as it is, whatever a further revision of it says. For judging again what was judged before. */
export interface ApplyOptions { readonly keepAlerts?: boolean }

/**
 * The one library that writes workflow state (implemented by @wary/workflow over the Postgres adapter), under row versions.
 * Every change writes row, audit and outbox in one transaction. Illegal moves throw WaryError `illegal_transition` with `details.allowed`;
 * a stale `ifMatch` throws `stale_version`; unknown ids throw `not_found`.
 */
export interface Workflow {
  /** Idempotent: the same finding revisions again change nothing; a resolved alert is never re-triggered by a replay. Durable when it resolves. */
  applyFindings(findings: readonly Finding[], now: number, options?: ApplyOptions): Promise<void>;
  /** Of those that were applied before: the highest revision that was. */
  appliedRevisions(tenant: string, ids: readonly string[]): Promise<Map<string, number>>;

  listAlerts(query: AlertQuery): Promise<Page<Alert>>;
  countAlerts(query: Omit<AlertQuery, 'limit' | 'cursor' | 'sort'>): Promise<{ total: number; bySeverity: Record<Severity, number>; byStatus: Record<AlertStatus, number> }>;
  getAlert(tenant: string, id: string): Promise<Alert>;
  actOnAlert(tenant: string, id: string, action: AlertAction, by: Actor, now: number, ifMatch?: number): Promise<Alert>;
  actOnAlerts(tenant: string, ids: readonly string[], action: AlertAction, by: Actor, now: number): Promise<Array<{ id: string; alert: Alert | null; error: { code: string; message: string } | null }>>;
  listSuppressions(tenant: string): Promise<Suppression[]>;
  /** What suppressions of these scopes would have hidden in the last `days` days, and the confirmed ones among it; an alert in several scopes counts once. */
  previewSuppression(tenant: string, scopes: readonly SuppressionScope[], days: number, now: number): Promise<SuppressionPreview>;
  endSuppression(tenant: string, id: string, by: Actor, now: number): Promise<void>;
  /** Ends suppressions whose time is over; called on a clock. */
  expireSuppressions(now: number): Promise<number>;

  listIncidents(query: IncidentQuery): Promise<Page<Incident>>;
  getIncident(tenant: string, id: string): Promise<Incident>;
  createIncident(tenant: string, title: string, alertIds: readonly string[], by: Actor, now: number): Promise<Incident>;
  actOnIncident(tenant: string, id: string, action: IncidentAction, by: Actor, now: number, ifMatch?: number): Promise<Incident>;

  /** Committed changes with seq > after in seq order, for resume; at most `limit`. */
  changesAfter(tenant: string, after: number, limit: number): Promise<LiveChange[]>;
  lastChangeSeq(): Promise<number>;
  /** Oldest change that is kept for resume, 0 when there is none. */
  oldestChangeSeq(): Promise<number>;
}
export const WORKFLOW = Symbol.for('wary.Workflow');
