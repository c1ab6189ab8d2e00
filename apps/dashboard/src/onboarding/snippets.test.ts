import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shellQuote, snippets } from './snippets.js';

describe('snippets', () => {
  it('carry the address and the key', () => {
    for (const kind of ['curl', 'python', 'node', 'files'] as const) {
      const text = snippets(kind, 'https://wary.example.org', 'wary_abc', '2026-11-24T00:00:00Z').map(({ code }) => code).join('\n');
      expect(text).toContain('https://wary.example.org');
      expect(text).toContain('wary_abc');
    }
  });
  it('sends a body that is one JSON event', () => {
    const code = snippets('curl', 'http://127.0.0.1:7400', 'k', '2026-11-24T00:00:00Z')[0]!.code;
    expect(JSON.parse(/-d '(.*)'$/s.exec(code)![1]!)).toMatchObject({ kind: 'access', actor: { id: 'alice' }, time: '2026-11-24T00:00:00Z' });
  });
  it('quotes whatever comes so that a shell reads it back unchanged', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', "'", '"', '$', '`', '\\', ' ', ';', '|', '(', '!', '\n') }), (text) => {
      expect(execFileSync('sh', ['-c', `printf %s ${shellQuote(text)}`], { encoding: 'utf8' })).toBe(text);
    }), { numRuns: 40 });
  });
});
