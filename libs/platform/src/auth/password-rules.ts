import { randomInt } from 'node:crypto';
import { WaryError } from '@wary/model/errors.js';
import { z } from 'zod';

/** NIST SP 800-63B: length is what counts, no rules of composition. */
export const PASSWORD_CHARS_MIN = 12;
export const PASSWORD_CHARS_MAX = 1_000;
export const NewPasswordSchema = z.string().min(PASSWORD_CHARS_MIN, `needs at least ${PASSWORD_CHARS_MIN} characters`).max(PASSWORD_CHARS_MAX);

/** Without the characters that people mix up when they read it out. */
const ALPHABET = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const GROUPS = 4;
const GROUP_CHARS = 5;

/** 20 characters of 57: 116 bits. */
export function generatePassword(): string {
  return Array.from({ length: GROUPS }, () => Array.from({ length: GROUP_CHARS }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')).join('-');
}

/** What an attacker tries first: one's own address, the product's name, one character or a run of them. */
export function requireGoodPassword(password: string, email: string): void {
  const lower = password.toLowerCase();
  const name = email.split('@', 1)[0]!.toLowerCase();
  const weak = new Set(lower).size < 5 || lower === email.toLowerCase() || (name.length >= 4 && lower.replaceAll(name, '').length < 6) || lower.replaceAll(/wary|password|admin|[0-9]/g, '').length < 3;
  if (weak) throw new WaryError('validation_failed', undefined, { errors: [{ path: 'password', message: 'is too easy to guess' }] });
}
