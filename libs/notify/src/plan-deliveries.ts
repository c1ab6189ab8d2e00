import type { Alert } from '@wary/model/alert.js';
import { severityRank } from '@wary/model/finding.js';
import type { Incident } from '@wary/model/incident.js';
import type { DeliveryDraft, OutboxRow, Webhook } from '@wary/ports/webhook-store.port.js';
import { buildBody, isAlertType } from './build-body.js';

export interface PlanSettings { readonly publicUrl: string; /** A new opaque id, sortable by time. */ readonly newId: () => string }

/**
 * Which webhooks are told of a change, with what. History notifies nobody. A webhook that the service itself switched off keeps
 * its messages as failed ones, so that `recover` can send them; one that a person switched off has none.
 */
export function planDeliveries(row: OutboxRow, webhooks: readonly Webhook[], { publicUrl, newId }: PlanSettings): DeliveryDraft[] {
  const data = row.payload as Alert | Incident;
  if (isAlertType(row.type) && (data as Alert).historical) return [];
  return webhooks.filter((webhook) => wants(webhook, row, data)).map((webhook) => ({
    id: `msg_${newId()}`, webhookId: webhook.id, outboxId: row.id, type: row.type, subject: data.id, createdAt: row.createdAt,
    body: buildBody({ type: row.type, timestamp: row.createdAt, data, format: webhook.format, publicUrl }),
    failed: webhook.enabled ? null : 'the webhook was switched off',
  }));
}

function wants(webhook: Webhook, row: OutboxRow, { severity }: Alert | Incident): boolean {
  if (!webhook.enabled && webhook.disabledReason === null) return false;
  return webhook.tenant === row.tenant && webhook.types.includes(row.type) && (webhook.minSeverity === null || severityRank(severity) >= severityRank(webhook.minSeverity));
}
