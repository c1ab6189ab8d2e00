/** Events that it has accepted a second, lately; and from stored to scored, smoothed. */
export interface ProcessLoad { readonly eventsPerSecond: number; readonly lagMs: number }

/** What a process tells of itself. */
export interface ProcessReport {
  /** Of this run of it. */
  readonly id: string;
  readonly kind: string;
  readonly host: string;
  /** Where other processes of the installation reach it; null: nowhere. */
  readonly internalUrl: string | null;
  readonly version: string;
  /** Partitions of the log of record that it scores, of so many; null: it scores none. */
  readonly topicPartitions: number | null;
  readonly partitions: readonly number[];
  /** null: it neither takes events nor scores them. */
  readonly load: ProcessLoad | null;
}
export interface KnownProcess extends ProcessReport {
  /** Epoch milliseconds of the database's clock, which is one for all. */
  readonly startedAt: number;
  readonly heartbeatAt: number;
  /** It has said so within `PROCESS_EXPIRES_MS`. */
  readonly alive: boolean;
}

/** A process that has said nothing for so long is taken for dead; its row stays for an hour, so that an operator sees who is missing. */
export const PROCESS_EXPIRES_MS = 20_000;
export const PROCESS_KEPT_MS = 3_600_000;

/** Who is there. */
export interface ProcessRegistry {
  /** Says that it lives, and what it owns now. */
  report(process: ProcessReport): Promise<void>;
  /** It ends in order: its row goes. */
  leave(id: string): Promise<void>;
  /** By kind and start. */
  list(): Promise<KnownProcess[]>;
}
export const PROCESS_REGISTRY = Symbol.for('wary.ProcessRegistry');
