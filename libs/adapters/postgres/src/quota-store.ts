import type { QuotaLease, QuotaStore } from '@wary/ports/quota-store.port.js';
import { sql, type Kysely } from 'kysely';
import type { Database } from './database.js';
import { inTransaction } from './in-transaction.js';

/** The database's own: clocks of the processes may differ. */
const NOW = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`;
const THOUSAND = 1_000;

/** A bucket a tenant, as `TokenBucket` counts; the row is held while one process takes from it. */
export function createQuotaStore(db: Kysely<Database>): QuotaStore {
  return {
    lease: (tenant, { perSecond, burst }, needed, wanted) => inTransaction(db, async (trx): Promise<QuotaLease> => {
      await trx.insertInto('quota_buckets').values({ tenant, thousandths: burst * THOUSAND, filled_at: NOW }).onConflict((conflict) => conflict.column('tenant').doNothing()).execute();
      const { thousandths, filled_at: filledAt } = await trx.selectFrom('quota_buckets').select(['thousandths', 'filled_at']).where('tenant', '=', tenant).forUpdate().executeTakeFirstOrThrow();
      // Asked for when the row is ours: whoever waited for it must not see a time before the last filling.
      const { rows } = await sql<{ now: number }>`select ${NOW} as now`.execute(trx);
      const { now } = rows[0]!;
      const held = Math.min(burst * THOUSAND, thousandths + Math.max(0, now - filledAt) * perSecond);
      const enough = Math.min(needed, burst) * THOUSAND;
      const tokens = held < enough ? 0 : Math.max(needed, Math.min(wanted, Math.floor(held / THOUSAND)));
      await trx.updateTable('quota_buckets').set({ thousandths: held - tokens * THOUSAND, filled_at: Math.max(now, filledAt) }).where('tenant', '=', tenant).execute();
      return tokens > 0 ? { tokens } : { waitMs: Math.ceil((enough - held) / perSecond) };
    }),
  };
}
