import { randomInt } from 'node:crypto';
import { writeAudit } from '@wary/adapter-postgres/audit-writer.js';
import { createWorkflowStore } from '@wary/adapter-postgres/workflow-store.js';
import { createWebhookChannel } from '@wary/adapter-webhook/webhook-channel.js';
import { createEngine } from '@wary/detect/engine.js';
import { createCountryOf } from '@wary/enrich/geo.js';
import { AppModule } from '@wary/platform/app/app.module.js';
import { createHttpApp } from '@wary/platform/app/create-http-app.js';
import { routePolicies, type RoutePolicy } from '@wary/platform/auth/route-policies.js';
import type { Config } from '@wary/platform/config/read-config.js';
import { createSystemRandom, systemClock } from '@wary/platform/config/system-random.js';
import { createEntityPages } from '@wary/platform/events/entity-pages.js';
import { createDeadLetterReplay } from '@wary/platform/ingest/dead-letter-replay.js';
import { runStart, runStop, type Step } from '@wary/platform/lifecycle/run-steps.js';
import { createInProcessBus } from '@wary/platform/live/in-process-bus.js';
import { createLiveStats } from '@wary/platform/live/create-live-stats.js';
import { LiveGateway } from '@wary/platform/live/live.gateway.js';
import { LiveRelay } from '@wary/platform/live/live-relay.js';
import type { Logger } from '@wary/platform/logging/create-logger.js';
import { startOpsServer, type OpsServer } from '@wary/platform/ops/ops-server.js';
import { watchProcess } from '@wary/platform/ops/process-metrics.js';
import { EventPath } from '@wary/platform/path/event-path.js';
import { PathMetrics } from '@wary/platform/path/path-metrics.js';
import { ScoreLane } from '@wary/platform/path/score-lane.js';
import { DEFAULT_STORE_LANE, StoreLane } from '@wary/platform/path/store-lane.js';
import { TenantStagesCache } from '@wary/platform/path/tenant-stages.js';
import { Readiness } from '@wary/platform/path/tokens.js';
import { createAssignees } from '@wary/platform/workflow/assignees.js';
import type { WebhookChannel } from '@wary/ports/channel.port.js';
import type { EventStore } from '@wary/ports/event-store.port.js';
import type { FindingStore } from '@wary/ports/finding-store.port.js';
import type { LiveBus } from '@wary/ports/live-bus.port.js';
import { createWorkflow, type WorkflowService } from '@wary/workflow/create-workflow.js';
import { Registry } from 'prom-client';
import { composeAccounts } from './compose-accounts.js';
import { openStores, type Stores } from './open-stores.js';

export const VERSION = '0.1.0';
/** Part of the detectors' determinism: another seed would decide its ties otherwise. */
const ENGINE_SEED = 1;
const SUPPRESSION_CHECK_MS = 10_000;
const SESSION_CHECK_MS = 600_000;
const READY_CHECK_MS = 2_000;

/** Ports that a test may put something around (a crash, a fault, a delay). */
export interface WrappablePorts {
  readonly events: EventStore;
  readonly findings: FindingStore;
  readonly workflow: WorkflowService;
  readonly channel: WebhookChannel;
}

export interface StartOptions {
  readonly wrap?: (ports: WrappablePorts) => WrappablePorts;
  /** Stores that are opening already; from here on they are this service's to close. */
  readonly stores?: Promise<Stores>;
}

export interface RunningWary {
  readonly url: string;
  readonly opsUrl: string;
  /** Events that the start scored because they came after the last snapshot. */
  readonly caughtUpEvents: number;
  /** What was generated at this start, to be shown once; null where it was there or came from the environment. */
  readonly generated: { readonly adminEmail: string; readonly adminPassword: string | null; readonly ingestKey: string | null };
  readonly path: EventPath;
  readonly scoreLane: ScoreLane;
  readonly registry: Registry;
  readonly bus: LiveBus;
  readonly routes: readonly RoutePolicy[];
  /** Ends in order, within WARY_DRAIN_SECONDS. True when everything went well; calling it again gives the same answer. */
  stop(): Promise<boolean>;
}

/**
 * Everything in one process: opens the stores, binds the stages to them, catches up, listens, and only then says that it is ready.
 * The order of the two lists of steps is the order of a start and of a stop.
 */
