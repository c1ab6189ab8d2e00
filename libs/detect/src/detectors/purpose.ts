import type { Event } from '@wary/model/event.js';
import type { Severity } from '@wary/model/finding.js';
import { ANALYTICS } from '../analytics.js';
import type { EventDetector } from '../detector.js';
import { evidenceSeverity } from '../severity.js';
import { stateless } from './stateless.js';
import { entityWords } from '../words.js';

type Verdict = Event['purposeVerdict'];
const QUIET: ReadonlySet<Verdict> = new Set<Verdict>(['none', 'allowed']);
const SEVERITY: { readonly [V in Verdict]: Severity } = { none: 'informational', allowed: 'informational', missing: 'low', unregistered: 'low', denied: 'medium' };
/** What the register says is certain; the strength tells how likely it is meant: a missing purpose is mostly forgetfulness. */
const STRENGTH: { readonly [V in Verdict]: number } = { none: 0, allowed: 0, missing: 3, unregistered: 4, denied: 6 };
const WORDS: { readonly [V in Verdict]: string } = { none: '', allowed: '', missing: 'without the purpose that its register requires', unregistered: 'for a purpose that its register does not know', denied: 'for a purpose that its register denies' };

/** Use of data under a purpose that the purposes register denies, does not know, or requires and did not get (GDPR 5(1)(b)). */
export function createPurposeDetector(): EventDetector {
  const analytic = ANALYTICS.purpose;
  return {
    ...stateless(analytic),
    inspect(event, _context, emit) {
      const { purposeVerdict: verdict, purpose, resource } = event;
      if (QUIET.has(verdict)) return;
      const named = purpose === '' ? '' : `: ${purpose}`;
      emit({
        analytic, entity: event.principal, subject: `${resource.id}|${purpose}`, strength: STRENGTH[verdict], severity: evidenceSeverity(SEVERITY[verdict], event.criticality),
        title: `Purpose ${verdict} for ${resource.id}${named}`,
        summary: `${entityWords(event.principal)} used ${resource.id} (${event.action}) ${WORDS[verdict]}${named}.`,
        matched: [{ field: 'purpose', value: purpose, pattern: verdict }],
        counterfactual: { text: `With a purpose that is registered as allowed for ${resource.id} it would have stayed quiet.`, feature: 'purposeVerdict', value: 'allowed' },
        observed: null, expected: null, unit: '', calibration: 'deterministic', eventIds: [],
      });
    },
  };
}
