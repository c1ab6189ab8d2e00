import type { Alert } from '@wary/model/alert.js';
import { plural, sentence } from '../ui/format.js';

export interface HistoryLine { readonly at: number; readonly text: string; readonly by: string | null }

/** What happened to the alert itself, oldest first, from what it carries. */
export function alertHistory(alert: Alert): HistoryLine[] {
  const lines: HistoryLine[] = [
    { at: alert.firstSeen, text: 'First event in it', by: null },
    { at: alert.createdAt, text: alert.historical ? 'Raised from history: notified nobody' : 'Raised', by: null },
  ];
  if (alert.findingCount > 1) lines.push({ at: alert.lastSeen, text: `${plural(alert.findingCount, 'finding')} grouped so far`, by: null });
  if (alert.acknowledgedAt !== null) lines.push({ at: alert.acknowledgedAt, text: 'Acknowledged', by: alert.acknowledgedBy });
  for (const note of alert.notes) lines.push({ at: note.at, text: 'Note added', by: note.by });
  if (alert.resolvedAt !== null) lines.push({ at: alert.resolvedAt, text: `Resolved${alert.verdict ? `: ${sentence(alert.verdict)}` : ''}${alert.resolution ? `, “${alert.resolution}”` : ''}`, by: null });
  return lines.map((line, index) => ({ line, index })).sort((a, b) => a.line.at - b.line.at || a.index - b.index).map(({ line }) => line);
}
