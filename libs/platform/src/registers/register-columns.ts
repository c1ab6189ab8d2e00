import { REGISTER_SCHEMAS, type RegisterName } from '@wary/model/registers.js';
import { readCell, writeCell } from '../http/csv-cell.js';

type ColumnKind = 'text' | 'boolean' | 'list';
export interface Column { readonly name: string; readonly kind: ColumnKind }

interface SchemaDef { readonly def: { readonly type: string; readonly innerType?: SchemaDef } }

/** The columns of a register's file, in the order of its schema: one place says what a row has. */
export function columnsOf(register: RegisterName): readonly Column[] {
  return Object.entries(REGISTER_SCHEMAS[register].shape).map(([name, schema]) => {
    let { def } = schema as unknown as SchemaDef;
    while (def.innerType !== undefined) def = def.innerType.def;
    return { name, kind: def.type === 'array' ? 'list' : def.type === 'boolean' ? 'boolean' : 'text' };
  });
}

/** The value of a cell for the schema to judge; undefined leaves the default. Items of a list are separated by `;`, or written as a JSON array. */
export function valueOf(column: Column, cell: string): unknown {
  const text = readCell(cell);
  if (text === '') return undefined;
  if (column.kind === 'text') return text;
  if (column.kind === 'boolean') return BOOLEANS.get(text.trim().toLowerCase()) ?? text;
  if (!text.trimStart().startsWith('[')) return text.split(';').map((item) => item.trim()).filter((item) => item !== '');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
const BOOLEANS = new Map([['true', true], ['yes', true], ['1', true], ['false', false], ['no', false], ['0', false]]);

export function cellOf(column: Column, value: unknown): string {
  if (column.kind !== 'list') return writeCell(String(value));
  const items = value as readonly string[];
  const plain = items.every((item) => item !== '' && item === item.trim() && !item.includes(';')) && !(items[0] ?? '').startsWith('[');
  return writeCell(plain ? items.join(';') : JSON.stringify(items));
}
