import { WaryError } from '@wary/model/errors.js';

interface Row { readonly id: string }
export interface RowPage { readonly items: readonly Row[]; readonly next: string | null }

/** Rows stand by id; a page begins after the id in the cursor. `q` is looked for in all values. */
export function pageOfRows(rows: readonly Row[], { q, limit, cursor }: { q?: string | undefined; limit: number; cursor?: string | undefined }): RowPage {
  const after = cursor === undefined ? null : readCursor(cursor);
  const wanted = q?.toLowerCase();
  const items: Row[] = [];
  for (let index = after === null ? 0 : firstAfter(rows, after); index < rows.length; index += 1) {
    const row = rows[index]!;
    if (wanted !== undefined && !Object.values(row).some((value) => String(value).toLowerCase().includes(wanted))) continue;
    if (items.length === limit) return { items, next: Buffer.from(JSON.stringify([items.at(-1)!.id])).toString('base64url') };
    items.push(row);
  }
  return { items, next: null };
}

function firstAfter(rows: readonly Row[], id: string): number {
  const index = rows.findIndex((row) => row.id > id);
  return index < 0 ? rows.length : index;
}

function readCursor(cursor: string): string {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(key) && key.length === 1 && typeof key[0] === 'string') return key[0];
  } catch {
    // One answer for everything that is no cursor of ours.
  }
  throw new WaryError('bad_request', 'The cursor is not one of this list; start again without it');
}
