import { setTimeout as sleep } from 'node:timers/promises';
import { WaryError } from '@wary/model/errors.js';
import type { EventSource, SourceBatch } from '@wary/ports/event-source.port.js';
import type { EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import { GroupMember, type ConsumerState } from './group-member.js';
import type { KafkaLog } from './kafka-log.js';
import { messageOf } from './message-of.js';

export interface BatchConsumerOptions {
  readonly groupId: string;
  readonly topics: readonly string[];
  /** Messages that are handed over at once. */
  readonly batchMessagesMax: number;
  /** Partitions that are worked on beside each other. */
  readonly partitionsAtOnce: number;
  readonly log: KafkaLog;
  readonly onState?: (state: ConsumerState) => void;
  /** Messages of a partition that nobody has taken yet, after each batch. */
  readonly onLag?: (topic: string, partition: number, messages: number) => void;
  /**
   * Where all rows of a batch are written under one token, its retry must be the same batch: its end is recorded in the metadata of the
   * offset commit before it is handed over, and whoever goes on after us hands over the same messages first.
   */
  readonly recordEnds?: boolean;
}

const SESSION_MS = 10_000;
const HEARTBEAT_MS = 2_000;
const FETCH_WAIT_MS = 250;
const RETRY_MS = { first: 250, most: 10_000 } as const;

/**
 * Batches of a consumer group. An offset is committed after its batch was taken, never before; a batch in hand is finished and
 * committed when the group is formed anew, and a commit that the group refuses leaves the batch to the partition's new owner.
 */
export class BatchConsumer implements EventSource {
  private readonly member: GroupMember;
  private take: ((batch: SourceBatch) => Promise<void>) | null = null;
  private waiting = 0;
  private readonly paused = new Set<NodeJS.Timeout>();
  /** By partition, of those read since the group was formed: the recorded end of the batch that was begun, and what is there of it. */
  private readonly begun = new Map<string, { end: bigint | null; held: KafkaMessage[] }>();

  constructor(private readonly kafka: Kafka, private readonly options: BatchConsumerOptions) {
    const { groupId, topics, partitionsAtOnce, log, onState } = options;
    this.member = new GroupMember(kafka, {
      groupId, topics, sessionMs: SESSION_MS, fetchWaitMs: FETCH_WAIT_MS, partitionsAtOnce, log, onState,
      onJoined: () => { this.begun.clear(); }, onBatch: (payload) => this.eachBatch(payload), onLeaving: (isFinal) => { if (isFinal) for (const timer of this.paused) clearTimeout(timer); },
    });
  }

  /** Rejects when the brokers cannot be reached or refuse; may be called again then. Afterwards it goes on by itself, whatever breaks, until it is stopped for good. */
  start(take: (batch: SourceBatch) => Promise<void>): Promise<void> {
    this.take = take;
    return this.member.start();
  }

  async stop(): Promise<void> {
    await this.member.stop();
    this.member.tell('stopped');
  }

  private async eachBatch({ batch, resolveOffset, heartbeat, isRunning, isStale, pause, commitOffsetsIfNecessary }: EachBatchPayload): Promise<void> {
    const { topic, partition } = batch;
    let messages = batch.messages;
    if (this.options.recordEnds === true) {
      const joined = await this.joinRecorded(topic, partition, messages);
      // The batch that was begun is longer than what was fetched: the rest comes with the next fetch.
      if (joined === null) { resolveOffset(messages.at(-1)!.offset); return; }
      messages = joined;
    }
    const pieces = this.cut(topic, partition, messages);
    for (const [index, piece] of pieces.entries()) {
      const last = piece.at(-1)!;
      if (!isRunning() || isStale()) return;
      if (this.options.recordEnds === true && index === 0) await this.commit(topic, partition, piece[0]!.offset, last.offset);
      const { taken, lost, pauseMs } = await this.takeAlive({ topic, partition, messages: piece.map(messageOf) }, heartbeat, isRunning);
      if (!taken) {
        // Nothing was committed: whoever gets the partition next begins with this batch.
        if (lost !== null) throw lost;
        if (pauseMs > 0) this.pauseFor(pauseMs, pause);
        return;
      }
      // At the end of the batch the offset behind what the broker keeps for itself (transaction markers).
      const next = index === pieces.length - 1 ? BigInt(batch.lastOffset()) + 1n : BigInt(last.offset) + 1n;
      try {
        if (this.options.recordEnds === true) await this.commit(topic, partition, String(next), pieces[index + 1]?.at(-1)?.offset ?? null);
        else await commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset: String(next) }] }] });
      } catch (error) {
        // The group has been formed anew without us: the batch is its new owner's, who tells it by its ids.
        this.options.log.debug({ topic, partition, offset: String(next), reason: (error as Error).message }, 'kafka.commit.refused');
        throw error;
      }
      resolveOffset(last.offset);
      if (lost !== null) throw lost;
    }
    this.options.onLag?.(topic, partition, Math.max(0, Number(BigInt(batch.highWatermark) - BigInt(batch.lastOffset()) - 1n)));
  }

  /** What is handed over at once; a batch that was begun before comes first and whole. */
  private cut(topic: string, partition: number, messages: readonly KafkaMessage[]): KafkaMessage[][] {
    const { batchMessagesMax } = this.options;
    const pieces: KafkaMessage[][] = [];
    const end = this.begun.get(`${topic}/${partition}`)?.end ?? null;
    this.begun.set(`${topic}/${partition}`, { end: null, held: [] });
    let from = 0;
    if (end !== null) {
      while (from < messages.length && BigInt(messages[from]!.offset) <= end) from += 1;
      if (from > 0) pieces.push(messages.slice(0, from));
    }
    for (; from < messages.length; from += batchMessagesMax) pieces.push(messages.slice(from, from + batchMessagesMax));
    return pieces;
  }

  /** Puts what was held of a batch that was begun before in front; null while its end is not there. */
  private async joinRecorded(topic: string, partition: number, messages: readonly KafkaMessage[]): Promise<KafkaMessage[] | null> {
    const key = `${topic}/${partition}`;
    let begun = this.begun.get(key);
    if (begun === undefined) {
      begun = { end: await this.recordedEnd(topic, partition), held: [] };
      this.begun.set(key, begun);
    }
    if (begun.end === null) return [...messages];
    const joined = [...begun.held, ...messages];
    if (BigInt(messages.at(-1)!.offset) < begun.end) {
      begun.held = joined;
      return null;
    }
    return joined;
  }

  private async recordedEnd(topic: string, partition: number): Promise<bigint | null> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      const [found] = await admin.fetchOffsets({ groupId: this.options.groupId, topics: [topic] });
      const metadata = found?.partitions.find((each) => each.partition === partition)?.metadata ?? '';
      const [, end] = /^end=(\d+)$/.exec(metadata ?? '') ?? [];
      return end === undefined ? null : BigInt(end);
    } finally {
      await admin.disconnect();
    }
  }

  private async commit(topic: string, partition: number, offset: string, end: string | null): Promise<void> {
    await this.member.consumer!.commitOffsets([{ topic, partition, offset, metadata: end === null ? '' : `end=${end}` }]);
  }

  /** Takes a batch while the group hears of us; `lost` is what the group said meanwhile: that it is being formed anew. */
  private async takeAlive(batch: SourceBatch, heartbeat: () => Promise<void>, isRunning: () => boolean): Promise<{ taken: boolean; lost: Error | null; pauseMs: number }> {
    const heard: { lost: Error | null } = { lost: null };
    const beat = setInterval(() => { heartbeat().catch((error: unknown) => { heard.lost ??= error as Error; }); }, HEARTBEAT_MS);
    try {
      for (let delayMs: number = RETRY_MS.first; ; delayMs = Math.min(RETRY_MS.most, delayMs * 2)) {
        try {
          await this.take!(batch);
          return { taken: true, lost: heard.lost, pauseMs: 0 };
        } catch (error) {
          if (!(error instanceof WaryError && error.retryable)) throw error;
          this.options.log.debug({ topic: batch.topic, partition: batch.partition, code: error.code, delayMs }, 'kafka.batch.waits');
          if (heard.lost !== null || !isRunning() || this.member.stopping) return { taken: false, lost: heard.lost, pauseMs: 0 };
          const askedMs = Number(error.details['retryAfterSeconds'] ?? 0) * 1_000;
          // The fault of this partition's tenant alone: it must not hold one of the places that others are worked on.
          if (error.code === 'quota_exceeded') return { taken: false, lost: null, pauseMs: Math.max(RETRY_MS.first, askedMs) };
          await this.wait(Math.max(delayMs, askedMs));
        }
      }
    } finally {
      clearInterval(beat);
    }
  }

  /** Fetches nothing of this partition for a while; what was fetched of it is fetched again. */
  private pauseFor(ms: number, pause: () => () => void): void {
    const resume = pause();
    const timer = setTimeout(() => {
      this.paused.delete(timer);
      resume();
    }, Math.min(ms, RETRY_MS.most));
    this.paused.add(timer);
  }

  private async wait(ms: number): Promise<void> {
    this.waiting += 1;
    if (this.waiting === 1) this.member.tell('waiting');
    for (const end = Date.now() + Math.min(ms, RETRY_MS.most); Date.now() < end && !this.member.stopping;) await sleep(50);
    this.waiting -= 1;
    if (this.waiting === 0 && !this.member.stopping) this.member.tell('consuming');
  }
}
