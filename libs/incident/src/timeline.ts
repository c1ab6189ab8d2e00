import type { Incident, TimelineEntry } from '@wary/model/incident.js';

export interface EntryDraft { readonly kind: TimelineEntry['kind']; readonly text?: string; readonly from?: string | null; readonly to?: string | null }

/**
 * The incident with what happened to it. Ids are made of the version that the change will have and a running number:
 * unique within the incident, and the same when a transaction is repeated.
 */
export function withEntries(incident: Incident, by: string, now: number, drafts: readonly EntryDraft[]): Incident {
  const first = incident.timeline.filter(({ id }) => id.startsWith(`${incident.version + 1}.`)).length;
  const entries = drafts.map(({ kind, text = '', from = null, to = null }, index): TimelineEntry => ({ id: `${incident.version + 1}.${first + index + 1}`, at: now, by, kind, text, from, to }));
  const notes = entries.filter(({ kind }) => kind === 'note').map(({ id, at, text }) => ({ id, at, by, text }));
  return { ...incident, timeline: [...incident.timeline, ...entries], notes: notes.length === 0 ? incident.notes : [...incident.notes, ...notes] };
}
