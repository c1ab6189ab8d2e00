import type { Alert } from '@wary/model/alert.js';
import type { Finding } from '@wary/model/finding.js';
import type { LiveChange } from '@wary/model/live.js';
import type { Actor, AlertAction, IncidentAction, Workflow } from '@wary/ports/workflow.port.js';
import type { WorkflowStore } from '@wary/ports/workflow-store.port.js';
import { beforeAll, afterAll } from 'vitest';

/** The workflow over a real database, opened once for all the suites of a file; every test has a tenant of its own. */
export interface WorkflowSubject {
  readonly workflow: Workflow & { relay(now: number): Promise<LiveChange[]> } & WorkflowRisk;
  readonly store: WorkflowStore;
  /** Runs SQL beside the workflow: to look, and to make it fail. */
  sql<Row>(text: string): Promise<Row[]>;
  close(): Promise<void>;
}
interface WorkflowRisk {
  riskOf(tenant: string, entity: Alert['entity'], now: number): Promise<{ now: number; entries: readonly unknown[]; series: readonly unknown[] }>;
  riskThen(tenant: string, entity: Alert['entity'], then: number): Promise<{ now: number; entries: readonly unknown[] }>;
  risksOf(tenant: string, entities: ReadonlyArray<Alert['entity']>, now: number): Promise<number[]>;
  riskiest(tenant: string, now: number, limit: number): Promise<Array<{ entity: Alert['entity']; risk: number }>>;
}

export const ANN: Actor = { id: 'u1', name: 'ann@example.org', kind: 'user', ip: '10.0.0.7', requestId: 'r1' };
export const T0 = 1_764_000_000_000;
export const HOUR_MS = 3_600_000;

export interface AuditRow { readonly action: string; readonly target: string; readonly actor_name: string; readonly ip: string; readonly before: Record<string, unknown> | null; readonly after: Record<string, unknown> | null }
export interface OutboxRow { readonly type: string; readonly payload: { readonly id: string; readonly version: number } }

/** A tenant with a clock that goes on by a second with every act. */
export class TenantBench {
  now = T0;
  constructor(readonly subject: WorkflowSubject, readonly tenant: string) {}

  tick(ms = 1_000): number { return (this.now += ms); }
  get workflow(): WorkflowSubject['workflow'] { return this.subject.workflow; }

  async apply(...findings: Finding[]): Promise<Alert[]> {
    await this.workflow.applyFindings(findings.map((finding) => ({ ...finding, tenant: this.tenant })), this.tick());
    return this.alerts();
  }
  async alerts(): Promise<Alert[]> { return (await this.workflow.listAlerts({ tenant: this.tenant, limit: 200 })).items; }
  async incidents() { return (await this.workflow.listIncidents({ tenant: this.tenant, limit: 200 })).items; }
  act(id: string, action: AlertAction, ifMatch?: number): Promise<Alert> { return this.workflow.actOnAlert(this.tenant, id, action, ANN, this.tick(), ifMatch); }
  work(id: string, action: IncidentAction, ifMatch?: number) { return this.workflow.actOnIncident(this.tenant, id, action, ANN, this.tick(), ifMatch); }

  audit(target?: string): Promise<AuditRow[]> { return this.subject.sql(`select action, target, actor_name, ip, before, after from audit where tenant = '${this.tenant}' ${target === undefined ? '' : `and target = '${target}'`} order by n`); }
  outbox(): Promise<OutboxRow[]> { return this.subject.sql(`select type, payload from outbox where tenant = '${this.tenant}' order by id`); }
  changes(): Promise<Array<{ kind: string; target: string; change: string; seq: number | null }>> { return this.subject.sql(`select kind, target, change, seq from changes where tenant = '${this.tenant}' order by n`); }
}

/** Opens the subject for the tests of a file; `bench()` gives a fresh tenant. */
export function useSubject(open: () => Promise<WorkflowSubject>): { readonly subject: WorkflowSubject; bench(): TenantBench } {
  let subject: WorkflowSubject;
  let tenants = 0;
  // Making a database takes three seconds on a free machine, and many times that on a busy one.
  beforeAll(async () => { subject = await open(); }, 180_000);
  afterAll(async () => { await subject.close(); });
  return {
    get subject() { return subject; },
    bench: () => new TenantBench(subject, `t${(tenants += 1)}`),
  };
}
