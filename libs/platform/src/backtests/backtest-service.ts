import type { Backtest, BacktestChange } from '@wary/model/backtest.js';
import { WaryError } from '@wary/model/errors.js';
import type { Clock, Random } from '@wary/ports/clock.port.js';
import type { EntityQueries, EventStore, PackedEvents, StoredOrder } from '@wary/ports/event-store.port.js';
import type { AlertQuery, Workflow } from '@wary/ports/workflow.port.js';
import type { Jobs } from '../jobs/jobs.js';
import { BACKTEST_LIMITS, type JudgedAlert, type Variant } from './backtest.js';
import type { BacktestRunner } from './backtest-runner.js';

const DAY_MS = 86_400_000;
const CHUNK_ROWS = 5_000;
const JUDGED_PAGE = 200;
/** Live events that may wait before a backtest stops reading until they are done. */
const BEHIND_EVENTS_MAX = 2_000;
const BEHIND_WAIT_MS = 100;
/** Verdicts that say whether an alert was right, and which says that it was. */
const CONFIRMING = 'true_positive';
const JUDGING: ReadonlySet<string> = new Set(['true_positive', 'false_positive', 'benign_expected']);

export interface BacktestRequest { readonly change: BacktestChange; readonly days: number; readonly current: Variant; readonly proposed: Variant; readonly by: string }
export type BacktestService = Jobs<BacktestRequest, Backtest>;
export const BACKTEST_SERVICE = Symbol.for('wary.BacktestService');

