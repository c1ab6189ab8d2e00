import { WaryError } from '@wary/model/errors.js';
import type { Page } from '@wary/ports/event-store.port.js';
import { toText } from './json-column.js';

type CursorPart = string | number;

/** Opaque to clients: the sort key of the last row they have. It gives no rights, every query names its tenant besides. */
export const encodeCursor = (key: readonly CursorPart[]): string => Buffer.from(JSON.stringify(key)).toString('base64url');

/** The sort key, checked against the types it must have; what a client made up is a `bad_request`. */
export function decodeCursor<const T extends ReadonlyArray<'string' | 'number'>>(cursor: string | undefined, types: T): { -readonly [I in keyof T]: T[I] extends 'string' ? string : number } | null {
  if (cursor === undefined) return null;
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const fits = Array.isArray(key) && key.length === types.length && types.every((type, index) => typeof key[index] === type && (type === 'string' || Number.isSafeInteger(key[index])));
    if (fits) return key.map((part: CursorPart) => (typeof part === 'string' ? toText(part) : part)) as never;
  } catch {
    // Falls through to the one answer for everything that is no cursor of ours.
  }
  throw new WaryError('bad_request', 'The cursor is not one of this list; start again without it');
}

/** Rows were read with one more than the limit: whether there is a next page is known without counting. */
export function toPage<Row, T>(rows: readonly Row[], limit: number, read: (row: Row) => T, keyOf: (row: Row) => readonly CursorPart[]): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items: items.map(read), next: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null };
}
