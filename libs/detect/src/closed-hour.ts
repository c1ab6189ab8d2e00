/** What one partition says of an event-time hour of a tenant: this is all it adds to the population up to there, since its record before. */
export interface ClosedHour {
  readonly tenant: string;
  /** Hours since the epoch. Hours between this record and the partition's one before have nothing in them. */
  readonly hour: number;
  readonly partition: number;
  /** The tenant's last sequence that the partition had scored when it closed the hour; 0 when it had scored none. */
  readonly seq: number;
  /** As `encodeHour` writes it. */
  readonly bytes: Uint8Array;
}

/**
 * `taken`: it counts. `known`: one for this hour counts already. `conflict`: the log has another record of this engine's own hour than the
 * engine has closed; whoever owns the partition must restore from its snapshot and replay.
 */
export type Offered = 'taken' | 'known' | 'conflict';

/** Where an engine waits for the hours of other partitions, or for its own to come back from the log. */
export interface Blocked { readonly tenant: string; /** The hour that is not open yet. */ readonly hour: number }

export interface Partition { readonly index: number; readonly count: number }
