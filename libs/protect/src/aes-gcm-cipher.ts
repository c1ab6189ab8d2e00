import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { Cipher } from '@wary/ports/cipher.port.js';

const VERSION = 'v1';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Short public name of a key: the start of a hash over it. */
const keyIdOf = (key: Uint8Array): string => createHash('sha256').update('wary/key-id/1').update(key).digest('base64url').slice(0, 8);

/**
 * AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D, 8.2.2: at most 2^32 messages under one key).
 * The first key encrypts, all of them decrypt: rotating means putting a new key before the old ones.
 * Version and key id are authenticated with the text, so that they cannot be swapped.
 */
export function createAesGcmCipher(keys: readonly Uint8Array[]): Cipher {
  if (keys.length === 0) throw new Error('a cipher needs at least one key');
  const byId = new Map<string, Uint8Array>();
  for (const key of keys) {
    if (key.length !== KEY_BYTES) throw new Error(`an encryption key has ${KEY_BYTES} bytes, not ${key.length}`);
    byId.set(keyIdOf(key), key);
  }
  const newest = keys[0]!;
  const prefix = `${VERSION}.${keyIdOf(newest)}`;

  return {
    encrypt(plaintext) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', newest, nonce);
      cipher.setAAD(Buffer.from(prefix));
      const sealed = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${prefix}.${nonce.toString('base64url')}.${sealed.toString('base64url')}`;
    },
    decrypt(ciphertext) {
      const [version, keyId, nonceText, sealedText, ...rest] = ciphertext.split('.');
      const key = byId.get(keyId ?? '');
      const nonce = Buffer.from(nonceText ?? '', 'base64url');
      const sealed = Buffer.from(sealedText ?? '', 'base64url');
      if (version !== VERSION || rest.length > 0 || nonce.length !== NONCE_BYTES || sealed.length < TAG_BYTES) throw new Error('not a ciphertext of this format');
      // Buffer.from skips what is not base64url; only the one spelling that was written is accepted.
      if (nonce.toString('base64url') !== nonceText || sealed.toString('base64url') !== sealedText) throw new Error('not a ciphertext of this format');
      if (key === undefined) throw new Error(`no key with the id ${JSON.stringify(keyId)}`);
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(`${version}.${keyId}`));
      decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
      return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES)), decipher.final()]).toString('utf8');
    },
  };
}
