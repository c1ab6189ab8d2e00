import type { PartitionHandler, PartitionSource } from '@wary/ports/partition-source.port.js';
import type { EachBatchPayload, Kafka } from 'kafkajs';
import { GroupMember, type ConsumerState } from './group-member.js';
import type { KafkaLog } from './kafka-log.js';
import { messageOf } from './message-of.js';

export interface PartitionConsumerOptions {
  readonly groupId: string;
  readonly topic: string;
  readonly log: KafkaLog;
  readonly onState?: (state: ConsumerState) => void;
}

/** Restoring the state of a partition keeps the process busy for seconds: a shorter session would take it for dead meanwhile. */
const SESSION_MS = 20_000;
const HEARTBEAT_MS = 2_000;
const FETCH_WAIT_MS = 100;
/** More than a process can be assigned: no partition waits for another's worker. */
const WORKERS = 256;
const COMMIT_MS = 2_000;

interface Owned {
  /** Where it goes on, once its state is there. */
  readonly next: Promise<number | null>;
  /** Offset of the next message it wants; null until it is known. */
  wants: number | null;
  sought: boolean;
  committed: number | null;
}

/**
 * Partitions of one topic, shared out by a consumer group, whose handler says where each goes on. Offsets are committed by the clock
 * and only tell others how far it has come.
 */
export class PartitionConsumer implements PartitionSource {
  private readonly member: GroupMember;
  private handler: PartitionHandler | null = null;
  private readonly owned = new Map<number, Owned>();
  private commits: NodeJS.Timeout | undefined;

  constructor(kafka: Kafka, private readonly options: PartitionConsumerOptions) {
    const { groupId, topic, log, onState } = options;
    this.member = new GroupMember(kafka, {
      groupId, topics: [topic], sessionMs: SESSION_MS, fetchWaitMs: FETCH_WAIT_MS, partitionsAtOnce: WORKERS, log, onState,
      onJoined: (assignment) => { this.assign(assignment[topic] ?? []); }, onBatch: (payload) => this.eachBatch(payload),
      onLeaving: async (isFinal) => { if (isFinal) await this.commit(); else this.assign([]); },
    });
  }

  async start(handler: PartitionHandler): Promise<void> {
    this.handler = handler;
    await this.member.start();
    this.commits ??= setInterval(() => { void this.commit(); }, COMMIT_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.commits);
    await this.member.stop();
    this.assign([]);
    this.member.tell('stopped');
  }

  /** What stays goes on from where it is, for the group would give it again from what was committed. */
  private assign(partitions: readonly number[]): void {
    for (const partition of this.owned.keys()) {
      if (partitions.includes(partition)) continue;
      this.owned.delete(partition);
      this.handler!.revoked(partition);
    }
    for (const partition of partitions) {
      const known = this.owned.get(partition);
      if (known !== undefined) {
        known.sought = false;
        if (known.wants !== null) this.seek(partition, known);
        continue;
      }
      this.own(partition);
    }
  }

  private own(partition: number): void {
    const next = this.handler!.assigned(partition);
    const owned: Owned = { next, wants: null, sought: false, committed: null };
    this.owned.set(partition, owned);
    next.then((offset) => {
      owned.wants = offset;
      if (offset !== null && this.owned.get(partition) === owned) this.seek(partition, owned);
    }, (error: unknown) => {
      this.options.log.error({ err: error, partition }, 'kafka.partition.failed');
      // The group is joined anew, and the partition asked for again.
      if (this.owned.get(partition) === owned) this.member.startAgainSoon();
    });
  }

  again(partition: number): void {
    if (!this.owned.delete(partition)) return;
    this.handler!.revoked(partition);
    this.own(partition);
  }

  private seek(partition: number, owned: Owned): void {
    owned.sought = true;
    try {
      this.member.consumer!.seek({ topic: this.options.topic, partition, offset: String(owned.wants) });
    } catch (error) {
      this.options.log.debug({ partition, reason: (error as Error).message }, 'kafka.seek.refused');
      owned.sought = false;
    }
  }

  private async eachBatch({ batch, resolveOffset, heartbeat, isRunning, isStale, pause }: EachBatchPayload): Promise<void> {
    const { partition, messages } = batch;
    const owned = this.owned.get(partition);
    if (owned === undefined || messages.length === 0) return;
    if (owned.wants === null) {
      const beat = setInterval(() => { heartbeat().catch(() => {}); }, HEARTBEAT_MS);
      try {
        await owned.next;
      } finally {
        clearInterval(beat);
      }
    }
    if (!isRunning() || isStale() || this.owned.get(partition) !== owned) return;
    const first = Number(messages[0]!.offset);
    owned.wants ??= first;
    if (first > owned.wants) {
      if (!owned.sought) { this.seek(partition, owned); return; }
      this.handler!.lost(partition, owned.wants, first);
      owned.wants = first;
    }
    const fresh = messages.filter(({ offset }) => Number(offset) >= owned.wants!).map(messageOf);
    if (fresh.length > 0) {
      const room = this.handler!.take(partition, fresh, Number(batch.highWatermark));
      owned.wants = fresh.at(-1)!.offset + 1;
      if (room !== null) {
        const resume = pause();
        void room.finally(() => { if (this.owned.get(partition) === owned) resume(); });
      }
    }
    resolveOffset(messages.at(-1)!.offset);
    await heartbeat();
  }

  private async commit(): Promise<void> {
    const { topic } = this.options;
    const due: Array<{ topic: string; partition: number; offset: string }> = [];
    for (const [partition, owned] of this.owned) {
      const position = this.handler!.position(partition);
      if (position === null || position === owned.committed) continue;
      owned.committed = position;
      due.push({ topic, partition, offset: String(position) });
    }
    if (due.length === 0) return;
    try {
      await this.member.consumer!.commitOffsets(due);
    } catch (error) {
      // The group is being formed anew: the next commit says it.
      this.options.log.debug({ topic, reason: (error as Error).message }, 'kafka.commit.refused');
      for (const { partition } of due) { const owned = this.owned.get(partition); if (owned !== undefined) owned.committed = null; }
    }
  }
}
