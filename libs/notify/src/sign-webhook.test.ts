import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { signWebhook } from './sign-webhook.js';
import { formatWebhookSecret, WEBHOOK_SECRET_BYTES } from './webhook-secret.js';

const secretOf = (fill: number): string => formatWebhookSecret(new Uint8Array(WEBHOOK_SECRET_BYTES).fill(fill));
const now = (): number => Date.now();

describe('signWebhook', () => {
  it('gives the signature of the specification: HMAC-SHA-256 over id.timestamp.body', () => {
    const body = '{"type":"alert.created"}';
    const headers = signWebhook({ id: 'msg_1', at: 1_700_000_000_999, body, secrets: [secretOf(7)] });
    const expected = createHmac('sha256', Buffer.alloc(WEBHOOK_SECRET_BYTES, 7)).update(`msg_1.1700000000.${body}`).digest('base64');
    expect(headers).toMatchObject({ 'webhook-id': 'msg_1', 'webhook-timestamp': '1700000000', 'webhook-signature': `v1,${expected}` });
  });

  it('is accepted by the reference library for any body, and refused once id, time or body is changed', () => {
    fc.assert(fc.property(fc.json(), fc.string({ minLength: 1, maxLength: 30, unit: fc.constantFrom(...'abcXYZ0189_') }), (body, id) => {
      const at = now();
      const headers = signWebhook({ id, at, body, secrets: [secretOf(1)] });
      const receiver = new Webhook(secretOf(1));
      expect(receiver.verify(body, headers)).toEqual(JSON.parse(body));
      expect(() => receiver.verify(`${body} `, headers)).toThrow();
      expect(() => receiver.verify(body, { ...headers, 'webhook-id': `${id}x` })).toThrow();
      expect(() => receiver.verify(body, { ...headers, 'webhook-timestamp': String(Math.floor(at / 1000) + 1) })).toThrow();
      expect(() => new Webhook(secretOf(2)).verify(body, headers)).toThrow();
    }), { numRuns: 100 });
  });

  it('rotates without a gap: both secrets verify the same message', () => {
    const headers = signWebhook({ id: 'msg_1', at: now(), body: '{}', secrets: [secretOf(2), secretOf(1)] });
    expect(headers['webhook-signature']?.split(' ')).toHaveLength(2);
    for (const fill of [1, 2]) expect(new Webhook(secretOf(fill)).verify('{}', headers)).toEqual({});
    expect(() => new Webhook(secretOf(3)).verify('{}', headers)).toThrow();
  });

  it('refuses what would not be signed, and secrets of a wrong length', () => {
    expect(() => signWebhook({ id: 'x', at: 0, body: '', secrets: [] })).toThrow(RangeError);
    expect(() => formatWebhookSecret(new Uint8Array(23))).toThrow(RangeError);
    expect(() => formatWebhookSecret(new Uint8Array(65))).toThrow(RangeError);
  });
});
