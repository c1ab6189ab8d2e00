import { randomInt } from 'node:crypto';
import { writeAudit } from '@wary/adapter-postgres/audit-writer.js';
import { exclusively } from '@wary/adapter-postgres/exclusively.js';
import { LIVE_CHANNEL } from '@wary/adapter-postgres/notices.js';
import { createProcessRegistry } from '@wary/adapter-postgres/process-registry.js';
import { createQuotaStore } from '@wary/adapter-postgres/quota-store.js';
import { createWorkflowStore } from '@wary/adapter-postgres/workflow-store.js';
import { composeAccounts } from '@wary/app-wary/compose-accounts.js';
import { composePath, readTrustProxy } from '@wary/app-wary/compose-path.js';
import { composeBacktests } from '@wary/app-wary/compose-backtests.js';
import { composeRules } from '@wary/app-wary/compose-rules.js';
import { printFirstAccess } from '@wary/app-wary/print-first-access.js';
import { openAllServers } from '@wary/app-wary/services/open-servers.js';
import { openTopics } from '@wary/app-wary/services/open-topics.js';
import type { ServiceContext, ServiceParts } from '@wary/app-wary/services/service.js';
import { VERSION } from '@wary/app-wary/version.js';
import { AppModule } from '@wary/platform/app/app.module.js';
import { createHttpApp } from '@wary/platform/app/create-http-app.js';
import { createSystemRandom, systemClock } from '@wary/platform/config/system-random.js';
import { createEntityPages } from '@wary/platform/events/entity-pages.js';
import { createRemoteBaselines } from '@wary/platform/events/remote-baselines.js';
import { createDeadLetterReplay } from '@wary/platform/ingest/dead-letter-replay.js';
import { createLiveStats } from '@wary/platform/live/create-live-stats.js';
import { LiveRelay } from '@wary/platform/live/live-relay.js';
import { LiveGateway } from '@wary/platform/live/live.gateway.js';
import { TableBus } from '@wary/platform/live/table-bus.js';
import { DEFAULT_LOG_LANE, LogLane } from '@wary/platform/log/log-lane.js';
import { createTopicDeadLetters } from '@wary/platform/log/topic-dead-letters.js';
import { createTopicEventLog } from '@wary/platform/log/topic-event-log.js';
import { internalToken } from '@wary/platform/ops/internal-routes.js';
import { ProcessesModule } from '@wary/platform/ops/processes.controller.js';
import { sharedLoad } from '@wary/platform/ops/shared-load.js';
import { PathMetrics } from '@wary/platform/path/path-metrics.js';
import { createRemoteRuleHealth } from '@wary/platform/rules/remote-rule-health.js';
import { createAssignees } from '@wary/platform/workflow/assignees.js';
import { createWorkflow } from '@wary/workflow/create-workflow.js';

