import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { WaryError } from '@wary/model/errors.js';
import { CompiledQuery, Kysely } from 'kysely';
import pg from 'pg';
import { lockDataFolder } from './data-folder-lock.js';
import type { Database } from './database.js';
import { listMigrations, migrate, type MigrationStatus } from './migrate.js';
import { MIGRATIONS } from './migrations/migration-list.js';
import { createNotices, NO_NOTICES, type Notices } from './notices.js';
import { PGliteDialect } from './pglite-dialect.js';
import { startUpkeep } from './pglite-upkeep.js';
import { TellingPostgresDialect } from './telling-dialect.js';

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
  readonly notices: Notices;
  ping(): Promise<void>;
  /** Waits for what runs, then frees the connections, or the engine and its folder. */
  close(): Promise<void>;
}

/** SQL is written for this one, the oldest that is tested. */
const SERVER_VERSION_MIN = 150_000;
const CONNECTIONS_MAX = 10;
const CONNECT_TIMEOUT_MS = 10_000;
/** A connection that was dropped in silence is found out some time after this. */
const KEEP_ALIVE_MS = 10_000;
const INT8_OID = 20;
/** Times, counts and sequences all fit a double exactly up to 2^53. */
const readInt8 = (text: string): number => Number(text);

/** Connects, brings the schema up to date, and answers with a Kysely that works alike on both engines. */
export async function openPostgres(options: PostgresOptions): Promise<PostgresHandle> {
  const log = options.log ?? (() => {});
  const handle = await connect(options);
  try {
    const [{ version } = { version: 0 }] = (await handle.db.executeQuery<{ version: number }>(CompiledQuery.raw(`select current_setting('server_version_num')::int as version`))).rows;
    if (version < SERVER_VERSION_MIN) throw new Error(`PostgreSQL 15 or newer is needed, the server is ${version}`);
    for (const name of await migrate(handle.db, MIGRATIONS)) log('info', 'postgres.migration.applied', { name });
  } catch (error) {
    await handle.close();
    throw inItsOwnWords(error);
  }
  return handle;
}

/** What is applied and what a start would run, without running it. (An embedded database that is missing is created, empty.) */
export async function listPostgresMigrations(options: PostgresOptions): Promise<MigrationStatus[]> {
  const { db, close } = await connect(options);
  try {
    return await listMigrations(db, MIGRATIONS);
  } catch (error) {
    throw inItsOwnWords(error);
  } finally {
    await close();
  }
}

/** Who opens it is an operator, to whom the server's own words say what to mend. */
const inItsOwnWords = (error: unknown): unknown => (error instanceof WaryError && error.code === 'store_unavailable' && error.cause !== undefined ? error.cause : error);

const connect = ({ url, dataDir, connectionsMax = CONNECTIONS_MAX, log = () => {} }: PostgresOptions): Promise<PostgresHandle> | PostgresHandle => (url === undefined || url === '' ? openEmbedded(dataDir, log) : openServer(url, connectionsMax, log));

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
  return handleOf('pglite', db, NO_NOTICES, { before: stopUpkeep, after: async () => {
    await engine.close();
    unlock();
  } });
}

function openServer(url: string, connectionsMax: number, log: PostgresLog): PostgresHandle {
  const types = new pg.TypeOverrides();
  types.setTypeParser(INT8_OID, readInt8);
  const pool = new pg.Pool({ connectionString: url, max: connectionsMax, types, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, keepAlive: true, keepAliveInitialDelayMillis: KEEP_ALIVE_MS, application_name: 'wary' });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', (error) => { log('warn', 'postgres.connection.lost', { error: error.message }); });
  // One that breaks in the middle of a transaction tells the query that waits, if one does, and says so besides; that too would end the process.
  pool.on('connect', (client) => { client.on('error', () => {}); });
  const notices = createNotices(url, (error) => { log('warn', 'postgres.notices.lost', { error: error.message }); });
  return handleOf('postgres', new Kysely<Database>({ dialect: new TellingPostgresDialect({ pool }) }), notices);
}

function handleOf(kind: PostgresHandle['kind'], db: Kysely<Database>, notices: Notices, closing: { before?: () => Promise<void>; after?: () => Promise<void> } = {}): PostgresHandle {
  let closed: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    await closing.before?.();
    await notices.close();
    await db.destroy();
    await closing.after?.();
  };
  return {
    db, kind, notices,
    ping: async () => { await db.executeQuery(CompiledQuery.raw('select 1')); },
    close: () => (closed ??= close()),
  };
}
