import { ERROR_CODES, type ErrorCode } from './error-codes.js';

/** An expected failure: stable code, HTTP status from the table, a message that says what to do. Anything else thrown is a bug. */
export class WaryError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly retryable: boolean;
  /** Extra members of the problem document (e.g. `allowed` moves, `errors[]`). Never secrets. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message?: string, details: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super(message ?? ERROR_CODES[code].title, cause === undefined ? undefined : { cause });
    this.name = 'WaryError';
    this.code = code;
    this.status = ERROR_CODES[code].status;
    this.retryable = ERROR_CODES[code].retryable;
    this.details = details;
  }
}
