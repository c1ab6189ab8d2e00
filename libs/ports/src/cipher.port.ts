/** Authenticated encryption at rest (AES-256-GCM), key derived from the secret key. Output is text: `v1.<keyId>.<nonce>.<ciphertext+tag>` in base64url. */
export interface Cipher { encrypt(plaintext: string): string; /** Throws when the text was changed or the key is unknown. */ decrypt(ciphertext: string): string }
export const CIPHER = Symbol.for('wary.Cipher');
