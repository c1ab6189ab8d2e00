import type { Alert } from '@wary/model/alert.js';
import { WEBHOOK_FORMATS } from '@wary/model/webhook.js';
import { sampleAlert } from '@wary/testkit/sample-alert.js';
import { sampleIncident } from '@wary/testkit/sample-incident.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BODY_BYTES_MAX, buildBody } from './build-body.js';
import { cutText } from './cut-payload.js';

const settings = { timestamp: Date.UTC(2026, 10, 22), format: 'wary', publicUrl: 'https://wary.example' } as const;
const parse = (body: string): { type: string; timestamp: string; data: Record<string, any>; truncated?: string[] } => JSON.parse(body) as never;

describe('buildBody', () => {
  it('is {type, timestamp, data} with the whole alert when it is small', () => {
    const alert = sampleAlert();
    expect(parse(buildBody({ ...settings, type: 'alert.created', data: alert }))).toEqual({ type: 'alert.created', timestamp: '2026-11-22T00:00:00.000Z', data: JSON.parse(JSON.stringify(alert)) });
  });

  it('cuts the history first, and says what it cut', () => {
    const alert = sampleAlert();
    const long: Alert = { ...alert, explanation: { ...alert.explanation, history: Array.from({ length: 400 }, (_, i) => ({ start: i, value: i / 7, low: 0, expected: 1 / 3, high: 2 })) } };
    const { data, truncated } = parse(buildBody({ ...settings, type: 'alert.updated', data: long }));
    expect(truncated).toEqual(['explanation.history']);
    expect(data['explanation']).toEqual({ ...JSON.parse(JSON.stringify(alert.explanation)), history: [] });
  });

  const hostile = fc.string({ unit: fc.constantFrom('a', '"', '\u0001', '\u2028', '\u{1F600}', 'é', '\\'), maxLength: 30 }).chain((part) => fc.integer({ min: 1, max: 400 }).map((times) => part.repeat(times)));
  it('stays below the limit whatever the texts are, in both formats, and keeps id, severity and entity type', () => {
    fc.assert(fc.property(hostile, fc.nat(500), fc.constantFrom(...WEBHOOK_FORMATS), (text, count, format) => {
      const alert = sampleAlert();
      const many = Array.from({ length: count }, (_, i) => `${i}${Array.from(text).slice(0, 20).join('')}`);
      const large: Alert = {
        ...alert, title: text, reason: text, resolution: text, assignee: text, acknowledgedBy: text, entity: { type: 'key', id: text }, findingIds: many, notes: many.slice(0, 50).map((id) => ({ id, at: 1, by: text, text })),
        explanation: { ...alert.explanation, summary: text, unlikely: text, unit: text, eventIds: many, matched: many.slice(0, 40).map((field) => ({ field, value: text, pattern: text })), counterfactual: { text, feature: text, value: text } },
      };
      const body = buildBody({ ...settings, format, type: 'alert.updated', data: large });
      expect(Buffer.byteLength(body)).toBeLessThan(BODY_BYTES_MAX);
      const { data } = parse(body);
      if (format === 'wary') expect(data).toMatchObject({ id: alert.id, severity: 'high', entity: { type: 'key' } });
      else expect(data).toMatchObject({ class_uid: 2004, severity_id: 4, finding_info: { uid: alert.id } });

      const incident = sampleIncident({ title: text, closeReason: text, assignee: text, entity: { type: 'key', id: text }, alertIds: many, mergedFrom: many, timeline: many.map((id) => ({ id, at: 1, by: text, kind: 'note', text, from: null, to: null })) });
      const incidentBody = buildBody({ ...settings, format, type: 'incident.updated', data: incident });
      expect(Buffer.byteLength(incidentBody)).toBeLessThan(BODY_BYTES_MAX);
      expect(parse(incidentBody).data).toMatchObject(format === 'wary' ? { id: incident.id, number: 17 } : { class_uid: 2005, unmapped: { id: incident.id, number: 17 } });
    }), { numRuns: 25 });
  });

  it('never cuts a character in half', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', '\u{1F600}', 'é'), maxLength: 50 }), fc.integer({ min: 2, max: 20 }), (text, max) => {
      const cut = cutText(text, max);
      expect(cut.length).toBeLessThanOrEqual(Math.max(max, text.length <= max ? text.length : 0));
      // encodeURIComponent throws on half a pair.
      expect(() => encodeURIComponent(cut)).not.toThrow();
      if (text.length > max) expect(cut.endsWith('…')).toBe(true);
    }));
  });
});

describe('OCSF on request', () => {
  it('an alert is a Detection Finding 2004', () => {
    const { data } = parse(buildBody({ ...settings, format: 'ocsf', type: 'alert.created', data: sampleAlert() }));
    expect(data).toMatchObject({
      category_uid: 2, class_uid: 2004, activity_id: 1, type_uid: 200401, severity_id: 4, status_id: 1, is_alert: true,
      metadata: { version: '1.8.0', product: { vendor_name: 'Wary' }, profiles: ['incident'] },
      finding_info: { uid: 'alert-1', src_url: 'https://wary.example/alerts/alert-1', analytic: { uid: 'volume', type_id: 2 }, attacks: [{ technique: { uid: 'T1530' } }] },
      anomaly_analyses: [{ analysis_targets: [{ name: 'alice', type: 'user' }], anomalies: [{ observation_parameter: 'downloads.1h', observations: [{ value: '412 downloads' }] }], baselines: [{ observed_pattern: '0 to 9 downloads' }] }],
      unmapped: { techniques: [{ id: 'LLM02' }] },
    });
  });

  it.each([
    [{ status: 'resolved', verdict: 'false_positive', resolution: 'quarter end' }, { activity_id: 3, type_uid: 200403, status_id: 4, verdict_id: 1, comment: 'quarter end', is_alert: false }],
    [{ status: 'acknowledged', assignee: 'bo@x.example' }, { activity_id: 2, status_id: 2, assignee: { email_addr: 'bo@x.example' } }],
    [{ status: 'suppressed' }, { status_id: 3 }],
  ] as const)('%j', (change, expected) => {
    expect(parse(buildBody({ ...settings, format: 'ocsf', type: 'alert.updated', data: sampleAlert(change) })).data).toMatchObject(expected);
  });

  it('an incident is an Incident Finding 2005 with the alerts in it, and always an assignee or a group', () => {
    const { data } = parse(buildBody({ ...settings, format: 'ocsf', type: 'incident.created', data: sampleIncident() }));
    expect(data).toMatchObject({ class_uid: 2005, type_uid: 200501, status_id: 1, priority_id: 3, assignee_group: { name: 'unassigned' }, finding_info_list: [{ uid: 'alert-1' }] });
    const closed = parse(buildBody({ ...settings, format: 'ocsf', type: 'incident.updated', data: sampleIncident({ state: 'closed', verdict: 'true_positive', closedAt: 5, assignee: 'bo@x.example' }) })).data;
    expect(closed).toMatchObject({ activity_id: 3, status_id: 5, verdict_id: 2, is_suspected_breach: true, end_time: 5, assignee: { name: 'bo@x.example' } });
    expect(closed).not.toHaveProperty('assignee_group');
  });
});
