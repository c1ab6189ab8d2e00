import { generateSecret, generateURI, verifySync } from 'otplib';

/** RFC 6238 as every authenticator app takes it: HMAC-SHA-1, six digits, steps of 30 seconds; 160 bits of secret (RFC 4226, R6). */
const PERIOD_SECONDS = 30;
const SECRET_BYTES = 20;
/** The step before and the one after count too, for clocks that differ and people who type slowly (RFC 6238, 5.2). */
const TOLERANCE_SECONDS = PERIOD_SECONDS;
const ISSUER = 'Wary';
const CODE = /^\d{6}$/;

export const newTotpSecret = (): string => generateSecret({ length: SECRET_BYTES });
export const totpUri = (secret: string, email: string): string => generateURI({ issuer: ISSUER, label: email, secret });
export const isTotpCode = (code: string): boolean => CODE.test(code);

/** The time step whose code this is; null when it is none of those that count now. */
export function stepOfCode(secret: string, code: string, nowMs: number): number | null {
  if (!isTotpCode(code)) return null;
  const result = verifySync({ secret, token: code, epoch: Math.floor(nowMs / 1_000), period: PERIOD_SECONDS, epochTolerance: TOLERANCE_SECONDS });
  return result.valid && 'timeStep' in result ? result.timeStep : null;
}
