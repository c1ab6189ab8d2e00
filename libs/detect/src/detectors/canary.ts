import { ANALYTICS } from '../analytics.js';
import type { EventDetector } from '../detector.js';
import { evidenceSeverity } from '../severity.js';
import { stateless } from './stateless.js';
import { entityWords } from '../words.js';

/** Nobody has a reason to touch a honeytoken: as rare as one in a thousand million. */
const STRENGTH = 9;

export function createCanaryDetector(): EventDetector {
  const analytic = ANALYTICS.canary;
  return {
    ...stateless(analytic),
    inspect(event, _context, emit) {
      for (const canary of event.canaries) {
        const where = event.resource.id === '' ? event.action : `${event.action} of ${event.resource.id}`;
        emit({
          analytic, entity: event.principal, subject: canary, strength: STRENGTH, severity: evidenceSeverity('high', event.criticality),
          title: `Canary touched: ${canary}`,
          summary: `${entityWords(event.principal)} touched the canary ${canary} (${where}). It serves no purpose but to be found by those who should not look.`,
          matched: [{ field: 'canaries', value: canary, pattern: 'registered canary' }],
          counterfactual: { text: `Without the canary ${canary} in the event it would have stayed quiet.`, feature: 'canaries', value: null },
          observed: null, expected: null, unit: '', calibration: 'deterministic', eventIds: [],
        });
      }
    },
  };
}
