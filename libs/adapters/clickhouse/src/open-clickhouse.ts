import type { Cipher } from '@wary/ports/cipher.port.js';
import type { DeadLetterStore } from '@wary/ports/dead-letter-store.port.js';
import type { EntityQueries, EventStore } from '@wary/ports/event-store.port.js';
import type { FindingStore } from '@wary/ports/finding-store.port.js';
import type { StateStore } from '@wary/ports/state-store.port.js';

export interface ClickHouseHandle {
  readonly events: EventStore & EntityQueries;
  readonly findings: FindingStore;
  readonly deadLetters: DeadLetterStore;
  readonly snapshots: StateStore;
  ping(): Promise<void>;
  close(): Promise<void>;
  stats(): Promise<{ rows: number; bytesOnDisk: number }>;
}

export interface ClickHouseOptions {
  /** A server; unset: the engine in this process with its data in `<dataDir>/clickhouse`. */
  readonly url?: string;
  readonly dataDir: string;
  readonly cipher: Cipher;
  readonly retentionDays: number;
  readonly contentRetentionDays: number;
  /** Every insert survives a power loss, not only the death of the process. */
  readonly fsync: boolean;
  readonly now: () => number;
  readonly log?: (level: 'info' | 'warn' | 'error', message: string, detail?: object) => void;
}

export function openClickHouse(_options: ClickHouseOptions): Promise<ClickHouseHandle> {
  return Promise.reject(new Error('not built yet'));
}
