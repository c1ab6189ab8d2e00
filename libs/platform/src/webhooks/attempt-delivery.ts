import { decideAttempt, type AttemptDecision } from '@wary/notify/decide-attempt.js';
import { signWebhook } from '@wary/notify/sign-webhook.js';
import type { WebhookChannel, WebhookOutcome } from '@wary/ports/channel.port.js';
import type { Cipher } from '@wary/ports/cipher.port.js';
import type { Clock, Random } from '@wary/ports/clock.port.js';
import { SYSTEM_ACTOR } from '@wary/ports/workflow.port.js';
import type { AttemptRecord, DeliveryAttempt, Webhook, WebhookSecrets } from '@wary/ports/webhook-store.port.js';
import type { WebhookLimits } from './webhook-limits.js';

export interface AttemptParts { readonly channel: WebhookChannel; readonly cipher: Cipher; readonly clock: Clock; readonly random: Random; readonly limits: Pick<WebhookLimits, 'attemptTimeoutMs' | 'responseCharsKept'> }
export interface Message { readonly id: string; readonly body: string; readonly webhook: Webhook; readonly secrets: WebhookSecrets; /** Of this round, before this one. */ readonly attempts: number }
export interface Attempted { readonly decision: AttemptDecision; readonly record: AttemptRecord }

/** Signs with a fresh timestamp, sends, and says what is to be written. Never throws for what an endpoint does. */
export async function attemptDelivery({ id, body, webhook, secrets, attempts }: Message, { channel, cipher, clock, random, limits }: AttemptParts): Promise<Attempted> {
  const at = clock.now();
  let requestHeaders: Record<string, string> = {};
  let outcome: WebhookOutcome;
  try {
    requestHeaders = signWebhook({ id, at, body, secrets: liveSecrets(webhook, secrets, at).map((secret) => cipher.decrypt(secret)) });
    outcome = await channel.send({ url: webhook.url, headers: requestHeaders, body, timeoutMs: limits.attemptTimeoutMs });
  } catch {
    // The key that encrypted the secret is gone: signing needs the operator, the message waits on its schedule.
    outcome = { kind: 'failed', code: 'connection', message: 'the secret of the webhook cannot be read; rotate it', durationMs: 0 };
  }
  const now = clock.now();
  const decision = decideAttempt({ outcome, attemptsMade: attempts + 1, failingSince: webhook.failingSince, now, random: random.next() });
  const { verdict, status, nextAttemptAt, pausedUntil, disable } = decision;
  const attempt: DeliveryAttempt = {
    at, durationMs: outcome.durationMs, status: outcome.kind === 'answered' ? outcome.status : null, outcome: verdict.kind, error: verdict.kind === 'delivered' ? null : verdict.error, requestHeaders,
    responseBody: outcome.kind === 'answered' ? outcome.body.slice(0, limits.responseCharsKept) : '',
  };
  return {
    decision,
    record: {
      attempt, status, nextAttemptAt, pausedUntil,
      disable: disable === null ? null : { reason: disable, audit: { tenant: webhook.tenant, at: now, actor: SYSTEM_ACTOR, action: 'webhook.disable', target: `webhook:${webhook.id}`, before: { enabled: true }, after: { enabled: false, reason: disable } } },
    },
  };
}

/** The present secret first; for a while after a rotation also the one before. */
function liveSecrets({ previousSecretUntil }: Webhook, { secret, previousSecret }: WebhookSecrets, now: number): string[] {
  return previousSecret !== null && previousSecretUntil !== null && now < previousSecretUntil ? [secret, previousSecret] : [secret];
}
