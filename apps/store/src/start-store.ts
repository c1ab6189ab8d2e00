import { BatchConsumer } from '@wary/adapter-kafka/batch-consumer.js';
import { openAllServers } from '@wary/app-wary/services/open-servers.js';
import { openTopics } from '@wary/app-wary/services/open-topics.js';
import type { ServiceContext, ServiceParts } from '@wary/app-wary/services/service.js';
import { systemClock } from '@wary/platform/config/system-random.js';
import { createKafkaMetrics } from '@wary/platform/kafka/kafka-metrics.js';
import { createStoreIntake, STORED_TOPICS } from '@wary/platform/log/store-intake.js';
import { PathMetrics } from '@wary/platform/path/path-metrics.js';

/** Fewer, larger parts cost the analytics store less. */
const BATCH_MESSAGES_MAX = 20_000;
const PARTITIONS_AT_ONCE = 4;

/** Writes events, findings and dead letters from their topics into the analytics store. */
export async function composeStore({ config, log, registry }: ServiceContext): Promise<ServiceParts> {
  const { env } = config;
  const clock = systemClock;
  const { clickHouse, postgres, cipher } = await openAllServers(config, clock, log);
  const topics = await openTopics(config, 'store', log);
  const metrics = new PathMetrics(registry, () => clock.now());
  const kafkaMetrics = createKafkaMetrics(registry);
  const take = createStoreIntake({ events: clickHouse.events, findings: clickHouse.findings, deadLetters: clickHouse.deadLetters, cipher, clock, metrics, onTaken: kafkaMetrics.taken });
  const consumer = new BatchConsumer(topics.kafka, {
    groupId: `${env.WARY_KAFKA_GROUP}.store`, topics: STORED_TOPICS, batchMessagesMax: BATCH_MESSAGES_MAX, partitionsAtOnce: PARTITIONS_AT_ONCE, log, recordEnds: true, onLag: kafkaMetrics.lag,
    onState: (state) => {
      kafkaMetrics.consuming(state === 'consuming' || state === 'waiting');
      kafkaMetrics.waiting(state === 'waiting');
    },
  });
  return {
    start: [{ name: 'topics', run: () => consumer.start(take) }],
    stop: [
      { name: 'topics', run: () => consumer.stop() },
      { name: 'brokers', run: () => topics.close() },
      { name: 'clickhouse', run: () => clickHouse.close() },
      { name: 'postgres', run: () => postgres.close() },
    ],
    // A store that is down makes its partitions wait, which is not this process's fault: it is not ready, and goes on living.
    ping: () => Promise.all([topics.ping(), clickHouse.ping()]),
    postgres,
  };
}
