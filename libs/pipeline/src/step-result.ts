import type { ErrorCode } from '@wary/model/error-codes.js';

/**
 * What a step answers for one record: a closed union, each non-ok with a reason. Throwing means a bug.
 * `drop` is deliberate (counted), `deadLetter` is kept and can be replayed, `redirect` goes to another topic.
 */
export type StepResult<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'drop'; readonly reason: string }
  | { readonly kind: 'deadLetter'; readonly code: ErrorCode; readonly message: string }
  | { readonly kind: 'redirect'; readonly topic: string; readonly reason: string };

export const ok = <T>(value: T): StepResult<T> => ({ kind: 'ok', value });
export const drop = (reason: string): StepResult<never> => ({ kind: 'drop', reason });
export const deadLetter = (code: ErrorCode, message: string): StepResult<never> => ({ kind: 'deadLetter', code, message });
