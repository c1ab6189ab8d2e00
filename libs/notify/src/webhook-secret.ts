/** Standard Webhooks, "Signature scheme": 24 to 64 random bytes, base64 behind the prefix. */
export const WEBHOOK_SECRET_BYTES = 32;
const PREFIX = 'whsec_';

/** The bytes come from a secure source in the composition; this library has no randomness. */
export function formatWebhookSecret(bytes: Uint8Array): string {
  if (bytes.length < 24 || bytes.length > 64) throw new RangeError(`a webhook secret has 24 to 64 bytes, not ${bytes.length}`);
  return `${PREFIX}${Buffer.from(bytes).toString('base64')}`;
}
