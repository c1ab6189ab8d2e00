import type { LiveChange } from '@wary/model/live.js';
import type { WorkflowStore } from '@wary/ports/workflow-store.port.js';
import { sql, type Kysely, type Selectable } from 'kysely';
import type { Database } from './database.js';
import { inTransaction, reading } from './in-transaction.js';
import { selectIncidents } from './incident-queries.js';
import { LIVE_CHANNEL } from './notices.js';
import type { PostgresHandle } from './open-postgres.js';
import { toAlert, toIncident } from './workflow-rows.js';
import type { AlertsTable, ChangesTable } from './workflow-tables.js';

/** Numbered changes kept for clients that resume; older ones must read the lists again. A row is some eighty bytes. */
export const CHANGES_KEPT_MAX = 100_000;
const PRUNE_EVERY_CHANGES = 1_000;
/** What was not sent to other systems yet is kept longer, as long as they are away; not for ever. */
export const CHANGES_UNSENT_MAX = 1_000_000;

type Change = Pick<Selectable<ChangesTable>, 'tenant' | 'kind' | 'target' | 'change'> & { change_seq: number };
type AlertRow = Selectable<AlertsTable>;

/**
 * Changes name what changed; the message carries the thing as it stands when it is read, so a reader is never behind itself
 * and no state is stored twice.
 */
export function changeQueries({ db, kind }: Pick<PostgresHandle, 'db' | 'kind'>): Pick<WorkflowStore, 'numberChanges' | 'changesAfter' | 'everyChangeAfter' | 'lastChangeSeq' | 'oldestChangeSeq'> {
  return {
    async numberChanges(limit) {
      // The usual answer.
      const { rows: waiting } = await reading(() => sql`select 1 from changes where seq is null limit 1`.execute(db));
      if (waiting.length === 0) return [];
      // The embedded engine runs one statement at a time. On a server the lock makes this the only relay; it must be held before the
      // statement begins, because a statement sees what was committed before it. It is let go when the numbers are there for everybody, so a
      // reader that has seen one never meets a smaller one afterwards. Those who read the table hear of it with the commit.
      if (kind === 'pglite') return reading(() => numberWaiting(db, limit));
      return inTransaction(db, async (trx) => {
        await sql`select value from counters where name = ${SEQ} for update`.execute(trx);
        const numbered = await numberWaiting(trx, limit);
        await sql`select pg_notify(${LIVE_CHANNEL}, '')`.execute(trx);
        return numbered;
      });
    },

    changesAfter: (tenant, after, limit) => reading(async () => {
      const changes = await db.selectFrom('changes').select(['tenant', 'kind', 'target', 'change', sql<number>`seq`.as('change_seq')]).where('tenant', '=', tenant).where('seq', '>', after).orderBy('seq').limit(limit).execute();
      const ids = idsOf(changes, 'alert');
      const alerts = ids.length === 0 ? [] : await db.selectFrom('alerts').selectAll().where('tenant', '=', tenant).where('id', 'in', ids).execute();
      return toLiveChanges(db, changes, alerts);
    }),

    everyChangeAfter: (after, limit) => reading(async () => {
      const rows = await db.selectFrom('changes').select(['tenant', 'kind', 'target', 'change', sql<number>`seq`.as('change_seq')]).where('seq', '>', after).orderBy('seq').limit(limit).execute();
      const ids = idsOf(rows, 'alert');
      const alerts = ids.length === 0 ? [] : await db.selectFrom('alerts').selectAll().where('tenant', 'in', [...new Set(rows.map(({ tenant }) => tenant))]).where('id', 'in', ids).execute();
      return { first: rows[0]?.change_seq ?? null, last: rows.at(-1)?.change_seq ?? after, changes: await toLiveChanges(db, rows, alerts) };
    }),

    lastChangeSeq: () => reading(async () => (await db.selectFrom('counters').select('value').where('name', '=', SEQ).executeTakeFirst())?.value ?? 0),
    oldestChangeSeq: () => reading(async () => (await db.selectFrom('changes').select(({ fn }) => fn.min<number | null>('seq').as('seq')).executeTakeFirst())?.seq ?? 0),
  };
}
const SEQ = 'changes.seq';

