import type { Explanation, Finding } from '@wary/model/finding.js';

export const makeExplanation = (over: Partial<Explanation> = {}): Explanation => ({
  summary: 'alice downloaded 412 documents in an hour; usual are 3 to 9', observed: 412, expected: { value: 5, low: 3, high: 9 }, unit: 'downloads',
  unlikely: 'about once in 4,000 weeks for this person',
  contributions: [{ feature: 'downloads.1h', label: 'downloads in an hour', observed: 412, expected: '3 to 9', share: 1 }],
  counterfactual: { text: 'With 14 downloads it would have stayed quiet.', feature: 'downloads.1h', value: 14 }, peers: null,
  history: Array.from({ length: 8 }, (_, index) => ({ start: index * 3_600_000, value: index, low: 1, expected: 4, high: 9 })),
  techniques: [{ framework: 'ATT&CK', id: 'T1213', name: 'Data from Information Repositories', version: '17.1' }], duties: ['GDPR 32'],
  calibration: 'model', baseline: null, eventIds: ['event-1', 'event-2'], ...over,
});

/** A finding as the engine would raise it; the id follows what identifies it. */
export function makeFinding(over: Partial<Finding> = {}): Finding {
  const time = over.time ?? 1_764_000_000_000;
  const window = over.window ?? { start: Math.floor(time / 3_600_000) * 3_600_000, end: (Math.floor(time / 3_600_000) + 1) * 3_600_000 };
  const entity = over.entity ?? { type: 'user', id: 'alice' };
  const detector = over.detector ?? { id: 'volume', version: 1 };
  const tenant = over.tenant ?? 'default';
  return {
    id: [tenant, detector.id, detector.version, entity.type, entity.id, window.start].join('/'), revision: 0, tenant, entity, detector, reason: detector.id,
    title: `Unusual volume by ${entity.id}`, window, time, historical: false, deterministic: false, strength: 7.5, p: 10 ** -7.5, criticality: 2, severity: 'medium',
    explanation: makeExplanation(), seq: 1, closed: false, ...over,
  };
}
