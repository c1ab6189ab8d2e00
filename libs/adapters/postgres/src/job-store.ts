import { JOB_EXPIRES_MS, type JobStore, type KnownJob } from '@wary/ports/job-store.port.js';
import { sql, type Kysely, type Selectable } from 'kysely';
import type { Database } from './database.js';
import { toJson, toText } from './json-column.js';
import type { JobsTable } from './process-tables.js';

/** The database's own: clocks of the processes may differ. */
const NOW = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`;

const readJob = (row: Selectable<JobsTable> & { now: number }): KnownJob => ({
  id: row.id, kind: row.kind, tenant: row.tenant, node: row.node, running: row.running, startedAt: row.started_at, view: row.view, heard: row.now - row.heartbeat_at <= JOB_EXPIRES_MS,
});

export function createJobStore(db: Kysely<Database>): JobStore {
  const jobs = (kind: string, tenant: string) => db.selectFrom('jobs').selectAll().select(NOW.as('now')).where('kind', '=', kind).where('tenant', '=', tenant);
  return {
    async putJob({ id, kind, tenant, node, running, startedAt, view }) {
      const values = { node, running, view: toJson(view), heartbeat_at: NOW };
      await db.insertInto('jobs').values({ id, kind, tenant, started_at: startedAt, cancelled: false, ...values }).onConflict((conflict) => conflict.columns(['kind', 'id']).doUpdateSet(values)).execute();
    },
    async findJob(kind, tenant, id) {
      const row = await jobs(kind, tenant).where('id', '=', toText(id)).executeTakeFirst();
      return row === undefined ? null : readJob(row);
    },
    listJobs: async (kind, tenant, limit) => (await jobs(kind, tenant).orderBy('started_at', 'desc').orderBy('id').limit(limit).execute()).map(readJob),
    async cancelJob(kind, tenant, id) {
      await db.updateTable('jobs').set({ cancelled: true }).where('kind', '=', kind).where('tenant', '=', tenant).where('id', '=', toText(id)).where('running', '=', true).execute();
    },
    cancelledJobs: async (kind, node) => (await db.selectFrom('jobs').select('id').where('kind', '=', kind).where('node', '=', node).where('running', '=', true).where('cancelled', '=', true).execute()).map(({ id }) => id),
    async pruneJobs(kind, startedBefore) { await db.deleteFrom('jobs').where('kind', '=', kind).where('started_at', '<', startedBefore).execute(); },
  };
}
