import { BatchConsumer } from '@wary/adapter-kafka/batch-consumer.js';
import { LIVE_CHANNEL } from '@wary/adapter-postgres/notices.js';
import { createOutPositionStore } from '@wary/adapter-postgres/out-position-store.js';
import { createWorkflowStore } from '@wary/adapter-postgres/workflow-store.js';
import { createWebhookChannel } from '@wary/adapter-webhook/webhook-channel.js';
import { composeAccounts } from '@wary/app-wary/compose-accounts.js';
import { openServers } from '@wary/app-wary/services/open-servers.js';
import { openTopics } from '@wary/app-wary/services/open-topics.js';
import type { ServiceContext, ServiceParts } from '@wary/app-wary/services/service.js';
import { TOPICS } from '@wary/model/topics.js';
import { createSystemRandom, systemClock } from '@wary/platform/config/system-random.js';
import { createKafkaMetrics } from '@wary/platform/kafka/kafka-metrics.js';
import { LiveRelay } from '@wary/platform/live/live-relay.js';
import { createFindingIntake } from '@wary/platform/log/finding-intake.js';
import { createOutMetrics } from '@wary/platform/out/out-metrics.js';
import { OutTopics } from '@wary/platform/out/out-topics.js';
import { createWorkflow } from '@wary/workflow/create-workflow.js';

const BATCH_MESSAGES_MAX = 200;
const PARTITIONS_AT_ONCE = 4;
const SUPPRESSION_CHECK_MS = 10_000;
const SESSION_CHECK_MS = 600_000;

/** Makes alerts and incidents of findings, and tells whoever is to be told. */
export async function composeRespond({ config, log, registry, onTrouble }: ServiceContext): Promise<ServiceParts> {
  const { env } = config;
  const clock = systemClock;
  const random = createSystemRandom(clock);
  const servers = await openServers(config, log);
  const topics = await openTopics(config, 'respond', log);
  const channel = createWebhookChannel({ allow: env.WARY_WEBHOOK_ALLOW });
  const accounts = await composeAccounts({ config, stores: servers, clock, random, log, registry, channel, several: true });
  const workflow = createWorkflow({ db: createWorkflowStore(servers.postgres), random });
  const relay = new LiveRelay((now) => workflow.relay(now), { publish() {}, subscribe: () => () => {} }, clock, (error) => { onTrouble('live.relay.failed', error); });
  const out = new OutTopics({
    positions: createOutPositionStore(servers.postgres), sink: topics.producer, publicUrl: config.publicUrl, lastSeq: () => workflow.lastChangeSeq(), metrics: createOutMetrics(registry), onTrouble,
    onWake: (wake) => servers.postgres.notices.listen(LIVE_CHANNEL, { onNotice: wake, onGap: wake }),
  });
  // What people do at the API is told from here too: the dispatcher looks when something was numbered.
  const wakeDispatcher = { onNotice: () => { accounts.dispatcher.poke(); }, onGap: () => { accounts.dispatcher.poke(); } };
  let deafen = (): void => {};
  const kafkaMetrics = createKafkaMetrics(registry);
  const consumer = new BatchConsumer(topics.kafka, {
    groupId: `${env.WARY_KAFKA_GROUP}.respond`, topics: [TOPICS.findings], batchMessagesMax: BATCH_MESSAGES_MAX, partitionsAtOnce: PARTITIONS_AT_ONCE, log, onLag: kafkaMetrics.lag,
    onState: (state) => {
      kafkaMetrics.consuming(state === 'consuming' || state === 'waiting');
      kafkaMetrics.waiting(state === 'waiting');
    },
  });
  const take = createFindingIntake({
    workflow, clock, onTaken: (messages) => { kafkaMetrics.taken(TOPICS.findings, messages); },
    onApplied() {
      relay.poke();
      accounts.dispatcher.poke();
    },
    onUnreadable: (partition, { offset }, reason) => { log.error({ topic: TOPICS.findings, partition, offset, reason }, 'log.message.unreadable'); },
  });
  const timers: NodeJS.Timeout[] = [];
  const every = (ms: number, what: string, run: () => Promise<unknown>): void => {
    timers.push(setInterval(() => { run().catch((error: unknown) => { onTrouble(what, error); }); }, ms));
  };
  return {
    start: [
      { name: 'settings', run: () => { accounts.follow(); } },
      { name: 'relay', run: () => { relay.start(); } },
      { name: 'webhooks', run: async () => { await accounts.dispatcher.start(); deafen = servers.postgres.notices.listen(LIVE_CHANNEL, wakeDispatcher); } },
      { name: 'out', run: () => { out.start(); } },
      { name: 'topics', run: () => consumer.start(take) },
      { name: 'clock', run: () => {
        every(SESSION_CHECK_MS, 'auth.sessions.failed', () => accounts.removeExpiredSessions());
        every(SUPPRESSION_CHECK_MS, 'workflow.suppressions.failed', async () => { if (await workflow.expireSuppressions(clock.now()) > 0) relay.poke(); });
      } },
    ],
    stop: [
      { name: 'clock', run: () => { for (const timer of timers) clearInterval(timer); } },
      { name: 'topics', run: () => consumer.stop() },
      { name: 'webhooks', run: () => accounts.dispatcher.stop(Math.min(5_000, env.WARY_DRAIN_SECONDS * 500)) },
      { name: 'relay', run: () => relay.stop() },
      { name: 'out', run: () => { deafen(); return out.stop(); } },
      { name: 'accounts', run: () => accounts.close() },
      { name: 'brokers', run: () => topics.close() },
      { name: 'postgres', run: () => servers.postgres.close() },
    ],
    ping: () => Promise.all([topics.ping(), servers.postgres.ping()]),
    postgres: servers.postgres,
  };
}
