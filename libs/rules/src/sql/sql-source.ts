import { quoteText } from './quote-sql.js';
import { json, type SqlNode } from './sql-node.js';

/** Rows that rules are compiled over: a table of JSON texts, the events table, or anything else with a record in it. */
export interface SqlSource {
  /** The innermost SELECT: gives `keys` and whatever the nodes read; `hard` is one of its columns. */
  readonly select: string;
  /** Names of a row, in the order they are selected. */
  readonly keys: readonly string[];
  /** What fields are looked up in. */
  readonly record: SqlNode;
  /** What keywords are looked for in. */
  readonly whole: SqlNode;
  /** Columns that are given back of rows that are decided outside of SQL (or asked for): what the event is read from. */
  readonly carry: readonly string[];
}

/**
 * JSON that the engine's reader (simdjson) does not read as JavaScript does, or not at all; such a row is decided outside of SQL: no
 * object, a lone surrogate, a number beyond 64 bits, and numbers with a fraction or an exponent that stand for integers beyond 2^53.
 */
export function unreadable(text: string, pairs: string): string {
  return `((empty(${pairs}) AND NOT match(${text}, '^[ \\\\t\\\\r\\\\n]*[\\x7b][ \\\\t\\\\r\\\\n]*[\\x7d][ \\\\t\\\\r\\\\n]*$')) OR match(${text}, ${quoteText(INEXACT)}))`;
}
const INEXACT = '[:,\\[ \\t\\r\\n]-?(?:[0-9]{16,}\\.|[0-9]+(?:\\.[0-9]+)?[eE]\\+?[0-9]|[0-9]{20})';

export interface JsonTable {
  /** What stands after FROM, as SQL; the caller's own text. */
  readonly from: string;
  /** The column with one event's JSON text, and, when keywords are looked for in more than it, the column with that. */
  readonly column: string;
  readonly wholeColumn?: string;
  /** Columns that name a row. */
  readonly keys: readonly string[];
  readonly where?: string;
  /** Whether the texts are given back for rows that are decided outside of SQL; otherwise the caller reads them. */
  readonly carries?: boolean;
}

/** JSON texts in a column, whatever wrote them. */
export function jsonSource({ from, column, wholeColumn, keys, where, carries = true }: JsonTable): SqlSource {
  const name = quoteName(column);
  const pairs = `JSONExtractKeysAndValuesRaw(${name})`;
  const whole = wholeColumn === undefined || wholeColumn === column ? null : quoteName(wholeColumn);
  const hard = whole === null ? unreadable(name, pairs) : `${unreadable(name, pairs)} OR (${whole} != '' AND ${unreadable(whole, `JSONExtractKeysAndValuesRaw(${whole})`)})`;
  const record: SqlNode = { kind: 'root', keys: 'record_keys', values: 'record_values' };
  return {
    select: `SELECT ${[...keys.map(quoteName), `${name} AS record_text`, `arrayReverse(tupleElement(${pairs}, 1)) AS record_keys`, `arrayReverse(tupleElement(${pairs}, 2)) AS record_values`, ...(whole === null ? [] : [`if(${whole} = '', ${name}, ${whole}) AS whole_text`]), `${hard} AS hard`].join(', ')} FROM ${from}${where === undefined ? '' : ` WHERE ${where}`}`,
    keys, record, whole: whole === null ? record : json('whole_text'), carry: !carries ? [] : ['record_text', ...(whole === null ? [] : ['whole_text'])],
  };
}

/** A column's name, whatever it is called. */
export const quoteName = (name: string): string => (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `\`${name.replaceAll(/[\\`{}]/g, (char) => `\\x${char.charCodeAt(0).toString(16)}`)}\``);
