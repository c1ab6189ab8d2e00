import { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import { WaryError } from '@wary/model/errors.js';
import type { NativeBlock } from '../native/native-block.js';
import { READ_SETTINGS, WRITE_SETTINGS, settingsQuery, tokenSetting, type Engine, type InsertOptions, type QueryParams } from './engine.js';
import { parseRows } from './json-rows.js';
import { storeClosed, storeError } from './store-error.js';

const REQUEST_TIMEOUT_MS = 60_000;
const CONNECTIONS_MAX = 16;

/** A ClickHouse server or cluster over HTTP(S). */
export class ServerEngine implements Engine {
  readonly kind = 'server';
  private closed = false;

  private constructor(private readonly client: ClickHouseClient, readonly database: string) {}

  static async open(url: string, database: string): Promise<ServerEngine> {
    const client = createClient({
      url, request_timeout: REQUEST_TIMEOUT_MS, max_open_connections: CONNECTIONS_MAX, clickhouse_settings: { ...WRITE_SETTINGS },
      // Two hundred ids are too long for an address.
      use_multipart_params_auto: true,
      log: { level: ClickHouseLogLevel.OFF },
    });
    const engine = new ServerEngine(client, database);
    try {
      await engine.ping();
      await engine.command(`CREATE DATABASE IF NOT EXISTS ${database}`);
      return engine;
    } catch (error) {
      await client.close();
      throw storeError(error);
    }
  }

  table(name: string): string {
    return `${this.database}.${name}`;
  }

  async rows<T extends readonly unknown[]>(sql: string, params: QueryParams = {}): Promise<T[]> {
    return this.guard(async () => {
      const answer = await this.client.query({ query: sql, query_params: { ...params }, format: 'JSONCompactEachRow', clickhouse_settings: READ_SETTINGS });
      return parseRows<T>(await answer.text());
    });
  }

  async bytes(sql: string, params: QueryParams = {}): Promise<Buffer> {
    return this.guard(async () => {
      const { stream } = await this.client.exec({ query: sql, query_params: { ...params }, clickhouse_settings: READ_SETTINGS });
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    });
  }

  async command(sql: string): Promise<void> {
    await this.guard(() => this.client.command({ query: sql }));
  }

  async insert(table: string, block: NativeBlock, { token }: InsertOptions): Promise<void> {
    await this.guard(async () => {
      const { stream } = await this.client.exec({
        query: `INSERT INTO ${table} (${block.columns.join(', ')}) SETTINGS ${tokenSetting(token)} FORMAT Native`,
        values: Readable.from(block.chunks, { objectMode: false }),
      });
      for await (const _ of stream) { /* an insert answers with nothing; reading it frees the socket */ }
    });
  }

  async writeSettings(names: readonly string[]): Promise<Map<string, string>> {
    return this.guard(async () => {
      const answer = await this.client.query({ query: settingsQuery(names), format: 'JSONCompactEachRow' });
      return new Map(parseRows<[string, string]>(await answer.text()));
    });
  }

  async ping(): Promise<void> {
    await this.guard(async () => {
      const answer = await this.client.ping({ select: true });
      if (!answer.success) throw answer.error;
    });
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.client.close();
  }

  private async guard<T>(task: () => Promise<T>): Promise<T> {
    if (this.closed) throw storeClosed();
    try {
      return await task();
    } catch (error) {
      throw storeError(error);
    }
  }
}

const DATABASE = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
/** `https://user:password@host:8443/name`: the path names the database. */
export function splitServerUrl(text: string): { url: string; database: string } {
  const url = new URL(text);
  const database = url.pathname.replace(/^\/|\/$/g, '') || 'wary';
  if (!DATABASE.test(database)) throw new WaryError('validation_failed', 'The path of the ClickHouse URL names the database: letters, digits and _');
  url.pathname = '/';
  return { url: url.href, database };
}
