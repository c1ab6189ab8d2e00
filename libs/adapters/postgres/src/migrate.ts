import { createHash } from 'node:crypto';
import { CompiledQuery, type Kysely } from 'kysely';

/** One step of the schema. Once released it never changes: what it did is corrected by a later one. */
export interface Migration {
  /** 1, 2, 3 …, without holes. */
  readonly number: number;
  readonly name: string;
  /** One SQL statement each, for PostgreSQL 15; all migrations of a start run in one transaction. */
  readonly statements: readonly string[];
  /** The version before works on with it, because it only adds what that one need not know: so a roll-out may be half done, or taken back. */
  readonly keepsFormer?: boolean;
}

export interface MigrationStatus { readonly number: number; readonly name: string; readonly applied: boolean; readonly statements: readonly string[] }

interface Recorded { readonly number: number; readonly name: string; readonly checksum: string; readonly keeps_former: boolean }
/** Of records of before it was recorded, too. */
const RECORDED = "select number, name, checksum, coalesce((to_jsonb(m) ->> 'keeps_former')::boolean, false) as keeps_former from schema_migrations m order by number";

/** Any number; held until the transaction ends, so that of two processes that start together one migrates and the other waits. */
const MIGRATION_LOCK = 7_400_001;

/** Brings the schema to the latest migration, forward only, and records each with its checksum. Gives back the names of those it ran. */
export async function migrate(db: Kysely<any>, migrations: readonly Migration[]): Promise<string[]> {
  assertNumbered(migrations);
  return db.transaction().execute(async (trx) => {
    const run = async <R>(sql: string, parameters: unknown[] = []): Promise<R[]> => (await trx.executeQuery<R>(CompiledQuery.raw(sql, parameters))).rows;
    await run(`select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    await run('create table if not exists schema_migrations (number integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())');
    await run('alter table schema_migrations add column if not exists keeps_former boolean not null default false');
    const recorded = await run<Recorded>(RECORDED);
    const done: string[] = [];
    for (const { number, name, applied, statements } of statusOf(migrations, recorded)) {
      if (applied) continue;
      const { keepsFormer = false } = migrations[number - 1]!;
      for (const statement of statements) await run(statement);
      await run('insert into schema_migrations (number, name, checksum, keeps_former) values ($1, $2, $3, $4)', [number, name, checksumOf({ number, name, statements }), keepsFormer]);
      done.push(name);
    }
    return done;
  });
}

/** What was applied and what a start would run, without running it. Refuses a schema of a newer version, and a migration that was changed. */
export async function listMigrations(db: Kysely<any>, migrations: readonly Migration[]): Promise<MigrationStatus[]> {
  assertNumbered(migrations);
  const [table] = (await db.executeQuery<{ name: string | null }>(CompiledQuery.raw("select to_regclass('schema_migrations')::text as name"))).rows;
  const recorded = table?.name == null ? [] : (await db.executeQuery<Recorded>(CompiledQuery.raw(RECORDED))).rows;
  return statusOf(migrations, recorded);
}

function statusOf(migrations: readonly Migration[], recorded: readonly Recorded[]): MigrationStatus[] {
  const unknown = recorded.find(({ number, keeps_former: keeps }) => number > migrations.length && !keeps);
  if (unknown !== undefined) {
    throw new Error(`the database was written by a newer version (its schema is at ${unknown.number} ${unknown.name}, this one knows ${migrations.length}): start that version, or restore a backup`);
  }
  return migrations.map((migration) => {
    const before = recorded[migration.number - 1];
    if (before !== undefined && before.checksum !== checksumOf(migration)) throw new Error(`migration ${migration.number} ${migration.name} is not the one this database ran (${before.name}, ${before.checksum.slice(0, 12)})`);
    return { number: migration.number, name: migration.name, applied: before !== undefined, statements: migration.statements };
  });
}

/** White space does not count, so that code may be laid out anew. */
export function checksumOf({ number, name, statements }: Migration): string {
  return createHash('sha256').update(JSON.stringify([number, name, statements.map((statement) => statement.replaceAll(/\s+/g, ' ').trim())])).digest('hex');
}

function assertNumbered(migrations: readonly Migration[]): void {
  migrations.forEach(({ number, name }, index) => {
    if (number !== index + 1) throw new Error(`migration ${name} has number ${number} and stands at place ${index + 1}`);
  });
}
