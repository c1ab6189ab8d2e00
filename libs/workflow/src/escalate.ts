import { isOpenAlert } from '@wary/alert/alert-transition.js';
import { attachAlerts, mayJoin, raiseSeverity } from '@wary/incident/incident-alerts.js';
import { isOpenIncident } from '@wary/incident/incident-transition.js';
import { needsIncident, openIncident, titleOf } from '@wary/incident/open-incident.js';
import type { Alert } from '@wary/model/alert.js';
import { entityKey } from '@wary/model/entity.js';
import type { Incident } from '@wary/model/incident.js';
import type { WorkflowTransaction } from '@wary/ports/workflow-store.port.js';
import type { ChangeSet } from './change-set.js';
import { leaveClosed } from './leave-closed.js';

/**
 * High and critical live alerts open an incident or join the open one of the same entity: when they are new, become that severe,
 * or come back from a suppression. One that somebody took out of its incident is left where it is.
 */
export async function escalate(transaction: WorkflowTransaction, set: ChangeSet, alertIds: readonly string[]): Promise<void> {
  const severe = alertIds.map((id) => set.alert(id)!).filter((alert) => alert !== undefined && isOpenAlert(alert.status) && needsIncident(alert));
  if (severe.length === 0) return;
  const ids = new Set(severe.map(({ incidentId }) => incidentId).filter((id) => id !== null));
  if (ids.size > 0) set.readIncidents(await transaction.lockIncidents([...ids]));

  const homeless: Alert[] = [];
  for (const alert of severe) {
    const before = set.alertBefore(alert.id);
    const incident = alert.incidentId === null ? undefined : set.incident(alert.incidentId);
    if (incident !== undefined && isOpenIncident(incident)) {
      const raised = raiseSeverity(incident, alert);
      if (raised !== incident) set.putIncident(raised, 'incident.update');
    } else if (before === null || !isOpenAlert(before.status) || !needsIncident(before)) {
      homeless.push(alert);
    }
  }
  if (homeless.length === 0) return;

  const entities = new Map(homeless.map(({ entity }) => [entityKey(entity), entity]));
  const open = new Map<string, Incident>();
  for (const { entity, incident } of await transaction.lockOpenIncidentsOf([...entities.values()])) {
    set.readIncidents([incident]);
    open.set(entityKey(entity), set.incident(incident.id)!);
  }
  const created = new Map<string, Incident>();
  for (const alert of homeless) {
    const key = entityKey(alert.entity);
    // Two entities may have one home after a merge, so what was changed here counts, not what was read.
    const home = open.get(key);
    const standing = home === undefined ? undefined : created.get(home.id) ?? set.incident(home.id);
    const incident = standing !== undefined && isOpenIncident(standing) && mayJoin(standing)
      ? attachAlerts(standing, [alert], set.by.name, set.now)
      : openIncident({ id: set.newId(), number: 0, tenant: set.tenant, title: titleOf(alert), alerts: [alert], by: set.by.name, now: set.now });
    open.set(key, incident);
    if (incident.number === 0) created.set(incident.id, incident);
    else set.putIncident(incident, 'incident.attach');
    leaveClosed(set, alert);
    set.putAlert({ ...alert, incidentId: incident.id }, 'alert.attach');
  }
  await numberNew(transaction, set, created);
}

async function numberNew(transaction: WorkflowTransaction, set: ChangeSet, created: ReadonlyMap<string, Incident>): Promise<void> {
  if (created.size === 0) return;
  let number = await transaction.takeIncidentNumbers(created.size);
  for (const incident of created.values()) {
    set.putIncident({ ...incident, number }, 'incident.create');
    number += 1;
  }
}
