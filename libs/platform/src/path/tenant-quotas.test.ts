import { WaryError } from '@wary/model/errors.js';
import { FakeClock } from '@wary/testkit/fake-clock.js';
import { describe, expect, it } from 'vitest';
import { TenantQuotas, type TenantQuotaSettings } from './tenant-quotas.js';

function quotasOf(settings: Partial<TenantQuotaSettings> = {}) {
  const clock = new FakeClock();
  const refused: Array<[string, number]> = [];
  const quotas = new TenantQuotas({ eventsPerSecond: 100, ofTenant: new Map(), burstSeconds: 10, ...settings }, clock, (tenant, records) => { refused.push([tenant, records]); });
  const send = (tenant: string, records: number): number => {
    try {
      quotas.charge(tenant, records);
      return 0;
    } catch (error) {
      expect(error).toBeInstanceOf(WaryError);
      expect(error).toMatchObject({ code: 'quota_exceeded', status: 429, retryable: true });
      return (error as WaryError).details['retryAfterSeconds'] as number;
    }
  };
  return { clock, refused, send };
}

describe('TenantQuotas', () => {
  it('who sends more than the quota is told how long to wait, and gets through then', () => {
    const { clock, refused, send } = quotasOf();
    expect(send('acme', 1_000)).toBe(0);
    expect(send('acme', 200)).toBe(2);
    expect(refused).toEqual([['acme', 200]]);
    clock.advance(2_000);
    expect(send('acme', 200)).toBe(0);
  });

  it('one tenant over its quota takes nothing from another', () => {
    const { clock, send } = quotasOf();
    for (let second = 0; second < 600; second += 1) {
      // One sends ten times what it may, the other what it may.
      for (let i = 0; i < 10; i += 1) send('greedy', 100);
      expect(send('calm', 100)).toBe(0);
      clock.advance(1_000);
    }
  });

  it('over an hour the mean is the quota, whatever is tried', () => {
    const { clock, send } = quotasOf();
    let passed = 0;
    for (let second = 0; second < 3_600; second += 1) {
      for (let i = 0; i < 5; i += 1) if (send('greedy', 37) === 0) passed += 37;
      clock.advance(1_000);
    }
    expect(passed / 3_600).toBeGreaterThan(99);
    expect(passed / 3_600).toBeLessThan(104);
  });

  it('a tenant has a quota of its own, or none; without any nothing is counted', () => {
    const { send } = quotasOf({ ofTenant: new Map([['small', 1], ['free', null]]) });
    expect(send('small', 10)).toBe(0);
    expect(send('small', 1)).toBe(1);
    for (let i = 0; i < 100; i += 1) expect(send('free', 50_000)).toBe(0);
    expect(send('other', 1_000)).toBe(0);
    expect(send('other', 1)).toBe(1);
    const off = quotasOf({ eventsPerSecond: null });
    for (let i = 0; i < 100; i += 1) expect(off.send('other', 50_000)).toBe(0);
  });
});
