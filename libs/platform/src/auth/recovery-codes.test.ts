import { describe, expect, it } from 'vitest';
import { hashRecoveryCode, newRecoveryCodes } from './recovery-codes.js';

describe('recovery codes', () => {
  it('are ten, long and different', () => {
    const codes = Array.from({ length: 50 }, newRecoveryCodes).flat();
    expect(codes).toHaveLength(500);
    expect(new Set(codes).size).toBe(500);
    for (const code of codes) expect(code).toMatch(/^([0-9a-hjkmnp-tv-z]{5}-){4}[0-9a-hjkmnp-tv-z]{5}$/);
  });

  it('are the same however they are typed, and another one for everybody else', () => {
    const hash = hashRecoveryCode('u1', '01abc-defgh-jkmnp-qrstv-wxyz2');
    for (const typed of ['01ABC DEFGH JKMNP QRSTV WXYZ2', 'OLabcdefghjkmnpqrstvwxyz2', ' oIabc-defgh-jkmnp-qrstv-wxyz2 ']) expect(hashRecoveryCode('u1', typed)).toBe(hash);
    expect(hashRecoveryCode('u2', '01abc-defgh-jkmnp-qrstv-wxyz2')).not.toBe(hash);
    expect(hashRecoveryCode('u1', '01abc-defgh-jkmnp-qrstv-wxyz3')).not.toBe(hash);
  });
});
