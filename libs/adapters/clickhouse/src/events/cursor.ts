import { Buffer } from 'node:buffer';
import { WaryError } from '@wary/model/errors.js';

/** Opaque to callers: where the last page ended, as the values it was ordered by. What is inserted later moves nothing. */
export const encodeCursor = (values: ReadonlyArray<string | number>): string => Buffer.from(JSON.stringify(values)).toString('base64url');

/** `shape` says what must be in it: a cursor comes from outside. */
export function decodeCursor<const T extends ReadonlyArray<'string' | 'number'>>(cursor: string, shape: T): { -readonly [K in keyof T]: T[K] extends 'string' ? string : number } {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(values) && values.length === shape.length && values.every((value, index) => typeof value === shape[index] && (typeof value === 'string' || Number.isSafeInteger(value)))) return values as never;
  } catch { /* not JSON: answered below */ }
  throw new WaryError('bad_request', 'The cursor is not one of ours; begin without it');
}
