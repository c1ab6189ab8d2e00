import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toJson } from './json-column.js';
import { checksumOf, listMigrations, migrate, type Migration } from './migrate.js';
import { MIGRATIONS } from './migrations/migration-list.js';
import { openPostgres, type PostgresHandle } from './open-postgres.js';
import { tidy } from './pglite-upkeep.js';

const step = (number: number, ...statements: string[]): Migration => ({ number, name: `step-${number}`, statements });

describe('the embedded PostgreSQL', () => {
  let dataDir: string;
  let handle: PostgresHandle;
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'wary-postgres-'));
    handle = await openPostgres({ dataDir });
  }, 180_000);
  afterAll(async () => {
    await handle.close();
    rmSync(dataDir, { recursive: true });
  });

  it('gives times and counts as numbers, json as values', async () => {
    await handle.db.insertInto('counters').values({ name: 'test', value: 1_700_000_000_123 }).execute();
    expect(await handle.db.selectFrom('counters').select('value').where('name', '=', 'test').executeTakeFirst()).toEqual({ value: 1_700_000_000_123 });
    const { rows } = await sql<{ n: number; doc: unknown }>`select count(*) as n, ${toJson(['a', { b: null }])}::jsonb as doc from counters where name = 'test'`.execute(handle.db);
    expect(rows).toEqual([{ n: 1, doc: ['a', { b: null }] }]);
  });

  it('takes hostile text: zero bytes and lone surrogates become replacement characters, pairs stay', async () => {
    const hostile = { 'k\0': 'a\0b\ud800c', pair: '\u{1F600}', spelled: '\\u0000', deep: [['\udc00']] };
    const { rows } = await sql<{ doc: unknown }>`select ${toJson(hostile)}::jsonb as doc`.execute(handle.db);
    expect(rows[0]?.doc).toEqual({ 'k\uFFFD': 'a\uFFFDb\uFFFDc', pair: '\u{1F600}', spelled: '\\u0000', deep: [['\uFFFD']] });
  });

  it('keeps a transaction alone: what runs beside it waits, and a failure leaves nothing', async () => {
    const order: string[] = [];
    const failing = handle.db.transaction().execute(async (trx) => {
      await trx.insertInto('counters').values({ name: 'half', value: 1 }).execute();
      await new Promise((resolve) => { setTimeout(resolve, 20); });
      order.push('transaction');
      throw new Error('in the middle');
    });
    const beside = handle.db.selectFrom('counters').select('name').where('name', '=', 'half').execute().then((rows) => { order.push('query'); return rows; });
    await expect(failing).rejects.toThrow('in the middle');
    expect(await beside).toEqual([]);
    expect(order).toEqual(['transaction', 'query']);
  });

  it('runs each migration once, forward only, all or none of a start', async () => {
    const all = [...MIGRATIONS];
    const next = all.length + 1;
    expect(await migrate(handle.db, all)).toEqual([]);
    const good = step(next, 'create table late (id integer)');
    await expect(migrate(handle.db, [...all, good, step(next + 1, 'create tabel')])).rejects.toThrow(/syntax/);
    expect(await migrate(handle.db, [...all, good])).toEqual([good.name]);
    expect(await migrate(handle.db, [...all, { ...good, statements: ['create  table\n late (id integer)'] }])).toEqual([]);
    await expect(migrate(handle.db, [...all, step(next, 'create table later (id integer)')])).rejects.toThrow(/is not the one this database ran/);
    await expect(migrate(handle.db, all)).rejects.toThrow(/newer version/);
    await expect(migrate(handle.db, [step(2)])).rejects.toThrow(/place 1/);
    await sql`drop table late`.execute(handle.db);
    await sql`delete from schema_migrations where number = ${next}`.execute(handle.db);
    expect(checksumOf(good)).toHaveLength(64);
  });

  it('the version before goes on with what only adds, and refuses anything else it does not know', async () => {
    const all = [...MIGRATIONS];
    const next = all.length + 1;
    // Records of before the mark was there.
    await sql`alter table schema_migrations drop column keeps_former`.execute(handle.db);
    expect((await listMigrations(handle.db, all)).every(({ applied }) => applied)).toBe(true);
    const adds = { ...step(next, 'create table added (id integer)'), keepsFormer: true };
    expect((await listMigrations(handle.db, [...all, adds])).at(-1)).toMatchObject({ applied: false });
    expect(await migrate(handle.db, [...all, adds])).toEqual([adds.name]);
    // N − 1 starts on what N has made, and N again.
    expect(await migrate(handle.db, all)).toEqual([]);
    expect((await listMigrations(handle.db, all)).every(({ applied }) => applied)).toBe(true);
    expect(await migrate(handle.db, [...all, adds])).toEqual([]);
    const changes = step(next + 1, 'drop table added');
    expect(await migrate(handle.db, [...all, adds, changes])).toEqual([changes.name]);
    await expect(migrate(handle.db, [...all, adds])).rejects.toThrow(/newer version/);
    await expect(listMigrations(handle.db, all)).rejects.toThrow(/newer version/);
    await sql`delete from schema_migrations where number >= ${next}`.execute(handle.db);
  });

  it('does what a server does in the background: statistics, and room of dead rows', async () => {
    await sql`insert into applied_findings select 't', 'f' || i, 0, 'a', 0 from generate_series(1, 2000) i`.execute(handle.db);
    expect(await tidy(handle.db)).toEqual(['applied_findings']);
    expect(await tidy(handle.db)).toEqual([]);
    await sql`update applied_findings set revision = 1 where finding_id like 'f1%'`.execute(handle.db);
    expect(await tidy(handle.db)).toEqual(['applied_findings']);
    const { rows } = await sql<{ dead: number; seen: number }>`select n_dead_tup as dead, (select reltuples::int from pg_class where relname = 'applied_findings') as seen from pg_stat_user_tables where relname = 'applied_findings'`.execute(handle.db);
    expect(rows).toEqual([{ dead: 0, seen: 2000 }]);
  });

  it('refuses a second process and a second opening, in words that help', async () => {
    await expect(openPostgres({ dataDir })).rejects.toThrow(/in use by another process \(number \d+\).*WARY_DATA_DIR/);
  });

  it('lets go when closed, keeps what was written, and takes over from a process that was killed', async () => {
    await handle.close();
    await handle.close();
    const killed = spawnSync(process.execPath, ['--input-type=module', '-e', `
      import { writeFileSync, readFileSync } from 'node:fs';
      const stat = readFileSync('/proc/self/stat', 'utf8');
      writeFileSync(process.argv[1], JSON.stringify({ token: 't', pid: process.pid, startedTicks: stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19], bootId: '', pidSpace: '' }));
      process.kill(process.pid, 'SIGKILL');`, join(dataDir, 'postgres.lock')]);
    expect(killed.signal).toBe('SIGKILL');
    handle = await openPostgres({ dataDir });
    expect(await handle.db.selectFrom('counters').select('value').where('name', '=', 'test').executeTakeFirst()).toEqual({ value: 1_700_000_000_123 });
    await handle.ping();
  });
});
