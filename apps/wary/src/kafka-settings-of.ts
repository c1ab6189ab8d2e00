import { readFileSync } from 'node:fs';
import type { KafkaSettings } from '@wary/adapter-kafka/kafka-settings.js';
import { ConfigError, type Config } from '@wary/platform/config/read-config.js';

/** How the brokers are reached, from the environment. */
export function kafkaSettingsOf(env: Config['env'], clientId = 'wary'): KafkaSettings {
  return {
    brokers: env.WARY_KAFKA_BROKERS, clientId,
    tls: !env.WARY_KAFKA_SSL ? null : env.WARY_KAFKA_SSL_CA === undefined ? {} : { ca: authorityOf(env.WARY_KAFKA_SSL_CA) },
    sasl: env.WARY_KAFKA_SASL_MECHANISM === undefined ? null : { mechanism: env.WARY_KAFKA_SASL_MECHANISM, username: env.WARY_KAFKA_USERNAME!, password: env.WARY_KAFKA_PASSWORD! },
  };
}

function authorityOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new ConfigError([`WARY_KAFKA_SSL_CA: ${file} cannot be read (${(error as Error).message})`]);
  }
}
