import type { ColumnType } from 'kysely';

/** A `jsonb` column: read as a value, written as text (a driver would take an array for a PostgreSQL array). Write with `toJson`. */
export type JsonColumn<T> = ColumnType<T, string, string>;

/**
 * JSON that PostgreSQL takes. `jsonb` and `text` refuse U+0000 and lone surrogates, and both can stand in what attackers send;
 * they become U+FFFD.
 */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value);
  // In JSON text both can only stand as escapes; a backslash followed by u0000 in the value itself only costs the second pass.
  if (!/\\u(0000|d[89a-f])/.test(text)) return text;
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'string') return toText(part);
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [toText(key), inner]));
  });
}

/** A string that PostgreSQL takes as `text`. */
export function toText(text: string): string {
  return text.replaceAll(REFUSED, '\uFFFD');
}
// With the u flag a pair counts as one character, so this finds the lone ones.
const REFUSED = /[\0\p{Surrogate}]/gu;
