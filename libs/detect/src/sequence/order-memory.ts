import type { OrderCounts } from './order-model.js';

const SLOTS_FIRST = 16;
/** Acts, pairs and triples that an entity remembers: 8 bytes each. */
export const ORDER_SLOTS_MAX = 96;
/** Of a compacted entity. */
export const ORDER_SLOTS_COLD = 32;
/** Beyond, all counts are halved: the past fades. */
const COUNT_MAX = 1_000;

/** Memories that nobody has at the moment, by the places they have room for: entities wake and rest all the time. */
const spare = new Map<number, OrderMemory[]>();
const SPARE_MAX = 256;

const slotsFor = (used: number): number => Math.min(ORDER_SLOTS_MAX, Math.max(SLOTS_FIRST, 2 ** Math.ceil(Math.log2(Math.max(1, used)))));

/** How often an entity has done what after what: key and count side by side, as few places as are needed. Where all are taken the rarest makes room. */
export class OrderMemory implements OrderCounts {
  private slots: Uint32Array;
  private used = 0;

  constructor(slots: Uint32Array = new Uint32Array(SLOTS_FIRST * 2)) {
    this.slots = slots;
    while (this.used * 2 < slots.length && slots[this.used * 2] !== 0) this.used += 1;
  }

  /** The memory that `write` has written to these words. */
  static read(words: Uint32Array, at: number, length: number): OrderMemory {
    const used = length / 2;
    const slots = slotsFor(used);
    const memory = spare.get(slots)?.pop() ?? new OrderMemory(new Uint32Array(slots * 2));
    for (let i = 0; i < length; i += 1) memory.slots[i] = words[at + i]!;
    memory.used = used;
    return memory;
  }

  /** Nobody has it any more. */
  static release(memory: OrderMemory): void {
    const slots = memory.slots.length / 2;
    if (slots !== slotsFor(slots)) return;
    memory.slots.fill(0, 0, memory.used * 2);
    memory.used = 0;
    const list = spare.get(slots);
    if (list === undefined) spare.set(slots, [memory]);
    else if (list.length < SPARE_MAX) list.push(memory);
  }

  /** Into words that have room for it; gives how many they are. */
  write(words: Uint32Array, at: number): number {
    const length = this.used * 2;
    for (let i = 0; i < length; i += 1) words[at + i] = this.slots[i]!;
    return length;
  }

  countOf(key: number): number {
    const { slots, used } = this;
    for (let at = 0; at < used * 2; at += 2) if (slots[at] === key) return slots[at + 1]!;
    return 0;
  }

  add(key: number, count: number): void {
    let at = this.find(key);
    if (at < 0) at = this.place(key);
    this.slots[at + 1]! += count;
    if (this.slots[at + 1]! > COUNT_MAX) this.halve();
  }

  private find(key: number): number {
    for (let at = 0; at < this.used * 2; at += 2) if (this.slots[at] === key) return at;
    return -1;
  }

  private place(key: number): number {
    if (this.used < ORDER_SLOTS_MAX) {
      if (this.used * 2 === this.slots.length) {
        const larger = new Uint32Array(slotsFor(this.used + 1) * 2);
        larger.set(this.slots);
        this.slots = larger;
      }
      this.slots[this.used * 2] = key;
      this.used += 1;
      return (this.used - 1) * 2;
    }
    let rarest = 0;
    for (let at = 2; at < this.used * 2; at += 2) if (this.slots[at + 1]! < this.slots[rarest + 1]!) rarest = at;
    this.slots[rarest] = key;
    this.slots[rarest + 1] = 0;
    return rarest;
  }

  private halve(): void {
    let kept = 0;
    for (let at = 0; at < this.used * 2; at += 2) {
      const count = this.slots[at + 1]! >>> 1;
      if (count === 0) continue;
      this.slots[kept * 2] = this.slots[at]!;
      this.slots[kept * 2 + 1] = count;
      kept += 1;
    }
    this.slots.fill(0, kept * 2);
    this.used = kept;
  }

  get size(): number {
    return this.used;
  }

  /** As it is; or the commonest of it, for a compacted entity. */
  pack(slotsMax = ORDER_SLOTS_MAX): Uint32Array {
    if (this.used <= slotsMax) return this.slots.slice(0, this.used * 2);
    const order = Array.from({ length: this.used }, (_, slot) => slot).sort((a, b) => this.slots[b * 2 + 1]! - this.slots[a * 2 + 1]! || a - b).slice(0, slotsMax).sort((a, b) => a - b);
    return Uint32Array.from(order.flatMap((slot) => [this.slots[slot * 2]!, this.slots[slot * 2 + 1]!]));
  }
}
