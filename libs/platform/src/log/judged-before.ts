import type { ForwardedRecord } from '@wary/detect/forwarded-record.js';
import type { Finding } from '@wary/model/finding.js';
import { partitionOf } from '@wary/model/topics.js';

interface Saved { readonly offset: number; readonly time: number | null; readonly seqs: ReadonlyArray<readonly [partition: number, seq: number]> }

/**
 * Which findings of correlations are about what was judged before an upgrade: those that come of messages which the state before had taken,
 * and those of events that a partition judges again because its own state could not be read, wherever they lie now.
 */
export class JudgedBefore {
  /** Of each partition of the log of record the last sequence that it judged again. */
  private readonly seqs = new Map<number, number>();
  /** Event time of the newest of them, epoch ms. */
  private time = Number.NEGATIVE_INFINITY;

  /** `offset`: behind the last message that the state before had taken. */
  constructor(private readonly offset = 0) {}

  note(records: readonly ForwardedRecord[]): void {
    for (const { partition, seq, event } of records) {
      if (seq > (this.seqs.get(partition) ?? 0)) this.seqs.set(partition, seq);
      if (event.time > this.time) this.time = event.time;
    }
  }

  /** `offset`: of the message that it comes of. A window that ends by itself has no sequence: its time tells. */
  has({ seq, time }: Finding, offset: number): boolean {
    return offset < this.offset || (seq === 0 ? time <= this.time : seq <= (this.seqs.get(partitionOf(seq)) ?? 0));
  }

  dump(): unknown {
    return { offset: this.offset, time: Number.isFinite(this.time) ? this.time : null, seqs: [...this.seqs] } satisfies Saved;
  }

  static load(saved: unknown): JudgedBefore {
    const { offset, time, seqs } = saved as Saved;
    const judged = new JudgedBefore(offset);
    judged.time = time ?? Number.NEGATIVE_INFINITY;
    for (const [partition, seq] of seqs) judged.seqs.set(partition, seq);
    return judged;
  }
}
