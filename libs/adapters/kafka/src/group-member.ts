import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { KafkaLog } from './kafka-log.js';
import { leaveGroup } from './leave-group.js';

export type ConsumerState = 'connecting' | 'consuming' | 'waiting' | 'failed' | 'stopped';

export interface GroupMemberOptions {
  readonly groupId: string;
  readonly topics: readonly string[];
  /** So long the partitions of a process that died wait for another. */
  readonly sessionMs: number;
  /** So long a broker may wait for more before it answers. */
  readonly fetchWaitMs: number;
  /** Partitions that are worked on beside each other. */
  readonly partitionsAtOnce: number;
  readonly log: KafkaLog;
  readonly onState?: ((state: ConsumerState) => void) | undefined;
  /** The group was formed anew: what is ours now, by topic. */
  readonly onJoined: (assignment: Readonly<Record<string, readonly number[]>>) => void;
  readonly onBatch: (payload: EachBatchPayload) => Promise<void>;
  /** Before the group is left for good, or joined anew because something broke. */
  readonly onLeaving?: (isFinal: boolean) => Promise<void> | void;
}

const HEARTBEAT_MS = 2_000;
/** Longer than the longest wait for a store that is down: a batch in hand is finished before its partition goes elsewhere. */
const REBALANCE_MS = 60_000;
const FETCH = { maxBytesPerPartition: 1024 * 1024, maxBytes: 8 * 1024 * 1024, minBytes: 1 } as const;
const RESTART_MS = 5_000;
/** Tries while a broker is away: a broker that is back is found within a second. */
const RETRY = { initialRetryTime: 200, maxRetryTime: 1_000, retries: 24 } as const;
/** Longer than brokers are away for a restart; afterwards the session is over soon. */
const LEAVE_MS_MAX = 120_000;

/** A place in a consumer group that is kept whatever breaks, until it is given up for good. Offsets are the business of whoever takes the batches. */
export class GroupMember {
  private current: Consumer | null = null;
  private restart: NodeJS.Timeout | undefined;
  private isStopping = false;

  constructor(private readonly kafka: Kafka, private readonly options: GroupMemberOptions) {}

  /** Null before the first start. */
  get consumer(): Consumer | null { return this.current; }
  get stopping(): boolean { return this.isStopping; }

  tell(state: ConsumerState): void {
    this.options.onState?.(state);
  }

  /** Rejects when the brokers cannot be reached or refuse; may be called again then. Afterwards it goes on by itself. */
  async start(): Promise<void> {
    this.tell('connecting');
    const { groupId, topics, sessionMs, fetchWaitMs, partitionsAtOnce, log, onJoined, onBatch } = this.options;
    const consumer = this.kafka.consumer({
      groupId, sessionTimeout: sessionMs, heartbeatInterval: HEARTBEAT_MS, rebalanceTimeout: REBALANCE_MS, allowAutoTopicCreation: false, ...FETCH, maxWaitTimeInMs: fetchWaitMs,
      retry: { ...RETRY, restartOnFailure: () => Promise.resolve(!this.isStopping) },
    });
    // Of this consumer: one that breaks late says nothing of the one after it.
    let joinedAs: string | null = null;
    consumer.on(consumer.events.GROUP_JOIN, ({ payload: { memberAssignment, memberId } }) => {
      joinedAs = memberId;
      log.info({ group: groupId, partitions: Object.values(memberAssignment).reduce((sum, each) => sum + each.length, 0) }, 'kafka.group.joined');
      onJoined(memberAssignment);
      this.tell('consuming');
    });
    consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
      this.tell('failed');
      // The client forgets who it was: the group must not wait for that one.
      const memberId = joinedAs;
      joinedAs = null;
      if (memberId !== null && !this.isStopping) void leaveGroup(this.kafka, groupId, memberId, LEAVE_MS_MAX, log);
      if (restart || this.isStopping) return;
      // What the client itself takes for final (an authorisation that was withdrawn, a codec): tried again all the same, and said.
      log.error({ err: error }, 'kafka.consumer.failed');
      this.startAgainSoon();
    });
    this.current = consumer;
    try {
      await consumer.connect();
      // Stopped meanwhile: it must not join the group after all.
      if (this.isStopping) return await consumer.disconnect();
      await consumer.subscribe({ topics: [...topics], fromBeginning: true });
      await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, partitionsConsumedConcurrently: partitionsAtOnce, eachBatch: onBatch });
    } catch (error) {
      this.tell('failed');
      await consumer.disconnect().catch(() => {});
      throw error;
    }
  }

  /** Leaves the group and joins it anew, in a while. */
  startAgainSoon(): void {
    clearTimeout(this.restart);
    if (!this.isStopping) this.restart = setTimeout(() => { void this.startAgain(); }, RESTART_MS);
  }

  private async startAgain(): Promise<void> {
    if (this.isStopping) return;
    try {
      await this.options.onLeaving?.(false);
      await this.current?.disconnect().catch(() => {});
      if (!this.isStopping) await this.start();
    } catch (error) {
      this.options.log.error({ err: error }, 'kafka.consumer.failed');
      this.startAgainSoon();
    }
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.restart);
    await this.options.onLeaving?.(true);
    // `disconnect` waits for the batches in hand.
    await this.current?.disconnect().catch(() => {});
  }
}
