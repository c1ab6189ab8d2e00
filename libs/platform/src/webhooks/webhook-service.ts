import { randomBytes } from 'node:crypto';
import { WaryError } from '@wary/model/errors.js';
import type { Severity } from '@wary/model/finding.js';
import type { WebhookFormat, WebhookType } from '@wary/model/webhook.js';
import { formatWebhookSecret, WEBHOOK_SECRET_BYTES } from '@wary/notify/webhook-secret.js';
import type { WebhookChannel } from '@wary/ports/channel.port.js';
import type { Cipher } from '@wary/ports/cipher.port.js';
import type { Clock, Random } from '@wary/ports/clock.port.js';
import type { Actor } from '@wary/ports/workflow.port.js';
import type { AuditEntry } from '@wary/ports/audit.port.js';
import type { Page } from '@wary/ports/event-store.port.js';
import type { Delivery, DeliveryDetail, DeliveryStatus, Webhook, WebhookStore } from '@wary/ports/webhook-store.port.js';
import { requireVersion } from '../errors/require-version.js';
import { attemptDelivery } from './attempt-delivery.js';
import { WEBHOOK_LIMITS, type WebhookLimits } from './webhook-limits.js';

export interface NewWebhook { readonly url: string; readonly description: string; readonly types: readonly WebhookType[]; readonly minSeverity: Severity | null; readonly format: WebhookFormat; readonly enabled: boolean }
export type WebhookChange = Partial<NewWebhook>;
/** `secret`: told this once. */
export interface WebhookWithSecret { readonly webhook: Webhook; readonly secret: string }

export interface WebhookServiceParts {
  readonly store: WebhookStore;
  readonly channel: WebhookChannel;
  readonly cipher: Cipher;
  readonly clock: Clock;
  readonly random: Random;
  /** Says what is wrong with a URL, or null (`createUrlCheck` of the adapter). */
  readonly checkUrl: (url: string) => string | null;
  /** Something is due: the dispatcher's `poke`. */
  readonly onDue: () => void;
  readonly limits?: Partial<WebhookLimits>;
}

export class WebhookService {
  private readonly limits: WebhookLimits;

  constructor(private readonly parts: WebhookServiceParts) {
    this.limits = { ...WEBHOOK_LIMITS, ...parts.limits };
  }

  list(tenant: string, limit: number, cursor: string | undefined): Promise<Page<Webhook>> {
    return this.parts.store.listWebhooks(tenant, limit, cursor);
  }

  async get(tenant: string, id: string): Promise<Webhook> {
    const webhook = await this.parts.store.findWebhook(tenant, id);
    if (webhook === null) throw new WaryError('not_found', 'There is no such webhook');
    return webhook;
  }

  async create(tenant: string, wanted: NewWebhook, by: Actor): Promise<WebhookWithSecret> {
    const { store, clock, random, cipher } = this.parts;
    this.requireUrl(wanted.url);
    if ((await store.listWebhooks(tenant, this.limits.webhooksMax)).items.length >= this.limits.webhooksMax) throw new WaryError('conflict', `There are ${this.limits.webhooksMax} webhooks already, as many as there may be`);
    const now = clock.now();
    const secret = newSecret();
    const webhook: Webhook = {
      id: random.id(), tenant, ...wanted, disabledReason: null, failingSince: null, pausedUntil: null, version: 1, createdAt: now, createdBy: by.name, updatedAt: now, secretRotatedAt: now, previousSecretUntil: null,
    };
    await store.insertWebhook(webhook, { secret: cipher.encrypt(secret), previousSecret: null }, this.audit(webhook, 'webhook.create', by, null, auditView(webhook)));
    return { webhook, secret };
  }

  async change(tenant: string, id: string, change: WebhookChange, by: Actor, ifMatch: number | undefined): Promise<Webhook> {
    if (change.url !== undefined) this.requireUrl(change.url);
    const changed = await this.parts.store.changeWebhook(tenant, id, (webhook) => {
      requireVersion(webhook.version, ifMatch);
      // Whoever switches it on, or off, has looked: what the service found out about it begins anew.
      const health = change.enabled === undefined && change.url === undefined ? {} : { disabledReason: null, failingSince: null, pausedUntil: null };
      const next: Webhook = { ...webhook, ...change, ...health, version: webhook.version + 1, updatedAt: this.parts.clock.now() };
      return { next, audit: this.audit(webhook, change.enabled === undefined ? 'webhook.update' : change.enabled ? 'webhook.enable' : 'webhook.disable', by, auditView(webhook), { ...auditView(next), urlChanged: next.url !== webhook.url }) };
    });
    this.parts.onDue();
    return changed;
  }

  async remove(tenant: string, id: string, by: Actor): Promise<void> {
    await this.parts.store.deleteWebhook(tenant, id, (webhook) => this.audit(webhook, 'webhook.delete', by, auditView(webhook), null));
  }

