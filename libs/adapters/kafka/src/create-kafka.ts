import kafkajs, { type Kafka } from 'kafkajs';
import { takeInCodecs } from './codecs.js';
import { createKafkaLogger, type KafkaLog } from './kafka-log.js';
import { saslOptions, type KafkaSettings } from './kafka-settings.js';

const CONNECT_MS_MAX = 5_000;
const REQUEST_MS_MAX = 30_000;

/** Some half minute of tries: `retries` of them, a second apart at the most, so that a broker that is back is found within a second. */
const RETRIES = 30;
const RETRY_MS_MAX = 1_000;

/** A client of the brokers; it connects with the first thing that is asked of it. With few `retries` it says soon what is wrong. */
export function createKafka({ brokers, tls, sasl, clientId }: KafkaSettings, log: KafkaLog, retries = RETRIES): Kafka {
  takeInCodecs();
  return new kafkajs.Kafka({
    clientId, brokers: [...brokers], connectionTimeout: CONNECT_MS_MAX, requestTimeout: REQUEST_MS_MAX, logCreator: createKafkaLogger(log),
    ...(tls === null ? {} : { ssl: tls }), ...(sasl === null ? {} : { sasl: saslOptions(sasl) }),
    retry: { initialRetryTime: 200, maxRetryTime: RETRY_MS_MAX, retries },
  });
}
