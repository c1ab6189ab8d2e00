import { dedupKeyOf } from '@wary/alert/alert-id.js';
import type { Alert, Suppression } from '@wary/model/alert.js';
import type { Incident } from '@wary/model/incident.js';
import type { AuditEntry } from '@wary/ports/audit.port.js';
import type { Actor } from '@wary/ports/workflow.port.js';
import type { AppliedFinding, ChangeRecord, OutboxMessage, WorkflowTransaction, WorkflowWrite } from '@wary/ports/workflow-store.port.js';
import { whatChanged } from './what-changed.js';

interface Tracked<T> { readonly before: T | null; readonly after: T; readonly action: string }

/**
 * What one transaction has read and decided. It is written in one go, and everything that belongs to a change comes with it by construction:
 * the next version, the audit row, the outbox row (not for history, nor for what is suppressed), the row that the relay will number.
 */
export class ChangeSet {
  private readonly alerts = new Map<string, Tracked<Alert>>();
  private readonly incidents = new Map<string, Tracked<Incident>>();
  private readonly hidden = new Map<string, Tracked<Suppression> & { readonly endedAt: number | null }>();
  private applied: AppliedFinding[] = [];

  constructor(readonly tenant: string, readonly by: Actor, readonly now: number, readonly newId: () => string) {}

  /** Things as they stand in the store. What was changed here already stays as it is here. */
  readAlerts(alerts: readonly Alert[]): void {
    for (const alert of alerts) if (!this.alerts.has(alert.id)) this.alerts.set(alert.id, { before: alert, after: alert, action: '' });
  }
  readIncidents(incidents: readonly Incident[]): void {
    for (const incident of incidents) if (!this.incidents.has(incident.id)) this.incidents.set(incident.id, { before: incident, after: incident, action: '' });
  }
  readSuppressions(suppressions: readonly Suppression[]): void {
    for (const one of suppressions) if (!this.hidden.has(one.id)) this.hidden.set(one.id, { before: one, after: one, action: '', endedAt: null });
  }

  alert(id: string): Alert | undefined { return this.alerts.get(id)?.after; }
  /** As the store had it; null for one that is new. */
  alertBefore(id: string): Alert | null { return this.alerts.get(id)?.before ?? null; }
  incident(id: string): Incident | undefined { return this.incidents.get(id)?.after; }
  suppression(id: string): Suppression | undefined { return this.hidden.get(id)?.after; }
  get suppressions(): Suppression[] { return [...this.hidden.values()].filter(({ endedAt }) => endedAt === null).map(({ after }) => after); }

  /** The first action names the change, what follows in the same transaction follows from it. */
  putAlert(alert: Alert, action: string): void { this.alerts.set(alert.id, changed(this.alerts.get(alert.id), alert, action)); }
  putIncident(incident: Incident, action: string): void { this.incidents.set(incident.id, changed(this.incidents.get(incident.id), incident, action)); }
  putSuppression(suppression: Suppression, action: string): void { this.hidden.set(suppression.id, { ...changed(this.hidden.get(suppression.id), suppression, action), endedAt: this.hidden.get(suppression.id)?.endedAt ?? null }); }
  endSuppression(id: string, action: string): void {
    const tracked = this.hidden.get(id)!;
    this.hidden.set(id, { ...tracked, action, endedAt: this.now });
  }
  apply(findingId: string, revision: number, alertId: string): void { this.applied.push({ tenant: this.tenant, findingId, revision, alertId, at: this.now }); }

