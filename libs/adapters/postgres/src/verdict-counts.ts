import { sql, type Kysely } from 'kysely';
import type { Database } from './database.js';

/** Resolved alerts by detector: how many were judged at all (not as duplicates or inconclusive), and how many of those were true. */
export async function verdictCounts(db: Kysely<Database>, tenant: string): Promise<Record<string, { confirmed: number; judged: number }>> {
  const rows = await db.selectFrom('alerts')
    .select(['detector', sql<number>`count(*) filter (where verdict = 'true_positive')::int`.as('confirmed'), sql<number>`count(*)::int`.as('judged')])
    .where('tenant', '=', tenant).where('verdict', 'in', ['true_positive', 'false_positive', 'benign_expected']).groupBy('detector').execute();
  return Object.fromEntries(rows.map(({ detector, confirmed, judged }) => [detector, { confirmed, judged }]));
}
