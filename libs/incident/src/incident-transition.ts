import { WaryError } from '@wary/model/errors.js';
import { INCIDENT_STATES, type Incident, type IncidentState } from '@wary/model/incident.js';

/**
 * Where an incident may go. Forward one stage at a time; a later stage may go back one; from any stage it can be closed, with verdict
 * and reason (so a false positive closes from `new`); closed goes to triage, which is reopening. The test is this table.
 */
export const INCIDENT_TRANSITIONS: { readonly [S in IncidentState]: readonly IncidentState[] } = {
  new: ['triage', 'closed'],
  triage: ['contain', 'new', 'closed'],
  contain: ['eradicate', 'triage', 'closed'],
  eradicate: ['recover', 'contain', 'closed'],
  recover: ['eradicate', 'closed'],
  closed: ['triage'],
};

/** One that was merged has no moves of its own: it follows the other until it is unmerged. */
export const allowedMoves = (incident: Pick<Incident, 'state' | 'mergedInto'>): readonly IncidentState[] => (incident.mergedInto === null ? INCIDENT_TRANSITIONS[incident.state] : []);

export const isOpenIncident = (incident: Pick<Incident, 'state' | 'mergedInto'>): boolean => incident.state !== 'closed' && incident.mergedInto === null;

export const isForward = (from: IncidentState, to: IncidentState): boolean => INCIDENT_STATES.indexOf(to) > INCIDENT_STATES.indexOf(from);

export function assertMove(incident: Pick<Incident, 'state' | 'mergedInto'>, to: IncidentState): void {
  assertNotMerged(incident);
  const allowed = INCIDENT_TRANSITIONS[incident.state];
  if (!allowed.includes(to)) throw new WaryError('illegal_transition', `an incident in ${incident.state} cannot go to ${to}`, { state: incident.state, allowed });
}

/** For acts that need an open incident, whatever its stage. */
export function assertOpen(incident: Pick<Incident, 'state' | 'mergedInto'>, act: string): void {
  assertNotMerged(incident);
  if (incident.state === 'closed') throw new WaryError('illegal_transition', `a closed incident does not take ${act}; reopen it first`, { state: incident.state, allowed: INCIDENT_TRANSITIONS.closed });
}

export function assertNotMerged(incident: Pick<Incident, 'mergedInto'>): void {
  if (incident.mergedInto !== null) throw new WaryError('illegal_transition', `this incident was merged into ${incident.mergedInto}; act there, or unmerge it`, { mergedInto: incident.mergedInto, allowed: ['unmerge'] });
}
