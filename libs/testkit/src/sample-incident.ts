import type { Incident } from '@wary/model/incident.js';

const AT = Date.UTC(2026, 10, 22, 2, 50);

/** A whole incident; give what a test is about. */
export function sampleIncident(change: Partial<Incident> = {}): Incident {
  return {
    id: 'incident-1', number: 17, seq: 8, version: 1, tenant: 'default', title: 'Downloads at night by alice', state: 'new', severity: 'high', entity: { type: 'user', id: 'alice' }, assignee: null,
    alertIds: ['alert-1'], createdAt: AT, updatedAt: AT, acknowledgedAt: null, acknowledgedBy: null, closedAt: null, verdict: null, closeReason: null, mergedInto: null, mergedFrom: [],
    timeToAcknowledgeMs: null, timeToResolveMs: null, notes: [], timeline: [{ id: 'entry-1', at: AT, by: 'system', kind: 'created', text: 'Opened for alert-1', from: null, to: 'new' }],
    ...change,
  };
}
