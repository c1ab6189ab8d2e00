import type { ErrorCode } from '@wary/model/error-codes.js';
import type { RawRecord } from '@wary/model/raw-record.js';
import type { SourceName } from '@wary/model/sources.js';
import type { DeadLetterDraft } from './dead-letter.js';

/** One record of a request that could not be read. */
export interface Rejection {
  /** 0-based line or index of the record in the body. */
  readonly line: number;
  readonly code: ErrorCode;
  /** Says what to do. */
  readonly message: string;
}

export interface ReadBody {
  readonly records: RawRecord[];
  /** Every rejection; the answer reports `rejectionsReportedMax` of them and the number of the others. */
  readonly rejected: Rejection[];
  /** One for each rejection, payload cut at `recordBytesMax`. */
  readonly letters: DeadLetterDraft[];
}

export interface ReadContext {
  readonly tenant: string;
  readonly receivedAt: number;
  /** Default native. */
  readonly source?: SourceName;
  /** Fingerprint of the file the body is a piece of: with the byte offset it is the identity of records that have none. */
  readonly file?: string;
  /** Byte offset of the body in that file. */
  readonly offset?: number;
}
