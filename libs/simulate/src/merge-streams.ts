import type { SimulatedEvent } from './native-event.js';

interface Head { at: number; readonly order: number; value: SimulatedEvent; readonly stream: Iterator<SimulatedEvent> }

const before = (a: Head, b: Head): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** One stream in time order from many that are each in time order. Holds one event per stream (a binary heap); equal times keep the order of the streams. */
export function* mergeStreams(streams: Iterable<Iterable<SimulatedEvent>>): Generator<SimulatedEvent, void, undefined> {
  const heap: Head[] = [];
  let order = 0;
  for (const each of streams) {
    const stream = each[Symbol.iterator]();
    const first = stream.next();
    if (first.done !== true) {
      heap.push({ at: first.value.at, order, value: first.value, stream });
      for (let i = heap.length - 1; i > 0 && before(heap[i]!, heap[(i - 1) >> 1]!); i = (i - 1) >> 1) swap(heap, i, (i - 1) >> 1);
    }
    order += 1;
  }
  while (heap.length > 0) {
    const top = heap[0]!;
    yield top.value;
    const next = top.stream.next();
    if (next.done === true) {
      const last = heap.pop()!;
      if (heap.length === 0) return;
      heap[0] = last;
    } else {
      top.value = next.value;
      top.at = next.value.at;
    }
    sink(heap);
  }
}

function sink(heap: Head[]): void {
  for (let i = 0; ;) {
    const left = 2 * i + 1;
    if (left >= heap.length) return;
    const least = left + 1 < heap.length && before(heap[left + 1]!, heap[left]!) ? left + 1 : left;
    if (!before(heap[least]!, heap[i]!)) return;
    swap(heap, i, least);
    i = least;
  }
}

function swap(heap: Head[], i: number, j: number): void {
  [heap[i], heap[j]] = [heap[j]!, heap[i]!];
}
