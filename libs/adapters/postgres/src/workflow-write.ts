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
  const alerts = (created: boolean): WorkflowWrite['alerts'] => what.alerts.filter((one) => one.created === created);
  // An explanation is kilobytes and seldom new; left out it stays where it lies.
  const explanations = (rows: WorkflowWrite['alerts']): Document => ({ column: 'explanation', type: 'text', values: rows.map(({ alert, sameExplanation }) => (sameExplanation ? SAME : toJson(alert.explanation))) });
  statement.insert('alerts', alerts(true).map(({ alert, dedupKey }) => fromAlert(alert, dedupKey)), { document: explanations(alerts(true)) });
  statement.update('alerts', alerts(false).map(({ alert, dedupKey }) => fromAlert(alert, dedupKey)), { versioned: true, document: explanations(alerts(false)) });
  statement.insert('incidents', what.incidents.filter(({ created }) => created).map(({ incident }) => fromIncident(incident)));
  statement.update('incidents', what.incidents.filter(({ created }) => !created).map(({ incident }) => fromIncident(incident)), { versioned: true });
  statement.insert('incident_entries', what.incidents.flatMap(({ incident, newEntries }) => newEntries.map(({ id, at, by, kind, text, from, to }) => ({ tenant: incident.tenant, incident_id: incident.id, id, at, by_name: by, kind, text, from_value: from, to_value: to }))));
  const suppressions = (created: boolean): Row[] => what.suppressions.filter((one) => one.created === created).map(({ tenant, suppression: { id, scope, until, reason, createdBy, createdAt, hits }, endedAt }) => (
    { tenant, id, scope, until, reason, created_by: createdBy, created_at: createdAt, hits, ended_at: endedAt }));
  statement.insert('suppressions', suppressions(true));
  statement.update('suppressions', suppressions(false));
  statement.insert('applied_findings', what.applied.map(({ tenant, findingId, revision, alertId, at }) => ({ tenant, finding_id: findingId, revision, alert_id: alertId, applied_at: at })), { onConflict: 'on conflict (tenant, finding_id) do update set revision = excluded.revision, alert_id = excluded.alert_id' });
  statement.insert('audit', what.audits.map(({ tenant, at, actor, action, target, before, after }) => ({ tenant, at, actor_id: actor.id, actor_name: actor.name, actor_kind: actor.kind, ip: actor.ip, request_id: actor.requestId, action, target, before, after })));
  statement.insert('outbox', what.outbox.map(({ id, tenant, type, at }) => ({ id, tenant, type, created_at: at })), { document: { column: 'payload', type: 'json', values: what.outbox.map(({ payload }) => toJson(payload)) } });
  statement.insert('changes', what.changes.map(({ tenant, kind, target, change, at }) => ({ tenant, kind, target, change, at })));
  await statement.run(trx);
}

/**
 * A column of whole JSON documents. They travel as one text beside the rows, because the engine would read them three times if they stood
 * inside (as part of the parameter, of its row, and by themselves).
 */
interface Document { readonly column: 'explanation' | 'payload'; readonly type: 'text' | 'json'; readonly values: readonly string[] }
/** Never part of a JSON text, where control characters are escaped. */
const BETWEEN_DOCUMENTS = '\u0001';
/** Stands for the document that is stored. No JSON; and not empty, because one empty text would be no element at all. */
const SAME = '=';

class Statement {
  private readonly parts: string[] = [];
  private readonly parameters: string[] = [];
  private rows = 0;

  insert(table: Table, rows: readonly Row[], { onConflict = '', document }: { onConflict?: string; document?: Document } = {}): void {
    if (rows.length === 0) return;
    const columns = Object.keys(rows[0]!);
    const names = [...columns, ...(document === undefined ? [] : [document.column])].join(', ');
    const values = [...columns.map((column) => `v.${column}`), ...(document === undefined ? [] : [`v.document::${document.type}`])].join(', ');
    this.add(rows.length, `insert into ${table} (${names}) select ${values} from ${this.recordset(table, rows, document)} ${onConflict} returning 1`);
  }

  /** Every column but the key, and but `seq`, which belongs to the relay: a transaction that began before it must not set it back. */
  update(table: 'alerts' | 'incidents' | 'suppressions', rows: readonly Row[], { versioned = false, document }: { versioned?: boolean; document?: Document } = {}): void {
    if (rows.length === 0) return;
    const columns = Object.keys(rows[0]!).filter((column) => column !== 'tenant' && column !== 'id' && column !== 'seq');
    const sets = [...columns.map((column) => `${column} = v.${column}`), ...(document === undefined ? [] : [`${document.column} = coalesce(nullif(v.document, '${SAME}')::${document.type}, t.${document.column})`])];
    this.add(rows.length, `update ${table} t set ${sets.join(', ')} from ${this.recordset(table, rows, document)} where t.tenant = v.tenant and t.id = v.id ${versioned ? 'and t.version = v.version - 1' : ''} returning 1`);
  }

  async run(trx: Transaction<Database>): Promise<void> {
    if (this.parts.length === 0) return;
    const counts = this.parts.map((_part, index) => `(select count(*) from w${index})`).join(' + ');
    const { rows } = await trx.executeQuery<{ written: number }>(CompiledQuery.raw(`with ${this.parts.join(', ')} select ${counts} as written`, this.parameters));
    // What is updated was read and locked in this transaction, so this cannot happen; if it did, a change would be lost in silence.
    if (rows[0]?.written !== this.rows) throw new Error(`${this.rows} rows were to be written, and ${rows[0]?.written} were`);
  }

  /** The rows as a table `v` with the columns of `table`, and with `document` where there are documents. */
  private recordset(table: Table, rows: readonly Row[], document: Document | undefined): string {
    const records = `json_populate_recordset(null::${table}, $${this.parameters.push(toJson(rows))}::json)`;
    if (document === undefined) return `${records} v`;
    const documents = `string_to_array($${this.parameters.push(document.values.join(BETWEEN_DOCUMENTS))}::text, chr(${BETWEEN_DOCUMENTS.charCodeAt(0)}))`;
    return `(select r.*, d.document from ${records} with ordinality r join unnest(${documents}) with ordinality d(document, place) on d.place = r.ordinality) v`;
  }
  private add(rows: number, sql: string): void {
    this.parts.push(`w${this.parts.length} as (${sql})`);
    this.rows += rows;
  }
}
