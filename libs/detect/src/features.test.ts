import { buildEvent } from '@wary/testkit/event-builder.js';
import { describe, expect, it } from 'vitest';
import { BYTES, DOWNLOADS, FAILURES, FEATURE_COUNT, readFeatures, REQUESTS, TOKENS } from './features.js';

const read = (...args: Parameters<typeof buildEvent>): Float64Array => {
  const out = new Float64Array(FEATURE_COUNT);
  readFeatures(buildEvent(...args), out);
  return out;
};

describe('what one event adds', () => {
  it('counts a call once: its messages, which telemetry sends apart, are no requests and no failures', () => {
    const call = read({ kind: 'inference', action: 'chat', outcome: 'failure', genAi: { inputTokens: 300, outputTokens: 20 } });
    expect([call[REQUESTS], call[FAILURES], call[TOKENS]]).toEqual([1, 1, 320]);
    const said = read({ kind: 'inference', action: 'message', outcome: 'failure', genAi: {} });
    expect([said[REQUESTS], said[FAILURES], said[TOKENS]]).toEqual([0, 0, 0]);
    expect(read({ kind: 'access', action: 'message' })[REQUESTS]).toBe(1);
  });

  it('leaves an error of a model to the model, and refusals and failures to the caller', () => {
    const failuresOf = (outcome: 'failure' | 'denied' | 'error', kind: 'inference' | 'access'): number => read({ kind, outcome, ...(kind === 'inference' ? { genAi: { requestModel: 'm' } } : {}) })[FAILURES]!;
    expect((['failure', 'denied', 'error'] as const).map((outcome) => [failuresOf(outcome, 'inference'), failuresOf(outcome, 'access')])).toEqual([[1, 1], [1, 1], [0, 1]]);
    expect(read({ kind: 'inference', outcome: 'error', genAi: { requestModel: 'm' } })[REQUESTS]).toBe(1);
  });

  it('counts a download that succeeded, and what it moved', () => {
    const [done, denied] = [read({ action: 'download', bytes: 512 }), read({ action: 'download', bytes: null, outcome: 'denied' })];
    expect([done[DOWNLOADS], done[BYTES], done[FAILURES]]).toEqual([1, 512, 0]);
    expect([denied[DOWNLOADS], denied[BYTES], denied[FAILURES]]).toEqual([0, 0, 1]);
  });
});
