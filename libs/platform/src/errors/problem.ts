import { HttpException } from '@nestjs/common';
import { ERROR_CODES, type ErrorCode } from '@wary/model/error-codes.js';
import { WaryError } from '@wary/model/errors.js';
import { ZodError } from 'zod';

/** RFC 9457. `errors` for validation, `allowed` for illegal moves; other members as the code's documentation says. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly requestId: string;
  readonly [member: string]: unknown;
}
export interface FieldError { readonly path: string; readonly message: string; readonly line?: number }

export interface Answer {
  readonly problem: Problem;
  readonly retryAfterSeconds: number | null;
  /** Not expected: somebody must look at it. */
  readonly unexpected: boolean;
}

const FIELD_ERRORS_MAX = 1_000;
/** For a 429 or 503 whose thrower did not say how long. */
const RETRY_AFTER_SECONDS_DEFAULT = 5;
const RESERVED = new Set(['type', 'title', 'status', 'detail', 'code', 'requestId', 'retryAfterSeconds']);

/** The framework's own refusals, by status. Their texts can repeat the request (a JSON error quotes the body, which may be a password), so none of them is passed on. */
const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'bad_request', 401: 'unauthenticated', 403: 'forbidden', 404: 'not_found', 405: 'method_not_allowed', 409: 'conflict', 412: 'stale_version',
  413: 'body_too_large', 414: 'uri_too_long', 415: 'unsupported_media_type', 422: 'validation_failed', 429: 'rate_limited', 503: 'not_ready',
};

/** What is answered to whatever was thrown. Text of an error reaches the client only when it is a WaryError below 500: those were written for it. */
export function answerTo(thrown: unknown, requestId: string): Answer {
  if (thrown instanceof WaryError) return fromWaryError(thrown, requestId);
  if (thrown instanceof ZodError) return fromWaryError(validationError(thrown.issues), requestId);
  if (thrown instanceof HttpException) return fromStatus(thrown.getStatus(), requestId);
  return fromStatus(500, requestId);
}

interface SchemaIssue { readonly message: string; readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined }

/** Issues of any Standard Schema as one error that names every field. */
export function validationError(issues: readonly SchemaIssue[]): WaryError {
  const errors: FieldError[] = issues.slice(0, FIELD_ERRORS_MAX).map(({ path, message }) => ({
    path: (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.'), message,
  }));
  return new WaryError('validation_failed', undefined, { errors });
}

function fromStatus(status: number, requestId: string): Answer {
  const code = CODE_OF_STATUS[status] ?? (status >= 400 && status < 500 ? 'bad_request' : 'internal');
  return { ...fromWaryError(new WaryError(code), requestId), unexpected: code === 'internal' };
}

function fromWaryError(error: WaryError, requestId: string): Answer {
  const { title } = ERROR_CODES[error.code];
  const ours = error.status >= 500;
  const members = ours ? {} : Object.fromEntries(Object.entries(error.details).filter(([name]) => !RESERVED.has(name)));
  const asked = error.details['retryAfterSeconds'];
  const retryAfterSeconds = typeof asked === 'number' && Number.isFinite(asked) ? Math.max(1, Math.ceil(asked)) : error.status === 429 || error.status === 503 ? RETRY_AFTER_SECONDS_DEFAULT : null;
  return {
    problem: { type: `/problems/${error.code}`, title, status: error.status, detail: ours ? title : error.message, code: error.code, requestId, ...members },
    retryAfterSeconds,
    unexpected: error.code === 'internal',
  };
}
