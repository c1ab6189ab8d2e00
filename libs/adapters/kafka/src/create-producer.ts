import { setTimeout as sleep } from 'node:timers/promises';
import { WaryError } from '@wary/model/errors.js';
import type { MessageSink } from '@wary/ports/message-sink.port.js';
import kafkajs, { type Kafka, type Message, type Producer, type RecordMetadata } from 'kafkajs';
import type { KafkaLog } from './kafka-log.js';
import { createKeyPartitioner } from './key-partitioner.js';
import { MessageQueue, type Round } from './message-queue.js';

export interface ProducerOptions {
  /** After this long a message that no broker took is given back to its sender. */
  readonly sendMsMax?: number;
  /** Messages that wait while the brokers are slow; beyond it `send` rejects with `overloaded`. */
  readonly queuedBytesMax?: number;
  readonly compression?: 'none' | 'gzip';
  /** Called whenever messages were acknowledged. */
  readonly onSent?: (topic: string, messages: number) => void;
}
export interface MessageProducer extends MessageSink {
  /** Sends what waits, within `sendMsMax`, then leaves. What is sent afterwards is refused. */
  disconnect(): Promise<void>;
}

const SEND_MS_MAX = 30_000;
const QUEUED_BYTES_MAX = 64 * 1024 * 1024;
const RETRY_MS = { first: 100, most: 2_000 } as const;
/** Repeats inside the client, with the same sequence numbers, which the broker tells apart. */
const CLIENT_RETRIES = 3;
const ACKNOWLEDGE_MS_MAX = 10_000;

/**
 * Sends messages of many callers: idempotent, acknowledged by all replicas in sync, one request at a time, which takes everything that
 * gathered during the one before. Order within a partition is the order of the calls.
 *
 * Three traps of the client are why it looks like this. After a failure its sequence numbers go back although the broker may have written
 * the batch, and the next, other batch would be taken for a repeat and be lost in silence: so a producer that failed is never used again,
 * the batch goes out with a new one. When a partition changes its leader in the middle of a request to several brokers, its part may never
 * be sent and the request succeed all the same: so every partition must have answered. And two requests at once may overtake each other.
 */
export function createProducer(kafka: Kafka, log: KafkaLog, options: ProducerOptions = {}): MessageProducer {
  const { sendMsMax = SEND_MS_MAX, queuedBytesMax = QUEUED_BYTES_MAX, compression = 'none', onSent = () => {} } = options;
  const queue = new MessageQueue(queuedBytesMax);
  const codec = compression === 'gzip' ? kafkajs.CompressionTypes.GZIP : kafkajs.CompressionTypes.None;
  let connection: Promise<Connection> | null = null;
  let working: Promise<void> | null = null;
  let closed = false;

  const retire = (): void => {
    const failed = connection;
    connection = null;
    failed?.then(({ producer }) => producer.disconnect()).catch(() => {});
  };

  /** One attempt; every partition that a message went to has acknowledged when it resolves. */
  const attempt = async (round: Round): Promise<void> => {
    const { producer, touched } = await (connection ??= connect(kafka));
    touched.clear();
    const answers = await producer.sendBatch({ acks: -1, timeout: ACKNOWLEDGE_MS_MAX, compression: codec, topicMessages: round.topics.map(({ topic, messages }) => ({ topic, messages: messages as Message[] })) });
    const silent = unanswered(touched, answers);
    if (silent.length > 0) throw new Error(`${silent.join(', ')} did not acknowledge`);
  };

  const deliver = async (round: Round): Promise<void> => {
    for (let delayMs: number = RETRY_MS.first; ; delayMs = Math.min(RETRY_MS.most, delayMs * 2)) {
      try {
        await within(round.deadline - Date.now(), attempt(round));
        for (const { topic, messages } of round.topics) onSent(topic, messages.length);
        return queue.settle(round, null);
      } catch (error) {
        retire();
        const { message } = error as Error;
        if (isFinal(error)) {
          // One caller's fault is not another's: each goes alone before anybody is refused.
          if (round.senders > 1) return queue.returnOneByOne(round);
          log.error({ topics: round.topics.map(({ topic }) => topic), reason: message }, 'kafka.messages.refused');
          return queue.settle(round, error as Error);
        }
        log.debug({ reason: message, messages: round.messages, delayMs }, 'kafka.messages.wait');
        if (Date.now() + delayMs >= round.deadline) {
          return queue.settle(round, new WaryError('store_unavailable', `The brokers do not take messages: ${message}`, { retryAfterSeconds: 1 }, error));
        }
        await sleep(delayMs);
      }
    }
  };

  const work = async (): Promise<void> => {
    for (let round = queue.next(); round !== null; round = queue.next()) await deliver(round);
    working = null;
  };

  return {
    send(topic, messages) {
      if (closed) return Promise.reject(new WaryError('not_ready', 'The producer is stopping'));
      if (messages.length === 0) return Promise.resolve();
      const sent = queue.add(topic, messages, Date.now() + sendMsMax);
      // The callers of this turn of the event loop go together.
      working ??= Promise.resolve().then(work);
      return sent;
    },
    async disconnect() {
      closed = true;
      await working;
      await connection?.then(({ producer }) => producer.disconnect());
      connection = null;
    },
  };
}

/** A producer id with its sequence numbers, and the partitions that its present request goes to. */
interface Connection { readonly producer: Producer; readonly touched: Set<string> }

async function connect(kafka: Kafka): Promise<Connection> {
  const touched = new Set<string>();
  const choose = createKeyPartitioner();
  const producer = kafka.producer({
    idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false,
    retry: { initialRetryTime: RETRY_MS.first, maxRetryTime: RETRY_MS.most, retries: CLIENT_RETRIES },
    createPartitioner: () => (args) => {
      const partition = choose(args);
      touched.add(`${args.topic}/${partition}`);
      return partition;
    },
  });
  try {
    await producer.connect();
  } catch (error) {
    await producer.disconnect().catch(() => {});
    throw error;
  }
  return { producer, touched };
}

/** Whatever still comes of it afterwards is nobody's; the messages may be there twice then, which `send` says. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  try {
    await Promise.race([work, new Promise<never>((_, reject) => { timer = setTimeout(() => { reject(new Error('no broker acknowledged in time')); }, Math.max(0, ms)); })]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {});
  }
}

function unanswered(touched: ReadonlySet<string>, answers: readonly RecordMetadata[]): string[] {
  const answered = new Set(answers.filter(({ errorCode }) => errorCode === 0).map(({ topicName, partition }) => `${topicName}/${partition}`));
  return [...touched].filter((partition) => !answered.has(partition));
}

/** What the broker will refuse every time: too large, not allowed, malformed. By the broker's own word where there is one. */
const FINAL: ReadonlySet<string> = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'TOPIC_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED', 'INVALID_TOPIC_EXCEPTION', 'INVALID_RECORD', 'POLICY_VIOLATION', 'INVALID_TIMESTAMP']);
function isFinal(error: unknown): boolean {
  for (let each = error as { type?: string; name?: string; cause?: unknown } | null | undefined; each !== null && each !== undefined; each = each.cause as typeof each) {
    if (each.name === 'KafkaJSSASLAuthenticationError' || (each.type !== undefined && FINAL.has(each.type))) return true;
  }
  return false;
}

