import { generateSync } from 'otplib';
import { describe, expect, it } from 'vitest';
import { newTotpSecret, stepOfCode, totpUri } from './totp.js';

/** The key of RFC 6238, appendix B (ASCII "12345678901234567890"), in base32. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const SECOND_MS = 1_000;

describe('time-based one-time passwords', () => {
  // Appendix B gives eight digits; six-digit codes are their last six (RFC 4226, 5.3: the same number modulo 10^digits).
  it.each([
    [59, '94287082'], [1_111_111_109, '07081804'], [1_111_111_111, '14050471'], [1_234_567_890, '89005924'], [2_000_000_000, '69279037'], [20_000_000_000, '65353130'],
  ])('are those of RFC 6238 at %d s', (seconds, digits) => {
    expect(stepOfCode(RFC_SECRET, digits.slice(-6), seconds * SECOND_MS)).toBe(Math.floor(seconds / 30));
  });

  it('count one step early and one late, and no more', () => {
    const secret = newTotpSecret();
    const step = 58_000_000;
    const code = generateSync({ secret, epoch: step * 30 });
    for (const [offset, counts] of [[-31, false], [-30, true], [0, true], [29, true], [59, true], [60, false]] as const) {
      expect([offset, stepOfCode(secret, code, (step * 30 + offset) * SECOND_MS)]).toEqual([offset, counts ? step : null]);
    }
  });

  it.each(['', '12345', '1234567', '12345a', '１２３４５６', '-12345', '1e5   '])('%j is no code', (code) => {
    expect(stepOfCode(RFC_SECRET, code, 59 * SECOND_MS)).toBeNull();
  });

  it('have 160 bits of secret, never the same, and an address that apps read', () => {
    const secrets = new Set(Array.from({ length: 200 }, newTotpSecret));
    expect(secrets.size).toBe(200);
    for (const secret of secrets) expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    const uri = new URL(totpUri(RFC_SECRET, 'a+b@wary.local'));
    expect(uri.protocol).toBe('otpauth:');
    expect(uri.searchParams.get('secret')).toBe(RFC_SECRET);
    expect(uri.searchParams.get('issuer')).toBe('Wary');
    expect(decodeURIComponent(uri.pathname)).toContain('Wary:a+b@wary.local');
  });
});
