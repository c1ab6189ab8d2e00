import type { Alert } from '@wary/model/alert.js';
import type { Incident } from '@wary/model/incident.js';

type Thing = Alert | Incident;
type Fields = Record<string, unknown>;

/** Not told again in the audit: book-keeping, and evidence that the finding store keeps revision by revision. */
const LEFT_OUT: ReadonlySet<string> = new Set(['seq', 'version', 'updatedAt', 'explanation', 'timeline', 'notes']);
/** What is said of a new thing. */
const OF_NEW: readonly string[] = ['title', 'status', 'state', 'severity', 'entity', 'reason', 'historical', 'strength', 'incidentId', 'suppressionId', 'number', 'alertIds'];

/** The fields of an alert or incident that differ, as they were and as they are; of lists only what left and what came. */
export function whatChanged(before: Thing | null, after: Thing): { before: Fields | null; after: Fields } {
  const now = after as unknown as Fields;
  if (before === null) return { before: null, after: Object.fromEntries(OF_NEW.filter((key) => key in now).map((key) => [key, now[key]])) };
  const was = before as unknown as Fields;
  const from: Fields = {};
  const to: Fields = {};
  for (const key of Object.keys(now)) {
    const old = was[key];
    const value = now[key];
    if (LEFT_OUT.has(key) || old === value) continue;
    if (Array.isArray(old) && Array.isArray(value)) {
      const [left, came] = [old.filter((item) => !value.includes(item)), value.filter((item) => !old.includes(item))];
      if (left.length > 0) from[key] = left;
      if (came.length > 0) to[key] = came;
    } else if (JSON.stringify(old) !== JSON.stringify(value)) {
      from[key] = old;
      to[key] = value;
    }
  }
  if (after.notes.length > before.notes.length) to['note'] = after.notes.at(-1)!.text;
  return { before: from, after: to };
}
