/** One message for a topic. */
export interface SinkMessage {
  /** What the message is about: messages of one key stay in order, and a compacted topic keeps the last of each. */
  readonly key: string | Buffer;
  /** null: a tombstone. */
  readonly value: string | Buffer | null;
  /** Unset: chosen by the key, as Java's producers choose. */
  readonly partition?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Where messages go out to other systems and other processes. */
export interface MessageSink {
  /**
   * Resolves when all messages are as durable as the broker makes them (acknowledged by all replicas in sync). At least once: after a
   * rejection some of them may be there, and sending them again is right. Rejects with a retryable WaryError (`store_unavailable`,
   * `overloaded`) for what may pass; with anything else the same messages will never be taken.
   */
  send(topic: string, messages: readonly SinkMessage[]): Promise<void>;
}
export const MESSAGE_SINK = Symbol.for('wary.MessageSink');