export async function startWary(config: Config, log: Logger, options: StartOptions = {}): Promise<RunningWary> {
  const { env } = config;
  const clock = systemClock;
  const random = createSystemRandom(clock);
  const registry = new Registry();
  const metrics = new PathMetrics(registry, () => clock.now());
  const readiness = new Readiness();
  const trouble = (what: string, error: unknown): void => { log.error({ err: error }, what); };

  const stores = await (options.stores ?? openStores(config, clock, log));
  const { clickHouse, postgres, keys } = stores;
  const ownWorkflow = createWorkflow({ db: createWorkflowStore(postgres), random });
  const ports = (options.wrap ?? ((same: WrappablePorts) => same))({
    events: clickHouse.events, findings: clickHouse.findings, workflow: ownWorkflow, channel: createWebhookChannel({ allow: env.WARY_WEBHOOK_ALLOW }),
  });
  const { workflow } = ports;

  const allowedOrigins = [config.publicUrl, ...(env.WARY_PUBLIC_URL === undefined ? [`http://localhost:${env.WARY_PORT}`, `http://127.0.0.1:${env.WARY_PORT}`] : [])];
  const accounts = await composeAccounts({ config, stores, clock, random, log, registry, channel: ports.channel });
  const generated = await accounts.bootstrap();

  const engine = createEngine({ budgetPerDay: env.WARY_ALERT_BUDGET_PER_DAY, seed: ENGINE_SEED, settings: accounts.detectorSettings });
  accounts.onDetectorSettings((settings) => { engine.applySettings(settings); });
  const bus = createInProcessBus((error) => { trouble('live.listener.failed', error); });
  const relay = new LiveRelay((now) => workflow.relay(now), bus, clock, (error) => { trouble('live.relay.failed', error); });
  const scoreLane = new ScoreLane({
    engine, events: ports.events, findings: ports.findings, workflow, snapshots: clickHouse.snapshots, clock, metrics, onTrouble: trouble,
    onFatal: (error) => {
      readiness.close('not scoring: a detector failed; what was accepted is kept, restart the service');
      trouble('score.engine.failed', error);
    },
    onApplied: () => {
      relay.poke();
      accounts.dispatcher.poke();
    },
  });
  const storeLane = new StoreLane(ports.events, scoreLane, metrics, { ...DEFAULT_STORE_LANE, queueRecordsMax: env.WARY_INGEST_QUEUE_RECORDS_MAX, idSeed: randomInt(2 ** 31) });
  const stages = new TenantStagesCache({
    registersOf: accounts.registersOf, countryOf: createCountryOf(), pseudonymKey: keys.pseudonym, onProblem: (tenant, problem) => { log.warn({ tenant, problem }, 'registers.row.ignored'); },
    policy: { pii: env.WARY_PII_POLICY, secrets: env.WARY_SECRETS_POLICY, pseudonymise: env.WARY_PSEUDONYMISE },
  });
  const path = new EventPath({ normalize: { retentionDays: env.WARY_RETENTION_DAYS }, stages, store: storeLane, deadLetters: clickHouse.deadLetters, random, metrics });
  const liveStats = createLiveStats({ workflow, metrics, registry, clock });
  watchProcess(registry, { engine, storeLane, scoreLane });

  const app = await createHttpApp({
    publicUrl: config.publicUrl, allowedOrigins, trustProxy: readTrustProxy(env.WARY_TRUST_PROXY), version: VERSION, requestId: () => random.id(),
    module: AppModule.forRoot({
      path, readiness, clock, events: ports.events, entityQueries: clickHouse.events, findings: ports.findings, deadLetters: clickHouse.deadLetters, workflow, liveBus: bus, liveStats,
      entityPages: createEntityPages({ queries: clickHouse.events, engine, registersOf: accounts.registersOf, clock, riskOf: (...args) => workflow.riskOf(...args), risksOf: (...args) => workflow.risksOf(...args), riskiest: (...args) => workflow.riskiest(...args) }),
      replayDeadLetters: createDeadLetterReplay({ path, store: clickHouse.deadLetters, clock }),
      audit: (entry) => writeAudit(postgres.db, entry),
      assignees: createAssignees(accounts),
    }, accounts.modules),
  });

  let ops: OpsServer | null = null;
  let caughtUpEvents = 0;
  const timers: NodeJS.Timeout[] = [];
  const every = (ms: number, what: string, run: () => Promise<unknown>): void => {
    timers.push(setInterval(() => { run().catch((error: unknown) => { trouble(what, error); }); }, ms));
  };

  const start: Step[] = [
    { name: 'ops', run: async () => { ops = await startOpsServer({ host: env.WARY_OPS_HOST ?? env.WARY_HOST, port: env.WARY_OPS_PORT, registry, isReady }); } },
    { name: 'log of record', run: () => storeLane.recover() },
    { name: 'detectors', run: async () => { caughtUpEvents = await scoreLane.recover((scored) => { log.info({ scored }, 'score.history.replayed'); }); } },
    { name: 'relay', run: () => { relay.start(); } },
    { name: 'webhooks', run: () => accounts.dispatcher.start() },
    { name: 'clock', run: () => {
      every(env.WARY_SNAPSHOT_SECONDS * 1_000, 'score.snapshot.failed', () => scoreLane.snapshot());
      every(SESSION_CHECK_MS, 'auth.sessions.failed', () => accounts.removeExpiredSessions());
      every(SUPPRESSION_CHECK_MS, 'workflow.suppressions.failed', async () => { if (await workflow.expireSuppressions(clock.now()) > 0) relay.poke(); });
    } },
    { name: 'http', run: async () => { await app.listen(env.WARY_PORT, env.WARY_HOST); } },
    { name: 'ready', run: () => { readiness.open(); } },
  ];
  const stopSteps: Step[] = [
    { name: 'refuse', run: () => { readiness.close('stopping'); for (const timer of timers) clearInterval(timer); } },
    { name: 'sockets', run: () => { app.get(LiveGateway).close(); } },
    { name: 'http', run: () => app.close() },
    { name: 'store', run: () => storeLane.drain() },
    { name: 'score', run: () => scoreLane.drain() },
    { name: 'snapshot', run: () => scoreLane.snapshot() },
    { name: 'webhooks', run: () => accounts.dispatcher.stop(Math.min(5_000, env.WARY_DRAIN_SECONDS * 500)) },
    { name: 'relay', run: () => relay.stop() },
    { name: 'abandon', run: () => { scoreLane.abandon(); } },
    { name: 'clickhouse', run: () => clickHouse.close() },
    { name: 'postgres', run: () => postgres.close() },
    { name: 'ops', run: () => ops?.close() },
  ];
  let stopping: Promise<boolean> | null = null;
  const stop = (): Promise<boolean> => (stopping ??= runStop(stopSteps, env.WARY_DRAIN_SECONDS * 1_000, log));

  async function isReady(): Promise<{ ready: boolean; reason: string }> {
    if (!readiness.ready) return { ready: false, reason: readiness.why };
    let timer: NodeJS.Timeout | undefined;
    try {
      await Promise.race([Promise.all([clickHouse.ping(), postgres.ping()]), new Promise((_, reject) => { timer = setTimeout(() => { reject(new Error('timeout')); }, READY_CHECK_MS); })]);
      return { ready: true, reason: 'ready' };
    } catch {
      return { ready: false, reason: 'a store does not answer' };
    } finally {
      clearTimeout(timer);
    }
  }

  try {
    await runStart(start, log);
  } catch (error) {
    await stop();
    throw error;
  }
  const url = await app.getUrl();
  log.info({ url, opsPort: (ops as OpsServer | null)?.port, caughtUpEvents }, 'service.started');
  return { url: url.replace('[::1]', '127.0.0.1'), opsUrl: `http://${env.WARY_OPS_HOST ?? env.WARY_HOST}:${(ops as OpsServer | null)?.port ?? env.WARY_OPS_PORT}`, caughtUpEvents, generated, path, scoreLane, registry, bus, routes: routePolicies(app), stop };
}

/** true, false, or the addresses and networks of the proxies in front. */
function readTrustProxy(text: string): boolean | string {
  if (text === 'true' || text === '1' || text === 'yes') return true;
  return text === 'false' || text === '0' || text === 'no' || text === '' ? false : text;
}
