import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSignInChallenges } from './sign-in-challenge.js';

const challenges = createSignInChallenges(Buffer.alloc(32, 1));
const NOW = 1_780_000_000_000;

describe('the proof of the first step', () => {
  it('is good for five minutes, for one person, for one password', () => {
    const { challenge, expiresAt } = challenges.issue('u1', 'hash', NOW);
    expect(expiresAt - NOW).toBe(300_000);
    expect(challenges.userIdOf(challenge, NOW)).toBe('u1');
    expect(challenges.userIdOf(challenge, expiresAt - 1)).toBe('u1');
    expect(challenges.userIdOf(challenge, expiresAt)).toBeNull();
    expect(challenges.isOf(challenge, 'hash')).toBe(true);
    expect(challenges.isOf(challenge, 'another hash')).toBe(false);
    expect(challenge).not.toContain('hash');
  });

  it('of another key or with anything changed is none', () => {
    const { challenge } = challenges.issue('u1', 'hash', NOW);
    expect(createSignInChallenges(Buffer.alloc(32, 2)).userIdOf(challenge, NOW)).toBeNull();
    const [payload, signature] = challenge.split('.') as [string, string];
    fc.assert(fc.property(fc.nat(payload.length - 1), fc.constantFrom(...'ABab01_-'), (at, character) => {
      const changed = payload.slice(0, at) + character + payload.slice(at + 1);
      return changed === payload || challenges.userIdOf(`${changed}.${signature}`, NOW) === null;
    }));
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => challenges.userIdOf(text, NOW) === null && !challenges.isOf(text, 'hash')));
  });
});
