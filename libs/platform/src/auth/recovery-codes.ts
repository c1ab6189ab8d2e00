import { createHash, randomBytes } from 'node:crypto';

export const RECOVERY_CODES = 10;
/** Crockford's base32: nothing in it is mistaken for another, and upper and lower case are the same. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const GROUPS = 5;
const GROUP_CHARS = 5;

/** 25 characters of 32: 125 bits, more than the 112 from which a plain hash is enough (ASVS 5.0, 6.5.2). */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    // 256 is a multiple of 32, so no character is likelier than another.
    const characters = [...randomBytes(GROUPS * GROUP_CHARS)].map((byte) => ALPHABET[byte % ALPHABET.length]!);
    return Array.from({ length: GROUPS }, (_, group) => characters.slice(group * GROUP_CHARS, (group + 1) * GROUP_CHARS).join('')).join('-');
  });
}

/** As somebody may type it: any case, without or with other separators, o for 0, i or l for 1. */
const normalize = (code: string): string => code.toLowerCase().replaceAll(/[\s-]/g, '').replaceAll('o', '0').replaceAll(/[il]/g, '1');

/** Of one person: the same code of somebody else has another hash. No key in it, so that the codes outlive a change of WARY_SECRET_KEY, which is when they are needed. */
export const hashRecoveryCode = (userId: string, code: string): string => createHash('sha256').update(`wary/recovery-code/1:${userId}:${normalize(code)}`).digest('base64url');
