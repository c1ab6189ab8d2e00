import type { Verdict } from '@wary/model/alert.js';
import { WaryError } from '@wary/model/errors.js';
import type { Incident, IncidentState } from '@wary/model/incident.js';
import { assertMove, assertOpen } from './incident-transition.js';
import { withEntries } from './timeline.js';

export type IncidentAct =
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'assign'; readonly assignee: string | null }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'transition'; readonly to: IncidentState; readonly reason: string; readonly verdict: Verdict | null };

export const NOTES_PER_INCIDENT_MAX = 5_000;

/**
 * The incident after the act (without its version and time of update, which its writer sets); the same object when nothing changes.
 * Throws `illegal_transition` with the allowed states, `validation_failed` when closing lacks its verdict or reason.
 */
export function actOnIncident(incident: Incident, act: IncidentAct, by: string, now: number): Incident {
  switch (act.kind) {
    case 'acknowledge':
      assertOpen(incident, 'an acknowledgement');
      // The first one counts; a second is no error, because two people may press it at once.
      if (incident.acknowledgedAt !== null) return incident;
      return withEntries({ ...incident, acknowledgedAt: now, acknowledgedBy: by, timeToAcknowledgeMs: now - incident.createdAt }, by, now, [{ kind: 'acknowledged' }]);
    case 'assign':
      if (act.assignee === incident.assignee) return incident;
      return withEntries({ ...incident, assignee: act.assignee }, by, now, [{ kind: 'assigned', from: incident.assignee, to: act.assignee }]);
    case 'note':
      if (incident.notes.length >= NOTES_PER_INCIDENT_MAX) throw new WaryError('conflict', `an incident takes ${NOTES_PER_INCIDENT_MAX} notes`);
      return withEntries(incident, by, now, [{ kind: 'note', text: act.text }]);
    case 'transition':
      return move(incident, act, by, now);
  }
}

function move(incident: Incident, { to, reason, verdict }: Extract<IncidentAct, { kind: 'transition' }>, by: string, now: number): Incident {
  assertMove(incident, to);
  const moved = { from: incident.state, to, text: reason };
  if (to === 'closed') {
    const errors = [
      ...(verdict === null ? [{ path: 'verdict', message: 'closing needs a verdict' }] : []),
      ...(reason.trim() === '' ? [{ path: 'reason', message: 'closing needs a reason' }] : []),
    ];
    if (errors.length > 0) throw new WaryError('validation_failed', errors.map(({ message }) => message).join('; '), { errors });
    return withEntries({ ...incident, state: to, verdict, closeReason: reason, closedAt: now, timeToResolveMs: now - incident.createdAt }, by, now, [{ kind: 'closed', ...moved }]);
  }
  if (incident.state === 'closed') {
    return withEntries({ ...incident, state: to, verdict: null, closeReason: null, closedAt: null, timeToResolveMs: null }, by, now, [{ kind: 'reopened', ...moved }]);
  }
  return withEntries({ ...incident, state: to }, by, now, [{ kind: 'moved', ...moved }]);
}