  /** Writes what changed since the last time; afterwards the set stands as the store does. */
  async flush(transaction: WorkflowTransaction): Promise<void> {
    const alerts: Array<WorkflowWrite['alerts'][number]> = [];
    const incidents: Array<WorkflowWrite['incidents'][number]> = [];
    const suppressions: Array<WorkflowWrite['suppressions'][number]> = [];
    const audits: AuditEntry[] = [];
    const outbox: OutboxMessage[] = [];
    const changes: ChangeRecord[] = [];
    const audit = (action: string, target: string, before: unknown, after: unknown): void => { audits.push({ tenant: this.tenant, at: this.now, actor: this.by, action, target, before, after }); };

    for (const { before, after: draft, action } of this.alerts.values()) {
      if (draft === before) continue;
      const alert: Alert = { ...draft, version: (before?.version ?? 0) + 1, updatedAt: this.now };
      const change = before === null ? 'created' : 'updated';
      alerts.push({ created: before === null, alert, dedupKey: dedupKeyOf(alert), sameExplanation: before?.explanation === alert.explanation });
      const said = whatChanged(before, alert);
      audit(action, `alert:${alert.id}`, said.before, said.after);
      if (!alert.historical && !isQuiet(before, alert)) outbox.push({ id: this.newId(), tenant: this.tenant, type: `alert.${change}`, payload: asTold(alert), at: this.now });
      changes.push({ tenant: this.tenant, kind: 'alert', target: alert.id, change, at: this.now });
    }
    for (const { before, after: draft, action } of this.incidents.values()) {
      if (draft === before) continue;
      const incident: Incident = { ...draft, version: (before?.version ?? 0) + 1, updatedAt: this.now };
      const change = before === null ? 'created' : 'updated';
      incidents.push({ created: before === null, incident, newEntries: incident.timeline.slice(before?.timeline.length ?? 0) });
      const said = whatChanged(before, incident);
      audit(action, `incident:${incident.id}`, said.before, said.after);
      outbox.push({ id: this.newId(), tenant: this.tenant, type: `incident.${change}`, payload: incident, at: this.now });
      changes.push({ tenant: this.tenant, kind: 'incident', target: incident.id, change, at: this.now });
    }
    for (const { before, after, action, endedAt } of this.hidden.values()) {
      if (after === before && endedAt === null) continue;
      suppressions.push({ created: before === null, tenant: this.tenant, suppression: after, endedAt });
      // A hit is a count of what the alerts' own rows say.
      if (action !== HIT) audit(action, `suppression:${after.id}`, before === null ? null : { until: before.until, hits: before.hits }, before === null ? after : { endedAt, hits: after.hits });
    }
    if (alerts.length + incidents.length + suppressions.length + this.applied.length === 0) return;
    await transaction.write({ alerts, incidents, suppressions, applied: this.applied, audits, outbox, changes });

    this.applied = [];
    for (const { alert } of alerts) this.alerts.set(alert.id, { before: alert, after: alert, action: '' });
    for (const { incident } of incidents) this.incidents.set(incident.id, { before: incident, after: incident, action: '' });
    for (const { suppression, endedAt } of suppressions) {
      if (endedAt === null) this.hidden.set(suppression.id, { before: suppression, after: suppression, action: '', endedAt: null });
      else this.hidden.delete(suppression.id);
    }
  }

  /** One more alert is hidden by it. */
  hit(suppression: Suppression): void {
    const current = this.suppression(suppression.id) ?? suppression;
    this.putSuppression({ ...current, hits: current.hits + 1 }, HIT);
  }
}

const HIT = 'suppression.hit';

function changed<T>(tracked: Tracked<T> | undefined, after: T, action: string): Tracked<T> {
  if (tracked === undefined) return { before: null, after, action };
  return { before: tracked.before, after, action: tracked.action === '' || tracked.action === HIT ? action : tracked.action };
}

/** Nobody is told of what happens to an alert while it is suppressed; that it becomes so, or no longer is, they are told. */
const isQuiet = (before: Alert | null, after: Alert): boolean => after.status === 'suppressed' && (before === null || before.status === 'suppressed');

/** Without the points of the chart: they are half of an alert, and nobody draws it from a message. */
const asTold = (alert: Alert): Alert => ({ ...alert, explanation: { ...alert.explanation, history: [] } });
