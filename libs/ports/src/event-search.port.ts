/** Stored events as SQL sees them: rules are compiled to it, and run here. Reads are bounded by the engine's own limits of time and memory. */
export interface EventSearch {
  /** The events table, `database.table`. */
  readonly table: string;
  /** Runs one SELECT; rows come as arrays. Rejects with `store_unavailable` when the store is down. */
  rows(sql: string): Promise<unknown[][]>;
  /** Keeps what a SELECT gives in a table in memory, until it is dropped. */
  stage(select: string): Promise<{ readonly name: string; drop(): Promise<void> }>;
}
export const EVENT_SEARCH = Symbol.for('wary.EventSearch');
