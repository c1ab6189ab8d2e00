import { listClickHouseMigrations, openClickHouse } from '@wary/adapter-clickhouse/open-clickhouse.js';
import { CLICKHOUSE_MIGRATIONS, exclusively } from '@wary/adapter-postgres/exclusively.js';
import { listPostgresMigrations, openPostgres } from '@wary/adapter-postgres/open-postgres.js';
import type { Config } from '@wary/platform/config/read-config.js';
import type { Cipher } from '@wary/ports/cipher.port.js';

export interface Migration { readonly store: 'postgresql' | 'clickhouse'; readonly number: number; readonly name: string; readonly applied: boolean; readonly statements: readonly string[] }

/** Nothing is written or read that is encrypted. */
const refuse = (): never => { throw new Error('a migration encrypts nothing'); };
const noCipher: Cipher = { encrypt: refuse, decrypt: refuse };

/** Says which of the two it was, and what the server or its absence said. */
async function of<T>(store: string, act: Promise<T>): Promise<T> {
  try {
    return await act;
  } catch (error) {
    const { message, cause } = error as Error;
    throw new Error(`${store}: ${cause instanceof Error && cause.message !== '' ? cause.message : message}`, { cause: error });
  }
}

/** The migrations of both stores, with what is applied; changes nothing but that an empty database is made where there is none. */
export async function listStores({ env, dataDir }: Config): Promise<Migration[]> {
  const postgres = await of('PostgreSQL', listPostgresMigrations({ url: env.WARY_POSTGRES_URL, dataDir }));
  const clickHouse = await of('ClickHouse', listClickHouseMigrations({ ...(env.WARY_CLICKHOUSE_URL === undefined ? {} : { url: env.WARY_CLICKHOUSE_URL }), dataDir }));
  return [
    ...postgres.map(({ number, name, applied, statements }): Migration => ({ store: 'postgresql', number, name, applied, statements })),
    ...clickHouse.map(({ number, name, appliedAt, statements }): Migration => ({ store: 'clickhouse', number, name, applied: appliedAt !== null, statements })),
  ];
}

/** Runs what is missing, as a start would: both schemas, retention, and the checks that go with them. */
export async function migrateStores({ env, dataDir }: Config): Promise<void> {
  const postgres = await of('PostgreSQL', openPostgres({ url: env.WARY_POSTGRES_URL, dataDir }));
  const openStore = () => openClickHouse({
    ...(env.WARY_CLICKHOUSE_URL === undefined ? {} : { url: env.WARY_CLICKHOUSE_URL }), dataDir, cipher: noCipher, fsync: env.WARY_FSYNC, now: () => Date.now(),
    retentionDays: env.WARY_RETENTION_DAYS, contentRetentionDays: env.WARY_CONTENT_RETENTION_DAYS,
  });
  try {
    // A service that starts at the same moment migrates the analytics store under the same lock: one does it, the other waits.
    const clickHouse = postgres.kind === 'postgres' ? await of('ClickHouse', exclusively(postgres.db, CLICKHOUSE_MIGRATIONS, openStore)) : await of('ClickHouse', openStore());
    await clickHouse.close();
  } finally {
    await postgres.close();
  }
}
