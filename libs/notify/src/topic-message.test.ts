import { ALERT_STATUSES, VERDICTS, type Alert } from '@wary/model/alert.js';
import { SEVERITIES } from '@wary/model/finding.js';
import { INCIDENT_STATES } from '@wary/model/incident.js';
import type { LiveChange } from '@wary/model/live.js';
import { DetectionFindingSchema, IncidentFindingSchema } from '@wary/testkit/ocsf-schema.js';
import { sampleAlert } from '@wary/testkit/sample-alert.js';
import { sampleIncident } from '@wary/testkit/sample-incident.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TOPIC_VALUE_BYTES_MAX, toTopicMessages } from './topic-message.js';

const URL = 'https://wary.example';
const alertChange = (seq: number, change: 'created' | 'updated', alert: Partial<Alert> = {}): LiveChange => ({ seq, kind: 'alert', change, alert: sampleAlert({ seq, ...alert }) });
const findingOf = (change: LiveChange): Record<string, any> => JSON.parse(toTopicMessages([change], URL)[0]!.value) as never;

describe('messages of the out topics', () => {
  it('are keyed by the thing, in the order of the changes, one for each thing with its last state', () => {
    const messages = toTopicMessages([
      alertChange(1, 'created', { id: 'a' }), alertChange(2, 'created', { id: 'b' }), { seq: 3, kind: 'incident', change: 'created', incident: sampleIncident({ seq: 5 }) },
      alertChange(4, 'updated', { id: 'a', status: 'acknowledged', version: 2 }), { seq: 5, kind: 'incident', change: 'updated', incident: sampleIncident({ seq: 5, state: 'triage' }) },
    ], URL);
    expect(messages.map(({ topic, key, headers }) => [topic, key, headers])).toEqual([
      ['wary.alerts', 'b', { tenant: 'default', seq: '2', type: 'alert.created' }], ['wary.alerts', 'a', { tenant: 'default', seq: '4', type: 'alert.created' }],
      ['wary.incidents', 'incident-1', { tenant: 'default', seq: '5', type: 'incident.created' }],
    ]);
    expect(JSON.parse(messages[1]!.value)).toMatchObject({ class_uid: 2004, activity_id: 1, status: 'In Progress', metadata: { sequence: 4, tenant_uid: 'default' } });
  });

  it('same ids of two tenants are two things', () => {
    expect(toTopicMessages([alertChange(1, 'created'), alertChange(2, 'created', { tenant: 'acme' })], URL).map(({ headers }) => headers['tenant'])).toEqual(['default', 'acme']);
  });

  it('are OCSF in every state that an alert or incident can be in', () => {
    const both = fc.constantFrom<'created' | 'updated'>('created', 'updated');
    const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
    fc.assert(fc.property(both, fc.constantFrom(...ALERT_STATUSES), fc.constantFrom(...SEVERITIES), maybe(fc.constantFrom(...VERDICTS)), maybe(fc.emailAddress()), fc.boolean(), fc.constantFrom('user', 'service_account', 'model', 'dataset'), fc.string({ minLength: 1 }), (change, status, severity, verdict, assignee, statistical, type, id) => {
      const { explanation } = sampleAlert();
      const alert = sampleAlert({
        status, severity, verdict, assignee, resolution: verdict === null ? null : 'because', entity: { type: type as 'user', id },
        explanation: statistical ? explanation : { ...explanation, observed: null, expected: null, unlikely: null, calibration: 'deterministic', contributions: [], matched: [{ field: 'action', value: 'read', pattern: 'read' }], techniques: [] },
      });
      expect(DetectionFindingSchema.safeParse(findingOf({ seq: 7, kind: 'alert', change, alert })).error).toBeUndefined();
    }));
    fc.assert(fc.property(both, fc.constantFrom(...INCIDENT_STATES), fc.constantFrom(...SEVERITIES), maybe(fc.constantFrom(...VERDICTS)), maybe(fc.emailAddress()), fc.array(fc.string({ minLength: 1 }), { maxLength: 4 }), maybe(fc.nat()), (change, state, severity, verdict, assignee, alertIds, closedAt) => {
      const incident = sampleIncident({ state, severity, verdict, assignee, alertIds, closedAt, closeReason: closedAt === null ? null : 'done' });
      expect(IncidentFindingSchema.safeParse(findingOf({ seq: 7, kind: 'incident', change, incident })).error).toBeUndefined();
    }));
  });

  it('the schema refuses what OCSF does not allow', () => {
    const alert = findingOf(alertChange(1, 'created', { verdict: 'true_positive' }));
    const incident = findingOf({ seq: 1, kind: 'incident', change: 'created', incident: sampleIncident() });
    const { finding_info: info, ...withoutInfo } = alert;
    for (const wrong of [withoutInfo, { ...alert, finding_info: { ...info, uid: undefined } }, { ...alert, severity_id: 7 }, { ...alert, type_uid: 200402 }, { ...alert, status: 'Open' }, { ...alert, time: '2026' }, { ...alert, what_is_this: 1 }, { ...alert, metadata: { ...alert['metadata'], profiles: [] } }]) {
      expect(DetectionFindingSchema.safeParse(wrong).success, JSON.stringify(wrong).slice(0, 80)).toBe(false);
    }
    const { assignee_group: _group, ...unassigned } = incident;
    for (const wrong of [unassigned, { ...incident, finding_info_list: [] }, { ...incident, status_id: 6 }, { ...incident, priority: 'Low' }]) expect(IncidentFindingSchema.safeParse(wrong).success).toBe(false);
    expect(DetectionFindingSchema.safeParse(alert).success).toBe(true);
    expect(IncidentFindingSchema.safeParse(incident).success).toBe(true);
  });

  it('what is larger than a broker takes is cut, says so, and is OCSF still', () => {
    const { explanation } = sampleAlert();
    const large = alertChange(1, 'updated', { explanation: { ...explanation, eventIds: Array.from({ length: 40_000 }, (_, index) => `an-event-with-a-long-id-${index}`) } });
    const [message] = toTopicMessages([large], URL);
    expect(Buffer.byteLength(message!.value)).toBeLessThanOrEqual(TOPIC_VALUE_BYTES_MAX);
    const finding = JSON.parse(message!.value) as Record<string, any>;
    expect(finding['unmapped'].truncated).toContain('explanation.eventIds');
    expect(DetectionFindingSchema.safeParse(finding).error).toBeUndefined();
  });
});
