import type { LiveChange } from '@wary/model/live.js';
import type { WorkflowStore } from '@wary/ports/workflow-store.port.js';
import { sql, type Kysely, type Selectable } from 'kysely';
import type { Database } from './database.js';
import { inTransaction, reading } from './in-transaction.js';
import { selectIncidents } from './incident-queries.js';
import { toJson } from './json-column.js';
import { toAlert, toIncident } from './workflow-rows.js';
import type { AlertsTable, ChangesTable } from './workflow-tables.js';

/** Numbered changes kept for clients that resume; older ones must read the lists again. A row is some eighty bytes. */
export const CHANGES_KEPT_MAX = 100_000;
const PRUNE_EVERY_CHANGES = 1_000;

type Change = Pick<Selectable<ChangesTable>, 'tenant' | 'kind' | 'target' | 'change'> & { seq: number };

/**
 * Changes name what changed; the message carries the thing as it stands when it is read, so a reader is never behind itself
 * and no state is stored twice.
 */
export function changeQueries(db: Kysely<Database>): Pick<WorkflowStore, 'numberChanges' | 'changesAfter' | 'lastChangeSeq' | 'oldestChangeSeq'> {
  return {
    async numberChanges(limit) {
      // The usual answer, without a transaction.
      const { rows: waiting } = await reading(() => sql`select 1 from changes where seq is null limit 1`.execute(db));
      if (waiting.length === 0) return [];
      return inTransaction(db, async (trx) => {
        // Holding the counter makes this the only relay. What committed meanwhile and has a smaller `n` gets the next numbers:
        // numbers follow the commits, not the inserts.
        await sql`select value from counters where name = ${SEQ} for update`.execute(trx);
        const { rows } = await sql<Change>`
          with waiting as (select n from changes where seq is null order by n limit ${limit}::int),
          places as (select n, row_number() over (order by n) as place from waiting),
          counter as (update counters set value = value + (select count(*) from waiting) where name = ${SEQ} returning value - (select count(*) from waiting) as base)
          update changes c set seq = counter.base + places.place from places, counter where c.n = places.n returning c.seq, c.tenant, c.kind, c.target, c.change`.execute(trx);
        const changes = rows.sort((a, b) => a.seq - b.seq);
        const last = changes.at(-1);
        if (last === undefined) return [];
        const alerts = await numberRows<Selectable<AlertsTable>>(trx, 'alerts', changes);
        if (changes.some(({ kind }) => kind === 'incident')) await numberRows(trx, 'incidents', changes);
        if (Math.floor((changes[0]!.seq - 1) / PRUNE_EVERY_CHANGES) !== Math.floor(last.seq / PRUNE_EVERY_CHANGES)) {
          await trx.deleteFrom('changes').where('seq', '<=', last.seq - CHANGES_KEPT_MAX).execute();
        }
        return toLiveChanges(trx, changes, alerts);
      });
    },

    changesAfter: (tenant, after, limit) => reading(async () => {
      const changes = await db.selectFrom('changes').select(['seq', 'tenant', 'kind', 'target', 'change']).where('tenant', '=', tenant).where('seq', '>', after).orderBy('seq').limit(limit).execute();
      const ids = idsOf(changes, 'alert');
      const alerts = ids.length === 0 ? [] : await db.selectFrom('alerts').selectAll().where('tenant', '=', tenant).where('id', 'in', ids).execute();
      return toLiveChanges(db, changes as Change[], alerts);
    }),

    lastChangeSeq: () => reading(async () => (await db.selectFrom('counters').select('value').where('name', '=', SEQ).executeTakeFirst())?.value ?? 0),
    oldestChangeSeq: () => reading(async () => (await db.selectFrom('changes').select(({ fn }) => fn.min<number | null>('seq').as('seq')).executeTakeFirst())?.seq ?? 0),
  };
}
const SEQ = 'changes.seq';

/** Rows are locked in one order, so that the relay and a writer of several rows cannot wait for each other. */
async function numberRows<R>(trx: Kysely<Database>, table: 'alerts' | 'incidents', changes: readonly Change[]): Promise<R[]> {
  const latest = new Map<string, { tenant: string; id: string; seq: number }>();
  for (const { tenant, kind, target, seq } of changes) if (`${kind}s` === table) latest.set(`${tenant}\n${target}`, { tenant, id: target, seq });
  if (latest.size === 0) return [];
  const { rows } = await sql<R>`
    with latest as (select * from json_to_recordset(${toJson([...latest.values()])}::json) as v(tenant text, id text, seq bigint)),
    locked as (select t.tenant, t.id, latest.seq from ${sql.table(table)} t join latest on t.tenant = latest.tenant and t.id = latest.id order by t.tenant, t.id for update of t)
    update ${sql.table(table)} t set seq = locked.seq from locked where t.tenant = locked.tenant and t.id = locked.id returning t.*`.execute(trx);
  return rows;
}

async function toLiveChanges(db: Kysely<Database>, changes: readonly Change[], alertRows: ReadonlyArray<Selectable<AlertsTable>>): Promise<LiveChange[]> {
  const alerts = new Map(alertRows.map((row) => [`${row.tenant}\n${row.id}`, toAlert(row)]));
  const ids = idsOf(changes, 'incident');
  const tenants = [...new Set(changes.map(({ tenant }) => tenant))];
  const rows = ids.length === 0 ? [] : await selectIncidents(db).where('tenant', 'in', tenants).where('id', 'in', ids).execute();
  const incidents = new Map(rows.map((row) => [`${row.tenant}\n${row.id}`, toIncident(row)]));
  return changes.flatMap(({ seq, tenant, kind, target, change }): LiveChange[] => {
    const key = `${tenant}\n${target}`;
    const alert = kind === 'alert' ? alerts.get(key) : undefined;
    if (alert !== undefined) return [{ seq, kind: 'alert', change, alert }];
    const incident = kind === 'incident' ? incidents.get(key) : undefined;
    return incident === undefined ? [] : [{ seq, kind: 'incident', change, incident }];
  });
}

const idsOf = (changes: ReadonlyArray<{ kind: string; target: string }>, kind: string): string[] => [...new Set(changes.filter((change) => change.kind === kind).map(({ target }) => target))];
