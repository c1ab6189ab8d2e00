import { createKafka } from '@wary/adapter-kafka/create-kafka.js';
import { reasonOf } from '@wary/adapter-kafka/ensure-topics.js';
import { rewindGroup, type RewindTo, type Rewound } from '@wary/adapter-kafka/rewind-group.js';
import { kafkaSettingsOf } from '@wary/app-wary/kafka-settings-of.js';
import { TOPICS } from '@wary/model/topics.js';
import { ConfigError, readConfig } from '@wary/platform/config/read-config.js';
import { rawTopics } from '@wary/platform/kafka/raw-topics.js';
import { CliError } from '../terminal/cli-error.js';

/** Those that go on where their group has committed; detect goes on from its snapshots. */
export type ReadingService = 'store' | 'respond';
const TOPICS_OF: Readonly<Record<ReadingService, readonly string[]>> = { store: [TOPICS.events, TOPICS.findings, TOPICS.deadLetters], respond: [TOPICS.findings] };
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** Sets where the service's group goes on reading one of its topics, as the environment names them. */
export async function rewindTopic(env: Readonly<Record<string, string | undefined>>, topic: string, to: RewindTo, options: { readonly partition?: number; readonly service?: ReadingService; readonly dryRun: boolean }): Promise<{ readonly group: string; readonly partitions: readonly Rewound[] }> {
  try {
    const { env: settings } = readConfig(env);
    if (settings.WARY_KAFKA_BROKERS.length === 0) throw new CliError('WARY_KAFKA_BROKERS names no brokers: give the environment that the service has');
    const { service } = options;
    const topics = service === undefined ? rawTopics(settings.WARY_KAFKA_TOPICS).map((each) => each.topic) : TOPICS_OF[service];
    if (!topics.includes(topic)) throw new CliError(`${topic} is none of the topics that ${service ?? 'the service'} reads: ${topics.join(', ')}${service === undefined ? '; those between the services want --service' : ''}`);
    const group = service === undefined ? settings.WARY_KAFKA_GROUP : `${settings.WARY_KAFKA_GROUP}.${service}`;
    return { group, partitions: await rewindGroup(createKafka(kafkaSettingsOf(settings, 'wary-replay'), quiet, 2), group, topic, to, options) };
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(error instanceof ConfigError ? error.lines.join('; ') : reasonOf(error));
  }
}
