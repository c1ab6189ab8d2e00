import { randomUUID } from 'node:crypto';
import type { LogTail } from '@wary/ports/log-tail.port.js';
import type { Admin, Consumer, Kafka } from 'kafkajs';
import type { KafkaLog } from './kafka-log.js';

const FETCH = { maxBytesPerPartition: 8 * 1024 * 1024, maxBytes: 8 * 1024 * 1024, maxWaitTimeInMs: 500, minBytes: 1 } as const;
const SESSION_MS = 20_000;
const RESTART_MS = 1_000;

/** Reads a topic of one partition in a group of its own, without committing anything: nobody shares it with this process. */
export class TopicTail implements LogTail {
  private consumer: Consumer | null = null;
  private admin: Admin | null = null;
  private onMessage: ((offset: number, value: Uint8Array) => void) | null = null;
  /** Offset of the next message it wants. */
  private next = 0;
  private stopping = false;
  private restart: NodeJS.Timeout | undefined;

  constructor(private readonly kafka: Kafka, private readonly topic: string, private readonly log: KafkaLog) {}

  async start(onMessage: (offset: number, value: Uint8Array) => void): Promise<void> {
    this.onMessage = onMessage;
    this.admin ??= this.kafka.admin();
    await this.admin.connect();
    // Asked only where the client itself would go on: a broker that is away.
    let isExpected = false;
    const consumer = this.kafka.consumer({
      groupId: `${this.topic}.${randomUUID()}`, sessionTimeout: SESSION_MS, allowAutoTopicCreation: false, ...FETCH,
      // Begun anew under another name: in its own group the client would wait for whom it was before, until that session is over.
      retry: { initialRetryTime: 200, maxRetryTime: 1_000, retries: 24, restartOnFailure: () => { isExpected = true; return Promise.resolve(false); } },
    });
    // A group without commits begins at the beginning, also when it is formed again.
    consumer.on(consumer.events.GROUP_JOIN, () => { if (this.next > 0) this.seek(); });
    consumer.on(consumer.events.CRASH, ({ payload: { error } }) => {
      if (this.stopping) return;
      if (isExpected) this.log.debug({ topic: this.topic, reason: error.message }, 'kafka.tail.restarts');
      else this.log.error({ err: error, topic: this.topic }, 'kafka.tail.failed');
      this.restart = setTimeout(() => { void this.startAgain(); }, RESTART_MS);
    });
    this.consumer = consumer;
    await consumer.connect();
    await consumer.subscribe({ topics: [this.topic], fromBeginning: true });
    await consumer.run({
      autoCommit: false, eachBatchAutoResolve: false,
      eachBatch: async ({ batch: { messages }, resolveOffset, heartbeat, isStale }) => {
        for (const { offset, value } of messages) {
          if (isStale()) return;
          if (Number(offset) < this.next) continue;
          this.next = Number(offset) + 1;
          this.onMessage!(Number(offset), value ?? new Uint8Array(0));
        }
        if (messages.length > 0) resolveOffset(messages.at(-1)!.offset);
        await heartbeat();
      },
    });
  }

  rewind(offset: number): void {
    if (offset >= this.next) return;
    this.next = offset;
    this.seek();
  }

  async end(): Promise<number> {
    const [partition] = await this.admin!.fetchTopicOffsets(this.topic);
    return Number(partition?.high ?? 0);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.restart);
    await this.consumer?.disconnect().catch(() => {});
    await this.admin?.disconnect().catch(() => {});
  }

  private seek(): void {
    try {
      this.consumer?.seek({ topic: this.topic, partition: 0, offset: String(this.next) });
    } catch {
      // Not joined yet: done when it is.
    }
  }

  private async startAgain(): Promise<void> {
    await this.consumer?.disconnect().catch(() => {});
    if (this.stopping) return;
    await this.start(this.onMessage!).catch((error: unknown) => {
      this.log.error({ err: error, topic: this.topic }, 'kafka.tail.failed');
      if (!this.stopping) this.restart = setTimeout(() => { void this.startAgain(); }, RESTART_MS);
    });
  }
}
