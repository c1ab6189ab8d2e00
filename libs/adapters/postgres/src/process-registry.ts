import { PROCESS_EXPIRES_MS, PROCESS_KEPT_MS, type KnownProcess, type ProcessRegistry } from '@wary/ports/process-registry.port.js';
import { sql, type Kysely } from 'kysely';
import type { Database } from './database.js';
import { toJson, toText } from './json-column.js';

/** The database's own: clocks of the processes may differ. */
const NOW = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`;

export function createProcessRegistry(db: Kysely<Database>): ProcessRegistry {
  return {
    async report({ id, kind, host, internalUrl, version, topicPartitions, partitions, load }) {
      const values = { kind, host: toText(host), internal_url: internalUrl, version, topic_partitions: topicPartitions, partitions: toJson(partitions), load: load === null ? null : toJson({ ...load }), heartbeat_at: NOW };
      await db.insertInto('processes').values({ id, ...values, started_at: NOW }).onConflict((conflict) => conflict.column('id').doUpdateSet(values)).execute();
      await db.deleteFrom('processes').where('heartbeat_at', '<', sql<number>`${NOW} - ${PROCESS_KEPT_MS}::bigint`).execute();
    },
    async leave(id) { await db.deleteFrom('processes').where('id', '=', id).execute(); },
    async list() {
      const rows = await db.selectFrom('processes').selectAll().select(NOW.as('now')).orderBy('kind').orderBy('started_at').orderBy('id').execute();
      return rows.map((row): KnownProcess => ({
        id: row.id, kind: row.kind, host: row.host, internalUrl: row.internal_url, version: row.version, topicPartitions: row.topic_partitions, partitions: row.partitions, load: row.load, startedAt: row.started_at,
        heartbeatAt: row.heartbeat_at, alive: row.now - row.heartbeat_at <= PROCESS_EXPIRES_MS,
      }));
    },
  };
}
