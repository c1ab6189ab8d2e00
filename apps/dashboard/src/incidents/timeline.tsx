import type { TimelineEntry } from '@wary/model/incident.js';
import { Icon, type IconName } from '../ui/icon.js';
import { At } from '../ui/time.js';
import { timelineText } from './timeline-text.js';

const ICONS: Record<TimelineEntry['kind'], IconName> = {
  created: 'plus', acknowledged: 'check', assigned: 'user', moved: 'right', note: 'copy', alert_added: 'alerts', alert_removed: 'mute', merged: 'link', unmerged: 'link', closed: 'check', reopened: 'left',
};

/** Newest first: what just happened is what is asked for. */
export function Timeline({ entries }: { entries: readonly TimelineEntry[] }) {
  return (
    <ol className="timeline">
      {[...entries].sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1)).map((entry) => (
        <li key={entry.id}><span className="timeline-icon"><Icon name={ICONS[entry.kind]} size={14} /></span><div><p>{timelineText(entry)}</p><p className="faint"><At at={entry.at} /> · {entry.by}</p></div></li>
      ))}
    </ol>
  );
}
