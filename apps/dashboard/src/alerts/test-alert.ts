import type { Alert } from '@wary/model/alert.js';

const TIME = Date.UTC(2026, 10, 24, 9);

/** An alert for tests; nothing in the app imports it. */
export function testAlert(part: Partial<Alert> = {}): Alert {
  return {
    id: 'a1', seq: 1, version: 1, tenant: 'default', status: 'triggered', severity: 'high', title: 'Unusual volume', entity: { type: 'user', id: 'alice' }, detector: { id: 'volume', version: 1 }, reason: 'volume',
    historical: false, assignee: null, verdict: null, resolution: null, firstSeen: TIME, lastSeen: TIME + 60_000, createdAt: TIME + 30_000, updatedAt: TIME + 30_000, acknowledgedAt: null, acknowledgedBy: null, resolvedAt: null,
    findingCount: 1, findingIds: ['f1'], strength: 8.2, criticality: 3, incidentId: null, suppressionId: null, notes: [],
    explanation: {
      summary: '412 downloads in an hour', observed: 412, expected: { value: 24, low: 12, high: 38 }, unit: 'downloads', unlikely: null, contributions: [], counterfactual: null, peers: null, history: [], techniques: [], duties: [], calibration: 'model', baseline: null, eventIds: [],
    },
    ...part,
  };
}
