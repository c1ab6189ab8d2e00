import { describe, expect, it } from 'vitest';
import { contentParts } from './content-parts.js';

describe('contentParts', () => {
  it('reads roles and parts', () => {
    expect(contentParts([{ role: 'user', parts: [{ type: 'text', content: 'hello' }] }, { role: 'assistant', parts: [{ type: 'tool_call', name: 'search', arguments: { q: 'x' } }] }])).toEqual([
      { role: 'user', kind: 'text', text: 'hello' },
      { role: 'assistant', kind: 'tool_call', text: 'search {\n  "q": "x"\n}' },
    ]);
  });
  it('reads plain content', () => expect(contentParts([{ role: 'system', content: 'be brief' }])).toEqual([{ role: 'system', kind: 'text', text: 'be brief' }]));
  it('keeps markup as the letters it is', () => expect(contentParts('<img src=x onerror=alert(1)>')).toEqual([{ role: '', kind: 'text', text: '<img src=x onerror=alert(1)>' }]));
  it.each([[null], [[]], [[null]], ['']])('%j holds nothing', (value) => expect(contentParts(value)).toEqual([]));
  it('shows what it does not know as JSON', () => expect(contentParts([{ odd: true }])[0]!.text).toBe('{\n  "odd": true\n}'));
  it('is bounded', () => {
    expect(contentParts(Array.from({ length: 500 }, () => 'x'))).toHaveLength(50);
    expect(contentParts('y'.repeat(30_000))[0]!.text).toMatch(/… \(10000 more characters\)$/);
  });
});
