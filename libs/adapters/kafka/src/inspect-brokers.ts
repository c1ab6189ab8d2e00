import type { Kafka } from 'kafkajs';

export interface BrokerFacts {
  readonly brokers: number;
  /** Partitions without a leader, or with fewer replicas in sync than they have. */
  readonly partitionsLagging: number;
  /** Of the topics asked for: those that are not there (or that this user may not see). */
  readonly missing: readonly string[];
  /** Messages that the group has not taken, over all of the topics that are there; null: the group has never committed. */
  readonly lag: number | null;
  readonly members: number;
}

/** What an operator wants to know of the brokers, asked as the service asks. Rejects with the brokers' own words. */
export async function inspectBrokers(kafka: Kafka, topics: readonly string[], groupId: string): Promise<BrokerFacts> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const { brokers } = await admin.describeCluster();
    const present = new Set(await admin.listTopics());
    const there = topics.filter((topic) => present.has(topic));
    const { topics: metadata } = there.length === 0 ? { topics: [] } : await admin.fetchTopicMetadata({ topics: there });
    const { groups } = await admin.describeGroups([groupId]);
    let lag: number | null = null;
    for (const { topic, partitions } of there.length === 0 ? [] : await admin.fetchOffsets({ groupId, topics: there })) {
      const ends = new Map((await admin.fetchTopicOffsets(topic)).map(({ partition, high, low }) => [partition, { high: Number(high), low: Number(low) }]));
      for (const { partition, offset } of partitions) {
        const { high, low } = ends.get(partition) ?? { high: 0, low: 0 };
        if (Number(offset) >= 0) lag = (lag ?? 0) + Math.max(0, high - Math.max(low, Number(offset)));
        else if (lag !== null) lag += high - low;
      }
    }
    return {
      brokers: brokers.length, missing: topics.filter((topic) => !present.has(topic)), lag, members: groups[0]?.members.length ?? 0,
      partitionsLagging: metadata.flatMap(({ partitions }) => partitions).filter(({ leader, isr, replicas }) => leader < 0 || isr.length < replicas.length).length,
    };
  } finally {
    await admin.disconnect();
  }
}
