import { WaryError } from '@wary/model/errors.js';
import type { Engine } from '../engine/engine.js';
import { migrationChecksum, renderStatement, type Migration } from './migration.js';

export interface MigrationStatus { readonly number: number; readonly name: string; readonly checksum: string; /** Epoch ms; null: still to run. */ readonly appliedAt: number | null; readonly statements: readonly string[] }

const RECORDS = (database: string): string => `CREATE TABLE IF NOT EXISTS ${database}.migrations (number UInt32, name String, checksum String, applied_at DateTime64(3, 'UTC'), keeps_former UInt8 DEFAULT 0) ENGINE = ReplacingMergeTree ORDER BY number`;

/** What was applied and what a start would run, without running it. Stops at a migration that was changed, or that this version does not know. */
export async function listMigrations(engine: Engine, migrations: readonly Migration[]): Promise<MigrationStatus[]> {
  const records = await readRecords(engine);
  const newest = migrations.at(-1)?.number ?? 0;
  for (const { number, name, keepsFormer } of records.values()) {
    if (number > newest && !keepsFormer) throw new WaryError('internal', `The database was written by a newer version: migration ${number} (${name}) is not known here. Start that version, or restore a backup from before it`);
  }
  return migrations.map((migration) => {
    const checksum = migrationChecksum(migration);
    const record = records.get(migration.number);
    if (record !== undefined && record.checksum !== checksum) {
      throw new WaryError('internal', `Migration ${migration.number} (${migration.name}) was changed after it was applied: recorded ${record.checksum.slice(0, 12)}, now ${checksum.slice(0, 12)}. Migrations are forward only: restore it and add a new one`);
    }
    const statements = migration.statements.map((statement) => renderStatement(statement, engine.database));
    return { number: migration.number, name: migration.name, checksum, appliedAt: record?.appliedAt ?? null, statements };
  });
}

/** Runs what is missing, in order; a second run does nothing. Returns the numbers that ran. */
export async function migrate(engine: Engine, migrations: readonly Migration[], now: () => number): Promise<number[]> {
  await engine.command(RECORDS(engine.database));
  if (!(await hasColumn(engine, 'keeps_former'))) await engine.command(`ALTER TABLE ${engine.table('migrations')} ADD COLUMN IF NOT EXISTS keeps_former UInt8 DEFAULT 0`);
  const ran: number[] = [];
  for (const { number, name, checksum, appliedAt, statements } of await listMigrations(engine, migrations)) {
    if (appliedAt !== null) continue;
    for (const statement of statements) await engine.command(statement);
    // Not VALUES: the embedded engine would go on reading rows from the process's standard input.
    await engine.command(`INSERT INTO ${engine.table('migrations')} (number, name, checksum, applied_at, keeps_former) SELECT ${number}, '${name}', '${checksum}', fromUnixTimestamp64Milli(${Math.trunc(now())}), ${migrations[number - 1]?.keepsFormer === true ? 1 : 0}`);
    ran.push(number);
  }
  return ran;
}

interface Record { readonly number: number; readonly name: string; readonly checksum: string; readonly appliedAt: number; readonly keepsFormer: boolean }

const hasColumn = async (engine: Engine, name: string): Promise<boolean> => {
  const [found] = await engine.rows<[number]>('SELECT count() FROM system.columns WHERE database = {database:String} AND table = {table:String} AND name = {name:String}', { database: engine.database, table: 'migrations', name });
  return Number(found?.[0]) > 0;
};

async function readRecords(engine: Engine): Promise<Map<number, Record>> {
  const [exists] = await engine.rows<[number]>('SELECT count() FROM system.tables WHERE database = {database:String} AND name = {name:String}', { database: engine.database, name: 'migrations' });
  if (Number(exists?.[0]) === 0) return new Map();
  // Records of before it was recorded.
  const keeps = (await hasColumn(engine, 'keeps_former')) ? 'keeps_former' : '0';
  const rows = await engine.rows<[number, string, string, string, number]>(`SELECT number, name, checksum, toUnixTimestamp64Milli(applied_at), ${keeps} FROM ${engine.table('migrations')} FINAL ORDER BY number`);
  return new Map(rows.map(([number, name, checksum, appliedAt, keepsFormer]) => [number, { number, name, checksum, appliedAt: Number(appliedAt), keepsFormer: Number(keepsFormer) === 1 }]));
}