/** The API, the sockets and the dashboard. Any number of these answer alike: what they share lies in the servers. */
export async function composeApi({ config, log, registry, readiness, processId, onTrouble }: ServiceContext): Promise<ServiceParts> {
  const { env } = config;
  const clock = systemClock;
  const random = createSystemRandom(clock);
  const servers = await openAllServers(config, clock, log);
  const { postgres, clickHouse, keys } = servers;
  const topics = await openTopics(config, 'api', log);
  const workflow = createWorkflow({ db: createWorkflowStore(postgres), random });
  const accounts = await composeAccounts({ config, stores: servers, clock, random, log, registry, several: true });
  printFirstAccess(await exclusively(postgres.db, 'first-access', () => accounts.bootstrap()));
  const processes = createProcessRegistry(postgres.db);
  const ruleHealth = createRemoteRuleHealth({ registry: processes, token: internalToken(keys.internal), onTrouble: (error) => { log.warn({ err: error }, 'rules.health.failed'); } });
  const rules = await composeRules({ folder: env.WARY_RULES_DIR, tenants: accounts.tenants, stores: servers, events: clickHouse.events, detectors: accounts.detectors, clock, random, log, registry, node: processId, health: ruleHealth });
  const backtests = composeBacktests({
    stores: servers, events: clickHouse.events, workflow, detectors: accounts.detectors, budgetPerDay: env.WARY_ALERT_BUDGET_PER_DAY, order: 'received', pending: () => 0, clock, random, onTrouble, node: processId,
  });
  const metrics = new PathMetrics(registry, () => clock.now());
  // What is sent here, and dead letters that are replayed, take the same path as at the ingest service.
  const lane = new LogLane(createTopicEventLog(topics.producer, topics.partitions), metrics, { ...DEFAULT_LOG_LANE, queueRecordsMax: env.WARY_INGEST_QUEUE_RECORDS_MAX, idSeed: randomInt(2 ** 31) });
  const path = composePath({ config, registersOf: accounts.registersOf, pseudonymKey: keys.pseudonym, log, store: lane, deadLetters: createTopicDeadLetters(topics.producer, servers.cipher), random, metrics, quotaStore: createQuotaStore(postgres.db) });
  const bus = new TableBus({
    read: (after, limit) => workflow.everyChangeAfter(after, limit), lastSeq: () => workflow.lastChangeSeq(),
    onWake: (wake) => postgres.notices.listen(LIVE_CHANNEL, { onNotice: wake, onGap: wake }), onTrouble: (error) => { onTrouble('live.bus.failed', error); },
  });
  const relay = new LiveRelay((now) => workflow.relay(now), bus, clock, (error) => { onTrouble('live.relay.failed', error); });
  const baselines = createRemoteBaselines({ registry: processes, token: internalToken(keys.internal), onTrouble: (error) => { log.warn({ err: error }, 'baselines.owner.failed'); } });
  const liveStats = createLiveStats({ workflow, load: () => sharedLoad(processes), registry, clock });
  const allowedOrigins = [config.publicUrl, ...(env.WARY_PUBLIC_URL === undefined ? [`http://localhost:${env.WARY_PORT}`, `http://127.0.0.1:${env.WARY_PORT}`] : [])];
  const app = await createHttpApp({
    publicUrl: config.publicUrl, allowedOrigins, trustProxy: readTrustProxy(env.WARY_TRUST_PROXY), version: VERSION, requestId: () => random.id(),
    module: AppModule.forRoot({
      path, readiness, clock, events: clickHouse.events, entityQueries: clickHouse.events, findings: clickHouse.findings, deadLetters: clickHouse.deadLetters, workflow, liveBus: bus, liveStats,
      entityPages: createEntityPages({
        queries: clickHouse.events, baselines, registersOf: accounts.registersOf, clock,
        riskOf: (...args) => workflow.riskOf(...args), riskThen: (...args) => workflow.riskThen(...args), risksOf: (...args) => workflow.risksOf(...args), riskiest: (...args) => workflow.riskiest(...args),
      }),
      replayDeadLetters: createDeadLetterReplay({ path, store: clickHouse.deadLetters, clock }),
      audit: (entry) => writeAudit(postgres.db, entry),
      assignees: createAssignees(accounts),
    }, [...accounts.modules, rules.module, backtests.module, ProcessesModule.forRoot(processes)]),
  });
  return {
    start: [
      { name: 'settings', run: () => { accounts.follow(rules.rules); } },
      { name: 'live', run: () => bus.start() },
      { name: 'relay', run: () => { relay.start(); } },
      { name: 'rules', run: () => { rules.watch(); } },
      { name: 'http', run: async () => { await app.listen(env.WARY_PORT, env.WARY_HOST); } },
    ],
    stop: [
      { name: 'sockets', run: () => { app.get(LiveGateway).close(); } },
      { name: 'http', run: () => app.close() },
      { name: 'rules', run: () => rules.stop() },
      { name: 'backtests', run: () => backtests.stop() },
      { name: 'log', run: () => lane.drain() },
      { name: 'relay', run: () => relay.stop() },
      { name: 'live', run: () => bus.stop() },
      { name: 'accounts', run: () => accounts.close() },
      { name: 'brokers', run: () => topics.close() },
      { name: 'clickhouse', run: () => clickHouse.close() },
      { name: 'postgres', run: () => postgres.close() },
    ],
    // Without brokers people still work their alerts; without its stores it can do nothing.
    ping: () => Promise.all([clickHouse.ping(), postgres.ping()]),
    url: () => app.getUrl(),
    postgres,
    load: () => ({ eventsPerSecond: metrics.eventsPerSecond(), lagMs: metrics.lagMs }),
  };
}
