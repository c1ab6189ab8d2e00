import { randomInt } from 'node:crypto';
import { createQuotaStore } from '@wary/adapter-postgres/quota-store.js';
import { composeAccounts } from '@wary/app-wary/compose-accounts.js';
import { composeKafka } from '@wary/app-wary/compose-kafka.js';
import { composePath, readTrustProxy } from '@wary/app-wary/compose-path.js';
import { openServers } from '@wary/app-wary/services/open-servers.js';
import { openTopics } from '@wary/app-wary/services/open-topics.js';
import type { ServiceContext, ServiceParts } from '@wary/app-wary/services/service.js';
import { VERSION } from '@wary/app-wary/version.js';
import { createHttpApp } from '@wary/platform/app/create-http-app.js';
import { IngestModule } from '@wary/platform/app/ingest.module.js';
import { createSystemRandom, systemClock } from '@wary/platform/config/system-random.js';
import { DEFAULT_LOG_LANE, LogLane } from '@wary/platform/log/log-lane.js';
import { createTopicDeadLetters } from '@wary/platform/log/topic-dead-letters.js';
import { createTopicEventLog } from '@wary/platform/log/topic-event-log.js';
import { PathMetrics } from '@wary/platform/path/path-metrics.js';

/** Takes records over HTTP, OTLP and from raw topics, and appends what they say to the log of record. */
export async function composeIngest({ config, log, registry, readiness }: ServiceContext): Promise<ServiceParts> {
  const { env } = config;
  const clock = systemClock;
  const random = createSystemRandom(clock);
  const servers = await openServers(config, log);
  const topics = await openTopics(config, 'ingest', log);
  const accounts = await composeAccounts({ config, stores: servers, clock, random, log, registry, several: true });
  const metrics = new PathMetrics(registry, () => clock.now());
  const lane = new LogLane(createTopicEventLog(topics.producer, topics.partitions), metrics, { ...DEFAULT_LOG_LANE, queueRecordsMax: env.WARY_INGEST_QUEUE_RECORDS_MAX, idSeed: randomInt(2 ** 31) });
  const path = composePath({ config, registersOf: accounts.registersOf, pseudonymKey: servers.keys.pseudonym, log, store: lane, deadLetters: createTopicDeadLetters(topics.producer, servers.cipher), random, metrics, quotaStore: createQuotaStore(servers.postgres.db) });
  const raw = composeKafka({ config, path, readiness, clock, log, registry });
  const app = await createHttpApp({
    publicUrl: `http://${env.WARY_HOST}:${env.WARY_INGEST_PORT}`, allowedOrigins: [], trustProxy: readTrustProxy(env.WARY_TRUST_PROXY), version: VERSION, requestId: () => random.id(), forPeople: false,
    module: IngestModule.forRoot({ path, readiness, clock }, accounts.guardModules),
  });
  return {
    start: [
      { name: 'settings', run: () => { accounts.follow(); } },
      { name: 'http', run: async () => { await app.listen(env.WARY_INGEST_PORT, env.WARY_HOST); } },
      { name: 'topics', run: () => raw.start() },
    ],
    stop: [
      { name: 'topics', run: () => raw.stop() },
      { name: 'http', run: () => app.close() },
      { name: 'log', run: () => lane.drain() },
      { name: 'accounts', run: () => accounts.close() },
      { name: 'brokers', run: () => topics.close() },
      { name: 'postgres', run: () => servers.postgres.close() },
    ],
    ping: () => Promise.all([topics.ping(), servers.postgres.ping()]),
    postgres: servers.postgres,
    load: () => ({ eventsPerSecond: metrics.eventsPerSecond(), lagMs: metrics.lagMs }),
    url: () => app.getUrl(),
  };
}
