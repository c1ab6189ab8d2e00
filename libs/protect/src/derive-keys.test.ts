import { expect, test } from 'vitest';
import { deriveKey, deriveKeys } from './derive-keys.js';

test('one root gives the same keys again, each use its own, another root others', () => {
  const keys = deriveKeys('r'.repeat(32));
  expect(new Set(Object.values(keys).map((key) => key.toString('hex'))).size).toBe(Object.keys(keys).length);
  for (const key of Object.values(keys)) expect(key).toHaveLength(32);
  expect(deriveKey('r'.repeat(32), 'session')).toEqual(keys.session);
  expect(deriveKey(Buffer.from('r'.repeat(32)), 'session')).toEqual(keys.session);
  expect(deriveKey('s'.repeat(32), 'session')).not.toEqual(keys.session);
});

test('the labels keep their meaning', () => {
  // A changed label would make every stored pseudonym, token and dead letter unreadable.
  expect(Object.fromEntries(Object.entries(deriveKeys('known root of at least 32 bytes!')).map(([use, key]) => [use, key.toString('hex').slice(0, 16)]))).toMatchInlineSnapshot(`
    {
      "apiKey": "cbd225810eb1a618",
      "cursor": "686047acdaf23419",
      "encryption": "69dafe3ffe3ee7a6",
      "internal": "679fe1b69f89f8b3",
      "pseudonym": "213613fc59766fba",
      "session": "c20d7c383a74a078",
    }
  `);
});
