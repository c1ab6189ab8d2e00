import type { OrderCounts } from './order-model.js';

/** Steps of a group's acts kept at full weight; beyond, the past counts half. */
const STEPS_MAX = 200_000;

/** How often a peer group has done what after what: whole numbers, so that the sum over shards and hours does not depend on their order. */
export class PeerOrders implements OrderCounts {
  /** By key as a signed number: a map finds those without making a number of them first. */
  private counts = new Map<number, number>();
  private total = 0;

  countOf(key: number): number {
    return this.counts.get(key | 0) ?? 0;
  }

  /** False when the key is not known yet, and as many are as may be. */
  learn(key: number, count: number, keysMax: number): boolean {
    const known = this.counts.get(key | 0);
    if (known === undefined && this.counts.size >= keysMax) return false;
    this.counts.set(key | 0, (known ?? 0) + count);
    this.total += count;
    return true;
  }

  fade(): void {
    while (this.total > STEPS_MAX) {
      this.total = 0;
      for (const [key, count] of this.counts) {
        const half = Math.floor(count / 2);
        if (half === 0) this.counts.delete(key);
        else this.counts.set(key, half);
        this.total += half;
      }
    }
  }

  dump(): unknown {
    return { keys: Uint32Array.from(this.counts.keys()), counts: Uint32Array.from(this.counts.values()), total: this.total };
  }

  load(state: unknown): void {
    const { keys, counts, total } = state as { keys: Uint32Array; counts: Uint32Array; total: number };
    this.counts = new Map(Array.from(keys, (key, at): [number, number] => [key | 0, counts[at]!]));
    this.total = total;
  }
}
