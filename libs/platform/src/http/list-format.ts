import type { FastifyReply } from 'fastify';
import { writeCell } from './csv-cell.js';

interface Page<T> { readonly items: readonly T[]; readonly next: string | null }

const csvCell = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  return typeof value === 'number' ? String(value) : writeCell(typeof value === 'object' ? JSON.stringify(value) : String(value));
};

export function toCsv(rows: readonly object[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [columns.map(writeCell).join(',')];
  for (const row of rows) lines.push(columns.map((column) => csvCell((row as Record<string, unknown>)[column])).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

/** A list as JSON, or as CSV or NDJSON where `Accept` asks for it; the cursor of the next page is a header then. */
export function answerList<T extends object>(accept: string | undefined, page: Page<T>, reply: FastifyReply): unknown {
  const wanted = accept ?? '';
  if (!wanted.includes('text/csv') && !wanted.includes('application/x-ndjson')) return page;
  if (page.next !== null) void reply.header('x-next-cursor', page.next);
  if (wanted.includes('text/csv')) {
    void reply.type('text/csv; charset=utf-8').header('content-disposition', 'attachment; filename="export.csv"');
    return toCsv(page.items);
  }
  void reply.type('application/x-ndjson');
  return page.items.map((item) => `${JSON.stringify(item)}\n`).join('');
}
