import { PROCESS_EXPIRES_MS } from '@wary/ports/process-registry.port.js';
import pg from 'pg';

export interface PostgresFacts {
  readonly version: string;
  readonly encrypted: boolean;
  /** null: nothing was migrated yet; the first start does it. */
  readonly migrations: number | null;
  readonly clockSkewMs: number;
  readonly connections: number;
  readonly connectionsMax: number;
  /** Of the services, that were heard of within an hour: by kind, and whether they have been lately; none where everything runs in one process. */
  readonly processes: ReadonlyArray<{ readonly kind: string; readonly host: string; readonly alive: boolean; readonly version: string }>;
}

const ANSWER_MS_MAX = 10_000;

/** What an operator wants to know of a PostgreSQL server; changes nothing. Rejects with the server's words. */
export async function inspectPostgres(url: string, now: () => number): Promise<PostgresFacts> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: ANSWER_MS_MAX, query_timeout: ANSWER_MS_MAX, application_name: 'wary doctor' });
  await client.connect();
  const one = async (sql: string): Promise<string> => String((await client.query<{ value: unknown }>(sql)).rows[0]?.value ?? '');
  try {
    const before = now();
    const time = Number(await one('SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS value'));
    const skew = time - (before + now()) / 2;
    const table = await one("SELECT to_regclass('schema_migrations') AS value");
    return {
      version: await one("SELECT current_setting('server_version') AS value"), clockSkewMs: Math.abs(skew),
      encrypted: (await one('SELECT coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS value')) === 'true',
      migrations: table === '' ? null : Number(await one('SELECT count(*) AS value FROM schema_migrations')),
      connections: Number(await one('SELECT count(*) AS value FROM pg_stat_activity')), connectionsMax: Number(await one("SELECT current_setting('max_connections')::int AS value")),
      processes: await one("SELECT to_regclass('processes') AS value") === '' ? [] : (await client.query<{ kind: string; host: string; alive: boolean; version: string }>(`SELECT kind, host, version, extract(epoch from clock_timestamp()) * 1000 - heartbeat_at <= ${PROCESS_EXPIRES_MS} AS alive FROM processes ORDER BY kind, started_at`)).rows,
    };
  } finally {
    await client.end();
  }
}
