import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Kafka, type PartitionAssigner } from 'kafkajs';
import type { KafkaLog } from './kafka-log.js';

type Cluster = Parameters<PartitionAssigner>[0]['cluster'];
/** What the client's brokers can do, and its types do not say. */
interface LeavingBroker { leaveGroup(request: { readonly groupId: string; readonly memberId: string }): Promise<unknown> }

const RETRY_MS = 250;

/**
 * Takes a member out of its group, whoever has it no more. When a broker has been away, the client gives its member id up and joins as
 * somebody new; the coordinator has read the old member from its own log and forms the group anew only when that one's session is over,
 * and until then nobody in the group is given anything. Over a connection of its own: a broker answers those of one in order, and the
 * new member's request to join waits for just this. Tries until it is done, somebody else has done it, or `msMax` is over.
 */
export async function leaveGroup(kafka: Kafka, groupId: string, memberId: string, msMax: number, log: KafkaLog): Promise<void> {
  let cluster: Cluster | null = null;
  // A consumer is the only thing of the client through which the group's coordinator can be asked for; this one never joins.
  const asking = kafka.consumer({
    groupId, allowAutoTopicCreation: false,
    partitionAssigners: [(given) => { ({ cluster } = given); return kafkajs.PartitionAssigners.roundRobin(given); }],
  });
  try {
    for (const end = Date.now() + msMax; Date.now() < end; await sleep(RETRY_MS)) {
      try {
        await asking.connect();
        await cluster!.refreshMetadata();
        const coordinator = (await cluster!.findGroupCoordinator({ groupId })) as unknown as LeavingBroker;
        await coordinator.leaveGroup({ groupId, memberId });
        return log.info({ group: groupId, member: memberId }, 'kafka.group.left');
      } catch (error) {
        if (typeOf(error) === 'UNKNOWN_MEMBER_ID') return;
        log.debug({ group: groupId, member: memberId, reason: (error as Error).message }, 'kafka.group.leave_failed');
      }
    }
  } finally {
    await asking.disconnect().catch(() => {});
  }
}

function typeOf(error: unknown): string | undefined {
  for (let each = error as { type?: string; cause?: unknown } | null | undefined; each !== null && each !== undefined; each = each.cause as typeof each) if (each.type !== undefined) return each.type;
  return undefined;
}
