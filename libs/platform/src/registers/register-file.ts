import { WaryError } from '@wary/model/errors.js';
import { API_LIMITS } from '@wary/model/limits.js';
import { REGISTER_SCHEMAS, type RegisterName, type RegisterRow } from '@wary/model/registers.js';
import { CsvError, parse } from 'csv-parse/sync';
import { writeCell } from '../http/csv-cell.js';
import { cellOf, columnsOf, valueOf } from './register-columns.js';
import { checkRow } from './row-checks.js';

export const REGISTER_FORMATS = ['csv', 'json', 'ndjson'] as const;
export type RegisterFormat = (typeof REGISTER_FORMATS)[number];

/** `line`: of the file (CSV), or the number of the row from 1 (JSON). */
export interface RowError { readonly line: number; readonly path: string; readonly message: string }

interface RawRow { readonly line: number; readonly value: unknown }

const ERRORS_REPORTED_MAX = 100;
/** Rows judged between two turns of the event loop: sockets and health answers never wait long for a large file. */
const ROWS_PER_TURN = 2_000;
const ROW_CHARS_MAX = 256 * 1024;

/** Rows of a CSV file: a line of column names, then the rows; empty cells leave the default. */
export async function parseRegisterCsv<N extends RegisterName>(register: N, text: string): Promise<Array<RegisterRow<N>>> {
  return judge(register, csvRows(register, text));
}

/** Rows as JSON gives them: an array, or an object with the array in `items` (what `GET` answers). Text is parsed. */
export async function parseRegisterJson<N extends RegisterName>(register: N, content: unknown): Promise<Array<RegisterRow<N>>> {
  let value = content;
  if (typeof value === 'string') {
    try {
      value = JSON.parse(value.replace(/^\uFEFF/, ''));
    } catch {
      throw new WaryError('bad_request', 'The file is not valid JSON');
    }
  }
  const rows: unknown = Array.isArray(value) ? value : (value as { items?: unknown } | null | undefined)?.items;
  if (!Array.isArray(rows)) throw new WaryError('validation_failed', 'Send an array of rows, or an object with the rows in "items"', { errors: [{ path: '', message: 'is neither an array nor has "items"' }] });
  return judge(register, rows.map((row, index) => ({ line: index + 1, value: row as unknown })));
}

/** The register as a file that the parsers above take back. */
export function formatRegister<N extends RegisterName>(register: N, rows: ReadonlyArray<RegisterRow<N>>, format: RegisterFormat): string {
  if (format === 'json') return `${JSON.stringify(rows, null, 2)}\n`;
  if (format === 'ndjson') return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  const columns = columnsOf(register);
  const lines = [columns.map(({ name }) => writeCell(name)).join(',')];
  for (const row of rows) lines.push(columns.map((column) => cellOf(column, (row as Record<string, unknown>)[column.name])).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

/** All rows, or an error that names every wrong one: a register is never half replaced. */
async function judge<N extends RegisterName>(register: N, raw: readonly RawRow[]): Promise<Array<RegisterRow<N>>> {
  if (raw.length > API_LIMITS.registerRowsMax) throw tooMany(raw.length);
  const schema = REGISTER_SCHEMAS[register];
  const rows: Array<RegisterRow<N>> = [];
  const errors: RowError[] = [];
  const lineOf = new Map<string, number>();
  for (const [index, { line, value }] of raw.entries()) {
    if (index > 0 && index % ROWS_PER_TURN === 0) await new Promise(setImmediate);
    const result = schema.safeParse(value);
    if (!result.success) {
      errors.push(...result.error.issues.map(({ path, message }) => ({ line, path: path.join('.'), message })));
      continue;
    }
    const row = result.data as RegisterRow<N>;
    errors.push(...checkRow(register, row).map((problem) => ({ line, ...problem })));
    const first = lineOf.get(row.id);
    if (first === undefined) lineOf.set(row.id, line);
    else errors.push({ line, path: 'id', message: `is already in line ${first}` });
    rows.push(row);
  }
  if (errors.length > 0) throw refused(errors);
  return rows;
}

function csvRows(register: RegisterName, text: string): RawRow[] {
  let records: Array<{ record: string[]; info: { lines: number } }>;
  try {
    records = parse(text, { bom: true, info: true, skip_empty_lines: true, relax_column_count: true, max_record_size: ROW_CHARS_MAX }) as never;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw refused([{ line: Number((error as unknown as { lines?: number }).lines ?? 0), path: '', message: error.message.replace(/ at line \d+/, '') }]);
  }
  const head = records.shift();
  if (head === undefined) throw refused([{ line: 1, path: '', message: `the first line must name the columns: ${columnsOf(register).map(({ name }) => name).join(',')}` }]);
  const known = new Map(columnsOf(register).map((column) => [column.name, column]));
  const names = head.record.map((name) => name.trim());
  const wrong = names.filter((name, index) => !known.has(name) || names.indexOf(name) !== index);
  if (wrong.length > 0) throw refused(wrong.map((path) => ({ line: head.info.lines, path, message: `is ${known.has(path) ? 'there twice' : `no column; there are ${[...known.keys()].join(', ')}`}` })));
  return records.map(({ record, info: { lines: line } }) => {
    const value: Record<string, unknown> = {};
    for (const [index, name] of names.entries()) {
      const cell = valueOf(known.get(name)!, record[index] ?? '');
      if (cell !== undefined) value[name] = cell;
    }
    if (record.length > names.length) value[`column ${names.length + 1}`] = record[names.length];
    return { line, value };
  });
}

function refused(errors: readonly RowError[]): WaryError {
  const more = errors.length - ERRORS_REPORTED_MAX;
  return new WaryError('validation_failed', `${errors.length} ${errors.length === 1 ? 'error' : 'errors'}; nothing was changed`, { errors: errors.slice(0, ERRORS_REPORTED_MAX), ...(more > 0 ? { errorsMore: more } : {}) });
}

const tooMany = (rows: number): WaryError => new WaryError('batch_too_large', `${rows} rows; a register may have ${API_LIMITS.registerRowsMax}`);
