import { randomInt } from 'node:crypto';
import { writeAudit } from '@wary/adapter-postgres/audit-writer.js';
import { createProcessRegistry } from '@wary/adapter-postgres/process-registry.js';
import { createWorkflowStore } from '@wary/adapter-postgres/workflow-store.js';
import { createWebhookChannel } from '@wary/adapter-webhook/webhook-channel.js';
import { createEngine } from '@wary/detect/engine.js';
import { AppModule } from '@wary/platform/app/app.module.js';
import { createHttpApp } from '@wary/platform/app/create-http-app.js';
import { routePolicies, type RoutePolicy } from '@wary/platform/auth/route-policies.js';
import type { Config } from '@wary/platform/config/read-config.js';
import { createSystemRandom, systemClock } from '@wary/platform/config/system-random.js';
import { ownBaselines } from '@wary/platform/events/baseline-source.js';
import { createEntityPages } from '@wary/platform/events/entity-pages.js';
import { createDeadLetterReplay } from '@wary/platform/ingest/dead-letter-replay.js';
import { runStart, runStop, type Step } from '@wary/platform/lifecycle/run-steps.js';
import { createInProcessBus } from '@wary/platform/live/in-process-bus.js';
import { createLiveStats } from '@wary/platform/live/create-live-stats.js';
import { LiveGateway } from '@wary/platform/live/live.gateway.js';
import { LiveRelay } from '@wary/platform/live/live-relay.js';
import type { Logger } from '@wary/platform/logging/create-logger.js';
import { startOpsServer, type OpsServer } from '@wary/platform/ops/ops-server.js';
import { ProcessesModule } from '@wary/platform/ops/processes.controller.js';
import { watchProcess } from '@wary/platform/ops/process-metrics.js';
import type { EventPath } from '@wary/platform/path/event-path.js';
import { PathMetrics } from '@wary/platform/path/path-metrics.js';
import { ScoreLane } from '@wary/platform/path/score-lane.js';
import { DEFAULT_STORE_LANE, StoreLane } from '@wary/platform/path/store-lane.js';
import { Readiness } from '@wary/platform/path/tokens.js';
import { createAssignees } from '@wary/platform/workflow/assignees.js';
import type { WebhookChannel } from '@wary/ports/channel.port.js';
import type { EventStore } from '@wary/ports/event-store.port.js';
import type { FindingStore } from '@wary/ports/finding-store.port.js';
import type { LiveBus } from '@wary/ports/live-bus.port.js';
import { createWorkflow, type WorkflowService } from '@wary/workflow/create-workflow.js';
import { Registry } from 'prom-client';
import { composeAccounts, type FirstAccess } from './compose-accounts.js';
import { composeBacktests } from './compose-backtests.js';
import { composePath, readTrustProxy } from './compose-path.js';
import { composeRules } from './compose-rules.js';
import { ENGINE_SEED } from './engine-seed.js';
import { openStores, type Stores } from './open-stores.js';
import { VERSION } from './version.js';

