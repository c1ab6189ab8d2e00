import type { WebhookOutcome } from '@wary/ports/channel.port.js';

/** What an attempt means. `throttle` asks for less as well as for later. */
export type Verdict =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly error: string }
  | { readonly kind: 'throttle'; readonly error: string; readonly retryAfterMs: number | null }
  | { readonly kind: 'gone'; readonly error: string };

const THROTTLE = new Set([429, 502, 503, 504]);
/** An endpoint cannot hold its messages back longer than the longest wait of the schedule. */
export const RETRY_AFTER_MS_MAX = 24 * 60 * 60 * 1_000;

/** Standard Webhooks: 2xx alone is success; a redirect is a failure; 410 switches the endpoint off; 429, 502, 503 and 504 ask to slow down. */
export function classifyOutcome(outcome: WebhookOutcome): Verdict {
  if (outcome.kind === 'failed') return { kind: 'retry', error: `${outcome.code}: ${outcome.message}` };
  const { status, retryAfterMs } = outcome;
  if (status >= 200 && status <= 299) return { kind: 'delivered' };
  const error = status >= 300 && status <= 399 ? `answered ${status}; redirects are not followed` : `answered ${status}`;
  if (status === 410) return { kind: 'gone', error };
  if (THROTTLE.has(status)) return { kind: 'throttle', error, retryAfterMs: retryAfterMs === null ? null : Math.min(Math.max(0, retryAfterMs), RETRY_AFTER_MS_MAX) };
  return { kind: 'retry', error };
}
