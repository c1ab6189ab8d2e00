import type { SourceMessage } from './event-source.port.js';

/**
 * Who works on the partitions of one topic and knows by itself how far it has come: where a partition goes on is its own answer,
 * not what was committed, so that its state and its position are never two truths.
 */
export interface PartitionHandler {
  /** The partition is ours from now on. Gives the offset to go on from; null: what the group has committed, or the beginning. */
  assigned(partition: number): Promise<number | null>;
  /** It is ours no more: nothing of it may be written. */
  revoked(partition: number): void;
  /**
   * Takes messages of a partition, in order and without a gap, without waiting for their work to be done. Gives a promise when no more are
   * wanted until it resolves. `end` is the offset behind the last message that the broker has.
   */
  take(partition: number, messages: readonly SourceMessage[], end: number): Promise<void> | null;
  /** Offset behind the last message whose work is durable; null: nothing yet. It is committed now and then, for those who look at the lag. */
  position(partition: number): number | null;
  /** Messages between these offsets are gone from the broker: they were never seen. */
  lost(partition: number, from: number, to: number): void;
}

export interface PartitionSource {
  /** Rejects when the brokers cannot be reached or refuse. Afterwards it goes on by itself until it is stopped. */
  start(handler: PartitionHandler): Promise<void>;
  /** The partition's handler has lost its state: it is revoked and assigned again. */
  again(partition: number): void;
  /** Commits the positions and leaves the group. */
  stop(): Promise<void>;
}
