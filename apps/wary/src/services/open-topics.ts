import { createKafka } from '@wary/adapter-kafka/create-kafka.js';
import { createProducer, type MessageProducer } from '@wary/adapter-kafka/create-producer.js';
import { ensureTopics, isRefusal, partitionsOf, reasonOf, TopicError } from '@wary/adapter-kafka/ensure-topics.js';
import { internalTopics } from '@wary/adapter-kafka/topic-settings.js';
import { PARTITIONS_MAX, TOPICS } from '@wary/model/topics.js';
import { ConfigError, type Config } from '@wary/platform/config/read-config.js';
import type { Logger } from '@wary/platform/logging/create-logger.js';
import { kafkaSettingsOf } from '../kafka-settings-of.js';

export interface Topics {
  readonly kafka: ReturnType<typeof createKafka>;
  readonly producer: MessageProducer;
  /** Of the log of record. */
  readonly partitions: number;
  /** Of what goes to the correlations. */
  readonly matchPartitions: number;
  /** Rejects when no broker answers. */
  ping(): Promise<unknown>;
  close(): Promise<void>;
}

/** Of the first question, whose answer a start waits for. */
const ASK_RETRIES = 8;

/** The brokers, with the topics between the services. A refusal is the operator's to mend and ends the start. */
export async function openTopics({ env }: Config, name: string, log: Logger): Promise<Topics> {
  const settings = kafkaSettingsOf(env, `wary-${name}`);
  const kafka = createKafka(settings, log);
  const asking = createKafka(settings, log, ASK_RETRIES);
  let partitions: number;
  let matchPartitions: number;
  try {
    await ensureTopics(asking, internalTopics(env.WARY_KAFKA_PARTITIONS), env.WARY_KAFKA_PARTITIONS);
    const counts = await partitionsOf(asking, [TOPICS.events, TOPICS.hours, TOPICS.matches]);
    matchPartitions = counts.get(TOPICS.matches) ?? 1;
    partitions = counts.get(TOPICS.events) ?? 0;
    if (partitions > PARTITIONS_MAX) throw new TopicError(`${TOPICS.events} has ${partitions} partitions and may have ${PARTITIONS_MAX}: a principal's shard lies in one of them`);
    if (counts.get(TOPICS.hours) !== 1) throw new TopicError(`${TOPICS.hours} has ${counts.get(TOPICS.hours)} partitions and must have one: its order decides`);
  } catch (error) {
    if (error instanceof TopicError || isRefusal(error)) throw new ConfigError([`WARY_KAFKA_BROKERS: ${error instanceof TopicError ? '' : 'the brokers refuse: '}${reasonOf(error)}`]);
    throw error;
  }
  const producer = createProducer(kafka, log);
  const admin = kafka.admin();
  let connected: Promise<void> | null = null;
  return {
    kafka, producer, partitions, matchPartitions,
    async ping() {
      connected ??= admin.connect();
      try {
        await connected;
        await admin.fetchTopicMetadata({ topics: [TOPICS.events] });
      } catch (error) {
        connected = null;
        throw error;
      }
    },
    async close() {
      await producer.disconnect();
      await admin.disconnect().catch(() => {});
    },
  };
}
