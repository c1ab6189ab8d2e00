import { Buffer } from 'node:buffer';
import type { ClosedHour } from '@wary/detect/closed-hour.js';
import { TOPICS } from '@wary/model/topics.js';
import type { LogTail } from '@wary/ports/log-tail.port.js';
import type { MessageSink } from '@wary/ports/message-sink.port.js';

/** Who follows the log: a partition's engine. */
export interface HoursReader { readonly partition: number; offer(closed: ClosedHour): void }

export interface HoursLogParts {
  readonly tail: LogTail;
  readonly sink: MessageSink;
  readonly onTrouble: (what: string, error: unknown) => void;
}

const HEADER_BYTES_MAX = 4_096;

/**
 * Event-time hours that partitions have closed, in the order of the log, which is the same for everybody. Every engine of this process
 * is offered every record from the one on that its state asks for.
 */
export class HoursLog {
  private readonly readers = new Set<HoursReader>();
  private readonly waiters = new Set<() => void>();
  /** Offset behind the last record that was offered. */
  position = 0;
  /** Rises with every record and every `wake`. */
  changes = 0;

  constructor(private readonly parts: HoursLogParts) {}

  async start(): Promise<void> {
    await this.parts.tail.start((offset, value) => { this.take(offset, value); });
  }

  stop(): Promise<void> {
    return this.parts.tail.stop();
  }

  /** Offers everything from this offset on to the reader; resolves when it has seen all that is in the log at this time. */
  async follow(reader: HoursReader, from: number): Promise<void> {
    const end = await this.parts.tail.end();
    this.readers.add(reader);
    if (from < this.position) {
      this.position = from;
      this.parts.tail.rewind(from);
    }
    while (this.position < end && this.readers.has(reader)) await this.changed(this.changes);
  }

  leave(reader: HoursReader): void {
    this.readers.delete(reader);
    this.wake();
  }

  async publish(hours: readonly ClosedHour[]): Promise<void> {
    await this.parts.sink.send(TOPICS.hours, hours.map(({ bytes, ...header }) => {
      const head = Buffer.from(JSON.stringify(header));
      const size = Buffer.alloc(4);
      size.writeUInt32LE(head.length);
      return { key: `${header.tenant}/${header.hour}/${header.partition}`, value: Buffer.concat([size, head, bytes]), partition: 0 };
    }));
  }

  /** Resolves when `changes` is another than it was. */
  changed(since: number): Promise<void> {
    return this.changes === since ? new Promise((resolve) => { this.waiters.add(resolve); }) : Promise.resolve();
  }

  /** Lets everybody who waits look again. */
  wake(): void {
    this.changes += 1;
    for (const resolve of this.waiters) { this.waiters.delete(resolve); resolve(); }
  }

  private take(offset: number, value: Uint8Array): void {
    this.position = offset + 1;
    let closed: ClosedHour;
    try {
      closed = read(value);
    } catch (error) {
      this.parts.onTrouble('a record of the hours log cannot be read and was passed over', error);
      return;
    }
    for (const reader of this.readers) reader.offer(closed);
    this.wake();
  }
}

function read(value: Uint8Array): ClosedHour {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const size = bytes.readUInt32LE(0);
  if (size > HEADER_BYTES_MAX) throw new Error(`a header of ${size} bytes`);
  const header = JSON.parse(bytes.toString('utf8', 4, 4 + size)) as Omit<ClosedHour, 'bytes'>;
  if (typeof header.tenant !== 'string' || !Number.isSafeInteger(header.hour) || !Number.isSafeInteger(header.partition) || !Number.isSafeInteger(header.seq)) throw new Error('a header without tenant, hour, partition or seq');
  // A copy: what was fetched with it need not stay in memory.
  return { ...header, bytes: Uint8Array.from(bytes.subarray(4 + size)) };
}
