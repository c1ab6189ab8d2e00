import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAesGcmCipher } from './aes-gcm-cipher.js';

const [first, second, third] = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte)) as [Uint8Array, Uint8Array, Uint8Array];

describe('cipher', () => {
  const cipher = createAesGcmCipher([first]);

  test('any text comes back', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', 'é', '日', '😀', '\0', '\n', '"', '.'), maxLength: 300 }), (text) => {
      const sealed = cipher.encrypt(text);
      expect(sealed).toMatch(/^v1\.[\w-]{8}\.[\w-]{16}\.[\w-]+$/);
      expect(cipher.decrypt(sealed)).toBe(text);
    }), { numRuns: 100 });
  });

  test('the same text is never sealed alike, and nothing of it shows', () => {
    expect(cipher.encrypt('anna@example.org')).not.toBe(cipher.encrypt('anna@example.org'));
    expect(cipher.encrypt('anna@example.org')).not.toContain(Buffer.from('anna@example.org').toString('base64url'));
  });

  test('every changed character is found', () => {
    const sealed = cipher.encrypt('the payload of a dead letter');
    for (let i = 0; i < sealed.length; i += 1) {
      for (const other of ['A', 'b', '-', '.', '=', ' ']) {
        if (sealed[i] === other) continue;
        expect(() => cipher.decrypt(sealed.slice(0, i) + other + sealed.slice(i + 1)), `${i} ${other}`).toThrow();
      }
      expect(() => cipher.decrypt(sealed.slice(0, i))).toThrow();
      expect(() => cipher.decrypt(sealed.slice(0, i) + sealed.slice(i + 1))).toThrow();
    }
    for (const more of ['A', '.', '.x', '=', '\n']) expect(() => cipher.decrypt(sealed + more)).toThrow();
    expect(() => cipher.decrypt('')).toThrow('not a ciphertext');
  });

  test('parts of two texts do not make a third', () => {
    const [one, two] = [cipher.encrypt('one').split('.'), cipher.encrypt('two').split('.')];
    expect(() => cipher.decrypt([one[0], one[1], one[2], two[3]].join('.'))).toThrow();
  });

  test('rotation: the newest key seals, the old ones still open, a removed one does not', () => {
    const old = cipher.encrypt('text');
    const rotated = createAesGcmCipher([second, first]);
    const fresh = rotated.encrypt('text');
    expect(rotated.decrypt(old)).toBe('text');
    expect(rotated.decrypt(fresh)).toBe('text');
    expect(() => cipher.decrypt(fresh)).toThrow('no key');
    expect(createAesGcmCipher([third, second]).decrypt(fresh)).toBe('text');
    expect(() => createAesGcmCipher([third, second]).decrypt(old)).toThrow('no key');
    // The id of another key in front of the text does not open it.
    const [version, , nonce, sealed] = old.split('.');
    expect(() => rotated.decrypt([version, fresh.split('.')[1], nonce, sealed].join('.'))).toThrow();
  });

  test('refuses keys that are none', () => {
    expect(() => createAesGcmCipher([])).toThrow();
    expect(() => createAesGcmCipher([randomBytes(16)])).toThrow('32 bytes');
  });
});
