import { describe, expect, it } from 'vitest';
import { auditDiff } from './audit-diff.js';

describe('auditDiff', () => {
  it('shows only what is different', () => expect(auditDiff({ role: 'viewer', name: 'x', tags: ['a'] }, { role: 'lead', name: 'x', tags: ['a', 'b'] })).toEqual([{ field: 'role', before: 'viewer', after: 'lead' }, { field: 'tags', before: '["a"]', after: '["a","b"]' }]));
  it('shows a creation and a removal whole', () => {
    expect(auditDiff(null, { id: 'k1', on: true })).toEqual([{ field: 'id', before: '–', after: 'k1' }, { field: 'on', before: '–', after: 'true' }]);
    expect(auditDiff({ id: 'k1' }, null)).toEqual([{ field: 'id', before: 'k1', after: '–' }]);
  });
  it('shows values that are no objects', () => expect(auditDiff(1, 2)).toEqual([{ field: 'value', before: '1', after: '2' }]));
  it('cuts what is long', () => expect(auditDiff({ a: 'x'.repeat(600) }, null)[0]!.before).toHaveLength(501));
});
