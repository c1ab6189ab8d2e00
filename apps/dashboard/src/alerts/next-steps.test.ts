import { DETECTORS } from '@wary/detect/analytics.js';
import { expect, it } from 'vitest';
import { DETECTORS_WITH_STEPS, nextSteps } from './next-steps.js';

it('has three steps for every detector that there is', () => {
  for (const { id } of DETECTORS) {
    expect(DETECTORS_WITH_STEPS).toContain(id);
    expect(nextSteps(id)).toHaveLength(3);
  }
});
it('has something to say about others', () => expect(nextSteps('unheard_of').length).toBeGreaterThan(0));
