/** One message as the broker keeps it. */
export interface SourceMessage {
  readonly offset: number;
  /** When the broker (or its producer) says that it was written, epoch milliseconds. */
  readonly time: number;
  readonly key: Buffer | null;
  /** null: a tombstone. */
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** Messages of one partition, in order, without a gap that matters. */
export interface SourceBatch { readonly topic: string; readonly partition: number; readonly messages: readonly SourceMessage[] }

/**
 * Where records come from when nobody waits for an answer. A batch is acknowledged to the broker after `take` resolved, which is when
 * it is durable; a batch whose `take` rejects with a retryable error is handed over again until it is taken, and its partition waits.
 */
export interface EventSource {
  /** Begins to hand batches over: one at a time of a partition, several partitions beside each other. */
  start(take: (batch: SourceBatch) => Promise<void>): Promise<void>;
  /** Waits for batches in hand, acknowledges them, and leaves. */
  stop(): Promise<void>;
}
