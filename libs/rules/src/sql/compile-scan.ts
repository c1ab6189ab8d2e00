import type { Expr } from '../language/expr.js';
import { ConditionCompiler, type Outside } from './compile-test.js';
import { FieldColumns } from './field-columns.js';
import { quoteName, type SqlSource } from './sql-source.js';

/** A condition in SQL. */
export interface CompiledCondition {
  /** 0 or 1, over the columns of `fields`. */
  readonly sql: string;
  /** Where (SQL) the condition has to be decided by the plain evaluator instead; null: nowhere. */
  readonly outside: string | null;
  /** Numbers of the fields it reads: where one of them is among a row's `open_fields`, it is decided by the plain evaluator too. */
  readonly fields: readonly number[];
  readonly reasons: readonly Outside[];
}

/** Conditions over the rows of a source: one SELECT reads the fields, others look at what it gives. */
export interface CompiledScan {
  /**
   * A row for each event: the source's keys, what it carries, `hard_row` (all conditions must be decided outside of SQL), `open_fields`
   * (numbers of fields that SQL did not follow to their end), and the fields' columns.
   */
  readonly fields: string;
  /** The expressions of `hard_row` and `open_fields`, and the columns with the fields they read (null: every value). */
  readonly hard: string;
  readonly open: string;
  readonly columns: readonly { readonly name: string; readonly expr: string; readonly fields: readonly string[] | null }[];
  readonly conditions: readonly CompiledCondition[];
}
/** Of one condition, or of the fields of one: a query has at most 256 KiB unless a server allows more. */
const SQL_BYTES_MAX = 245_000;

export const SETTINGS = "SETTINGS short_circuit_function_evaluation = 'enable'";

/** Each field is read once, whatever the number of conditions. */
export function compileScan(conditions: readonly Expr[], source: SqlSource): CompiledScan {
  const columns = new FieldColumns(source.record, source.whole);
  const compiler = new ConditionCompiler(columns);
  const compiled = conditions.map((condition): CompiledCondition => {
    compiler.outside = new Map();
    columns.used.clear();
    const sql = compiler.compile(condition);
    if (Buffer.byteLength(sql) > SQL_BYTES_MAX) return WHOLLY_OUTSIDE;
    const where = [...compiler.outside.keys()];
    return { sql, outside: where.length === 0 ? null : where.join(' OR '), fields: [...columns.used], reasons: [...new Set(compiler.outside.values())] };
  });
  const hard = 'toUInt8(hard)';
  const open = numbers(columns.open());
  const named = columns.columns();
  const given = [...source.keys.map(quoteName), ...source.carry, `${hard} AS hard_row`, `${open} AS open_fields`, ...named.map(({ name, expr }) => `${expr} AS ${name}`)];
  const fields = `SELECT ${given.join(', ')} FROM (${source.select}) ${SETTINGS}`;
  // What many conditions need is cut by whoever asked; what one needs cannot be.
  if (conditions.length === 1 && compiled[0] !== WHOLLY_OUTSIDE && Buffer.byteLength(fields) > SQL_BYTES_MAX) return { ...compileScan([], source), conditions: [WHOLLY_OUTSIDE] };
  return { hard, open, columns: named, conditions: compiled, fields };
}
const WHOLLY_OUTSIDE: CompiledCondition = { sql: '0', outside: '1', fields: [], reasons: ['sql-size'] };

/** Rows of which SQL does not decide: keys, and what the source carries. `from`: a table with what `fields` gives, or `(${fields})`. */
export const hardRows = (source: SqlSource, from: string): string => `SELECT ${[...source.keys.map(quoteName), ...source.carry].join(', ')} FROM ${from} WHERE hard_row ${SETTINGS}`;

/**
 * The other rows, of which anything is to be said: keys, the numbers of the conditions that hold, the numbers of those to be decided
 * outside, the fields that are open, and what the source carries: texts that are empty unless something is to be decided outside or a
 * `carried` condition holds.
 */
export function matchingRows(conditions: readonly CompiledCondition[], source: SqlSource, from: string, carried: readonly number[] = []): string {
  const keys = source.keys.map(quoteName);
  const hits = numbers(conditions.map(({ sql }, index) => [index, sql]));
  const doubts = numbers(conditions.flatMap(({ outside }, index) => (outside === null ? [] : [[index, outside] as const])));
  const read = [...new Set(conditions.flatMap(({ fields }) => fields))];
  const isOpen = read.length === 0 ? '0' : `hasAny(open_fields, ${list(read)})`;
  const asked = carried.length === 0 ? '' : ` OR hasAny(hits, ${list(carried)})`;
  const given = [...keys, 'hits', 'doubts', 'open_fields', ...source.carry.map((name) => `if(notEmpty(doubts) OR is_open${asked}, ${name}, '') AS carried_${name}`)];
  // A join with a list drops the rows of an empty one. WHERE would do the same, and make the engine plan every condition twice.
  return `SELECT ${given.join(', ')} FROM (SELECT ${[...keys, ...source.carry, 'open_fields', `${isOpen} AS is_open`, `${hits} AS hits`, `${doubts} AS doubts`].join(', ')} FROM ${from} WHERE NOT hard_row) ARRAY JOIN if(notEmpty(hits) OR notEmpty(doubts) OR is_open, [1], []) AS any ${SETTINGS}`;
}

const list = (of: readonly number[]): string => `[${of.map((each) => `toUInt16(${each})`).join(', ')}]`;
/** The numbers whose expression is not 0. */
const numbers = (of: readonly (readonly [number, string])[]): string => (of.length === 0 ? 'emptyArrayUInt16()' : `arrayFilter((n, r) -> r, ${list(of.map(([index]) => index))}, [${of.map(([, sql]) => `toUInt8(${sql})`).join(', ')}])`);
