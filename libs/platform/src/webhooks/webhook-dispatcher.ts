import { planDeliveries } from '@wary/notify/plan-deliveries.js';
import type { WebhookChannel } from '@wary/ports/channel.port.js';
import type { Cipher } from '@wary/ports/cipher.port.js';
import type { Clock, Random } from '@wary/ports/clock.port.js';
import type { ClaimedDelivery, DeliveryDraft, OutboxRow, Webhook, WebhookStore } from '@wary/ports/webhook-store.port.js';
import type { Logger } from '../logging/create-logger.js';
import { attemptDelivery } from './attempt-delivery.js';
import { SILENT_HOOKS, type WebhookHooks } from './webhook-hooks.js';
import { WEBHOOK_LIMITS, type WebhookLimits } from './webhook-limits.js';

export interface DispatcherParts {
  readonly store: WebhookStore;
  readonly channel: WebhookChannel;
  readonly cipher: Cipher;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly publicUrl: string;
  /** This process alone sends (embedded): what a killed one had begun is sent again at once. */
  readonly exclusive: boolean;
  readonly hooks?: WebhookHooks;
  readonly limits?: Partial<WebhookLimits>;
}

/**
 * Outbox → deliveries → attempts. Rows become deliveries in one transaction; an attempt is leased, sent, and written down with its outcome.
 * A crash in between sends again under the same webhook-id: at least once, and the receiver can tell. Each endpoint has its own few places,
 * over all processes, so that a slow one holds up nobody else. Several processes share the work; what a killed one had begun another
 * sends when its lease has run out.
 */
export class WebhookDispatcher {
  private readonly limits: WebhookLimits;
  private readonly hooks: WebhookHooks;
  private readonly underWay = new Set<Promise<void>>();
  private timers: NodeJS.Timeout[] = [];
  private turning = false;
  private again = false;
  private stopped = true;

  constructor(private readonly parts: DispatcherParts) {
    this.limits = { ...WEBHOOK_LIMITS, ...parts.limits };
    this.hooks = parts.hooks ?? SILENT_HOOKS;
  }

  async start(): Promise<void> {
    if (this.parts.exclusive) await this.parts.store.releaseLeases();
    this.stopped = false;
    this.timers = [setInterval(() => { this.poke(); }, this.limits.pollMs), setInterval(() => { this.prune(); }, this.limits.pruneMs)];
    for (const timer of this.timers) timer.unref();
    this.poke();
  }

  /** Something was committed: look now instead of at the next poll. */
  poke(): void {
    if (this.stopped) return;
    if (this.turning) {
      this.again = true;
      return;
    }
    this.turning = true;
    void this.turn(this.parts.clock.now())
      .catch((error: unknown) => { this.parts.logger.error({ err: error }, 'notify.turn.failed'); })
      .finally(() => {
        this.turning = false;
        if (!this.again) return;
        this.again = false;
        this.poke();
      });
  }

  /** One whole round, until nothing is due at this time and what was begun has ended. */
  async tick(now: number): Promise<void> {
    while ((await this.turn(now)) > 0 || this.underWay.size > 0) await Promise.all(this.underWay);
  }

  /** Begins nothing more, and waits for what is under way; what is not done by then goes out again after the next start. */
  async stop(deadlineMs: number): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers) clearInterval(timer);
    this.timers = [];
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => { timer = setTimeout(resolve, deadlineMs); });
    await Promise.race([Promise.allSettled(this.underWay), deadline]);
    clearTimeout(timer);
  }

  /** Gives how many rows and attempts it began. */
  private async turn(now: number): Promise<number> {
    const { store } = this.parts;
    let begun = 0;
    for (;;) {
      const rows = await store.dispatchOutbox(this.limits.outboxRowsPerTurn, now, (row, webhooks) => this.plan(row, webhooks));
      begun += rows;
      if (rows < this.limits.outboxRowsPerTurn) break;
    }
    for (const webhookId of await store.dueWebhooks(now)) {
      const here = this.limits.attemptsMax - this.underWay.size;
      if (here <= 0) break;
      for (const claimed of await store.claimDeliveries(webhookId, { here, healthy: this.limits.endpointAttemptsMax, struggling: this.limits.strugglingAttemptsMax }, now, now + this.limits.leaseMs)) {
        begun += 1;
        this.begin(claimed);
      }
    }
    return begun;
  }

  /** A row that cannot be planned is a bug of ours; it must not hold up all others for ever. */
  private plan(row: OutboxRow, webhooks: readonly Webhook[]): DeliveryDraft[] {
    try {
      return planDeliveries(row, webhooks, { publicUrl: this.parts.publicUrl, newId: () => this.parts.random.id() });
    } catch (error) {
      this.parts.logger.error({ err: error, outboxId: row.id, type: row.type }, 'notify.outbox.not_planned');
      return [];
    }
  }

  private begin(claimed: ClaimedDelivery): void {
    const attempt = this.attempt(claimed)
      .catch((error: unknown) => { this.parts.logger.error({ err: error, webhookId: claimed.webhook.id, deliveryId: claimed.delivery.id }, 'notify.attempt.not_recorded'); })
      .finally(() => {
        this.underWay.delete(attempt);
        // A place is free again.
        this.poke();
      });
    this.underWay.add(attempt);
  }

  private async attempt({ delivery, body, webhook, secrets }: ClaimedDelivery): Promise<void> {
    const { store, logger, clock } = this.parts;
    const { decision, record } = await attemptDelivery({ id: delivery.id, body, webhook, secrets, attempts: delivery.attempts }, { ...this.parts, limits: this.limits });
    await store.recordAttempt(delivery.id, record, clock.now());
    this.hooks.onAttempt(decision.verdict.kind, record.attempt.durationMs);
    const about = { webhookId: webhook.id, deliveryId: delivery.id, type: delivery.type, attempt: delivery.attempts + 1, error: record.attempt.error };
    if (decision.disable !== null) {
      this.hooks.onDisabled(webhook, decision.disable);
      logger.error({ ...about, reason: decision.disable }, 'notify.webhook.disabled');
    }
    if (decision.status === 'failed') {
      this.hooks.onFailed(delivery);
      logger.error(about, 'notify.delivery.failed');
    } else if (decision.status === 'pending') {
      logger.warn({ ...about, nextAttemptAt: decision.nextAttemptAt }, 'notify.delivery.postponed');
    }
  }

  private prune(): void {
    const { store, clock, logger } = this.parts;
    const now = clock.now();
    void store.pruneDeliveries(now - this.limits.deliveriesKeptMs, now - this.limits.outboxKeptMs).catch((error: unknown) => { logger.warn({ err: error }, 'notify.prune.failed'); });
  }
}