export interface BacktestParts {
  readonly events: Pick<EventStore, 'readPacked'>;
  readonly queries: Pick<EntityQueries, 'dailyActivity'>;
  readonly workflow: Pick<Workflow, 'listAlerts'>;
  readonly runner: BacktestRunner;
  readonly clock: Clock;
  readonly random: Random;
  /** In which the live engine had the events. */
  readonly order: StoredOrder;
  /** Of the live engine, so that ties are decided as they are there. */
  readonly seed: number;
  /** Live events that are stored and not scored yet. */
  readonly pending: () => number;
  readonly onTrouble: (what: string, error: unknown) => void;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
interface Job { readonly tenant: string; readonly view: Mutable<Backtest>; readonly stop: AbortController; done: Promise<void> }

/** Backtests under way and those of the last day. They live in memory: a restart forgets them, and nothing depends on them. */
export function createBacktestService({ events, queries, workflow, runner, clock, random, order, seed, pending, onTrouble }: BacktestParts): BacktestService {
  const jobs = new Map<string, Job>();
  const of = (tenant: string): Job[] => [...jobs.values()].filter((job) => job.tenant === tenant);
  const running = (list: Iterable<Job>): Job[] => [...list].filter(({ view }) => view.state === 'running');
  const copy = ({ view }: Job): Backtest => ({ ...view });
  const demand = (tenant: string, id: string): Job => {
    const job = jobs.get(id);
    if (job === undefined || job.tenant !== tenant) throw new WaryError('not_found', 'There is no such backtest; it is kept for a day, and not over a restart');
    return job;
  };

  function forgetOld(tenant: string): void {
    for (const { view } of of(tenant)) if (view.finishedAt !== null && view.finishedAt < clock.now() - BACKTEST_LIMITS.keepMs) jobs.delete(view.id);
    const ended = of(tenant).filter(({ view }) => view.finishedAt !== null);
    for (const { view } of ended.slice(0, Math.max(0, of(tenant).length - BACKTEST_LIMITS.keptPerTenantMax + 1))) jobs.delete(view.id);
  }

  async function run({ tenant, view, stop }: Job, { current, proposed, change }: BacktestRequest): Promise<void> {
    const earliest = view.from - BACKTEST_LIMITS.warmUpDaysMax * DAY_MS;
    const days = await queries.dailyActivity(tenant, { type: 'tenant', id: tenant }, earliest, view.to);
    const { start, events: total, truncated } = newestDays(days, earliest);
    view.eventsTotal = total;
    view.truncated = truncated;
    view.from = Math.max(view.from, start);
    const judged = await judgedAlerts(tenant, view.from, stop.signal);
    stop.signal.throwIfAborted();
    const task = { tenant, from: view.from, to: view.to, current, proposed, judged, inject: change.inject, seed };
    view.result = await runner.run(task, politely(events.readPacked({ tenant, from: start, to: view.to, order }, CHUNK_ROWS), stop.signal), stop.signal, ({ eventsRead }) => { view.eventsRead = eventsRead; });
  }

  /** Live events go first. */
  async function* politely(pieces: AsyncIterable<PackedEvents>, signal: AbortSignal): AsyncGenerator<PackedEvents> {
    for await (const piece of pieces) {
      while (pending() > BEHIND_EVENTS_MAX && !signal.aborted) await new Promise((resolve) => { setTimeout(resolve, BEHIND_WAIT_MS); });
      yield piece;
    }
  }

  async function judgedAlerts(tenant: string, from: number, signal: AbortSignal): Promise<JudgedAlert[]> {
    const found: JudgedAlert[] = [];
    const query: AlertQuery = { tenant, status: ['resolved'], from, sort: 'lastSeen', limit: JUDGED_PAGE };
    for (let cursor: string | undefined; !signal.aborted;) {
      const page = await workflow.listAlerts({ ...query, ...(cursor === undefined ? {} : { cursor }) });
      for (const { entity, reason, firstSeen, lastSeen, verdict } of page.items) if (verdict !== null && JUDGING.has(verdict)) found.push({ entity, reason, firstSeen, lastSeen, confirmed: verdict === CONFIRMING });
      if (page.next === null || found.length >= BACKTEST_LIMITS.judgedAlertsMax) break;
      cursor = page.next;
    }
    return found;
  }

  return {
    start(tenant, request) {
      forgetOld(tenant);
      if (running(of(tenant)).length >= BACKTEST_LIMITS.runningPerTenantMax) throw new WaryError('conflict', 'A backtest is running; wait for it, or cancel it');
      if (running(jobs.values()).length >= BACKTEST_LIMITS.runningMax) throw new WaryError('rate_limited', 'Backtests of other tenants are running; try again when they are done', { retryAfterSeconds: 30 });
      const now = clock.now();
      const view: Mutable<Backtest> = {
        id: random.id(), state: 'running', change: request.change, days: request.days, from: now - request.days * DAY_MS, to: now, startedAt: now, startedBy: request.by, finishedAt: null,
        eventsTotal: 0, eventsRead: 0, truncated: false, result: null, error: null,
      };
      const job: Job = { tenant, view, stop: new AbortController(), done: Promise.resolve() };
      jobs.set(view.id, job);
      job.done = run(job, request).then(() => { view.state = job.stop.signal.aborted ? 'cancelled' : 'done'; }, (error: unknown) => {
        const aborted = job.stop.signal.aborted;
        view.state = aborted ? 'cancelled' : 'failed';
        if (aborted) return;
        onTrouble('backtest.failed', error);
        view.error = error instanceof WaryError ? error.message : 'The backtest ended with an error; the log says more';
      }).then(() => { view.finishedAt = clock.now(); });
      return copy(job);
    },
    get: (tenant, id) => copy(demand(tenant, id)),
    list: (tenant) => of(tenant).map(copy).sort((left, right) => right.startedAt - left.startedAt),
    cancel(tenant, id) {
      const job = demand(tenant, id);
      if (job.view.state === 'running') {
        job.stop.abort(new Error('cancelled'));
        job.view.state = 'cancelled';
      }
      return copy(job);
    },
    async close() {
      for (const job of jobs.values()) job.stop.abort(new Error('stopping'));
      await Promise.all([...jobs.values()].map(({ done }) => done));
    },
  };
}

/** From which day on a backtest can take all that is stored. */
function newestDays(days: ReadonlyArray<{ readonly day: string; readonly events: number }>, earliest: number): { readonly start: number; readonly events: number; readonly truncated: boolean } {
  let events = 0;
  for (let at = days.length - 1; at >= 0; at -= 1) {
    if (events + days[at]!.events > BACKTEST_LIMITS.eventsMax && at < days.length - 1) return { start: Date.parse(`${days[at + 1]!.day}T00:00:00Z`), events, truncated: true };
    events += days[at]!.events;
  }
  return { start: earliest, events, truncated: false };
}
