import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { CompiledQuery, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { lockDataFolder } from './data-folder-lock.js';
import type { Database } from './database.js';
import { migrate } from './migrate.js';
import { MIGRATIONS } from './migrations/migration-list.js';
import { PGliteDialect } from './pglite-dialect.js';
import { startUpkeep } from './pglite-upkeep.js';

export type PostgresLog = (level: 'info' | 'warn' | 'error', message: string, detail?: object) => void;
export interface PostgresOptions {
  /** Unset: PostgreSQL inside this process, in `<dataDir>/postgres`. */
  readonly url?: string | undefined;
  readonly dataDir: string;
  readonly log?: PostgresLog;
  readonly connectionsMax?: number;
}
export interface PostgresHandle {
  readonly db: Kysely<Database>;
  readonly kind: 'pglite' | 'postgres';
  ping(): Promise<void>;
  /** Waits for what runs, then frees the connections, or the engine and its folder. */
  close(): Promise<void>;
}

/** SQL is written for this one, the oldest that is tested. */
const SERVER_VERSION_MIN = 150_000;
const CONNECTIONS_MAX = 10;
const CONNECT_TIMEOUT_MS = 10_000;
const INT8_OID = 20;
/** Times, counts and sequences all fit a double exactly up to 2^53. */
const readInt8 = (text: string): number => Number(text);

/** Connects, brings the schema up to date, and answers with a Kysely that works alike on both engines. */
export async function openPostgres(options: PostgresOptions): Promise<PostgresHandle> {
  const log = options.log ?? (() => {});
  const handle = options.url === undefined || options.url === '' ? await openEmbedded(options.dataDir, log) : openServer(options.url, options.connectionsMax ?? CONNECTIONS_MAX, log);
  try {
    const [{ version } = { version: 0 }] = (await handle.db.executeQuery<{ version: number }>(CompiledQuery.raw(`select current_setting('server_version_num')::int as version`))).rows;
    if (version < SERVER_VERSION_MIN) throw new Error(`PostgreSQL 15 or newer is needed, the server is ${version}`);
    for (const name of await migrate(handle.db, MIGRATIONS)) log('info', 'postgres.migration.applied', { name });
  } catch (error) {
    await handle.close();
    throw error;
  }
  return handle;
}

async function openEmbedded(dataDir: string, log: PostgresLog): Promise<PostgresHandle> {
  mkdirSync(dataDir, { recursive: true });
  const unlock = await lockDataFolder(join(dataDir, 'postgres.lock'));
  let engine: PGlite;
  try {
    engine = await PGlite.create({ dataDir: join(dataDir, 'postgres'), parsers: { [INT8_OID]: readInt8 } });
  } catch (error) {
    unlock();
    throw error;
  }
  const db = new Kysely<Database>({ dialect: new PGliteDialect(engine) });
  // The files lie in the page cache, so a page out of order costs little more than the next one.
  await db.executeQuery(CompiledQuery.raw('set random_page_cost = 1.1'));
  const stopUpkeep = startUpkeep(db, (error) => { log('warn', 'postgres.upkeep.failed', { error: String(error) }); });
  return handleOf('pglite', db, { before: stopUpkeep, after: async () => {
    await engine.close();
    unlock();
  } });
}

function openServer(url: string, connectionsMax: number, log: PostgresLog): PostgresHandle {
  const types = new pg.TypeOverrides();
  types.setTypeParser(INT8_OID, readInt8);
  const pool = new pg.Pool({ connectionString: url, max: connectionsMax, types, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, application_name: 'wary' });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', (error) => { log('warn', 'postgres.connection.lost', { error: error.message }); });
  return handleOf('postgres', new Kysely<Database>({ dialect: new PostgresDialect({ pool }) }));
}

function handleOf(kind: PostgresHandle['kind'], db: Kysely<Database>, closing: { before?: () => Promise<void>; after?: () => Promise<void> } = {}): PostgresHandle {
  let closed: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    await closing.before?.();
    await db.destroy();
    await closing.after?.();
  };
  return {
    db, kind,
    ping: async () => { await db.executeQuery(CompiledQuery.raw('select 1')); },
    close: () => (closed ??= close()),
  };
}
