import type { OutPositionStore } from '@wary/ports/out-position-store.port.js';
import { sql, type Kysely } from 'kysely';
import { changeQueries } from './change-queries.js';
import type { Database } from './database.js';
import { reading } from './in-transaction.js';
import type { PostgresHandle } from './open-postgres.js';

/** A process that is held up in the middle of sending loses its turn after this; what it sends afterwards is sent again by another. */
const HELD_UP_MS_MAX = 60_000;

export function createOutPositionStore({ db, kind }: Pick<PostgresHandle, 'db' | 'kind'>): OutPositionStore {
  const advanceOn = async (on: Kysely<Database>, name: string, limit: number, send: Parameters<OutPositionStore['advance']>[2]) => {
    const before = await on.selectFrom('out_positions').select('seq').where('name', '=', name).executeTakeFirst();
    const from = before?.seq ?? 0;
    const read = await changeQueries({ db: on, kind }).everyChangeAfter(from, limit);
    if (read.first === null) return { changes: 0, lost: 0, position: from, more: false };
    await send(read);
    const values = { seq: read.last, updated_at: sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint` };
    await on.insertInto('out_positions').values({ name, ...values }).onConflict((conflict) => conflict.column('name').doUpdateSet(values)).execute();
    // Numbers have no holes: what is missing at the front was removed before it was sent. The first reading begins with what is kept.
    return { changes: read.last - read.first + 1, lost: before === undefined ? 0 : read.first - from - 1, position: read.last, more: read.last - read.first + 1 >= limit };
  };
  return {
    advance: (name, limit, send) => reading(() => {
      // The embedded engine has one process, and one session, which must not be held while a broker is waited for.
      if (kind === 'pglite') return advanceOn(db, name, limit, send);
      return db.transaction().execute(async (trx) => {
        await sql.raw(`set local idle_in_transaction_session_timeout = ${HELD_UP_MS_MAX}`).execute(trx);
        // Let go when the transaction ends, also by the death of its process.
        const { rows } = await sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(hashtextextended(${`wary.out:${name}`}, 0)) as mine`.execute(trx);
        return rows[0]!.mine ? advanceOn(trx, name, limit, send) : null;
      });
    }),
  };
}
