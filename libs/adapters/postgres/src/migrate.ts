import { createHash } from 'node:crypto';
import { CompiledQuery, type Kysely } from 'kysely';

/** One step of the schema. Once released it never changes: what it did is corrected by a later one. */
export interface Migration {
  /** 1, 2, 3 …, without holes. */
  readonly number: number;
  readonly name: string;
  /** One SQL statement each, for PostgreSQL 15; all migrations of a start run in one transaction. */
  readonly statements: readonly string[];
}

interface Recorded { readonly number: number; readonly name: string; readonly checksum: string }

/** Any number; held until the transaction ends, so that of two processes that start together one migrates and the other waits. */
const MIGRATION_LOCK = 7_400_001;

/** Brings the schema to the latest migration, forward only, and records each with its checksum. Gives back the names of those it ran. */
export async function migrate(db: Kysely<any>, migrations: readonly Migration[]): Promise<string[]> {
  assertNumbered(migrations);
  return db.transaction().execute(async (trx) => {
    const run = async <R>(sql: string, parameters: unknown[] = []): Promise<R[]> => (await trx.executeQuery<R>(CompiledQuery.raw(sql, parameters))).rows;
    await run(`select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    await run('create table if not exists schema_migrations (number integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())');
    const recorded = await run<Recorded>('select number, name, checksum from schema_migrations order by number');
    const newest = recorded.at(-1);
    if (newest !== undefined && newest.number > migrations.length) {
      throw new Error(`the database was written by a newer version (its schema is at ${newest.number} ${newest.name}, this one knows ${migrations.length}): start that version, or restore a backup`);
    }
    const done: string[] = [];
    for (const migration of migrations) {
      const checksum = checksumOf(migration);
      const before = recorded[migration.number - 1];
      if (before !== undefined) {
        if (before.checksum !== checksum) throw new Error(`migration ${migration.number} ${migration.name} is not the one this database ran (${before.name}, ${before.checksum.slice(0, 12)})`);
        continue;
      }
      for (const statement of migration.statements) await run(statement);
      await run('insert into schema_migrations (number, name, checksum) values ($1, $2, $3)', [migration.number, migration.name, checksum]);
      done.push(migration.name);
    }
    return done;
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
