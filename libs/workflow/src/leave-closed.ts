import { assertNotMerged } from '@wary/incident/incident-transition.js';
import { withEntries } from '@wary/incident/timeline.js';
import type { Alert } from '@wary/model/alert.js';
import type { ChangeSet } from './change-set.js';

/** An alert that goes on elsewhere leaves its closed incident, and the timeline of that says so. The incident was read into the set. */
export function leaveClosed(set: ChangeSet, alert: Alert): void {
  const closed = alert.incidentId === null ? undefined : set.incident(alert.incidentId);
  if (closed === undefined) return;
  assertNotMerged(closed);
  set.putIncident(withEntries({ ...closed, alertIds: closed.alertIds.filter((id) => id !== alert.id) }, set.by.name, set.now, [{ kind: 'alert_removed', text: alert.title, from: alert.id }]), 'incident.alerts');
}
