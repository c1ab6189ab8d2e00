import { WaryError } from '@wary/model/errors.js';
import type { RuleSummary } from './rule-views.js';

export interface RuleQuery {
  readonly q?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly level?: readonly string[] | undefined;
  readonly origin?: readonly string[] | undefined;
  /** Only those that do not run because something is wrong with them, or only the others. */
  readonly problem?: boolean | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** By title, then id; a page begins after the pair in the cursor. `q` is looked for in title, id, file and tags. */
export function pageOfRules(rows: readonly RuleSummary[], { q, enabled, level, origin, problem, limit, cursor }: RuleQuery): { items: RuleSummary[]; next: string | null } {
  const wanted = q?.toLowerCase();
  const after = cursor === undefined ? null : readCursor(cursor);
  const found = rows
    .filter((row) => (enabled === undefined || row.enabled === enabled) && (level === undefined || level.includes(row.level)) && (origin === undefined || origin.includes(row.origin)) && (problem === undefined || (row.problem !== null) === problem))
    .filter((row) => wanted === undefined || [row.title, row.id, row.file, ...row.tags].some((text) => text.toLowerCase().includes(wanted)))
    .sort(byTitle);
  const items = found.filter((row) => after === null || byTitle(row, after) > 0).slice(0, limit + 1);
  const page = items.slice(0, limit);
  const last = page.at(-1);
  return { items: page, next: items.length > limit && last !== undefined ? Buffer.from(JSON.stringify([last.title, last.id])).toString('base64url') : null };
}

type Key = Pick<RuleSummary, 'title' | 'id'>;
const byTitle = (left: Key, right: Key): number => (left.title < right.title ? -1 : left.title > right.title ? 1 : left.id < right.id ? -1 : left.id > right.id ? 1 : 0);

function readCursor(cursor: string): Key {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(key) && key.length === 2 && typeof key[0] === 'string' && typeof key[1] === 'string') return { title: key[0], id: key[1] };
  } catch {
    // One answer for everything that is no cursor of ours.
  }
  throw new WaryError('bad_request', 'The cursor is not one of this list; start again without it');
}
