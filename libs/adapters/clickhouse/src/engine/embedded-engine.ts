import { Buffer } from 'node:buffer';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { Session, drainPending } from 'chdb';
import { createChdbConnection } from 'chdb/connection';
import { WaryError } from '@wary/model/errors.js';
import type { NativeBlock } from '../native/native-block.js';
import { READ_SETTINGS, WRITE_SETTINGS, settingsQuery, tokenSetting, type Engine, type InsertOptions, type QueryParams } from './engine.js';
import { parseRows } from './json-rows.js';
import { Mutex } from './mutex.js';
import { ScratchFile } from './scratch-file.js';
import { storeClosed, storeError } from './store-error.js';

/**
 * One merge at a time leaves a core to the events; the caches of a server (5 GB each) are too large for a process among others.
 * These are settings of the engine as a whole: the first connection decides them.
 */
const ENGINE_ARGUMENTS = ['--background_pool_size=1', '--mark_cache_size=134217728', '--primary_index_cache_size=134217728', '--index_mark_cache_size=67108864'];

/** A connection runs one query at a time, so what must not wait for another has its own. */
interface Lane { readonly client: ClickHouseClient; readonly scratch: ScratchFile; readonly mutex: Mutex }

export class EmbeddedEngine implements Engine {
  readonly kind = 'embedded';
  private closed = false;

  private constructor(
    readonly database: string,
    private readonly session: Session,
    private readonly reads: ClickHouseClient,
    private readonly events: Lane,
    private readonly background: Lane,
  ) {}

  static async open(folder: string, database: string): Promise<EmbeddedEngine> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const session = openSession(folder);
    try {
      const lane = async (): Promise<Lane> => ({ client: await connect(folder, { ...WRITE_SETTINGS, max_threads: 1, max_insert_threads: 1 }), scratch: await ScratchFile.create(folder), mutex: new Mutex() });
      const engine = new EmbeddedEngine(database, session, await connect(folder, READ_SETTINGS), await lane(), await lane());
      await engine.command(`CREATE DATABASE IF NOT EXISTS ${database}`);
      return engine;
    } catch (error) {
      session.close();
      throw storeError(error);
    }
  }

  table(name: string): string {
    return `${this.database}.${name}`;
  }

  async rows<T extends readonly unknown[]>(sql: string, params: QueryParams = {}): Promise<T[]> {
    return this.guard(async () => {
      const answer = await this.reads.query({ query: sql, query_params: { ...params }, format: 'JSONCompactEachRow' });
      return parseRows<T>(await answer.text());
    });
  }

  async bytes(sql: string, params: QueryParams = {}): Promise<Buffer> {
    return this.guard(async () => {
      const { stream } = await this.reads.exec({ query: sql, query_params: { ...params } });
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    });
  }

  async command(sql: string): Promise<void> {
    await this.guard(() => this.background.mutex.run(() => this.background.client.command({ query: sql })));
  }

  async insert(table: string, block: NativeBlock, { token, lane }: InsertOptions): Promise<void> {
    const { client, scratch, mutex } = lane === 'background' ? this.background : this.events;
    const columns = block.columns.join(', ');
    await this.guard(() => mutex.run(async () => {
      await scratch.write(block.chunks);
      await client.command({ query: `INSERT INTO ${table} (${columns}) SETTINGS ${tokenSetting(token)} SELECT ${columns} FROM file('${scratch.path}', Native, '${block.structure}')` });
      await scratch.trim();
    }));
  }

  async writeSettings(names: readonly string[]): Promise<Map<string, string>> {
    return this.guard(() => this.events.mutex.run(async () => {
      const answer = await this.events.client.query({ query: settingsQuery(names), format: 'JSONCompactEachRow' });
      return new Map(parseRows<[string, string]>(await answer.text()));
    }));
  }

  async ping(): Promise<void> {
    await this.rows('SELECT 1');
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    // A connection that is closed while it works takes the whole engine down.
    await drainPending();
    for (const { client, scratch } of [this.events, this.background]) {
      await client.close();
      await scratch.close();
    }
    await this.reads.close();
    this.session.close();
    await drainPending();
  }

  private async guard<T>(task: () => Promise<T>): Promise<T> {
    if (this.closed) throw storeClosed();
    try {
      return await task();
    } catch (error) {
      throw this.closed ? storeClosed() : storeError(error);
    }
  }
}

const settingQueries = (settings: Readonly<Record<string, number | string>>): string[] => Object.entries(settings).map(([name, value]) => `SET ${name} = ${value}`);

/** Settings stay on the connection, so they are given once and not with every query. */
async function connect(folder: string, settings: Readonly<Record<string, number | string>>): Promise<ClickHouseClient> {
  // chDB's connection is typed against another copy of the same contract.
  const connection = createChdbConnection({ path: folder }) as unknown as NonNullable<Parameters<typeof createClient>[0]>['connection'];
  const client = createClient({ connection });
  for (const query of settingQueries(settings)) await client.command({ query });
  return client;
}

/** The first connection starts the engine and locks the folder; it blocks the event loop while it does (0.2 s, once). */
function openSession(folder: string): Session {
  try {
    return new Session(folder, { connectionArgs: ENGINE_ARGUMENTS });
  } catch (error) {
    const owner = lockOwner(folder);
    const why = owner === null
      ? 'the embedded engine does not start on it. It needs Linux with glibc or macOS, and one process has one engine'
      : `process ${owner} has it open. One process owns a data folder: stop that one, or give this one another folder`;
    throw new WaryError('store_unavailable', `The analytics store in ${folder} cannot be opened: ${why}`, { folder }, error);
  }
}

/** The engine writes its process id into the file it locks. */
function lockOwner(folder: string): number | null {
  try {
    const pid = Number(/^PID: (\d+)/m.exec(readFileSync(join(folder, 'status'), 'utf8'))?.[1]);
    if (!(pid > 0) || pid === process.pid) return null;
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? -1 : null;
  }
}
