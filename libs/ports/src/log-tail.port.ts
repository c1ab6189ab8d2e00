/** A log of one partition that every process reads whole, in the same order. */
export interface LogTail {
  /** Begins to read at the first message that is kept. Messages come in order; after `rewind` some come again. */
  start(onMessage: (offset: number, value: Uint8Array) => void): Promise<void>;
  /** Goes on from here, if that is before where it is. */
  rewind(offset: number): void;
  /** Offset behind the last message that is in the log now. */
  end(): Promise<number>;
  stop(): Promise<void>;
}
