import type { DeadLetter } from '@wary/model/dead-letter.js';
import type { ErrorCode } from '@wary/model/error-codes.js';
import type { RawRecord } from '@wary/model/raw-record.js';
import { DEFAULT_INGEST_LIMITS } from './ingest-limits.js';

/** A dead letter before it has an id. With a `key` the id is made from it, so that a record that is delivered again makes no second letter. */
export type DeadLetterDraft = Omit<DeadLetter, 'id'> & { readonly key?: string };

/** For a record that ingest could read and a later stage could not use. */
export function deadLetterOf(record: RawRecord, code: ErrorCode, message: string, bytesMax: number = DEFAULT_INGEST_LIMITS.recordBytesMax): DeadLetterDraft {
  return {
    tenant: record.tenant, source: record.source, offset: record.line, code, message, receivedAt: record.receivedAt,
    payload: cutText(record.text === '' ? JSON.stringify(record.value) ?? '' : record.text, bytesMax),
    ...(record.letterKey === undefined ? {} : { key: record.letterKey }),
  };
}

/** At most `bytesMax` bytes of UTF-8, never ending inside a character. */
export function cutText(text: string, bytesMax: number): string {
  if (text.length * 3 <= bytesMax || Buffer.byteLength(text) <= bytesMax) return text;
  return Buffer.from(text.slice(0, bytesMax)).subarray(0, bytesMax).toString('utf8').replace(/�+$/u, '');
}
