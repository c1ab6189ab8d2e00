import { sql, type Kysely } from 'kysely';
import type { Database } from './database.js';

/** Resolved alerts by detector: how many were judged at all (not as duplicates or inconclusive), how many of those were true, and how many false (and not only benign). */
export async function verdictCounts(db: Kysely<Database>, tenant: string): Promise<Record<string, { confirmed: number; falsePositives: number; judged: number }>> {
  const rows = await db.selectFrom('alerts')
    .select(['detector', sql<number>`count(*) filter (where verdict = 'true_positive')::int`.as('confirmed'), sql<number>`count(*) filter (where verdict = 'false_positive')::int`.as('falsePositives'), sql<number>`count(*)::int`.as('judged')])
    .where('tenant', '=', tenant).where('verdict', 'in', ['true_positive', 'false_positive', 'benign_expected']).groupBy('detector').execute();
  return Object.fromEntries(rows.map(({ detector, confirmed, falsePositives, judged }) => [detector, { confirmed, falsePositives, judged }]));
}
