import type { Delivery, Webhook } from '@wary/ports/webhook-store.port.js';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What the dispatcher tells whoever operates the service. */
export interface WebhookHooks {
  onAttempt(verdict: 'delivered' | 'retry' | 'throttle' | 'gone', durationMs: number): void;
  /** A message that will not be tried again by itself. */
  onFailed(delivery: Delivery): void;
  onDisabled(webhook: Webhook, reason: 'gone' | 'failing'): void;
}

const SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 20];

export function createWebhookMetrics(registry: Registry, pending: () => Promise<number>): WebhookHooks {
  const registers = [registry];
  const attempts = new Counter({ name: 'wary_notify_attempts_total', help: 'Webhook attempts, by what the answer means', labelNames: ['verdict'], registers });
  const seconds = new Histogram({ name: 'wary_notify_attempt_seconds', help: 'Time of a webhook attempt', buckets: SECONDS, registers });
  const failed = new Counter({ name: 'wary_notify_deliveries_failed_total', help: 'Webhook messages given up after all attempts', registers });
  const disabled = new Counter({ name: 'wary_notify_webhooks_disabled_total', help: 'Webhooks switched off by the service, by reason', labelNames: ['reason'], registers });
  new Gauge({ name: 'wary_notify_deliveries_pending', help: 'Webhook messages waiting to be sent', registers, async collect() { this.set(await pending().catch(() => Number.NaN)); } });
  return {
    onAttempt(verdict, durationMs) { attempts.inc({ verdict }); seconds.observe(durationMs / 1_000); },
    onFailed() { failed.inc(); },
    onDisabled(_webhook, reason) { disabled.inc({ reason }); },
  };
}

export const SILENT_HOOKS: WebhookHooks = { onAttempt: () => {}, onFailed: () => {}, onDisabled: () => {} };
