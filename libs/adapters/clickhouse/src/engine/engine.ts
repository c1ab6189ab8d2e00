import type { Buffer } from 'node:buffer';
import type { NativeBlock } from '../native/native-block.js';

export type QueryParams = Readonly<Record<string, string | number | boolean | readonly string[] | readonly number[]>>;

export interface InsertOptions {
  /** Two inserts with one token are one: the engine drops the second (`insert_deduplication_token`). */
  readonly token: string;
  /** `background` keeps a large insert out of the way of the events. */
  readonly lane?: 'events' | 'background';
}

/**
 * ClickHouse, in this process or behind HTTP: the same SQL either way, through the unchanged `@clickhouse/client`.
 * Every value in a query is a parameter (`{name:Type}`), never part of its text. Failures come as WaryError (`store-error.ts`).
 */
export interface Engine {
  readonly kind: 'embedded' | 'server';
  readonly database: string;
  /** `database.table`, for the text of a query. */
  table(name: string): string;
  /** Rows as arrays of column values. */
  rows<T extends readonly unknown[]>(sql: string, params?: QueryParams): Promise<T[]>;
  /** The answer's bytes; the query names its own FORMAT. */
  bytes(sql: string, params?: QueryParams): Promise<Buffer>;
  command(sql: string): Promise<void>;
  /** Durable when it resolves (after the process's death; after a power loss when the tables fsync). */
  insert(table: string, block: NativeBlock, options: InsertOptions): Promise<void>;
  /** The settings that inserts run under, by name. */
  writeSettings(names: readonly string[]): Promise<Map<string, string>>;
  ping(): Promise<void>;
  /** Waits for what is running, then lets go of the data. */
  close(): Promise<void>;
}

/** What every insert relies on; asserted at start. `optimize_on_insert` would collapse copies row by row inside the insert: reads and merges do that anyway. */
export const WRITE_SETTINGS = { async_insert: 0, insert_deduplicate: 1, optimize_on_insert: 0 } as const;

/** One query may not take the engine down or hold the others up for long. */
export const READ_SETTINGS = {
  max_execution_time: 30,
  max_memory_usage: '2000000000',
  max_bytes_before_external_group_by: '500000000',
  max_bytes_before_external_sort: '300000000',
  // Copies of an event have one time, hence one partition: each can be made unique for itself.
  do_not_merge_across_partitions_select_final: 1,
} as const;

const TOKEN = /^[\w.:/-]{1,200}$/;
/** The text of a token inside SETTINGS; it is ours, and checked all the same. */
export function tokenSetting(token: string): string {
  if (!TOKEN.test(token)) throw new Error(`not an insert token: ${JSON.stringify(token)}`);
  return `insert_deduplication_token = '${token}'`;
}

const NAME = /^[a-z0-9_]+$/;
export function settingsQuery(names: readonly string[]): string {
  const list = names.filter((name) => NAME.test(name)).map((name) => `'${name}'`);
  return `SELECT name, value FROM system.settings WHERE name IN (${list.join(', ')})`;
}
