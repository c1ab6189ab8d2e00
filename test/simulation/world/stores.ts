import { WaryError } from '@wary/model/errors.js';
import type { Alert, Suppression } from '@wary/model/alert.js';
import type { Event } from '@wary/model/event.js';
import type { Finding } from '@wary/model/finding.js';
import type { Incident } from '@wary/model/incident.js';
import type { LiveChange } from '@wary/model/live.js';
import type { Snapshot, SnapshotToSave } from '@wary/ports/state-store.port.js';
import type { ChangeRecord, OutboxMessage, WorkflowStore, WorkflowTransaction, WorkflowWrite } from '@wary/ports/workflow-store.port.js';
import type { Life } from './world.js';

const unavailable = (): Error => new WaryError('store_unavailable');

/** The analytics store: rows under tokens, findings by revision, snapshots that a crash may tear. */
export class AnalyticsStore {
  readonly rows: Event[] = [];
  private readonly tokens = new Map<string, string>();
  readonly findings = new Map<string, Finding>();
  private readonly snapshots = new Map<string, Array<Snapshot & { whole: boolean }>>();
  /** A token that came with other rows: those would be lost in silence. */
  readonly broken: string[] = [];

  insertEvents(life: Life, events: readonly Event[], token: string): Promise<void> {
    return life.call('an insert of events', () => {
      const ids = events.map(({ tenant, id }) => `${tenant}/${id}`).join('\n');
      const before = this.tokens.get(token);
      if (before === undefined) {
        this.tokens.set(token, ids);
        this.rows.push(...events);
      } else if (before !== ids) this.broken.push(token);
      else life.world.count('an insert repeated under its token');
    }, unavailable, ` ${token}`);
  }

  insertFindings(life: Life, findings: readonly Finding[]): Promise<void> {
    return life.call('an insert of findings', () => { for (const finding of findings) this.findings.set(`${finding.id}/${finding.revision}`, finding); }, unavailable);
  }

  async saveSnapshot(life: Life, name: string, snapshot: SnapshotToSave): Promise<void> {
    const kept = { ...snapshot, bytes: snapshot.bytes instanceof Uint8Array ? snapshot.bytes.slice() : Buffer.concat(snapshot.bytes), whole: false };
    await life.call('half of a snapshot', () => { this.snapshots.set(name, [...(this.snapshots.get(name) ?? []), kept].slice(-4)); }, unavailable, ` of ${name}`);
    await life.call('the rest of a snapshot', () => { kept.whole = true; }, unavailable, ` of ${name}`);
  }

  latestSnapshot(life: Life, name: string): Promise<Snapshot | null> {
    return life.call('a read of a snapshot', () => {
      const kept = this.snapshots.get(name) ?? [];
      const found = kept.findLast(({ whole }) => whole) ?? null;
      life.world.count(found === null ? 'partition begun without a snapshot' : 'partition restored from a snapshot');
      if (kept.length > 0 && kept.at(-1) !== found) life.world.count('torn snapshot passed over');
      return found;
    }, unavailable, ` of ${name}`);
  }
}

interface AlertRow { alert: Alert; readonly dedupKey: string }

/** The workflow's tables in memory. A transaction is one step of the world: nothing runs beside it, and all of it is written or nothing. */
export class WorkflowTables {
  readonly alerts = new Map<string, AlertRow>();
  readonly incidents = new Map<string, Incident>();
  readonly applied = new Map<string, { revision: number; alertId: string }>();
  readonly outbox: OutboxMessage[] = [];
  private readonly waiting: ChangeRecord[] = [];
  readonly changes: Array<ChangeRecord & { seq: number }> = [];

  /** What a process sees of them. */
  store(life: Life): WorkflowStore {
    const transaction = async <T>(_tenant: string, work: (transaction: WorkflowTransaction) => Promise<T>): Promise<T> => {
      await life.call('the begin of a transaction', () => {}, unavailable);
      const release = await this.lock();
      // A server lets go of what a dead client held, or waited for.
      life.whenDead(release);
      if (!life.alive) {
        release();
        return new Promise<never>(() => {});
      }
      try {
        const writes: WorkflowWrite[] = [];
        const result = await work(this.transaction(writes));
        await life.call('a commit of the workflow', () => { for (const write of writes) this.write(write); }, unavailable);
        return result;
      } finally {
        release();
      }
    };
    const parts: Partial<WorkflowStore> = {
      transaction,
      alertsOf: async () => [],
      numberChanges: (limit) => life.call('numbering changes', () => this.number(limit), unavailable),
    };
    return parts as WorkflowStore;
  }

  private tail: Promise<void> = Promise.resolve();
  private lock(): Promise<() => void> {
    const before = this.tail;
    let release = (): void => {};
    this.tail = new Promise((resolve) => { release = resolve; });
    return before.then(() => release);
  }

  private transaction(writes: WorkflowWrite[]): WorkflowTransaction {
    return {
      appliedFindings: async (ids) => new Map(ids.flatMap((id) => { const found = this.applied.get(id); return found === undefined ? [] : [[id, found] as const]; })),
      lockAlerts: async ({ ids = [], openWithKeys = [] }) => [...this.alerts.values()].filter(({ alert, dedupKey }) => ids.includes(alert.id) || (openWithKeys.includes(dedupKey) && alert.status !== 'resolved')).sort((a, b) => (a.alert.id < b.alert.id ? -1 : 1)),
      lockOpenAlertsIn: async () => [],
      lockAlertsSuppressedBy: async () => [],
      lockIncidents: async (ids) => ids.flatMap((id) => this.incidents.get(id) ?? []),
      lockOpenIncidentsOf: async (entities) => entities.flatMap((entity) => {
        const incident = [...this.incidents.values()].filter(({ state, entity: of }) => state !== 'closed' && of?.type === entity.type && of.id === entity.id).at(-1);
        return incident === undefined ? [] : [{ entity, incident }];
      }),
      suppressions: async (): Promise<Suppression[]> => [],
      takeIncidentNumbers: async () => Math.max(0, ...[...this.incidents.values()].map(({ number }) => number)) + 1,
      write: async (what) => { writes.push(what); },
    };
  }

  private number(limit: number): LiveChange[] {
    return this.waiting.splice(0, limit).map((change) => {
      const numbered = { ...change, seq: this.changes.length + 1 };
      this.changes.push(numbered);
      return numbered.kind === 'alert' ? { seq: numbered.seq, kind: 'alert', change: change.change, alert: this.alerts.get(change.target)!.alert } : { seq: numbered.seq, kind: 'incident', change: change.change, incident: this.incidents.get(change.target)! };
    });
  }

  private write(what: WorkflowWrite): void {
    for (const { created, alert, dedupKey } of what.alerts) {
      const before = this.alerts.get(alert.id);
      if (created === (before !== undefined)) throw new Error(`alert ${alert.id} is ${created ? 'there already' : 'not there'}`);
      if (before !== undefined && before.alert.version !== alert.version - 1) throw new Error(`alert ${alert.id} is at version ${before.alert.version}, and ${alert.version} is written`);
      this.alerts.set(alert.id, { alert, dedupKey });
    }
    for (const { incident } of what.incidents) this.incidents.set(incident.id, incident);
    for (const { findingId, revision, alertId } of what.applied) this.applied.set(findingId, { revision, alertId });
    this.outbox.push(...what.outbox);
    this.waiting.push(...what.changes);
  }
}
