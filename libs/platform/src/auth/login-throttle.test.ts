import { rmSync } from 'node:fs';
import { openPostgres, type PostgresHandle } from '@wary/adapter-postgres/open-postgres.js';
import { createThrottleStore } from '@wary/adapter-postgres/throttle-store.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preparedDataDir } from '../testing/prepared-data-dir.js';
import { addressKey, createLoginThrottle, type LoginThrottle } from './login-throttle.js';

const limits = { accountFailuresMax: 5, addressFailuresMax: 8, failureWindowSeconds: 60, waitSeconds: 30 };
const refused = (seconds: number) => ({ code: 'rate_limited', details: { retryAfterSeconds: seconds } });

describe('the throttle of sign-ins', () => {
  let dataDir: string;
  let postgres: PostgresHandle;
  let now = 1_764_000_000_000;
  const open = (what: 'sign-in' | 'second-factor' = 'sign-in'): LoginThrottle => createLoginThrottle({ store: createThrottleStore(postgres.db), clock: { now: () => now }, limits, what });
  beforeAll(async () => {
    dataDir = await preparedDataDir('wary-throttle-');
    postgres = await openPostgres({ dataDir });
  }, 180_000);
  afterAll(async () => {
    await postgres?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('lets five tries of an account through, then none until the wait is over, in whatever process they are made', async () => {
    const [one, other] = [open(), open()];
    for (let i = 0; i < 5; i += 1) await (i % 2 === 0 ? one : other).begin('Bob@x.example', `192.0.2.${i}`);
    await expect(other.begin('bob@x.example', '192.0.2.9')).rejects.toMatchObject(refused(30));
    await one.begin('eve@x.example', '192.0.2.9');
    now += 20_000;
    // Trying on does not make the wait longer.
    await expect(one.begin('bob@x.example', '192.0.2.9')).rejects.toMatchObject(refused(10));
    now += 10_000;
    await other.begin('bob@x.example', '192.0.2.9');
    for (let i = 0; i < 4; i += 1) await one.begin('bob@x.example', `192.0.2.${i}`);
    await expect(one.begin('bob@x.example', '192.0.2.20')).rejects.toMatchObject(refused(30));
    await open('second-factor').begin('bob@x.example', '192.0.2.20');
  });

  it('counts tries at the same moment, each of them', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 12 }, (_, index) => open().begin('rush@x.example', `198.51.100.${index}`)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  });

  it('forgets failures after the window, and whatever is over when it is asked to', async () => {
    const throttle = open();
    for (let i = 0; i < 5; i += 1) await throttle.begin('slow@x.example', `203.0.113.${i}`);
    now += 60_000;
    for (let i = 0; i < 5; i += 1) await throttle.begin('slow@x.example', `203.0.113.${i}`);
    now += 60_000;
    expect(await createThrottleStore(postgres.db).removeOver(now)).toBeGreaterThan(0);
    expect(await postgres.db.selectFrom('throttles').selectAll().execute()).toEqual([]);
  });

  it('forgets the failures of an account that got in, and not those of the address', async () => {
    const throttle = open();
    for (let round = 0; round < 3; round += 1) {
      await throttle.begin('bob@x.example', '192.0.2.1');
      await throttle.begin('bob@x.example', '192.0.2.1');
      await throttle.succeeded('bob@x.example', '192.0.2.1');
    }
    for (let i = 3; i < 8; i += 1) await throttle.begin(`user${i}@x.example`, '192.0.2.1');
    await expect(throttle.begin('another@x.example', '192.0.2.1')).rejects.toMatchObject(refused(30));
    await throttle.begin('another@x.example', '192.0.2.2');
  });

  it.each([
    ['192.0.2.1', '192.0.2.1'], ['::ffff:192.0.2.1', '192.0.2.1'], ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'], ['2001:db8:1:2::9', '2001:db8:1:2'], ['2001:0db8:0001:0002::', '2001:db8:1:2'], ['::1', '0:0:0:0'], ['2001:db8::', '2001:db8:0:0'],
  ])('counts %s as %s: an IPv6 network is one address', (ip, key) => {
    expect(addressKey(ip)).toBe(key);
  });
});
