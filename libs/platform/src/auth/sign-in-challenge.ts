import { createHmac, timingSafeEqual } from 'node:crypto';

const LIFE_MS = 5 * 60_000;
const CHARS_MAX = 1_000;

export interface SignInChallenges {
  /** Proof that this person's password was right a moment ago; good for nothing but the second step. */
  issue(userId: string, passwordHash: string, now: number): { readonly challenge: string; readonly expiresAt: number };
  /** Whose it is; null when it is not one of ours or too old. */
  userIdOf(challenge: string, now: number): string | null;
  /** Whether the password is still the one that was given: a reset between the steps ends the sign-in. */
  isOf(challenge: string, passwordHash: string): boolean;
}

/** Signed and kept nowhere, so that any process can take the second step; the code it needs works once. */
export function createSignInChallenges(key: Uint8Array): SignInChallenges {
  // The label keeps these apart from the session tokens that are hashed with the same key.
  const mac = (text: string): Buffer => createHmac('sha256', key).update(`wary/sign-in-challenge/1:${text}`).digest();
  const fingerprint = (passwordHash: string): string => mac(`password:${passwordHash}`).toString('base64url').slice(0, 22);

  function read(challenge: string): { readonly userId: string; readonly expiresAt: number; readonly password: string } | null {
    if (challenge.length > CHARS_MAX) return null;
    const [payload = '', signature = '', ...rest] = challenge.split('.');
    const given = Buffer.from(signature, 'base64url');
    const wanted = mac(payload);
    if (rest.length > 0 || given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
    const [userId, expiresAt, password] = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as [string, number, string];
    return { userId, expiresAt, password };
  }

  return {
    issue(userId, passwordHash, now) {
      const expiresAt = now + LIFE_MS;
      const payload = Buffer.from(JSON.stringify([userId, expiresAt, fingerprint(passwordHash)])).toString('base64url');
      return { challenge: `${payload}.${mac(payload).toString('base64url')}`, expiresAt };
    },
    userIdOf(challenge, now) {
      const known = read(challenge);
      return known !== null && now < known.expiresAt ? known.userId : null;
    },
    isOf: (challenge, passwordHash) => read(challenge)?.password === fingerprint(passwordHash),
  };
}
