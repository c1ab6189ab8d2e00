import type { Incident, IncidentState } from '@wary/model/incident.js';
import type { Severity } from '@wary/model/finding.js';
import { classification, metadata, OCSF_VERDICT, person } from './ocsf-common.js';

export const INCIDENT_FINDING = 2005;

const STATUS: { readonly [S in IncidentState]: { readonly id: number; readonly caption: string } } = {
  new: { id: 1, caption: 'New' }, triage: { id: 2, caption: 'In Progress' }, contain: { id: 2, caption: 'In Progress' }, eradicate: { id: 2, caption: 'In Progress' }, recover: { id: 4, caption: 'Resolved' }, closed: { id: 5, caption: 'Closed' },
};
const PRIORITY: { readonly [S in Severity]: { readonly id: number; readonly caption: string } } = {
  informational: { id: 1, caption: 'Low' }, low: { id: 1, caption: 'Low' }, medium: { id: 2, caption: 'Medium' }, high: { id: 3, caption: 'High' }, critical: { id: 4, caption: 'Critical' },
};

/** An incident as OCSF Incident Finding 2005. The class asks for an assignee or a group; nobody yet is the group `unassigned`. */
export function toIncidentFinding(incident: Incident, created: boolean, publicUrl: string): Record<string, unknown> {
  const activity = created ? 'create' : incident.state === 'closed' ? 'close' : 'update';
  return {
    ...classification(INCIDENT_FINDING, 'Incident Finding', activity, incident.severity),
    time: incident.updatedAt, message: incident.title, desc: incident.title, src_url: `${publicUrl}/incidents/${encodeURIComponent(incident.id)}`,
    status_id: STATUS[incident.state].id, status: STATUS[incident.state].caption, priority_id: PRIORITY[incident.severity].id, priority: PRIORITY[incident.severity].caption,
    metadata: metadata(`${incident.id}:${incident.version}`, incident.tenant, incident.seq, []),
    start_time: incident.createdAt, ...(incident.closedAt === null ? {} : { end_time: incident.closedAt }),
    finding_info_list: incident.alertIds.length === 0
      ? [{ uid: incident.id, title: incident.title }]
      : incident.alertIds.map((uid) => ({ uid, title: incident.title, src_url: `${publicUrl}/alerts/${encodeURIComponent(uid)}` })),
    ...(incident.assignee === null ? { assignee_group: { name: 'unassigned' } } : { assignee: person(incident.assignee) }),
    ...(incident.verdict === null ? {} : { verdict_id: OCSF_VERDICT[incident.verdict].id, verdict: OCSF_VERDICT[incident.verdict].caption, is_suspected_breach: incident.verdict === 'true_positive' }),
    ...(incident.closeReason === null ? {} : { comment: incident.closeReason }),
    unmapped: {
      id: incident.id, number: incident.number, state: incident.state, entity: incident.entity, merged_into: incident.mergedInto,
      time_to_acknowledge_ms: incident.timeToAcknowledgeMs, time_to_resolve_ms: incident.timeToResolveMs,
    },
  };
}
