import type { ErrorCode } from './error-codes.js';
import type { SourceName } from './sources.js';

/** A record that could not be processed, kept with its reason so that it can be replayed. The payload is encrypted before it is stored. */
export interface DeadLetter {
  readonly id: string;
  readonly tenant: string;
  readonly source: SourceName;
  /** Line, file offset or Kafka offset. */
  readonly offset: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly receivedAt: number;
  /** Record as it came, at most `recordBytesMax`, cut beyond. Clear only in memory. */
  readonly payload: string;
}
