import type { Alert } from '@wary/model/alert.js';

const AT = Date.UTC(2026, 10, 22, 2, 50);

/** A whole alert; give what a test is about. */
export function sampleAlert(change: Partial<Alert> = {}): Alert {
  return {
    id: 'alert-1', seq: 7, version: 1, tenant: 'default', status: 'triggered', severity: 'high', title: 'Unusual volume of downloads by alice', entity: { type: 'user', id: 'alice' },
    detector: { id: 'volume', version: 1 }, reason: 'volume', historical: false, assignee: null, verdict: null, resolution: null, firstSeen: AT - 600_000, lastSeen: AT, createdAt: AT, updatedAt: AT,
    acknowledgedAt: null, acknowledgedBy: null, resolvedAt: null, findingCount: 1, findingIds: ['finding-1'], strength: 9.4, criticality: 3, incidentId: null, suppressionId: null, notes: [],
    explanation: {
      summary: '412 downloads between 02:00 and 03:00; she has never had more than 9', observed: 412, expected: { value: 3, low: 0, high: 9 }, unit: 'downloads', unlikely: 'about once in 4,000 weeks',
      contributions: [{ feature: 'downloads.1h', label: 'Downloads in an hour', observed: 412, expected: '0 to 9', share: 1 }],
      counterfactual: { text: 'With 11 downloads it would not have fired', feature: 'downloads.1h', value: 11 }, peers: null,
      history: Array.from({ length: 8 }, (_, i) => ({ start: AT - (8 - i) * 3_600_000, value: i, low: 0, expected: 3, high: 9 })),
      techniques: [{ framework: 'ATT&CK', id: 'T1530', name: 'Data from Cloud Storage', version: '17.1' }, { framework: 'OWASP-LLM', id: 'LLM02', name: 'Sensitive Information Disclosure', version: '2025' }],
      duties: ['GDPR 33'], calibration: 'model', baseline: { id: 'b1', windows: 336, since: AT - 14 * 86_400_000 }, eventIds: ['event-1', 'event-2'],
    },
    ...change,
  };
}
