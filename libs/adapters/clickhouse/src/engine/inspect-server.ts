import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { splitServerUrl } from './server-engine.js';
import { storeError } from './store-error.js';

export interface ClickHouseFacts {
  readonly version: string;
  readonly database: string;
  /** null: the database is not there yet; the first start makes it. */
  readonly tables: number | null;
  readonly clockSkewMs: number;
  readonly diskFreeBytes: number;
}

/** What an operator wants to know of a ClickHouse server; changes nothing. Rejects with `store_unavailable` and the server's words. */
export async function inspectClickHouse(serverUrl: string, now: () => number): Promise<ClickHouseFacts> {
  const { url, database } = splitServerUrl(serverUrl);
  const client = createClient({ url, request_timeout: 10_000, log: { level: ClickHouseLogLevel.OFF } });
  const ask = async (query: string): Promise<string[]> => (await client.query({ query, format: 'JSONCompactEachRow' })).text().then((text) => (text.trim() === '' ? [] : (JSON.parse(text.trim().split('\n')[0]!) as unknown[]).map(String)));
  try {
    const before = now();
    const [version = '', time = '0'] = await ask('SELECT version(), toString(toUnixTimestamp64Milli(now64(3)))');
    const skew = Number(time) - (before + now()) / 2;
    const [exists = '0'] = await ask(`SELECT toString(count()) FROM system.databases WHERE name = '${database}'`);
    const [tables = '0'] = await ask(`SELECT toString(count()) FROM system.tables WHERE database = '${database}'`);
    const [free = '0'] = await ask('SELECT toString(min(free_space)) FROM system.disks');
    return { version, database, tables: exists === '0' ? null : Number(tables), clockSkewMs: Math.abs(skew), diskFreeBytes: Number(free) };
  } catch (error) {
    throw storeError(error);
  } finally {
    await client.close();
  }
}
