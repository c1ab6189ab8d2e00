import type { Buffer } from 'node:buffer';
import { ByteBuffer } from './byte-buffer.js';
import type { Column } from './column.js';

/** What an insert sends: the columns that say anything, and their bytes in order. */
export interface NativeBlock {
  readonly columns: readonly string[];
  /** `name type, …`, escaped for a string in SQL. */
  readonly structure: string;
  readonly rows: number;
  readonly chunks: readonly Buffer[];
  readonly byteLength: number;
}

/**
 * One block of ClickHouse's Native format: count of columns, count of rows, then for each column its name, type and data
 * (ClickHouse, NativeReader). Columns that hold only defaults are left out: the engine fills them in for less.
 */
export function nativeBlock(columns: readonly Column[], rows: number): NativeBlock {
  const sent = columns.filter((column) => !column.allDefault);
  const names = sent.map(({ name }) => name);
  const chunks: Buffer[] = [];
  sent.forEach((column, index) => {
    const header = new ByteBuffer(128);
    if (index === 0) {
      header.varUint(sent.length);
      header.varUint(rows);
    }
    header.text(column.name);
    header.text(column.type);
    chunks.push(header.view());
    column.collect(chunks);
  });
  const structure = sent.map(({ name, type }) => `${name} ${type}`).join(', ').replaceAll("'", "\\'");
  return { columns: names, structure, rows, chunks, byteLength: chunks.reduce((sum, chunk) => sum + chunk.length, 0) };
}
