import { ANALYTICS } from '../analytics.js';
import type { EventDetector } from '../detector.js';
import { evidenceSeverity } from '../severity.js';
import { countWords, stateless, sumCounts } from './stateless.js';
import { entityWords } from '../words.js';

/** The scanners are strict (checksums, prefixes, entropy): a hit is chance about once in a million outputs. */
const STRENGTH = 6;

export function createSecretInOutputDetector(): EventDetector {
  const analytic = ANALYTICS.secret_in_output;
  return {
    ...stateless(analytic),
    inspect(event, _context, emit) {
      const count = sumCounts(event.secretsOutput);
      if (count === 0) return;
      const from = event.genAi?.toolName ? `a result of the tool ${event.genAi.toolName}` : event.genAi?.requestModel ? `an answer of ${event.genAi.requestModel}` : 'an output';
      emit({
        analytic, entity: event.principal, subject: event.resource.id === '' ? from : event.resource.id, strength: STRENGTH, severity: evidenceSeverity('medium', event.criticality),
        title: `Secret in an output: ${countWords(event.secretsOutput)}`,
        summary: `${entityWords(event.principal)} was given ${countWords(event.secretsOutput)} in ${from}${event.resource.id === '' || from.endsWith(` ${event.resource.id}`) ? '' : ` (${event.resource.id})`}. Rotate what was shown, and find out where the model or tool has it from.`,
        matched: Object.entries(event.secretsOutput).map(([name, n]) => ({ field: 'secretsOutput', value: String(n), pattern: name })),
        counterfactual: { text: 'Without a secret in the output it would have stayed quiet.', feature: 'secretsOutput', value: 0 },
        observed: count, expected: { value: 0, low: 0, high: 0 }, unit: 'secrets', calibration: 'deterministic', eventIds: [],
      });
    },
  };
}
