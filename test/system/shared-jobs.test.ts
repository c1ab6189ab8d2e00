import { tmpdir } from 'node:os';
import { createJobStore } from '@wary/adapter-postgres/job-store.js';
import { openPostgres, type PostgresHandle } from '@wary/adapter-postgres/open-postgres.js';
import { WaryError } from '@wary/model/errors.js';
import type { Jobs, JobView } from '@wary/platform/jobs/jobs.js';
import { shareJobs } from '@wary/platform/jobs/shared-jobs.js';
import { JOB_EXPIRES_MS } from '@wary/ports/job-store.port.js';
import { startPostgresServer, type TestServer } from '@wary/testkit/start-postgres-server.js';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Counting extends JobView { readonly counted: number }
type Mutable<T> = { -readonly [K in keyof T]: T[K] };
async function until(what: string, holds: () => Promise<boolean>, ms = 20_000): Promise<void> {
  for (const end = Date.now() + ms; !await holds(); await new Promise((resolve) => { setTimeout(resolve, 30); })) if (Date.now() > end) throw new Error(`${what} did not happen in ${ms} ms`);
}

/** Counts while it runs, and ends when it is told to. */
function countingJobs(name: string): Jobs<string, Counting> & { finish(id: string): void } {
  const jobs = new Map<string, { tenant: string; view: Mutable<Counting>; timer: NodeJS.Timeout }>();
  const demand = (tenant: string, id: string) => {
    const job = jobs.get(id);
    if (job === undefined || job.tenant !== tenant) throw new WaryError('not_found');
    return job;
  };
  const end = (id: string, state: Counting['state']): void => {
    const { view, timer } = jobs.get(id)!;
    clearInterval(timer);
    [view.state, view.finishedAt] = [state, Date.now()];
  };
  return {
    start(tenant, id) {
      const view: Mutable<Counting> = { id: `${name}-${id}`, state: 'running', startedAt: Date.now(), finishedAt: null, error: null, counted: 0 };
      jobs.set(view.id, { tenant, view, timer: setInterval(() => { view.counted += 1; }, 20) });
      return { ...view };
    },
    get: (tenant, id) => ({ ...demand(tenant, id).view }),
    list: (tenant) => [...jobs.values()].filter((job) => job.tenant === tenant).map(({ view }) => ({ ...view })),
    cancel(tenant, id) {
      if (demand(tenant, id).view.state === 'running') end(id, 'cancelled');
      return { ...demand(tenant, id).view };
    },
    close() {
      for (const [id, { view }] of jobs) if (view.state === 'running') end(id, 'cancelled');
      return Promise.resolve();
    },
    finish(id) { end(id, 'done'); },
  };
}

describe('previews and backtests of several api nodes', () => {
  let server: TestServer;
  let postgres: PostgresHandle;
  const [one, other] = [countingJobs('one'), countingJobs('other')];
  const troubles: unknown[] = [];
  const share = (own: Jobs<string, Counting>, node: string): Jobs<string, Counting> => shareJobs({
    kind: 'preview', own, store: createJobStore(postgres.db), node, clock: { now: () => Date.now() }, keepMs: 3_600_000, keptPerTenantMax: 20, runningPerTenantMax: 2, onTrouble: (error) => { troubles.push(error); },
  });
  let here: Jobs<string, Counting>;
  let there: Jobs<string, Counting>;
  beforeAll(async () => {
    server = await startPostgresServer();
    postgres = await openPostgres({ url: server.url, dataDir: tmpdir(), connectionsMax: 5 });
    [here, there] = [share(one, 'here'), share(other, 'there')];
  }, 180_000);
  afterAll(async () => {
    await postgres?.close();
    await server?.stop();
  });

  it('any of them tells how far one is, at once and as it goes on, until it has ended', async () => {
    const { id } = await here.start('t1', 'a');
    expect(await there.get('t1', id)).toMatchObject({ id, state: 'running' });
    expect((await there.list('t1')).map((view) => view.id)).toEqual([id]);
    await until('it goes on', async () => (await there.get('t1', id)).counted > 30);
    one.finish(id);
    await until('it has ended', async () => (await there.get('t1', id)).state === 'done');
    expect(await there.get('t1', id)).toEqual(await here.get('t1', id));
    await expect(there.get('t2', id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(there.get('t1', 'nobody')).rejects.toMatchObject({ code: 'not_found' });
  }, 60_000);

  it('any of them ends one', async () => {
    const { id } = await here.start('t3', 'b');
    expect(await there.cancel('t3', id)).toMatchObject({ state: 'cancelled' });
    await until('its process has ended it', async () => (await one.get('t3', id)).state === 'cancelled');
    await until('and says so', async () => (await there.get('t3', id)).finishedAt !== null);
    expect(await there.cancel('t3', id)).toMatchObject({ state: 'cancelled' });
  }, 60_000);

  it('a tenant has no more at a time than its bound, over all of them', async () => {
    await here.start('t4', 'c');
    await there.start('t4', 'd');
    await expect(here.start('t4', 'e')).rejects.toMatchObject({ code: 'rate_limited' });
    await expect(there.start('t4', 'f')).rejects.toMatchObject({ code: 'rate_limited' });
    expect((await here.list('t4')).map(({ id }) => id).sort()).toEqual(['one-c', 'other-d']);
    await there.start('t5', 'g');
  }, 60_000);

  it('one whose process was killed is told as failed; one that ends in order as cancelled', async () => {
    const third = share(countingJobs('third'), 'third');
    const { id } = await third.start('t6', 'h');
    await third.close();
    expect(await here.get('t6', id)).toMatchObject({ state: 'cancelled' });
    await createJobStore(postgres.db).putJob({ id: 'dead', kind: 'preview', tenant: 't6', node: 'gone', running: true, startedAt: Date.now(), view: { id: 'dead', state: 'running', startedAt: Date.now(), finishedAt: null, error: null, counted: 1 } });
    expect(await here.get('t6', 'dead')).toMatchObject({ state: 'running' });
    await sql`update jobs set heartbeat_at = heartbeat_at - ${JOB_EXPIRES_MS + 1_000}::bigint where id = 'dead'`.execute(postgres.db);
    expect(await here.get('t6', 'dead')).toMatchObject({ state: 'failed', error: expect.stringContaining('begin again') });
    await here.start('t6', 'i');
    await here.close();
    await there.close();
    expect(troubles).toEqual([]);
  }, 60_000);
});
