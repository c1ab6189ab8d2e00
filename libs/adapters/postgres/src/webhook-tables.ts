import type { Severity } from '@wary/model/finding.js';
import type { WebhookFormat, WebhookType } from '@wary/model/webhook.js';
import type { DeliveryAttempt, DeliveryStatus, Webhook } from '@wary/ports/webhook-store.port.js';
import type { JsonColumn } from './json-column.js';

export interface WebhooksTable {
  id: string; tenant: string; url: string; description: string; types: JsonColumn<WebhookType[]>; min_severity: Severity | null; format: WebhookFormat;
  enabled: boolean; disabled_reason: Webhook['disabledReason']; failing_since: number | null; paused_until: number | null;
  version: number; created_at: number; created_by: string; updated_at: number;
  /** Encrypted. */
  secret: string; previous_secret: string | null; secret_rotated_at: number; previous_secret_until: number | null;
}

/** One message for one webhook; its log of attempts grows with it, up to a bound. */
export interface WebhookDeliveriesTable {
  id: string; tenant: string; webhook_id: string; outbox_id: string | null; type: string; subject: string; body: string; status: DeliveryStatus; attempts: number;
  next_attempt_at: number | null; lease_until: number; created_at: number; finished_at: number | null; last_status: number | null; last_error: string | null;
  log: JsonColumn<DeliveryAttempt[]>;
}

export interface WebhookTables { webhooks: WebhooksTable; webhook_deliveries: WebhookDeliveriesTable }
