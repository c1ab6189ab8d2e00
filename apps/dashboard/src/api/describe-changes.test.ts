import type { Incident } from '@wary/model/incident.js';
import { describe, expect, it } from 'vitest';
import { testAlert } from '../alerts/test-alert.js';
import { describeAlertChanges, describeIncidentChanges } from './describe-changes.js';

const incident: Incident = {
  id: 'i1', number: 17, seq: 1, version: 1, tenant: 'default', title: 'Night downloads', state: 'new', severity: 'high', entity: { type: 'user', id: 'alice' }, assignee: null, alertIds: ['a1', 'a2'],
  createdAt: 0, updatedAt: 0, acknowledgedAt: null, acknowledgedBy: null, closedAt: null, verdict: null, closeReason: null, mergedInto: null, mergedFrom: [], timeToAcknowledgeMs: null, timeToResolveMs: null, notes: [], timeline: [],
};

describe('describe changes', () => {
  it('says nothing when nothing is different', () => expect([...describeAlertChanges(testAlert(), testAlert()), ...describeIncidentChanges(incident, incident)]).toEqual([]));
  it('tells what happened to an alert', () => {
    expect(describeAlertChanges(testAlert(), testAlert({ status: 'acknowledged', assignee: 'bob@x', findingCount: 3, incidentId: 'i1', notes: [{ id: 'n', at: 0, by: 'b', text: 't' }] }))).toEqual([
      'Status: triggered → acknowledged', 'Assignee: nobody → bob@x', 'Incident: none → i1', '2 findings added', '1 note added',
    ]);
  });
  it('tells what happened to an incident', () => {
    expect(describeIncidentChanges(incident, { ...incident, state: 'contain', acknowledgedAt: 5, acknowledgedBy: 'bob@x', alertIds: ['a2', 'a3', 'a4'], mergedInto: 'i2' })).toEqual([
      'State: new → contain', 'Acknowledged by bob@x', '2 alerts attached', '1 alert detached', 'Merged into another incident',
    ]);
  });
});
