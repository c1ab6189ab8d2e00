import type { WorkflowStore } from '@wary/ports/workflow-store.port.js';
import { sql } from 'kysely';
import { alertQueries } from './alert-queries.js';
import { changeQueries } from './change-queries.js';
import { inTransaction, reading } from './in-transaction.js';
import { incidentQueries } from './incident-queries.js';
import type { PostgresHandle } from './open-postgres.js';
import { toSuppression } from './workflow-rows.js';
import { workflowTransaction } from './workflow-transaction.js';

/** Any number that no other lock uses; the second key is the tenant's hash. */
const TENANT_LOCK = 7_402;

/** Alerts, incidents and what goes with them, in PostgreSQL. */
export function createWorkflowStore({ db, kind }: Pick<PostgresHandle, 'db' | 'kind'>): WorkflowStore {
  return {
    ...alertQueries(db),
    ...incidentQueries(db),
    ...changeQueries({ db, kind }),

    transaction: (tenant, work) => inTransaction(db, async (trx) => {
      // One writer of a tenant's workflow at a time: nobody opens a second incident of the same entity or misses a suppression that is being
      // made. The embedded engine runs one transaction at a time anyway.
      if (kind === 'postgres') await sql`select pg_advisory_xact_lock(${TENANT_LOCK}::int, hashtext(${tenant}))`.execute(trx);
      return work(workflowTransaction(trx, tenant));
    }),

    findSuppressions: (tenant) => reading(async () => {
      const rows = await db.selectFrom('suppressions').selectAll().where('tenant', '=', tenant).where('ended_at', 'is', null).orderBy('until').orderBy('id').execute();
      return rows.map(toSuppression);
    }),
    dueSuppressions: (now) => reading(() => db.selectFrom('suppressions').select(['tenant', 'id']).where('ended_at', 'is', null).where('until', '<=', now).orderBy('until').orderBy('id').execute()),
  };
}
