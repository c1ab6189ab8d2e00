import type { Alert } from '@wary/model/alert.js';
import { WaryError } from '@wary/model/errors.js';
import { severityRank } from '@wary/model/finding.js';
import type { Incident } from '@wary/model/incident.js';
import { assertNotMerged, assertOpen } from './incident-transition.js';
import { highestSeverity } from './open-incident.js';
import { withEntries } from './timeline.js';

/** What people put together; every change of an incident tells all of it, so it cannot grow for ever. */
export const ALERTS_PER_INCIDENT_MAX = 1_000;
/** What joins by itself: more is no case that people can read, the next severe alert opens another. */
export const ALERTS_JOINING_MAX = 200;

export const mayJoin = (incident: Incident): boolean => incident.alertIds.length < ALERTS_JOINING_MAX;
export function assertRoom(incident: Pick<Incident, 'alertIds'>, alerts: number): void {
  if (incident.alertIds.length + alerts > ALERTS_PER_INCIDENT_MAX) throw new WaryError('conflict', `an incident takes ${ALERTS_PER_INCIDENT_MAX} alerts`);
}

/** Alerts join an open incident, which becomes as severe as the worst of them. Those it has already change nothing. */
export function attachAlerts(incident: Incident, alerts: readonly Alert[], by: string, now: number): Incident {
  assertOpen(incident, 'alerts');
  const added = alerts.filter(({ id }) => !incident.alertIds.includes(id));
  if (added.length === 0) return incident;
  assertRoom(incident, added.length);
  const severity = highestSeverity([...added, incident], incident.severity);
  return withEntries({ ...incident, alertIds: [...incident.alertIds, ...added.map(({ id }) => id)], severity }, by, now, added.map((alert) => ({ kind: 'alert_added', text: alert.title, to: alert.id })));
}

/** Alerts leave; `remaining` are those that stay, of which the worst gives the severity. */
export function detachAlerts(incident: Incident, alerts: readonly Alert[], remaining: readonly Alert[], by: string, now: number): Incident {
  assertOpen(incident, 'the removal of alerts');
  const removed = alerts.filter(({ id }) => incident.alertIds.includes(id));
  if (removed.length === 0) return incident;
  const gone = new Set(removed.map(({ id }) => id));
  return withEntries({ ...incident, alertIds: incident.alertIds.filter((id) => !gone.has(id)), severity: highestSeverity(remaining, incident.severity) }, by, now, removed.map((alert) => ({ kind: 'alert_removed', text: alert.title, from: alert.id })));
}

/** An alert of it became worse. */
export const raiseSeverity = (incident: Incident, alert: Pick<Alert, 'severity'>): Incident => (severityRank(alert.severity) > severityRank(incident.severity) ? { ...incident, severity: alert.severity } : incident);

/**
 * `incident` goes into `target`: both keep their ids and their histories, the alerts move, and `incident` still names the ones it brought,
 * so that it can be taken out again.
 */
export function mergeIncidents(incident: Incident, target: Incident, by: string, now: number): { incident: Incident; target: Incident } {
  if (incident.id === target.id) throw new WaryError('conflict', 'an incident cannot be merged into itself');
  assertOpen(incident, 'a merge');
  assertOpen(target, 'a merge');
  const brought = incident.alertIds.filter((id) => !target.alertIds.includes(id));
  assertRoom(target, brought.length);
  return {
    incident: withEntries({ ...incident, mergedInto: target.id }, by, now, [{ kind: 'merged', text: `into #${target.number} ${target.title}`, to: target.id }]),
    target: withEntries({ ...target, alertIds: [...target.alertIds, ...brought], mergedFrom: [...target.mergedFrom, incident.id], severity: highestSeverity([target, incident], target.severity) }, by, now, [{ kind: 'merged', text: `#${incident.number} ${incident.title}`, from: incident.id }]),
  };
}

/** Takes it out again, with those of its alerts that are still in the target. What was merged into the target stays there until its own turn. */
export function unmergeIncidents(incident: Incident, target: Incident, targetAlerts: readonly Alert[], by: string, now: number): { incident: Incident; target: Incident; moved: string[] } {
  if (incident.mergedInto !== target.id) throw new WaryError('illegal_transition', 'this incident is not merged', { allowed: [] });
  assertNotMerged(target);
  if (target.state === 'closed') assertOpen(target, 'an unmerge');
  const back = targetAlerts.filter(({ id }) => incident.alertIds.includes(id));
  const gone = new Set(back.map(({ id }) => id));
  const stay = targetAlerts.filter(({ id }) => !gone.has(id));
  return {
    incident: withEntries({ ...incident, mergedInto: null, alertIds: incident.alertIds.filter((id) => gone.has(id)), severity: highestSeverity(back, incident.severity) }, by, now, [{ kind: 'unmerged', text: `from #${target.number} ${target.title}`, from: target.id }]),
    target: withEntries({ ...target, alertIds: target.alertIds.filter((id) => !gone.has(id)), mergedFrom: target.mergedFrom.filter((id) => id !== incident.id), severity: highestSeverity(stay, target.severity) }, by, now, [{ kind: 'unmerged', text: `#${incident.number} ${incident.title}`, to: incident.id }]),
    moved: [...gone],
  };
}
