import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listStores, migrateStores } from '@wary/app-cli/migrate/migrate-stores.js';
import { readConfig } from '@wary/platform/config/read-config.js';
import { afterAll, describe, expect, it } from 'vitest';

describe('wary migrate', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wary-migrate-'));
  afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

  it('says what would run, runs it once, and then has nothing to do', async () => {
    const config = readConfig({ WARY_DATA_DIR: folder });
    const before = await listStores(config);
    expect(new Set(before.map(({ store }) => store))).toEqual(new Set(['postgresql', 'clickhouse']));
    expect(before.filter(({ applied }) => applied)).toEqual([]);
    expect(before.every(({ statements }) => statements.length > 0)).toBe(true);
    // Asked again: listing ran nothing.
    expect((await listStores(config)).filter(({ applied }) => applied)).toEqual([]);
    await migrateStores(config);
    expect(await listStores(config)).toEqual(before.map((each) => ({ ...each, applied: true })));
    await migrateStores(config);
    expect((await listStores(config)).every(({ applied }) => applied)).toBe(true);
  }, 120_000);

  it('a server that is not there is an error, and no database is made for it', async () => {
    await expect(listStores(readConfig({ WARY_DATA_DIR: folder, WARY_POSTGRES_URL: 'postgres://wary:hunter2@127.0.0.1:1/wary' }))).rejects.toThrow(/^PostgreSQL: .*ECONNREFUSED/);
    await expect(listStores(readConfig({ WARY_DATA_DIR: folder, WARY_CLICKHOUSE_URL: 'http://wary:hunter2@127.0.0.1:1/wary' }))).rejects.toThrow(/^ClickHouse: (?!.*hunter2)/);
  });
});
