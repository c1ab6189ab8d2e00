import { WaryError } from '@wary/model/errors.js';
import type { Json } from '@wary/model/json.js';
import type { JobStore, KnownJob } from '@wary/ports/job-store.port.js';
import type { Clock } from '@wary/ports/clock.port.js';
import type { Jobs, JobView } from './jobs.js';

export interface SharedJobsParts<R, V extends JobView> {
  readonly kind: 'preview' | 'backtest';
  /** Does the work of this process. */
  readonly own: Jobs<R, V>;
  readonly store: JobStore;
  /** This process. */
  readonly node: string;
  readonly clock: Clock;
  /** So long they are shown, and so many of a tenant. */
  readonly keepMs: number;
  readonly keptPerTenantMax: number;
  readonly runningPerTenantMax: number;
  readonly onTrouble: (error: unknown) => void;
}
/** How old what another process says of it may be. */
const TELL_MS = 500;

/** Jobs of several processes: each does those that were begun with it, tells how they stand, and answers for those of the others. */
export function shareJobs<R, V extends JobView>({ kind, own, store, node, clock, keepMs, keptPerTenantMax, runningPerTenantMax, onTrouble }: SharedJobsParts<R, V>): Jobs<R, V> {
  /** Begun here and not yet told to have ended; with what was told last. */
  const telling = new Map<string, { readonly tenant: string; told: string; toldAt: number }>();
  let timer: NodeJS.Timeout | undefined;
  let round: Promise<void> | null = null;

  const put = (tenant: string, view: V): Promise<void> => store.putJob({ id: view.id, kind, tenant, node, running: view.state === 'running', startedAt: view.startedAt, view: view as unknown as Json });

  async function tell(): Promise<void> {
    for (const id of await store.cancelledJobs(kind, node)) {
      const job = telling.get(id);
      if (job !== undefined) await own.cancel(job.tenant, id);
    }
    for (const [id, job] of telling) {
      const view = await own.get(job.tenant, id);
      const text = JSON.stringify(view);
      // What stands still is told now and then all the same: it lives.
      if (text === job.told && clock.now() - job.toldAt < TELL_MS * 8) continue;
      await put(job.tenant, view);
      [job.told, job.toldAt] = [text, clock.now()];
      if (view.state !== 'running' && view.finishedAt !== null) telling.delete(id);
    }
    if (telling.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }
  const turn = (): void => { round ??= tell().catch(onTrouble).finally(() => { round = null; }); };

  const viewOf = ({ view: stored, running, heard }: KnownJob): V => {
    const view = stored as unknown as V;
    return running && !heard ? { ...view, state: 'failed', finishedAt: clock.now(), error: 'The process that did it has ended; begin again' } : view;
  };
  /** Null: not of this process, or forgotten by it. */
  async function mine(tenant: string, id: string): Promise<V | null> {
    try {
      return await own.get(tenant, id);
    } catch (error) {
      if (error instanceof WaryError && error.code === 'not_found') return null;
      throw error;
    }
  }
  const others = async (tenant: string): Promise<V[]> =>
    (await store.listJobs(kind, tenant, keptPerTenantMax)).filter((job) => job.node !== node && job.startedAt >= clock.now() - keepMs).map(viewOf);

  return {
    async start(tenant, request) {
      const running = (await others(tenant)).filter(({ state }) => state === 'running').length + (await own.list(tenant)).filter(({ state }) => state === 'running').length;
      if (running >= runningPerTenantMax) throw new WaryError('rate_limited', `${running} ${running === 1 ? 'is' : 'are'} running already; wait for one, or cancel it`, { retryAfterSeconds: 5 });
      const view = await own.start(tenant, request);
      telling.set(view.id, { tenant, told: JSON.stringify(view), toldAt: clock.now() });
      if (timer === undefined) {
        timer = setInterval(turn, TELL_MS);
        timer.unref();
      }
      // Any process that is asked next knows of it.
      await put(tenant, view);
      await store.pruneJobs(kind, clock.now() - keepMs);
      return view;
    },
    async get(tenant, id) {
      const view = await mine(tenant, id);
      if (view !== null) return view;
      const job = await store.findJob(kind, tenant, id);
      if (job === null) throw new WaryError('not_found', `There is no such ${kind}; it may have been forgotten`);
      return viewOf(job);
    },
    async list(tenant) {
      return [...await own.list(tenant), ...await others(tenant)].sort((left, right) => right.startedAt - left.startedAt).slice(0, keptPerTenantMax);
    },
    async cancel(tenant, id) {
      if (await mine(tenant, id) !== null) {
        const view = await own.cancel(tenant, id);
        await put(tenant, view);
        return view;
      }
      const view = await this.get(tenant, id);
      if (view.state !== 'running') return view;
      await store.cancelJob(kind, tenant, id);
      return { ...view, state: 'cancelled' };
    },
    async close() {
      clearInterval(timer);
      await own.close();
      await round;
      // So that nobody waits for what has ended.
      await tell().catch(onTrouble);
    },
  };
}
