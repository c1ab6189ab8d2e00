import type { Json } from '@wary/model/json.js';
import type { JsonColumn } from './json-column.js';

/** Counts the changes of one kind of settings of one tenant; who has another number reads them again. */
export interface SettingsVersionsTable { kind: string; tenant: string; version: number }
/** Tries of a key until `ends_at`; a row past it counts nothing. */
export interface ThrottlesTable { key: string; tries: number; ends_at: number }
export interface ProcessesTable {
  id: string; kind: string; host: string; internal_url: string | null; version: string;
  /** Partitions of the topic as its owner knows it; null: it owns none. */
  topic_partitions: number | null; partitions: JsonColumn<number[]>; started_at: number; heartbeat_at: number;
  load: JsonColumn<{ eventsPerSecond: number; lagMs: number }> | null;
}
/** The last change that a reader has sent on. */
export interface OutPositionsTable { name: string; seq: number; updated_at: number }

/** What a tenant may still send, in thousandths of a record, as of `filled_at`. */
export interface QuotaBucketsTable { tenant: string; thousandths: number; filled_at: number }

/** Work beside the stream, as its process tells of it. */
export interface JobsTable { kind: string; id: string; tenant: string; node: string; running: boolean; cancelled: boolean; started_at: number; heartbeat_at: number; view: JsonColumn<Json> }

export interface ProcessTables { settings_versions: SettingsVersionsTable; throttles: ThrottlesTable; processes: ProcessesTable; out_positions: OutPositionsTable; jobs: JobsTable; quota_buckets: QuotaBucketsTable }
