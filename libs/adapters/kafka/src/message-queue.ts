import { WaryError } from '@wary/model/errors.js';
import type { SinkMessage } from '@wary/ports/message-sink.port.js';

/** The broker takes 1 MiB in one batch of a partition; messages with a partition and messages with a key alone may meet in one, so each gets less than half. */
const BATCH_BYTES_MAX = 480 * 1024;
/** The client groups the messages of a partition in quadratic time. */
const BATCH_MESSAGES_MAX = 2_000;
const ROUND_BYTES_MAX = 16 * 1024 * 1024;
/** One message alone in its batch. */
export const MESSAGE_BYTES_MAX = 1_000_000;
/** Lengths, offsets and time stamps of a record, at their largest. */
const RECORD_OVERHEAD_BYTES = 32;

interface Sender { readonly deadline: number; left: number; readonly resolve: () => void; readonly reject: (error: Error) => void; failed: boolean }
interface Waiting { readonly topic: string; readonly message: SinkMessage; readonly bytes: number; readonly sender: Sender; /** Goes in a round of its sender's own. */ readonly alone: boolean }

/** What goes out in one request. */
export interface Round {
  readonly topics: ReadonlyArray<{ readonly topic: string; readonly messages: readonly SinkMessage[] }>;
  readonly messages: number;
  readonly senders: number;
  /** The earliest of its senders', epoch milliseconds. */
  readonly deadline: number;
}

/** Messages of many senders in the order of their calls, cut into rounds that a broker takes. */
export class MessageQueue {
  private waiting: Waiting[] = [];
  private head = 0;
  private queuedBytes = 0;
  private readonly items = new WeakMap<Round, readonly Waiting[]>();

  constructor(private readonly queuedBytesMax: number) {}

  /** Settles when all of the messages are settled. */
  add(topic: string, messages: readonly SinkMessage[], deadline: number): Promise<void> {
    const sizes = messages.map(bytesOf);
    const large = sizes.find((bytes) => bytes > MESSAGE_BYTES_MAX);
    if (large !== undefined) return Promise.reject(new WaryError('record_too_large', `A message of ${large} bytes is larger than a broker takes (${MESSAGE_BYTES_MAX})`));
    const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
    // A sender with more than the whole queue holds gets in when nobody else waits.
    if (this.queuedBytes > 0 && this.queuedBytes + total > this.queuedBytesMax) {
      return Promise.reject(new WaryError('overloaded', `The brokers take messages more slowly than they come: ${this.queuedBytes} bytes wait`, { retryAfterSeconds: 1 }));
    }
    return new Promise((resolve, reject) => {
      const sender: Sender = { deadline, left: messages.length, resolve, reject, failed: false };
      for (const [index, message] of messages.entries()) this.waiting.push({ topic, message, bytes: sizes[index]!, sender, alone: false });
      this.queuedBytes += total;
    });
  }

  /** The next round, null when nothing waits. It belongs to the caller until it is settled or returned. */
  next(): Round | null {
    const taken: Waiting[] = [];
    const batches = new Map<string, { bytes: number; messages: number }>();
    let roundBytes = 0;
    for (; this.head < this.waiting.length; this.head += 1) {
      const item = this.waiting[this.head]!;
      if (item.sender.failed) {
        // Its sender was told already that not everything went out.
        this.queuedBytes -= item.bytes;
        continue;
      }
      const first = taken[0];
      if (first !== undefined && (first.alone || item.alone) && first.sender !== item.sender) break;
      const key = item.message.partition === undefined ? item.topic : `${item.topic}/${item.message.partition}`;
      const batch = batches.get(key) ?? { bytes: 0, messages: 0 };
      const isFull = batch.messages >= BATCH_MESSAGES_MAX || (batch.messages > 0 && batch.bytes + item.bytes > BATCH_BYTES_MAX);
      // A message of more than a half batch goes without others that might meet it.
      const isLarge = item.bytes > BATCH_BYTES_MAX;
      if (first !== undefined && (isFull || isLarge || roundBytes + item.bytes > ROUND_BYTES_MAX)) break;
      batches.set(key, { bytes: batch.bytes + item.bytes, messages: batch.messages + 1 });
      roundBytes += item.bytes;
      taken.push(item);
      if (isLarge) {
        this.head += 1;
        break;
      }
    }
    this.trim();
    if (taken.length === 0) return null;
    const topics = new Map<string, SinkMessage[]>();
    const senders = new Set<Sender>();
    let deadline = Number.POSITIVE_INFINITY;
    for (const { topic, message, sender } of taken) {
      const messages = topics.get(topic);
      if (messages === undefined) topics.set(topic, [message]);
      else messages.push(message);
      senders.add(sender);
      deadline = Math.min(deadline, sender.deadline);
    }
    const round: Round = { topics: [...topics].map(([topic, messages]) => ({ topic, messages })), messages: taken.length, senders: senders.size, deadline };
    this.items.set(round, taken);
    return round;
  }

  /** null: all of it is durable. */
  settle(round: Round, error: Error | null): void {
    for (const { sender, bytes } of this.items.get(round) ?? []) {
      this.queuedBytes -= bytes;
      sender.left -= 1;
      if (error !== null && !sender.failed) {
        sender.failed = true;
        sender.reject(error);
      } else if (sender.left === 0) {
        sender.resolve();
      }
    }
    this.items.delete(round);
  }

  /** Puts a round back at the front; each of its senders gets rounds of its own. */
  returnOneByOne(round: Round): void {
    this.waiting = [...(this.items.get(round) ?? []).map((item) => ({ ...item, alone: true })), ...this.waiting.slice(this.head)];
    this.head = 0;
    this.items.delete(round);
  }

  /** Moves what is left to the front now and then, not with every round. */
  private trim(): void {
    if (this.head < this.waiting.length && this.head < 10_000) return;
    this.waiting = this.waiting.slice(this.head);
    this.head = 0;
  }
}

function bytesOf({ key, value, headers }: SinkMessage): number {
  let bytes = RECORD_OVERHEAD_BYTES + Buffer.byteLength(key) + (value === null ? 0 : Buffer.byteLength(value));
  for (const name in headers) bytes += RECORD_OVERHEAD_BYTES + Buffer.byteLength(name) + Buffer.byteLength(headers[name]!);
  return bytes;
}
