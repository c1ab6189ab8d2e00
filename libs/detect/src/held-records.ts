import type { ForwardedRecord } from './forwarded-record.js';

/** Records by event time, then by the event's id: an order that does not depend on who brought them. A binary heap. */
export class HeldRecords {
  private readonly heap: ForwardedRecord[] = [];

  get size(): number {
    return this.heap.length;
  }

  get first(): ForwardedRecord | undefined {
    return this.heap[0];
  }

  push(record: ForwardedRecord): void {
    const { heap } = this;
    let at = heap.push(record) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!goesBefore(record, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = record;
  }

  /** The first one; only when there is one. */
  shift(): ForwardedRecord {
    const { heap } = this;
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && goesBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!goesBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }

  /** In order. */
  all(): ForwardedRecord[] {
    return [...this.heap].sort((one, other) => (goesBefore(one, other) ? -1 : 1));
  }
}

const goesBefore = ({ event: one }: ForwardedRecord, { event: other }: ForwardedRecord): boolean => one.time < other.time || (one.time === other.time && one.id < other.id);
