import type { WorkflowWrite } from '@wary/ports/workflow-store.port.js';
import { CompiledQuery, type Transaction } from 'kysely';
import type { Database } from './database.js';
import { toJson } from './json-column.js';
import { fromAlert, fromIncident } from './workflow-rows.js';

type Table = 'alerts' | 'incidents' | 'incident_entries' | 'suppressions' | 'applied_findings' | 'audit' | 'outbox' | 'changes';
type Row = Readonly<Record<string, unknown>>;

/**
 * All rows of a transaction in one statement: each table's rows travel as one JSON parameter, so the number of round trips does not
 * grow with the number of rows (over the embedded engine each costs half a millisecond, whatever it does).
 */
export async function writeWorkflow(trx: Transaction<Database>, what: WorkflowWrite): Promise<void> {
  const statement = new Statement();
  statement.insert('alerts', what.alerts.filter(({ created }) => created).map(({ alert, dedupKey }) => fromAlert(alert, dedupKey)));
  // An explanation is kilobytes and seldom new; left out it stays where it lies.
  statement.update('alerts', what.alerts.filter(({ created }) => !created).map(({ alert, dedupKey, sameExplanation }) => ({ ...fromAlert(alert, dedupKey), explanation: sameExplanation ? null : alert.explanation })), true);
  statement.insert('incidents', what.incidents.filter(({ created }) => created).map(({ incident }) => fromIncident(incident)));
  statement.update('incidents', what.incidents.filter(({ created }) => !created).map(({ incident }) => fromIncident(incident)), true);
  statement.insert('incident_entries', what.incidents.flatMap(({ incident, newEntries }) => newEntries.map(({ id, at, by, kind, text, from, to }) => ({ tenant: incident.tenant, incident_id: incident.id, id, at, by_name: by, kind, text, from_value: from, to_value: to }))));
  const suppressions = (created: boolean): Row[] => what.suppressions.filter((one) => one.created === created).map(({ tenant, suppression: { id, scope, until, reason, createdBy, createdAt, hits }, endedAt }) => (
    { tenant, id, scope, until, reason, created_by: createdBy, created_at: createdAt, hits, ended_at: endedAt }));
  statement.insert('suppressions', suppressions(true));
  statement.update('suppressions', suppressions(false), false);
  statement.insert('applied_findings', what.applied.map(({ tenant, findingId, revision, alertId, at }) => ({ tenant, finding_id: findingId, revision, alert_id: alertId, applied_at: at })), 'on conflict (tenant, finding_id) do update set revision = excluded.revision');
  statement.insert('audit', what.audits.map(({ tenant, at, actor, action, target, before, after }) => ({ tenant, at, actor_id: actor.id, actor_name: actor.name, actor_kind: actor.kind, ip: actor.ip, request_id: actor.requestId, action, target, before, after })));
  statement.insert('outbox', what.outbox.map(({ id, tenant, type, payload, at }) => ({ id, tenant, type, payload, created_at: at })));
  statement.insert('changes', what.changes.map(({ tenant, kind, target, change, at }) => ({ tenant, kind, target, change, at })));
  await statement.run(trx);
}

class Statement {
  private readonly parts: string[] = [];
  private readonly parameters: string[] = [];
  private rows = 0;

  insert(table: Table, rows: readonly Row[], onConflict = ''): void {
    if (rows.length === 0) return;
    const columns = Object.keys(rows[0]!).join(', ');
    this.add(rows, `insert into ${table} (${columns}) select ${columns} from ${this.recordset(table)} ${onConflict} returning 1`);
  }

  /** Every column but the key, and but `seq`, which belongs to the relay: a transaction that began before it must not set it back. */
  update(table: 'alerts' | 'incidents' | 'suppressions', rows: readonly Row[], versioned: boolean): void {
    if (rows.length === 0) return;
    const columns = Object.keys(rows[0]!).filter((column) => column !== 'tenant' && column !== 'id' && column !== 'seq');
    const sets = columns.map((column) => `${column} = ${column === 'explanation' ? 'coalesce(v.explanation, t.explanation)' : `v.${column}`}`);
    this.add(rows, `update ${table} t set ${sets.join(', ')} from ${this.recordset(table)} v where t.tenant = v.tenant and t.id = v.id ${versioned ? 'and t.version = v.version - 1' : ''} returning 1`);
  }

  async run(trx: Transaction<Database>): Promise<void> {
    if (this.parts.length === 0) return;
    const counts = this.parts.map((_part, index) => `(select count(*) from w${index})`).join(' + ');
    const { rows } = await trx.executeQuery<{ written: number }>(CompiledQuery.raw(`with ${this.parts.join(', ')} select ${counts} as written`, this.parameters));
    // What is updated was read and locked in this transaction, so this cannot happen; if it did, a change would be lost in silence.
    if (rows[0]?.written !== this.rows) throw new Error(`${this.rows} rows were to be written, and ${rows[0]?.written} were`);
  }

  private recordset(table: Table): string {
    return `json_populate_recordset(null::${table}, $${this.parameters.length + 1}::json)`;
  }
  private add(rows: readonly Row[], sql: string): void {
    this.parts.push(`w${this.parts.length} as (${sql})`);
    this.parameters.push(toJson(rows));
    this.rows += rows.length;
  }
}
