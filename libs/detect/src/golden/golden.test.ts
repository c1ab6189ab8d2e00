import type { Finding } from '@wary/model/finding.js';
import { FindingSchema } from '@wary/model/finding.js';
import { DETECTOR_CASES } from '@wary/testkit/detector-cases.js';
import { ranCase } from '@wary/testkit/engine-conformance.js';
import { renderFinding } from '@wary/testkit/render-finding.js';
import { describe, expect, it } from 'vitest';
import { DETECTORS } from '../analytics.js';

/** As an alert shows it: the strongest that was said. */
const shown = (findings: readonly Finding[]): Finding => findings.reduce((best, one) => (one.strength >= best.strength ? one : best));

/** One finding of every detector as text. After a change on purpose: `npx vitest run libs/detect/src/golden -u`, and read the difference. */
describe('what a finding says', { timeout: 120_000 }, () => {
  it('every detector has one', () => {
    expect(DETECTOR_CASES.map(({ id }) => id).sort()).toEqual(DETECTORS.map(({ id }) => id).sort());
  });

  it.each(DETECTOR_CASES.map((one) => [one.id, one] as const))('%s', async (id, one) => {
    const found = ranCase(one, one.attack(0)).filter(({ detector, entity }) => detector.id === id && entity.id === one.entity(0));
    expect(found.length).toBeGreaterThan(0);
    const finding = shown(found);
    expect(FindingSchema.parse(finding)).toEqual(finding);
    expect(finding.explanation.contributions.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 5);
    await expect(renderFinding(finding)).toMatchFileSnapshot(`./${id}.md`);
  });
});
