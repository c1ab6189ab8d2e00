import { tmpdir } from 'node:os';
import { openPostgres, type PostgresHandle } from '@wary/adapter-postgres/open-postgres.js';
import { createQuotaStore } from '@wary/adapter-postgres/quota-store.js';
import { startPostgresServer } from '@wary/testkit/start-postgres-server.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const BOUNDS = { perSecond: 10, burst: 1_000 } as const;

describe('what tenants may send, over processes on one PostgreSQL server', () => {
  let server: Awaited<ReturnType<typeof startPostgresServer>>;
  let handles: PostgresHandle[];
  beforeAll(async () => {
    server = await startPostgresServer();
    handles = await Promise.all([1, 2].map(() => openPostgres({ url: server.url, dataDir: tmpdir() })));
  }, 180_000);
  afterAll(async () => {
    await Promise.all((handles ?? []).map((handle) => handle.close()));
    await server?.stop();
  });

  it('of many who take at once, all together get what there is', async () => {
    const stores = handles.map(({ db }) => createQuotaStore(db));
    const started = performance.now();
    const leases = await Promise.all(Array.from({ length: 60 }, (_, index) => stores[index % 2]!.lease('acme', BOUNDS, 40, 50)));
    const seconds = (performance.now() - started) / 1_000;
    const taken = leases.reduce((sum, lease) => sum + ('tokens' in lease ? lease.tokens : 0), 0);
    expect(taken).toBeGreaterThan(960);
    expect(taken).toBeLessThanOrEqual(1_000 + Math.ceil(seconds * BOUNDS.perSecond) + 1);
    expect(leases.filter((lease) => 'waitMs' in lease).length).toBeGreaterThan(30);
    // Another tenant has its own.
    expect(await stores[0]!.lease('globex', BOUNDS, 10, 20)).toEqual({ tokens: 20 });
  });

  it('more than a burst is let through when nothing is taken, and paid back afterwards', async () => {
    const [store] = handles.map(({ db }) => createQuotaStore(db));
    expect(await store!.lease('whole', BOUNDS, 1_500, 1_505)).toEqual({ tokens: 1_500 });
    const wait = (await store!.lease('whole', BOUNDS, 10, 15)) as { waitMs: number };
    // 500 of debt and the 10 at 10 a second.
    expect(wait.waitMs).toBeGreaterThan(40_000);
    expect(wait.waitMs).toBeLessThanOrEqual(51_000);
  });
});
