import type { TimelineEntry } from '@wary/model/incident.js';
import { sentence } from '../ui/format.js';

const FALLBACK: Record<TimelineEntry['kind'], string> = {
  created: 'Created', acknowledged: 'Acknowledged', assigned: 'Assigned', moved: 'Moved', note: 'Note added', alert_added: 'Alert attached', alert_removed: 'Alert detached', merged: 'Merged', unmerged: 'Unmerged', closed: 'Closed', reopened: 'Reopened',
};

/** An entry in words. Moves and assignments are said from their ends, everything else by its text or by its kind. */
export function timelineText(entry: Pick<TimelineEntry, 'kind' | 'text' | 'from' | 'to'>): string {
  const said = entry.text.trim();
  const because = said === '' ? '' : `: ${said}`;
  switch (entry.kind) {
    case 'moved': return entry.to ? `Moved${entry.from ? ` from ${sentence(entry.from).toLowerCase()}` : ''} to ${sentence(entry.to).toLowerCase()}${because}` : `Moved${because}`;
    case 'assigned': return entry.to ? `Assigned to ${entry.to}` : 'Assigned to nobody';
    case 'note': return said === '' ? FALLBACK.note : `Note: ${said}`;
    default: return said === '' ? FALLBACK[entry.kind] : `${FALLBACK[entry.kind]}${because}`;
  }
}