  /** Messages are signed with both secrets for a day, so that receivers can change over without a gap. */
  async rotate(tenant: string, id: string, by: Actor, ifMatch: number | undefined): Promise<WebhookWithSecret> {
    const { store, cipher, clock } = this.parts;
    const secret = newSecret();
    const webhook = await store.changeWebhook(tenant, id, (row, secrets) => {
      requireVersion(row.version, ifMatch);
      const now = clock.now();
      const next: Webhook = { ...row, secretRotatedAt: now, previousSecretUntil: now + this.limits.rotationOverlapMs, version: row.version + 1, updatedAt: now };
      return { next, secrets: { secret: cipher.encrypt(secret), previousSecret: secrets.secret }, audit: this.audit(row, 'webhook.rotate', by, { secretRotatedAt: row.secretRotatedAt }, { secretRotatedAt: now, previousSecretUntil: next.previousSecretUntil }) };
    });
    return { webhook, secret };
  }

  /** One attempt now, whether it is on or off; not repeated, and neither switches it off. */
  async test(tenant: string, id: string): Promise<DeliveryDetail> {
    const { store, clock, random } = this.parts;
    const webhook = await this.get(tenant, id);
    const secrets = await store.webhookSecrets(tenant, id);
    if (secrets === null) throw new WaryError('not_found', 'There is no such webhook');
    const now = clock.now();
    const messageId = `msg_${random.id()}`;
    const body = JSON.stringify({ type: 'webhook.test', timestamp: new Date(now).toISOString(), data: { webhookId: id, message: 'This is a test of your webhook.' } });
    const { record } = await attemptDelivery({ id: messageId, body, webhook, secrets, attempts: 0 }, { ...this.parts, limits: this.limits });
    return store.insertDelivery(tenant, { id: messageId, webhookId: id, outboxId: null, type: 'webhook.test', subject: id, body, createdAt: now, failed: null }, { ...record, status: record.status === 'succeeded' ? 'succeeded' : 'failed', nextAttemptAt: null, pausedUntil: null, disable: null });
  }

  async deliveries(tenant: string, id: string, filter: { status?: DeliveryStatus | undefined; limit: number; cursor?: string | undefined }): Promise<Page<Delivery>> {
    await this.get(tenant, id);
    return this.parts.store.listDeliveries(tenant, id, filter as { status?: DeliveryStatus; limit: number; cursor?: string });
  }

  async delivery(tenant: string, id: string, deliveryId: string): Promise<DeliveryDetail> {
    const delivery = await this.parts.store.findDelivery(tenant, id, deliveryId);
    if (delivery === null) throw new WaryError('not_found', 'There is no such delivery');
    return delivery;
  }

  /** Sends one again, under its old id and on a new schedule. */
  async replay(tenant: string, id: string, deliveryId: string, by: Actor): Promise<Delivery> {
    await this.requireOn(tenant, id);
    if ((await this.requeue(tenant, id, { id: deliveryId }, by)) === 0) throw new WaryError('not_found', 'There is no such delivery');
    return this.delivery(tenant, id, deliveryId);
  }

  /** Sends again everything that failed since; gives how many. */
  async recover(tenant: string, id: string, since: number, by: Actor): Promise<number> {
    await this.requireOn(tenant, id);
    return this.requeue(tenant, id, { failedSince: since }, by);
  }

  private async requeue(tenant: string, id: string, what: { id: string } | { failedSince: number }, by: Actor): Promise<number> {
    const now = this.parts.clock.now();
    const count = await this.parts.store.requeueDeliveries(tenant, id, what, now, (requeued) => ({ tenant, at: now, actor: by, action: 'id' in what ? 'webhook.replay' : 'webhook.recover', target: `webhook:${id}`, before: null, after: { ...what, requeued } }));
    if (count > 0) this.parts.onDue();
    return count;
  }

  private async requireOn(tenant: string, id: string): Promise<void> {
    if (!(await this.get(tenant, id)).enabled) throw new WaryError('conflict', 'The webhook is switched off; switch it on first');
  }

  private requireUrl(url: string): void {
    const wrong = this.parts.checkUrl(url);
    if (wrong !== null) throw new WaryError('validation_failed', undefined, { errors: [{ path: 'url', message: wrong }] });
  }

  private audit({ tenant, id }: Webhook, action: string, by: Actor, before: unknown, after: unknown): AuditEntry {
    return { tenant, at: this.parts.clock.now(), actor: by, action, target: `webhook:${id}`, before, after };
  }
}
export const WEBHOOK_SERVICE = Symbol.for('wary.WebhookService');

const newSecret = (): string => formatWebhookSecret(randomBytes(WEBHOOK_SECRET_BYTES));

/** Paths of webhook URLs are often secrets (chat services): the audit, which more people read, has the origin alone. */
const auditView = ({ url, description, types, minSeverity, format, enabled }: Webhook): Record<string, unknown> => ({ origin: new URL(url).origin, description, types, minSeverity, format, enabled });
