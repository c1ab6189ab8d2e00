import type { Clock } from '@wary/ports/clock.port.js';
import type { QuotaLease, QuotaStore } from '@wary/ports/quota-store.port.js';
import { quotaExceeded, quotaOf, type TenantQuotas, type TenantQuotaSettings } from './tenant-quotas.js';

/** A process takes so much of a tenant's rate ahead: it asks about twice a second for a tenant that sends all the time, and never for one record. */
const LEASE_SECONDS = 0.5;
/** What was taken ahead and not used is given up after this. */
const LEASE_MS = 10_000;
/** After a refusal nothing is asked for so long: who sends far too much costs no more than who sends a little too much. */
const REFUSED_MS = 100;
/** A store that does not answer is not asked again for so long; a tenant then has its quota from this process alone. */
const AWAY_MS = 1_000;

interface Pool { tokens: number; until: number; refusedAt: number; refusedUntil: number; tail: Promise<unknown> }

/** Quotas of tenants over all processes that take events: what each may send is in the database, and taken from there in portions. */
export class SharedQuotas {
  private readonly pools = new Map<string, Pool>();
  private awayUntil = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly settings: TenantQuotaSettings, private readonly store: QuotaStore, private readonly alone: Pick<TenantQuotas, 'charge'>, private readonly clock: Clock,
    private readonly onRefused: (tenant: string, records: number) => void, private readonly onTrouble: (error: unknown) => void,
  ) {}

  /** Counts records against the tenant's quota before any work is done on them. Rejects with `quota_exceeded`, and then counts none. */
  async charge(tenant: string, records: number): Promise<void> {
    const perSecond = quotaOf(this.settings, tenant);
    if (perSecond === null || records === 0) return;
    const pool = this.poolOf(tenant);
    if (this.spend(pool, records)) return;
    // One after the other: who comes second finds what the first one has brought.
    const charged = pool.tail.then(() => this.fetch(tenant, pool, records, perSecond));
    pool.tail = charged.catch(() => {});
    await charged;
  }

  private poolOf(tenant: string): Pool {
    let pool = this.pools.get(tenant);
    if (pool === undefined) this.pools.set(tenant, (pool = { tokens: 0, until: 0, refusedAt: Number.NEGATIVE_INFINITY, refusedUntil: 0, tail: Promise.resolve() }));
    return pool;
  }

  private spend(pool: Pool, records: number): boolean {
    if (pool.until <= this.clock.now()) pool.tokens = 0;
    if (pool.tokens < records) return false;
    pool.tokens -= records;
    return true;
  }

  private async fetch(tenant: string, pool: Pool, records: number, perSecond: number): Promise<void> {
    if (this.spend(pool, records)) return;
    const { clock, settings } = this;
    const now = clock.now();
    if (now < this.awayUntil) { this.alone.charge(tenant, records); return; }
    if (now - pool.refusedAt < REFUSED_MS && now >= pool.refusedAt && now < pool.refusedUntil) this.refuse(tenant, records, perSecond, pool.refusedUntil - now);
    const needed = records - pool.tokens;
    let lease: QuotaLease;
    try {
      lease = await this.store.lease(tenant, { perSecond, burst: Math.max(1, perSecond * settings.burstSeconds) }, needed, needed + Math.ceil(perSecond * LEASE_SECONDS));
    } catch (error) {
      this.onTrouble(error);
      this.awayUntil = clock.now() + AWAY_MS;
      this.alone.charge(tenant, records);
      return;
    }
    if ('waitMs' in lease) {
      pool.refusedAt = clock.now();
      pool.refusedUntil = pool.refusedAt + lease.waitMs;
      this.refuse(tenant, records, perSecond, lease.waitMs);
    } else {
      pool.tokens += lease.tokens - records;
      pool.until = clock.now() + LEASE_MS;
    }
  }

  private refuse(tenant: string, records: number, perSecond: number, waitMs: number): never {
    this.onRefused(tenant, records);
    throw quotaExceeded(perSecond, waitMs);
  }
}
