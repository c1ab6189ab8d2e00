import { hash32 } from '@wary/model/hash32.js';

const SLOTS_START = 256;
const SEED = 0x2c1b3c6d;

/** Says whether the entity of a number is this one. */
export interface IsEntity { isEntity(ordinal: number, typeIndex: number, id: string): boolean }

/**
 * Numbers of entities by kind and id: open addressing with linear probing over hashes, twelve to sixteen bytes for each. The ids themselves lie in the
 * records, so that a name that was heard once costs no string that the collector has to look after.
 */
export class EntityIndex {
  /** Number of an entity + 1; 0 is empty. */
  private slots: Int32Array = new Int32Array(SLOTS_START);
  /** Hash by number. */
  private hashes: Uint32Array = new Uint32Array(SLOTS_START / 2);
  private used = 0;

  constructor(private readonly entities: IsEntity) {}

  /** −1: nobody knows it. */
  find(typeIndex: number, id: string): number {
    const { slots, hashes } = this;
    const mask = slots.length - 1;
    const hash = hashOf(typeIndex, id);
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const ordinal = slots[slot]! - 1;
      if (ordinal < 0) return -1;
      if (hashes[ordinal] === hash && this.entities.isEntity(ordinal, typeIndex, id)) return ordinal;
    }
  }

  /** One that is not in it. */
  add(ordinal: number, typeIndex: number, id: string): void {
    if (ordinal >= this.hashes.length) {
      const hashes = new Uint32Array(Math.max(ordinal + 1, this.hashes.length * 2));
      hashes.set(this.hashes);
      this.hashes = hashes;
    }
    this.hashes[ordinal] = hashOf(typeIndex, id);
    this.used += 1;
    if (this.used * 2 > this.slots.length) this.grow();
    this.put(this.slots, ordinal);
  }

  private put(slots: Int32Array, ordinal: number): void {
    const mask = slots.length - 1;
    let slot = this.hashes[ordinal]! & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = ordinal + 1;
  }

  private grow(): void {
    const { slots } = this;
    const larger = new Int32Array(slots.length * 2);
    for (let slot = 0; slot < slots.length; slot += 1) if (slots[slot]! !== 0) this.put(larger, slots[slot]! - 1);
    this.slots = larger;
  }

  /** One that is in it. Those behind it move up, so that chains stay whole (Knuth, TAOCP 3, 6.4, algorithm R). */
  remove(ordinal: number): void {
    const { slots, hashes } = this;
    const mask = slots.length - 1;
    let hole = hashes[ordinal]! & mask;
    while (slots[hole] !== ordinal + 1) hole = (hole + 1) & mask;
    slots[hole] = 0;
    this.used -= 1;
    for (let slot = (hole + 1) & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const home = hashes[slots[slot]! - 1]! & mask;
      const staysPut = hole <= slot ? hole < home && home <= slot : hole < home || home <= slot;
      if (staysPut) continue;
      slots[hole] = slots[slot]!;
      slots[slot] = 0;
      hole = slot;
    }
  }
}

const hashOf = (typeIndex: number, id: string): number => hash32(id, SEED + typeIndex);
