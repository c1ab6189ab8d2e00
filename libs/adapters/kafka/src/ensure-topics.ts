import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, Kafka } from 'kafkajs';

export interface WantedTopic {
  readonly topic: string;
  /** false: it is the operator's own, and is never made by us. */
  readonly isOurs: boolean;
  /** Exactly so many; unset: as many as are asked for of all. */
  readonly partitions?: number;
  readonly config?: Readonly<Record<string, string>>;
}

/** So long brokers may take until all of them know a topic that was made. */
const KNOWN_MS_MAX = 15_000;
const KNOWN_POLL_MS = 250;

/** A topic that is missing and may not be made: the message says how to make it. */
export class TopicError extends Error {}

/** Makes our topics where they are missing, with the brokers' own replication. Refuses what it cannot have, by name. */
export async function ensureTopics(kafka: Kafka, wanted: readonly WantedTopic[], partitions: number): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const present = new Set(await admin.listTopics());
    const foreign = wanted.filter(({ topic, isOurs }) => !isOurs && !present.has(topic)).map(({ topic }) => topic);
    if (foreign.length > 0) throw new TopicError(`the brokers have no topic ${foreign.join(', ')} (or this user may not see it): check WARY_KAFKA_TOPICS`);
    const missing = wanted.filter(({ topic }) => !present.has(topic));
    if (missing.length === 0) return;
    try {
      await admin.createTopics({
        waitForLeaders: true,
        topics: missing.map(({ topic, partitions: exactly = partitions, config = { 'cleanup.policy': 'delete' } }) =>
          ({ topic, numPartitions: exactly, replicationFactor: -1, configEntries: Object.entries(config).map(([name, value]) => ({ name, value })) })),
      });
    } catch (error) {
      // Another process may have been first, and a broker may not know yet what it has made itself.
      const lacking = await lackingOf(admin, missing.map(({ topic }) => topic), isAuthorisation(error) ? 0 : KNOWN_MS_MAX);
      if (lacking.length > 0) throw new TopicError(`${lacking.join(', ')} cannot be made (${reasonOf(error)}): make ${lacking.length === 1 ? 'it' : 'them'} with kafka-topics.sh --create --partitions ${partitions} --topic ${lacking[0]}`);
    }
  } finally {
    await admin.disconnect();
  }
}

/** Those that are not there, asked for again until they are or the time is over. */
async function lackingOf(admin: Admin, topics: readonly string[], msMax: number): Promise<string[]> {
  for (const until = Date.now() + msMax; ; await sleep(KNOWN_POLL_MS)) {
    const there = new Set(await admin.listTopics());
    const lacking = topics.filter((topic) => !there.has(topic));
    if (lacking.length === 0 || Date.now() >= until) return lacking;
  }
}
const isAuthorisation = (error: unknown): boolean => [error, ...((error as { errors?: readonly unknown[] }).errors ?? [])].some((each) => (each as { type?: string }).type?.endsWith('_AUTHORIZATION_FAILED') === true || (each as { type?: string }).type === 'POLICY_VIOLATION');

export function reasonOf(error: unknown): string {
  const { errors, message } = error as { errors?: readonly Error[]; message?: string };
  return errors?.[0]?.message ?? message ?? String(error);
}

/**
 * Wrong credentials, rights or certificates do not get better by themselves: they are an operator's to mend. Told by the kind of error,
 * and of certificates by what the TLS library says; a broker's name may hold any word.
 */
export function isRefusal(error: unknown): boolean {
  for (let each = error as { name?: string; type?: string; message?: string; cause?: unknown } | undefined; each !== undefined && each !== null; each = each.cause as typeof each) {
    if (each.name === 'KafkaJSSASLAuthenticationError' || each.type?.endsWith('_AUTHORIZATION_FAILED') === true) return true;
    if (/self-signed certificate|unable to (verify|get) |certificate (has expired|is not yet valid|unknown)|does not match certificate|wrong version number/i.test(each.message ?? '')) return true;
  }
  return false;
}

/** How many partitions each of these topics has. */
export async function partitionsOf(kafka: Kafka, topics: readonly string[]): Promise<Map<string, number>> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const { topics: found } = await admin.fetchTopicMetadata({ topics: [...topics] });
    return new Map(found.map(({ name, partitions }) => [name, partitions.length]));
  } finally {
    await admin.disconnect();
  }
}
