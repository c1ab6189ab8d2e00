import type { Kafka } from 'kafkajs';

/** Where reading begins again: an offset, a time (epoch milliseconds: the first message written then or later), or the first message that is kept. */
export type RewindTo = { readonly offset: number } | { readonly time: number } | 'start';
export interface Rewound { readonly partition: number; /** null: the group had read nothing. */ readonly before: number | null; readonly after: number; /** Messages that are read again; negative: messages that are passed over. */ readonly messages: number }

/** The group is at work: its offsets cannot be set behind its back. */
export class GroupBusyError extends Error {}

/**
 * Sets where a group goes on reading a topic. With `dryRun` it only says what would become of each partition. Rejects with
 * `GroupBusyError` while the group has members.
 */
export async function rewindGroup(kafka: Kafka, groupId: string, topic: string, to: RewindTo, { partition, dryRun }: { readonly partition?: number; readonly dryRun: boolean }): Promise<Rewound[]> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const { groups } = await admin.describeGroups([groupId]);
    const members = groups[0]?.members.length ?? 0;
    if (members > 0 && !dryRun) throw new GroupBusyError(`the group ${groupId} has ${members} ${members === 1 ? 'member' : 'members'}: stop the service first`);
    const ends = (await admin.fetchTopicOffsets(topic)).filter((each) => partition === undefined || each.partition === partition);
    if (ends.length === 0) throw new Error(`${topic} has no partition ${partition}`);
    const times = typeof to === 'object' && 'time' in to ? new Map((await admin.fetchTopicOffsetsByTimestamp(topic, to.time)).map((each) => [each.partition, Number(each.offset)])) : null;
    const committed = new Map((await admin.fetchOffsets({ groupId, topics: [topic] }))[0]?.partitions.map((each) => [each.partition, Number(each.offset)]) ?? []);
    const rewound = ends.map(({ partition: number, low, high }): Rewound => {
      const wanted = to === 'start' ? Number(low) : times === null ? (to as { offset: number }).offset : times.get(number) ?? Number(high);
      const after = Math.min(Number(high), Math.max(Number(low), wanted));
      const stands = committed.get(number) ?? -1;
      return { partition: number, before: stands < 0 ? null : stands, after, messages: (stands < 0 ? Number(low) : stands) - after };
    }).sort((left, right) => left.partition - right.partition);
    if (!dryRun) await admin.setOffsets({ groupId, topic, partitions: rewound.map(({ partition: number, after }) => ({ partition: number, offset: String(after) })) });
    return rewound;
  } finally {
    await admin.disconnect();
  }
}
