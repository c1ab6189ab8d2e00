import { emptyEvent, emptyGenAi, type Event } from '@wary/model/event.js';
import type { Contribution } from '@wary/model/finding.js';
import { describe, expect, it } from 'vitest';
import { oneSequence } from './one-sequence.js';

const download = (id: string, time: number): Event => ({ ...emptyEvent('native'), id, time, kind: 'access', action: 'download', resource: { id: 'ds/customers', type: 'dataset', labels: [], owner: '' }, bytes: 9_000 });
const call = (id: string, time: number): Event => ({ ...emptyEvent('otlp'), id, time, kind: 'inference', action: 'chat', genAi: { ...emptyGenAi(), requestModel: 'large', inputTokens: 90, outputTokens: 400 } });
const contribution = (feature: string, label: string, observed: number | string): Contribution => ({ feature, label, observed, expected: '', share: 0.5 });

describe('one sequence over both planes', () => {
  it('is in order of time, and says of each act where it was seen', () => {
    const { items, isMixed } = oneSequence([call('c', 30), download('a', 10), call('b', 20)]);
    expect(items.map(({ event, plane }) => `${event.id} ${plane}`)).toEqual(['a access', 'b inference', 'c inference']);
    expect(isMixed).toBe(true);
    expect(oneSequence([call('c', 30), call('b', 20)]).isMixed).toBe(false);
  });
  it('says what each adds to', () => {
    const found = [contribution('downloads.1h', 'downloads', 12), contribution('bytes.1h', 'data moved', 9_000), contribution('tokens.1h', 'tokens', 490), contribution('model.1d', 'new model', 'large'), contribution('resource.1d', 'new resource', 'ds/other')];
    expect(oneSequence([download('a', 1), call('b', 2)], found).items.map(({ addsTo }) => addsTo)).toEqual([['downloads', 'data moved'], ['tokens', 'new model']]);
  });
});
