import type { PostgresHandle } from '@wary/adapter-postgres/open-postgres.js';
import { createWebhookStore } from '@wary/adapter-postgres/webhook-store.js';
import { createUrlCheck } from '@wary/adapter-webhook/url-check.js';
import type { WebhookStore } from '@wary/ports/webhook-store.port.js';
import type { Registry } from 'prom-client';
import { WebhookDispatcher, type DispatcherParts } from './webhook-dispatcher.js';
import { createWebhookMetrics } from './webhook-hooks.js';
import { WebhookService } from './webhook-service.js';

export interface WebhooksOptions extends Omit<DispatcherParts, 'store' | 'hooks'> {
  readonly postgres: Pick<PostgresHandle, 'db'>;
  /** WARY_WEBHOOK_ALLOW; the channel gets the same. */
  readonly allow: readonly string[];
  readonly registry?: Registry;
}

export interface Webhooks { readonly store: WebhookStore; readonly service: WebhookService; readonly dispatcher: WebhookDispatcher }

/** Webhooks and who sends them, built once by the composition root. */
export function createWebhooks({ postgres, allow, registry, ...parts }: WebhooksOptions): Webhooks {
  const store = createWebhookStore(postgres.db);
  const hooks = registry === undefined ? {} : { hooks: createWebhookMetrics(registry, () => store.pendingDeliveries()) };
  const dispatcher = new WebhookDispatcher({ ...parts, ...hooks, store });
  return { store, dispatcher, service: new WebhookService({ ...parts, store, checkUrl: createUrlCheck(allow), onDue: () => { dispatcher.poke(); } }) };
}
