import { actOnAlert } from '@wary/alert/act-on-alert.js';
import { isOpenAlert } from '@wary/alert/alert-transition.js';
import { actOnIncident } from '@wary/incident/act-on-incident.js';
import { assertRoom, attachAlerts, detachAlerts, mergeIncidents, unmergeIncidents } from '@wary/incident/incident-alerts.js';
import { assertOpen, isOpenIncident } from '@wary/incident/incident-transition.js';
import { openIncident } from '@wary/incident/open-incident.js';
import type { Alert } from '@wary/model/alert.js';
import { WaryError } from '@wary/model/errors.js';
import type { Incident } from '@wary/model/incident.js';
import type { IncidentAction } from '@wary/ports/workflow.port.js';
import type { WorkflowTransaction } from '@wary/ports/workflow-store.port.js';
import type { ChangeSet } from './change-set.js';
import { leaveClosed } from './leave-closed.js';

/** A person opens an incident, with alerts or without any yet. */
export async function createIncident(transaction: WorkflowTransaction, set: ChangeSet, title: string, alertIds: readonly string[]): Promise<string> {
  const alerts = await readAlerts(transaction, set, alertIds);
  assertRoom({ alertIds: [] }, alerts.length);
  await takeFromOthers(transaction, set, alerts);
  const number = await transaction.takeIncidentNumbers(1);
  const incident = openIncident({ id: set.newId(), number, tenant: set.tenant, title, alerts, by: set.by.name, now: set.now });
  set.putIncident(incident, 'incident.create');
  for (const { id } of alerts) set.putAlert({ ...set.alert(id)!, incidentId: incident.id }, 'alert.attach');
  return incident.id;
}

/** One act of a person on one incident that was read into the set. */
export async function actOn(transaction: WorkflowTransaction, set: ChangeSet, incident: Incident, action: IncidentAction): Promise<void> {
  switch (action.kind) {
    case 'alerts': return changeAlerts(transaction, set, incident, action.add, action.remove);
    case 'merge': return merge(transaction, set, incident, action.into);
    case 'unmerge': return unmerge(transaction, set, incident);
    case 'assign': case 'acknowledge': case 'note': case 'transition': {
      const after = actOnIncident(incident, action, set.by.name, set.now);
      if (after === incident) return;
      set.putIncident(after, action.kind === 'transition' ? `incident.${after.timeline.at(-1)!.kind === 'closed' ? 'close' : after.timeline.at(-1)!.kind === 'reopened' ? 'reopen' : 'transition'}` : `incident.${action.kind}`);
      if (action.kind === 'transition' && action.to === 'closed') await resolveOpenAlerts(transaction, set, after);
    }
  }
}

/** Closing settles the open alerts in it with the same verdict. What is suppressed stays so until its suppression ends. */
async function resolveOpenAlerts(transaction: WorkflowTransaction, set: ChangeSet, incident: Incident): Promise<void> {
  for (const alert of await readAlertsOf(transaction, set, incident)) {
    if (isOpenAlert(alert.status)) set.putAlert(actOnAlert(alert, { kind: 'resolve', verdict: incident.verdict!, reason: incident.closeReason! }, set.by.name, set.now), 'alert.resolve');
  }
}

async function changeAlerts(transaction: WorkflowTransaction, set: ChangeSet, incident: Incident, add: readonly string[], remove: readonly string[]): Promise<void> {
  const both = add.find((id) => remove.includes(id));
  if (both !== undefined) throw new WaryError('validation_failed', `alert ${both} is to be added and removed at once`);
  assertOpen(incident, 'a change of its alerts');
  let after = incident;
  if (remove.length > 0) {
    const present = await readAlertsOf(transaction, set, incident);
    const gone = (await readAlerts(transaction, set, remove)).filter(({ incidentId }) => incidentId === incident.id);
    after = detachAlerts(after, gone, present.filter(({ id }) => !remove.includes(id)), set.by.name, set.now);
    for (const alert of gone) set.putAlert({ ...alert, incidentId: null }, 'alert.detach');
  }
  if (add.length > 0) {
    const joining = (await readAlerts(transaction, set, add)).filter(({ incidentId }) => incidentId !== incident.id);
    await takeFromOthers(transaction, set, joining);
    after = attachAlerts(after, joining, set.by.name, set.now);
    for (const { id } of joining) set.putAlert({ ...set.alert(id)!, incidentId: incident.id }, 'alert.attach');
  }
  if (after !== incident) set.putIncident(after, 'incident.alerts');
}

async function merge(transaction: WorkflowTransaction, set: ChangeSet, incident: Incident, into: string): Promise<void> {
  const target = await readIncident(transaction, set, into);
  const merged = mergeIncidents(incident, target, set.by.name, set.now);
  set.putIncident(merged.incident, 'incident.merge');
  set.putIncident(merged.target, 'incident.merge');
  for (const alert of await readAlertsOf(transaction, set, incident)) set.putAlert({ ...alert, incidentId: target.id }, 'alert.attach');
}

async function unmerge(transaction: WorkflowTransaction, set: ChangeSet, incident: Incident): Promise<void> {
  if (incident.mergedInto === null) throw new WaryError('illegal_transition', 'this incident is not merged into another', { allowed: [] });
  const target = await readIncident(transaction, set, incident.mergedInto);
  const parted = unmergeIncidents(incident, target, await readAlertsOf(transaction, set, target), set.by.name, set.now);
  set.putIncident(parted.incident, 'incident.unmerge');
  set.putIncident(parted.target, 'incident.unmerge');
  for (const id of parted.moved) set.putAlert({ ...set.alert(id)!, incidentId: incident.id }, 'alert.attach');
}

/** An alert is in one incident at a time: an open one keeps it (`conflict`), a closed one lets it go and says so in its timeline. */
async function takeFromOthers(transaction: WorkflowTransaction, set: ChangeSet, alerts: readonly Alert[]): Promise<void> {
  const ids = [...new Set(alerts.map(({ incidentId }) => incidentId).filter((id) => id !== null))];
  if (ids.length === 0) return;
  set.readIncidents(await transaction.lockIncidents(ids));
  for (const alert of alerts) {
    const other = alert.incidentId === null ? undefined : set.incident(alert.incidentId);
    if (other !== undefined && isOpenIncident(other)) throw new WaryError('conflict', `alert ${alert.id} is in incident #${other.number}; take it out there, or merge the incidents`, { incidentId: other.id });
    leaveClosed(set, alert);
  }
}

async function readIncident(transaction: WorkflowTransaction, set: ChangeSet, id: string): Promise<Incident> {
  set.readIncidents(await transaction.lockIncidents([id]));
  const incident = set.incident(id);
  if (incident === undefined) throw new WaryError('not_found', `There is no incident ${id}`);
  return incident;
}

async function readAlerts(transaction: WorkflowTransaction, set: ChangeSet, ids: readonly string[]): Promise<Alert[]> {
  if (ids.length > 0) set.readAlerts((await transaction.lockAlerts({ ids })).map(({ alert }) => alert));
  return [...new Set(ids)].map((id) => {
    const alert = set.alert(id);
    if (alert === undefined) throw new WaryError('not_found', `There is no alert ${id}`);
    return alert;
  });
}

/** Those that are in it now. */
const readAlertsOf = async (transaction: WorkflowTransaction, set: ChangeSet, incident: Incident): Promise<Alert[]> =>
  (await readAlerts(transaction, set, incident.alertIds)).filter(({ incidentId }) => incidentId === incident.id);
