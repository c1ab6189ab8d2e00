import type { Contribution } from '@wary/model/finding.js';
import { buildEvent } from '@wary/testkit/event-builder.js';
import { DETECTOR_CASES } from '@wary/testkit/detector-cases.js';
import { ranCase } from '@wary/testkit/engine-conformance.js';
import { describe, expect, it } from 'vitest';
import { contributes, planeOf } from './contributes.js';

const of = (feature: string, observed: number | string = 1): Pick<Contribution, 'feature' | 'observed'> => ({ feature, observed });
const download = buildEvent({ action: 'download', bytes: 9_000, resource: { id: 'ds/customers', type: 'dataset' } });
const call = buildEvent({ kind: 'inference', action: 'chat', cost: 0.2, genAi: { requestModel: 'large', inputTokens: 90 } });

describe('what an event adds to', () => {
  it('is what the detectors read of it, in both planes', () => {
    expect([planeOf(download), planeOf(call)]).toEqual(['access', 'inference']);
    expect(['requests.1h', 'downloads.5m', 'bytes.1d', 'resources.1h', 'growth_downloads.1d'].map((feature) => contributes(download, of(feature)))).toEqual([true, true, true, true, true]);
    expect(['downloads.1h', 'bytes.1h', 'rows.1h', 'failures.1h', 'resources.1h'].map((feature) => contributes(call, of(feature)))).toEqual([false, false, false, false, false]);
    expect(['tokens.1h', 'cost.1h', 'cost_tokens'].map((feature) => contributes(call, of(feature)))).toEqual([true, true, true]);
    // The words of a call are counted with their span.
    expect(contributes({ ...call, action: 'message', outcome: 'failure' }, of('requests.1h'))).toBe(false);
    expect(contributes({ ...call, action: 'message', outcome: 'failure' }, of('failures.1h'))).toBe(false);
  });

  it('is named where the finding names it', () => {
    expect(contributes(call, of('model.1d', 'large'))).toBe(true);
    expect(contributes(call, of('model.1d', 'small'))).toBe(false);
    expect(contributes({ ...download, client: { ...download.client, asn: 64_512 } }, of('network.1d', 'AS64512'))).toBe(true);
    expect(contributes(download, of('acts_data.1d', 'download (dataset), 3 times'))).toBe(true);
    expect(contributes(download, of('acts_data.1d', 'download (dataset), failed'))).toBe(false);
    expect(contributes({ ...download, outcome: 'failure' }, of('acts_data.1d', 'download (dataset), failed'))).toBe(true);
    expect(contributes(download, of('order.1d', 'read (file) → download (dataset)'))).toBe(true);
  });

  it.each(['volume', 'breadth', 'failures', 'cost_tokens', 'novelty', 'activity', 'growth', 'campaign', 'repeats', 'changes', 'concurrent_use', 'other_purpose'] as const)('accounts for the events of a finding of %s', (id) => {
    const one = DETECTOR_CASES.find((each) => each.id === id)!;
    const attack = one.attack(0);
    const finding = ranCase(one, attack).find(({ detector, entity }) => detector.id === id && entity.id === one.entity(0))!;
    const told = attack.filter((event) => finding.explanation.eventIds.includes(event.id));
    expect(told.length).toBeGreaterThan(0);
    for (const event of told) expect(finding.explanation.contributions.some((contribution) => contributes(event, contribution))).toBe(true);
  });
});
