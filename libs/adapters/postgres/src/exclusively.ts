import { sql, type Kysely } from 'kysely';
import type { Database } from './database.js';

/** The name under which the analytics store, which has no locks, is migrated. */
export const CLICKHOUSE_MIGRATIONS = 'clickhouse.migrations';

/** Runs `act` while no other process of this database runs something under the same name; waits for its turn. A process that dies gives the turn back. */
export async function exclusively<T>(db: Kysely<Database>, name: string, act: () => Promise<T>): Promise<T> {
  return db.connection().execute(async (connection) => {
    const lock = sql`hashtextextended(${`wary.${name}`}, 0)`;
    await sql`select pg_advisory_lock(${lock})`.execute(connection);
    try {
      return await act();
    } finally {
      await sql`select pg_advisory_unlock(${lock})`.execute(connection);
    }
  });
}
