import { describe, expect, it } from 'vitest';
import { exclusionText, parseExclusion } from './exclusion-text.js';

describe('exclusions as text', () => {
  it('are read as they are written', () => {
    const fields = { 'actor.id': ['svc/a', 'svc/b'], 'rows|lt': 500, 'resource.id|startswith': 'ds/x: y', 'actor.mfa': null, 'genAi.logprobs': true };
    const text = 'actor.id: [svc/a, svc/b]\nrows|lt: 500\nresource.id|startswith: ds/x: y\nactor.mfa: null\ngenAi.logprobs: true';
    expect(exclusionText({ fields })).toBe(text);
    expect(parseExclusion(`\n${text}\n`)).toEqual({ fields });
  });
  it.each([['', 'at least one'], ['no colon', 'not field: value'], [': x', 'not field: value'], ['a: 1\na: 2', 'twice']])('%j is refused in words', (text, words) => {
    expect(parseExclusion(text)).toEqual({ problem: expect.stringContaining(words) });
  });
});