/**
 * The next numbers go to what is committed and has none, whatever its `n`: numbers follow the commits, not the inserts. The things themselves
 * get the number of their latest change. Rows are locked in one order, so that the relay and a writer of several rows cannot wait for each other.
 */
async function numberWaiting(db: Kysely<Database>, limit: number): Promise<LiveChange[]> {
  const { rows } = await sql<Change & AlertRow>`
    with waiting as (select n, row_number() over (order by n) as place from (select n from changes where seq is null order by n limit ${limit}::int) w),
    counter as (update counters set value = value + (select count(*) from waiting) where name = ${SEQ} returning value - (select count(*) from waiting) as base),
    numbered as (update changes c set seq = counter.base + waiting.place from waiting, counter where c.n = waiting.n and c.seq is null returning c.seq, c.tenant, c.kind, c.target, c.change),
    latest as (select tenant, kind, target, max(seq) as seq from numbered group by tenant, kind, target),
    locked_alerts as (select t.tenant, t.id, latest.seq from alerts t join latest on latest.kind = 'alert' and t.tenant = latest.tenant and t.id = latest.target order by t.tenant, t.id for update of t),
    told as (update alerts t set seq = l.seq from locked_alerts l where t.tenant = l.tenant and t.id = l.id returning t.*),
    locked_incidents as (select t.tenant, t.id, latest.seq from incidents t join latest on latest.kind = 'incident' and t.tenant = latest.tenant and t.id = latest.target order by t.tenant, t.id for update of t),
    worked as (update incidents t set seq = l.seq from locked_incidents l where t.tenant = l.tenant and t.id = l.id returning 1)
    select told.*, numbered.seq as change_seq, numbered.tenant, numbered.kind, numbered.target, numbered.change
    from numbered left join told on numbered.kind = 'alert' and told.tenant = numbered.tenant and told.id = numbered.target order by numbered.seq`.execute(db);
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return [];
  if (Math.floor((first.change_seq - 1) / PRUNE_EVERY_CHANGES) !== Math.floor(last.change_seq / PRUNE_EVERY_CHANGES)) {
    await db.deleteFrom('changes').where('seq', '<=', sql<number>`greatest(${last.change_seq - CHANGES_UNSENT_MAX}::bigint, least(${last.change_seq - CHANGES_KEPT_MAX}::bigint, (select min(seq) from out_positions)))`).execute();
  }
  return toLiveChanges(db, rows, rows.filter(({ kind }) => kind === 'alert'));
}

async function toLiveChanges(db: Kysely<Database>, changes: readonly Change[], alertRows: readonly AlertRow[]): Promise<LiveChange[]> {
  const alerts = new Map<string, AlertRow>(alertRows.map((row) => [`${row.tenant}\n${row.id}`, row]));
  const ids = idsOf(changes, 'incident');
  const tenants = [...new Set(changes.map(({ tenant }) => tenant))];
  const rows = ids.length === 0 ? [] : await selectIncidents(db).where('tenant', 'in', tenants).where('id', 'in', ids).execute();
  const incidents = new Map(rows.map((row) => [`${row.tenant}\n${row.id}`, toIncident(row)]));
  return changes.flatMap(({ change_seq: seq, tenant, kind, target, change }): LiveChange[] => {
    const key = `${tenant}\n${target}`;
    const alert = kind === 'alert' ? alerts.get(key) : undefined;
    if (alert !== undefined) return [{ seq, kind: 'alert', change, alert: toAlert(alert) }];
    const incident = kind === 'incident' ? incidents.get(key) : undefined;
    return incident === undefined ? [] : [{ seq, kind: 'incident', change, incident }];
  });
}

const idsOf = (changes: ReadonlyArray<{ kind: string; target: string }>, kind: string): string[] => [...new Set(changes.filter((change) => change.kind === kind).map(({ target }) => target))];
