import type { SourceName } from './sources.js';

/**
 * One record before validation: what ingest hands to normalize.
 * `value` is the parsed JSON for JSON sources and the line of text for text sources.
 */
export interface RawRecord {
  readonly source: SourceName;
  readonly tenant: string;
  readonly receivedAt: number;
  readonly value: unknown;
  /** The record as text as it came, for dead letters and the masked raw column; '' when it can be re-made from `value`. */
  readonly text: string;
  /** 0-based line or index within the request, file offset or Kafka offset: what a rejection names. */
  readonly line: number;
  /** Identity given by the transport (file fingerprint:offset, topic/partition/offset), '' when there is none. */
  readonly transportId: string;
  /** What a dead letter of it is known by, where the transport may deliver it again; absent: each letter is a new one. */
  readonly letterKey?: string;
  /** What decoding had to change or could not represent; absent when nothing. */
  readonly notes?: RecordNotes;
}

export interface RecordNotes {
  /** Invalid UTF-8 or a lone surrogate became U+FFFD. */
  readonly repairedText: boolean;
  /** Integers beyond 2^53: path in the record (`ml.features[2]`) → digits as they came. */
  readonly bigIntegers: Readonly<Record<string, string>>;
}
