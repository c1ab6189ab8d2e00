import type { Delivery, DeliveryDetail, Webhook, WebhookSecrets } from '@wary/ports/webhook-store.port.js';
import type { Selectable } from 'kysely';
import { toJson, toText } from './json-column.js';
import type { WebhookDeliveriesTable, WebhooksTable } from './webhook-tables.js';

export type WebhookRow = Selectable<WebhooksTable>;
export type DeliveryRow = Selectable<WebhookDeliveriesTable>;

export const readWebhook = (row: WebhookRow): Webhook => ({
  id: row.id, tenant: row.tenant, url: row.url, description: row.description, types: row.types, minSeverity: row.min_severity, format: row.format, enabled: row.enabled, disabledReason: row.disabled_reason,
  failingSince: row.failing_since, pausedUntil: row.paused_until, version: row.version, createdAt: row.created_at, createdBy: row.created_by, updatedAt: row.updated_at,
  secretRotatedAt: row.secret_rotated_at, previousSecretUntil: row.previous_secret_until,
});
export const readSecrets = (row: WebhookRow): WebhookSecrets => ({ secret: row.secret, previousSecret: row.previous_secret });

/** What a person's change writes. What the dispatcher measures (`failing_since`, `paused_until`) goes with it only because both know the locked row. */
export const toWebhookRow = (webhook: Webhook) => ({
  id: webhook.id, tenant: webhook.tenant, url: toText(webhook.url), description: toText(webhook.description), types: toJson(webhook.types), min_severity: webhook.minSeverity, format: webhook.format,
  enabled: webhook.enabled, disabled_reason: webhook.disabledReason, failing_since: webhook.failingSince, paused_until: webhook.pausedUntil, version: webhook.version,
  created_at: webhook.createdAt, created_by: toText(webhook.createdBy), updated_at: webhook.updatedAt, secret_rotated_at: webhook.secretRotatedAt, previous_secret_until: webhook.previousSecretUntil,
});

export const DELIVERY_COLUMNS = ['id', 'tenant', 'webhook_id', 'type', 'subject', 'status', 'attempts', 'next_attempt_at', 'created_at', 'finished_at', 'last_status', 'last_error'] as const;
export const readDelivery = (row: Pick<DeliveryRow, (typeof DELIVERY_COLUMNS)[number]>): Delivery => ({
  id: row.id, tenant: row.tenant, webhookId: row.webhook_id, type: row.type, subject: row.subject, status: row.status, attempts: row.attempts, nextAttemptAt: row.next_attempt_at,
  createdAt: row.created_at, finishedAt: row.finished_at, lastStatus: row.last_status, lastError: row.last_error,
});
export const readDetail = (row: DeliveryRow, url: string): DeliveryDetail => ({ ...readDelivery(row), url, body: row.body, log: row.log });
