import type { Severity } from '@wary/model/finding.js';
import type { WebhookFormat, WebhookType } from '@wary/model/webhook.js';
import type { AuditEntry } from './audit.port.js';
import type { Page } from './event-store.port.js';

export interface Webhook {
  readonly id: string;
  readonly tenant: string;
  readonly url: string;
  readonly description: string;
  readonly types: readonly WebhookType[];
  /** Nothing milder is sent; null: everything. */
  readonly minSeverity: Severity | null;
  readonly format: WebhookFormat;
  readonly enabled: boolean;
  /** Why the service switched it off (`gone`, `failing`); null when a person did or it is on. */
  readonly disabledReason: 'gone' | 'failing' | null;
  /** Of the first attempt that failed since the last success. */
  readonly failingSince: number | null;
  /** The endpoint asked to wait until then (Retry-After). */
  readonly pausedUntil: number | null;
  readonly version: number;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly updatedAt: number;
  readonly secretRotatedAt: number;
  /** Until when messages are signed with the secret before the rotation too. */
  readonly previousSecretUntil: number | null;
}

/** Encrypted with the Cipher port; never leaves the service but once at creation and rotation. */
export interface WebhookSecrets { readonly secret: string; readonly previousSecret: string | null }

export type DeliveryStatus = 'pending' | 'succeeded' | 'failed';
export interface DeliveryAttempt {
  readonly at: number;
  readonly durationMs: number;
  /** HTTP status; null when no answer came. */
  readonly status: number | null;
  readonly outcome: string;
  readonly error: string | null;
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** The start of the answer. */
  readonly responseBody: string;
}

/** One message for one webhook. Its id is the `webhook-id`, the same over retries and replays. */
export interface Delivery {
  readonly id: string;
  readonly tenant: string;
  readonly webhookId: string;
  readonly type: string;
  /** Alert or incident it is about. */
  readonly subject: string;
  readonly status: DeliveryStatus;
  /** Attempts of the present round; a replay begins a new one. */
  readonly attempts: number;
  readonly nextAttemptAt: number | null;
  readonly createdAt: number;
  readonly finishedAt: number | null;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
}
export interface DeliveryDetail extends Delivery { readonly url: string; readonly body: string; /** Oldest first, the latest kept. */ readonly log: readonly DeliveryAttempt[] }

/** A committed change that is to be told; the workflow wrote it in the transaction of the change. */
export interface OutboxRow { readonly id: string; readonly tenant: string; readonly type: WebhookType; readonly payload: unknown; readonly createdAt: number }

export interface DeliveryDraft { readonly id: string; readonly webhookId: string; readonly outboxId: string | null; readonly type: string; readonly subject: string; readonly body: string; readonly createdAt: number; /** Kept for `recover` alone. */ readonly failed: string | null }
/** Attempts that may be begun: in this process, and to the endpoint over all processes, as long as it answers and while it fails. */
export interface DeliveryPlaces { readonly here: number; readonly healthy: number; readonly struggling: number }
export interface ClaimedDelivery { readonly delivery: Delivery; readonly body: string; readonly webhook: Webhook; readonly secrets: WebhookSecrets }

/** What an attempt does to its delivery and its webhook; written in one transaction with the log. */
export interface AttemptRecord {
  readonly attempt: DeliveryAttempt;
  readonly status: DeliveryStatus;
  readonly nextAttemptAt: number | null;
  readonly pausedUntil: number | null;
  /** Set: the webhook is switched off with this reason. */
  readonly disable: { readonly reason: 'gone' | 'failing'; readonly audit: AuditEntry } | null;
}

export interface WebhookStore {
  insertWebhook(webhook: Webhook, secrets: WebhookSecrets, audit: AuditEntry): Promise<void>;
  findWebhook(tenant: string, id: string): Promise<Webhook | null>;
  webhookSecrets(tenant: string, id: string): Promise<WebhookSecrets | null>;
  listWebhooks(tenant: string, limit: number, cursor?: string): Promise<Page<Webhook>>;
  /** Decides on the locked row, in one transaction with the audit row. Throws `not_found`. */
  changeWebhook(tenant: string, id: string, decide: (webhook: Webhook, secrets: WebhookSecrets) => { readonly next: Webhook; readonly secrets?: WebhookSecrets; readonly audit: AuditEntry | null }): Promise<Webhook>;
  /** With its deliveries. */
  deleteWebhook(tenant: string, id: string, audit: (webhook: Webhook) => AuditEntry): Promise<void>;

  /** Turns outbox rows into deliveries and marks them dispatched, in one transaction; gives how many rows there were. */
  dispatchOutbox(limit: number, now: number, plan: (row: OutboxRow, webhooks: readonly Webhook[]) => DeliveryDraft[]): Promise<number>;
  insertDelivery(tenant: string, draft: DeliveryDraft, record: AttemptRecord): Promise<DeliveryDetail>;
  /** Enabled webhooks that have something due, the longest waiting first. */
  dueWebhooks(now: number): Promise<string[]>;
  /** Due deliveries of one webhook, as many as there are places, leased: nobody else gets them before `leaseUntil`. */
  claimDeliveries(webhookId: string, places: DeliveryPlaces, now: number, leaseUntil: number): Promise<ClaimedDelivery[]>;
  /** Forgets all leases: a process that is alone calls it at its start. */
  releaseLeases(): Promise<void>;
  recordAttempt(deliveryId: string, record: AttemptRecord, now: number): Promise<void>;
  listDeliveries(tenant: string, webhookId: string, filter: { readonly status?: DeliveryStatus; readonly limit: number; readonly cursor?: string }): Promise<Page<Delivery>>;
  findDelivery(tenant: string, webhookId: string, id: string): Promise<DeliveryDetail | null>;
  /** Makes deliveries due again: one, or all failed ones since. Gives their number. */
  requeueDeliveries(tenant: string, webhookId: string, what: { readonly id: string } | { readonly failedSince: number }, now: number, audit: (count: number) => AuditEntry): Promise<number>;
  /** Removes finished deliveries and dispatched outbox rows older than these; gives the number of deliveries. */
  pruneDeliveries(deliveriesBefore: number, outboxBefore: number): Promise<number>;
  pendingDeliveries(): Promise<number>;
}
export const WEBHOOK_STORE = Symbol.for('wary.WebhookStore');
