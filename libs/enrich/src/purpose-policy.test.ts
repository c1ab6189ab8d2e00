import { PurposeSchema } from '@wary/model/registers.js';
import { describe, expect, test } from 'vitest';
import { PurposePolicy } from './purpose-policy.js';

const NOW = Date.parse('2026-11-22T10:00:00Z');
const judge = (rows: readonly object[], purpose: string, time = NOW): string => new PurposePolicy(rows.map((row, i) => PurposeSchema.parse({ id: String(i), resource: 'ds', ...row }))).judge(purpose, time);

describe('purposes', () => {
  test.each<[string, object[], string, string]>([
    ['allowed', [{ allowed: ['support', 'billing'] }], 'support', 'allowed'], ['whatever the case and blanks', [{ allowed: ['Support'] }], ' SUPPORT ', 'allowed'], ['by prefix', [{ allowed: ['research-*'] }], 'research-eu', 'allowed'],
    ['not on the list', [{ allowed: ['support'] }], 'marketing', 'unregistered'], ['denied', [{ denied: ['marketing'] }], 'marketing', 'denied'], ['not denied', [{ denied: ['marketing'] }], 'support', 'allowed'],
    ['denied beats allowed', [{ allowed: ['*'], denied: ['marketing'] }], 'marketing', 'denied'], ['denied by another row', [{ allowed: ['marketing'] }, { denied: ['market*'] }], 'marketing', 'denied'], ['allowed by another row', [{ allowed: ['support'] }, { allowed: ['billing'] }], 'billing', 'allowed'],
    ['lapsed', [{ allowed: ['support'], validUntil: '2026-11-21' }], 'support', 'denied'], ['on its last day', [{ allowed: ['support'], validUntil: '2026-11-22' }], 'support', 'allowed'], ['lapsed in one row, allowed in another', [{ allowed: ['support'], validUntil: '2020-01-01' }, { allowed: ['support'] }], 'support', 'allowed'],
    ['no purpose', [{ allowed: ['support'] }], '', 'none'], ['no purpose where one is required', [{ allowed: ['support'], required: true }], ' ', 'missing'], ['required by any row', [{ allowed: ['a'] }, { required: true }], '', 'missing'],
  ])('%s', (_name, rows, purpose, verdict) => expect(judge(rows, purpose)).toBe(verdict));

  test('a legal basis ends with its day in UTC', () => {
    const rows = [{ allowed: ['support'], validUntil: '2026-11-22' }];
    expect(judge(rows, 'support', Date.parse('2026-11-22T23:59:59.999Z'))).toBe('allowed');
    expect(judge(rows, 'support', Date.parse('2026-11-23T00:00:00Z'))).toBe('denied');
  });
});