const SUPPRESSION_CHECK_MS = 10_000;
const SESSION_CHECK_MS = 600_000;
const SILENCE_CHECK_MS = 300_000;
const VERDICT_CHECK_MS = 30_000;
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
  /** Of the tenant `default`, and of the others. */
  readonly generated: FirstAccess & { readonly others: readonly FirstAccess[] };
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

  const rules = await composeRules({ folder: env.WARY_RULES_DIR, tenants: accounts.tenants, stores, events: ports.events, detectors: accounts.detectors, clock, random, log, registry });
  const engine = createEngine({ budgetPerDay: env.WARY_ALERT_BUDGET_PER_DAY, seed: ENGINE_SEED, tenantSettings: accounts.detectorSettings, rulesOf: (tenant) => rules.runnerOf(tenant) });
  accounts.onDetectorSettings((settings, tenant) => { engine.applySettings(settings, tenant); });
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
  const backtests = composeBacktests({
    stores, events: ports.events, workflow, detectors: accounts.detectors, budgetPerDay: env.WARY_ALERT_BUDGET_PER_DAY, order: 'seq', pending: () => scoreLane.pending, clock, random, onTrouble: trouble,
  });
  const storeLane = new StoreLane(ports.events, scoreLane, metrics, { ...DEFAULT_STORE_LANE, queueRecordsMax: env.WARY_INGEST_QUEUE_RECORDS_MAX, idSeed: randomInt(2 ** 31) });
  const path = composePath({ config, registersOf: accounts.registersOf, pseudonymKey: keys.pseudonym, log, store: storeLane, deadLetters: clickHouse.deadLetters, random, metrics });
  // Its client is loaded by who has brokers.
  const kafka = env.WARY_KAFKA_BROKERS.length === 0 ? null : (await import('./compose-kafka.js')).composeKafka({ config, path, readiness, clock, log, registry });
  const liveStats = createLiveStats({ workflow, load: () => ({ eventsPerSecond: metrics.eventsPerSecond(), lagMs: metrics.lagMs }), registry, clock });
  watchProcess(registry, { engine, storeLane, scoreLane });

  const app = await createHttpApp({
    publicUrl: config.publicUrl, allowedOrigins, trustProxy: readTrustProxy(env.WARY_TRUST_PROXY), version: VERSION, requestId: () => random.id(),
    module: AppModule.forRoot({
      path, readiness, clock, events: ports.events, entityQueries: clickHouse.events, findings: ports.findings, deadLetters: clickHouse.deadLetters, workflow, liveBus: bus, liveStats,
      entityPages: createEntityPages({ queries: clickHouse.events, baselines: ownBaselines(engine), registersOf: accounts.registersOf, clock, riskOf: (...args) => workflow.riskOf(...args), riskThen: (...args) => workflow.riskThen(...args), risksOf: (...args) => workflow.risksOf(...args), riskiest: (...args) => workflow.riskiest(...args) }),
      replayDeadLetters: createDeadLetterReplay({ path, store: clickHouse.deadLetters, clock }),
      audit: (entry) => writeAudit(postgres.db, entry),
      assignees: createAssignees(accounts),
    }, [...accounts.modules, rules.module, backtests.module, ProcessesModule.forRoot(createProcessRegistry(postgres.db))]),
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
    { name: 'rules', run: () => { rules.watch(); } },
    { name: 'clock', run: () => {
      every(env.WARY_SNAPSHOT_SECONDS * 1_000, 'score.snapshot.failed', () => scoreLane.snapshot());
      const since = clock.now();
      every(SILENCE_CHECK_MS, 'score.silence.failed', () => scoreLane.lookForSilence(since));
      every(VERDICT_CHECK_MS, 'detectors.verdicts.failed', () => accounts.refreshVerdicts());
      every(SESSION_CHECK_MS, 'auth.sessions.failed', () => accounts.removeExpiredSessions());
      every(SUPPRESSION_CHECK_MS, 'workflow.suppressions.failed', async () => { if (await workflow.expireSuppressions(clock.now()) > 0) relay.poke(); });
    } },
    { name: 'http', run: async () => { await app.listen(env.WARY_PORT, env.WARY_HOST); } },
    { name: 'ready', run: () => { readiness.open(); } },
    { name: 'topics', run: () => kafka?.start() },
  ];
  const stopSteps: Step[] = [
    { name: 'refuse', run: () => { readiness.close('stopping'); for (const timer of timers) clearInterval(timer); } },
    { name: 'topics', run: () => kafka?.stop() },
    { name: 'sockets', run: () => { app.get(LiveGateway).close(); } },
    { name: 'http', run: () => app.close() },
    { name: 'rules', run: () => rules.stop() },
    { name: 'backtests', run: () => backtests.stop() },
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
