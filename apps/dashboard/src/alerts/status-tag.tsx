import type { AlertStatus } from '@wary/model/alert.js';
import { sentence } from '../ui/format.js';
import { Icon, type IconName } from '../ui/icon.js';

const ICONS: Record<AlertStatus, IconName> = { triggered: 'alerts', acknowledged: 'user', resolved: 'check', suppressed: 'mute' };

export function StatusTag({ status }: { status: AlertStatus }) {
  return <span className={`status status-${status}`}><Icon name={ICONS[status]} size={14} />{sentence(status)}</span>;
}
