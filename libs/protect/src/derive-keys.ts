import { hkdfSync } from 'node:crypto';

/** One key per use, so that a key leaked or broken in one use says nothing about another. The label is the HKDF `info`; it never changes its meaning. */
const LABELS = {
  encryption: 'wary/encryption/1',
  pseudonym: 'wary/pseudonym/1',
  cursor: 'wary/cursor/1',
  session: 'wary/session/1',
  apiKey: 'wary/api-key/1',
  internal: 'wary/internal/1',
} as const;
export type KeyUse = keyof typeof LABELS;
export type DerivedKeys = { readonly [use in KeyUse]: Buffer };

const KEY_BYTES = 32;

/** HKDF-SHA-256 (RFC 5869) without salt: the root must be random, at least 32 bytes (the configuration checks it). */
export function deriveKey(rootSecret: string | Uint8Array, use: KeyUse): Buffer {
  return Buffer.from(hkdfSync('sha256', rootSecret, '', LABELS[use], KEY_BYTES));
}

export function deriveKeys(rootSecret: string | Uint8Array): DerivedKeys {
  return {
    encryption: deriveKey(rootSecret, 'encryption'), pseudonym: deriveKey(rootSecret, 'pseudonym'), cursor: deriveKey(rootSecret, 'cursor'),
    session: deriveKey(rootSecret, 'session'), apiKey: deriveKey(rootSecret, 'apiKey'), internal: deriveKey(rootSecret, 'internal'),
  };
}
