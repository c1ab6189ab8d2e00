import { WaryError } from '@wary/model/errors.js';
import type { Json, JsonObject } from '@wary/model/json.js';
import { emptyRegisters, REGISTER_NAMES, type RegisterName, type RegisterRow, type Registers } from '@wary/model/registers.js';
import type { RegisterChange, RegisterStore, RegisterVersion } from '@wary/ports/register-store.port.js';
import type { Actor } from '@wary/ports/workflow.port.js';
import { sql, type Kysely, type Selectable } from 'kysely';
import { announce } from './announce.js';
import { writeAudit } from './audit-writer.js';
import type { Database } from './database.js';
import { toJson, toText } from './json-column.js';
import { decodeCursor, toPage } from './list-cursor.js';
import type { RegisterVersionsTable } from './settings-tables.js';

/** Rows written with one statement: far below PostgreSQL's 65,535 parameters. */
const ROWS_PER_STATEMENT = 2_000;
/** Ids that one audit row lists; the version keeps all rows anyway. */
const AUDIT_ROWS_MAX = 100;

const readVersion = (row: Selectable<RegisterVersionsTable>): RegisterVersion => ({
  version: row.version, register: row.register, at: row.at, by: row.by_name, added: row.added, changed: row.changed, removed: row.removed,
});

interface Difference { readonly added: ReadonlyArray<readonly [string, string]>; readonly changed: ReadonlyArray<readonly [string, string]>; readonly removed: readonly string[] }

export function createRegisterStore(db: Kysely<Database>): RegisterStore {
  return {
    // Version and rows of one moment, whatever another process changes meanwhile.
    readRegisters: (tenant, version) => db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(async (trx) => {
      const latest = await latestVersion(trx, tenant);
      let query = trx.selectFrom('register_rows').select(['register', 'row']).where('tenant', '=', tenant);
      query = version === undefined
        ? query.where('until_version', 'is', null)
        : query.where('since_version', '<=', version).where((where) => where.or([where('until_version', 'is', null), where('until_version', '>', version)]));
      const registers: Record<string, unknown[]> = {};
      for (const name of REGISTER_NAMES) registers[name] = [];
      for (const { register, row } of await query.execute()) registers[register]?.push(row);
      // By code unit and not by the database's collation, so that every installation reads the same order.
      for (const rows of Object.values(registers) as Array<Array<{ id: string }>>) rows.sort((a, b) => (a.id < b.id ? -1 : 1));
      return { ...emptyRegisters(), ...registers, version: version ?? latest } as Registers;
    }),

    async registerVersions(tenant) {
      const rows = await db.selectFrom('register_versions').selectAll().distinctOn('register').where('tenant', '=', tenant).orderBy('register').orderBy('version', 'desc').execute();
      return Object.fromEntries(rows.map((row) => [row.register, readVersion(row)]));
    },

    changeRegister: <N extends RegisterName>(tenant: string, register: N, change: RegisterChange<N>, by: Actor, at: number, ifMatch?: number) => db.transaction().execute(async (trx) => {
      // One change of a tenant's registers at a time: versions are given without holes and in the order of the changes.
      await sql`select pg_advisory_xact_lock(hashtextextended(${`wary.registers:${tenant}`}, 0))`.execute(trx);
      const version = (await latestVersion(trx, tenant)) + 1;
      if (ifMatch !== undefined) {
        const last = await trx.selectFrom('register_versions').select('version').where('tenant', '=', tenant).where('register', '=', register).orderBy('version', 'desc').limit(1).executeTakeFirst();
        if ((last?.version ?? 0) !== ifMatch) throw new WaryError('stale_version', undefined, { version: last?.version ?? 0 });
      }
      const standing = new Map((await trx.selectFrom('register_rows').select(['id', 'row']).where('tenant', '=', tenant).where('register', '=', register).where('until_version', 'is', null).execute())
        .map(({ id, row }) => [id, toJson(sorted(row))]));
      const difference = differenceOf(standing, change);
      const { added, changed, removed } = difference;
      if (added.length + changed.length + removed.length === 0) return null;

      const ending = [...removed, ...changed.map(([id]) => id)];
      for (const ids of chunks(ending)) {
        await trx.updateTable('register_rows').set({ until_version: version }).where('tenant', '=', tenant).where('register', '=', register).where('until_version', 'is', null).where('id', 'in', [...ids]).execute();
      }
      for (const rows of chunks([...added, ...changed])) {
        await trx.insertInto('register_rows').values(rows.map(([id, row]) => ({ tenant, register, id, since_version: version, until_version: null, row }))).execute();
      }
      const entry: RegisterVersion = { version, register, at, by: by.name, added: added.length, changed: changed.length, removed: removed.length };
      await trx.insertInto('register_versions').values({ tenant, version, register, at, by_name: toText(by.name), added: entry.added, changed: entry.changed, removed: entry.removed }).execute();
      await writeAudit(trx, { tenant, at, actor: by, action: `register.${change.kind}`, target: `register:${register}`, ...auditOf(standing, difference, version) });
      await announce(trx, { kind: 'registers', tenant, whom: null });
      return entry;
    }),

    async listRegisterVersions(tenant, register, limit, cursor) {
      const before = decodeCursor(cursor, ['number']);
      let query = db.selectFrom('register_versions').selectAll().where('tenant', '=', tenant).where('register', '=', register).orderBy('version', 'desc').limit(limit + 1);
      if (before !== null) query = query.where('version', '<', before[0]);
      return toPage(await query.execute(), limit, readVersion, (row) => [row.version]);
    },
  };
}

async function latestVersion(db: Kysely<Database>, tenant: string): Promise<number> {
  const row = await db.selectFrom('register_versions').select('version').where('tenant', '=', tenant).orderBy('version', 'desc').limit(1).executeTakeFirst();
  return row?.version ?? 0;
}

function differenceOf(standing: ReadonlyMap<string, string>, change: RegisterChange): Difference {
  if (change.kind === 'delete') return { added: [], changed: [], removed: [...new Set(change.ids.map(toText))].filter((id) => standing.has(id)) };
  const wanted = new Map((change.rows as ReadonlyArray<RegisterRow<RegisterName>>).map((row) => [toText(row.id), toJson(sorted(row))]));
  const entries = [...wanted];
  return {
    added: entries.filter(([id]) => !standing.has(id)),
    changed: entries.filter(([id, row]) => standing.has(id) && standing.get(id) !== row),
    removed: change.kind === 'replace' ? [...standing.keys()].filter((id) => !wanted.has(id)) : [],
  };
}

/** jsonb gives keys back in an order of its own; sorted, equal rows are equal texts. */
const sorted = (row: object): object => Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));

function* chunks<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += ROWS_PER_STATEMENT) yield items.slice(start, start + ROWS_PER_STATEMENT);
}

function auditOf(standing: ReadonlyMap<string, string>, { added, changed, removed }: Difference, version: number): { before: Json; after: Json } {
  const parse = (text: string | undefined): JsonObject => JSON.parse(text ?? 'null') as JsonObject;
  const touched = [...changed.map(([id]) => id), ...removed].slice(0, AUDIT_ROWS_MAX);
  return {
    before: { rows: touched.map((id) => parse(standing.get(id))) },
    after: {
      version, added: added.length, changed: changed.length, removed: removed.length,
      rows: [...changed, ...added].slice(0, AUDIT_ROWS_MAX).map(([, row]) => parse(row)), removedIds: removed.slice(0, AUDIT_ROWS_MAX),
    },
  };
}
