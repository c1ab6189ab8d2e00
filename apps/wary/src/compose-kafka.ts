import { BatchConsumer } from '@wary/adapter-kafka/batch-consumer.js';
import { createKafka } from '@wary/adapter-kafka/create-kafka.js';
import { ensureTopics, isRefusal, reasonOf, TopicError } from '@wary/adapter-kafka/ensure-topics.js';
import { ConfigError, type Config } from '@wary/platform/config/read-config.js';
import { kafkaSettingsOf } from './kafka-settings-of.js';
import { createKafkaMetrics } from '@wary/platform/kafka/kafka-metrics.js';
import { createMessageIntake } from '@wary/platform/kafka/message-intake.js';
import { rawTopics } from '@wary/platform/kafka/raw-topics.js';
import type { Logger } from '@wary/platform/logging/create-logger.js';
import type { EventPath } from '@wary/platform/path/event-path.js';
import type { Readiness } from '@wary/platform/path/tokens.js';
import type { Clock } from '@wary/ports/clock.port.js';
import type { Registry } from 'prom-client';

/** How long a start waits for the brokers before it goes on without them; HTTP and files work meanwhile. */
const START_WAIT_MS = 5_000;
const RETRY_MS = 10_000;
/** Of the first question, whose answer a start waits for. */
const ASK_RETRIES = 2;
const BATCH_MESSAGES_MAX = 5_000;
const PARTITIONS_AT_ONCE = 4;

export interface KafkaParts { readonly config: Config; readonly path: EventPath; readonly readiness: Readiness; readonly clock: Clock; readonly log: Logger; readonly registry: Registry }
export interface RawTopicReading {
  /** Resolves when the topics are read, or after some seconds while it goes on trying. Rejects when the brokers refuse: that is the operator's to mend. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Reads raw topics into the path. */
export function composeKafka({ config: { env }, path, readiness, clock, log, registry }: KafkaParts): RawTopicReading {
  const settings = kafkaSettingsOf(env);
  const topics = rawTopics(env.WARY_KAFKA_TOPICS);
  const metrics = createKafkaMetrics(registry);
  const consumer = new BatchConsumer(createKafka(settings, log), {
    groupId: env.WARY_KAFKA_GROUP, topics: topics.map(({ topic }) => topic), batchMessagesMax: BATCH_MESSAGES_MAX, partitionsAtOnce: PARTITIONS_AT_ONCE, log,
    onLag: metrics.lag,
    onState: (state) => {
      metrics.consuming(state === 'consuming' || state === 'waiting');
      metrics.waiting(state === 'waiting');
    },
  });
  const take = createMessageIntake({ topics, path, readiness, clock, onTaken: metrics.taken });
  let stopped = false;
  let retry: NodeJS.Timeout | undefined;

  const attempt = async (): Promise<void> => {
    await ensureTopics(createKafka(settings, log, ASK_RETRIES), topics, env.WARY_KAFKA_PARTITIONS);
    if (stopped) return;
    await consumer.start(take);
    log.info({ brokers: env.WARY_KAFKA_BROKERS.length, group: env.WARY_KAFKA_GROUP, topics: topics.length }, 'kafka.topics.read');
  };
  const again = (error: unknown): void => {
    if (stopped) return;
    log[isOperators(error) ? 'error' : 'warn']({ reason: reasonOf(error), retryMs: RETRY_MS }, 'kafka.brokers.not_reached');
    retry = setTimeout(() => { attempt().catch(again); }, RETRY_MS);
  };

  return {
    async start() {
      const first = attempt();
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<'late'>((resolve) => { timer = setTimeout(() => { resolve('late'); }, START_WAIT_MS); });
      try {
        if (await Promise.race([first, late]) !== 'late') return;
        log.warn({ brokers: env.WARY_KAFKA_BROKERS }, 'kafka.brokers.awaited');
        first.catch(again);
      } catch (error) {
        if (isOperators(error)) throw new ConfigError([`WARY_KAFKA_BROKERS: ${error instanceof TopicError ? '' : 'the brokers refuse: '}${reasonOf(error)}`]);
        again(error);
      } finally {
        clearTimeout(timer);
      }
    },
    async stop() {
      stopped = true;
      clearTimeout(retry);
      await consumer.stop();
    },
  };
}

const isOperators = (error: unknown): boolean => error instanceof TopicError || isRefusal(error);
