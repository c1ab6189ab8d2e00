import { WaryError } from '@wary/model/errors.js';
import { TokenBucket } from '@wary/pipeline/token-bucket.js';
import type { QuotaStore } from '@wary/ports/quota-store.port.js';
import { FakeClock } from '@wary/testkit/fake-clock.js';
import { describe, expect, it } from 'vitest';
import { SharedQuotas } from './shared-quotas.js';
import { TenantQuotas, type TenantQuotaSettings } from './tenant-quotas.js';

/** So many processes over one store in memory, which counts as `TokenBucket` does. */
function processes(count: number, settings: Partial<TenantQuotaSettings> = {}) {
  const clock = new FakeClock();
  const buckets = new Map<string, TokenBucket>();
  const state = { asked: 0, away: false };
  const store: QuotaStore = {
    lease: async (tenant, { perSecond, burst }, needed, wanted) => {
      state.asked += 1;
      await Promise.resolve();
      if (state.away) throw new WaryError('store_unavailable');
      let bucket = buckets.get(tenant);
      if (bucket === undefined) buckets.set(tenant, (bucket = new TokenBucket(perSecond, burst, clock.now())));
      const waitMs = bucket.take(needed, clock.now());
      if (waitMs > 0) return { waitMs };
      let tokens = needed;
      while (tokens < wanted && bucket.take(1, clock.now()) === 0) tokens += 1;
      return { tokens };
    },
  };
  const full: TenantQuotaSettings = { eventsPerSecond: 100, ofTenant: new Map(), burstSeconds: 10, ...settings };
  const quotas = Array.from({ length: count }, () => new SharedQuotas(full, store, new TenantQuotas(full, clock, () => {}), clock, () => {}, () => {}));
  const send = async (process: number, tenant: string, records: number): Promise<number> => {
    try {
      await quotas[process % count]!.charge(tenant, records);
      return 0;
    } catch (error) {
      expect(error).toMatchObject({ code: 'quota_exceeded', status: 429, retryable: true });
      return (error as WaryError).details['retryAfterSeconds'] as number;
    }
  };
  return { clock, state, send };
}

describe('SharedQuotas', () => {
  it('over ten minutes the mean over three processes is the quota of one, whatever is tried', async () => {
    const { clock, send } = processes(3);
    let passed = 0;
    for (let second = 0; second < 600; second += 1) {
      for (let i = 0; i < 15; i += 1) if (await send(i, 'greedy', 37) === 0) passed += 37;
      clock.advance(1_000);
    }
    expect((passed - 1_000) / 600).toBeGreaterThan(93);
    expect((passed - 1_000) / 600).toBeLessThan(104);
  });

  it('who sends one record at a time costs two questions a second, and who sends far too much no more than ten', async () => {
    const { clock, state, send } = processes(1);
    for (let i = 0; i < 1_000; i += 1) {
      expect(await send(0, 'steady', 1)).toBe(0);
      clock.advance(10);
    }
    expect(state.asked).toBeLessThanOrEqual(21);
    state.asked = 0;
    for (let i = 0; i < 3_000; i += 1) {
      await send(0, 'greedy', 500);
      clock.advance(1);
    }
    // Ten a second, and those that were let through.
    expect(state.asked).toBeLessThanOrEqual(36);
  });

  it('of many at once each is counted once', async () => {
    const { send } = processes(2);
    const waits = await Promise.all(Array.from({ length: 60 }, (_, index) => send(index, 'acme', 50)));
    // A burst of 1,000, of which a process may have taken half a second of the rate ahead.
    const passed = waits.filter((wait) => wait === 0).length;
    expect(passed).toBeLessThanOrEqual(20);
    expect(passed).toBeGreaterThanOrEqual(18);
  });

  it('a tenant over its quota takes nothing from another; one without a quota is not counted', async () => {
    const { clock, state, send } = processes(2, { ofTenant: new Map([['free', null]]) });
    for (let second = 0; second < 60; second += 1) {
      for (let i = 0; i < 10; i += 1) await send(i, 'greedy', 100);
      expect(await send(second, 'calm', 90)).toBe(0);
      clock.advance(1_000);
    }
    state.asked = 0;
    for (let i = 0; i < 100; i += 1) expect(await send(i, 'free', 50_000)).toBe(0);
    expect(state.asked).toBe(0);
  });

  it('while the store is away each process counts for itself, and asks it once a second', async () => {
    const { clock, state, send } = processes(2);
    state.away = true;
    const waits = await Promise.all([0, 0, 1, 1].map((process) => send(process, 'acme', 1_000)));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(2);
    expect(state.asked).toBeLessThanOrEqual(2);
    clock.advance(1_500);
    state.away = false;
    expect(await send(0, 'acme', 10)).toBe(0);
    expect(state.asked).toBeLessThanOrEqual(3);
  });
});
