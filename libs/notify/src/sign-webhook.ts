import { Webhook } from 'standardwebhooks';

export interface SignedMessage {
  /** The `webhook-id`: the same over retries, so that the receiver can drop repeats. */
  readonly id: string;
  /** Epoch ms of this attempt: the receiver refuses what is older than five minutes. */
  readonly at: number;
  readonly body: string;
  /** The present secret first; while rotating also the one before. */
  readonly secrets: readonly string[];
}

/** Headers of one attempt by the Standard Webhooks specification; one signature for each live secret, so that a rotation has no gap. */
export function signWebhook({ id, at, body, secrets }: SignedMessage): Record<string, string> {
  if (secrets.length === 0) throw new RangeError('a message needs a secret');
  const timestamp = new Date(at);
  return {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'Wary-Webhooks/1',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, timestamp, body)).join(' '),
  };
}
