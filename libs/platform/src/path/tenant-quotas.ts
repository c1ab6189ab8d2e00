import { WaryError } from '@wary/model/errors.js';
import { TokenBucket } from '@wary/pipeline/token-bucket.js';
import type { Clock } from '@wary/ports/clock.port.js';

export interface TenantQuotaSettings {
  /** Of tenants that have none of their own; null: no quota. */
  readonly eventsPerSecond: number | null;
  /** Of single tenants; null: no quota. */
  readonly ofTenant: ReadonlyMap<string, number | null>;
  /** So many seconds of the quota may come at once. */
  readonly burstSeconds: number;
}

/** What a tenant may send. Tenants are those of the configuration and of keys that were made for them, so the map of them is bounded. */
export class TenantQuotas {
  private readonly buckets = new Map<string, TokenBucket>();

  constructor(private readonly settings: TenantQuotaSettings, private readonly clock: Clock, private readonly onRefused: (tenant: string, records: number) => void) {}

  /** Counts records against the tenant's quota before any work is done on them. Throws `quota_exceeded`, and then counts none. */
  charge(tenant: string, records: number): void {
    const { settings } = this;
    const perSecond = quotaOf(settings, tenant);
    if (perSecond === null || records === 0) return;
    const now = this.clock.now();
    let bucket = this.buckets.get(tenant);
    if (bucket === undefined) this.buckets.set(tenant, bucket = new TokenBucket(perSecond, Math.max(1, perSecond * settings.burstSeconds), now));
    const waitMs = bucket.take(records, now);
    if (waitMs === 0) return;
    this.onRefused(tenant, records);
    throw quotaExceeded(perSecond, waitMs);
  }
}

/** Events a second; null: no quota. */
export const quotaOf = ({ ofTenant, eventsPerSecond }: TenantQuotaSettings, tenant: string): number | null => ofTenant.get(tenant) ?? (ofTenant.has(tenant) ? null : eventsPerSecond);

export const quotaExceeded = (perSecond: number, waitMs: number): WaryError =>
  new WaryError('quota_exceeded', `This tenant may send ${perSecond.toLocaleString('en')} events a second; send again in ${Math.ceil(waitMs / 1_000)} s, or ask for more`, { retryAfterSeconds: Math.ceil(waitMs / 1_000), eventsPerSecond: perSecond });
