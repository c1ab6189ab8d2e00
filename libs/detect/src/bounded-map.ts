/** A map that keeps its latest `itemsMax` keys: setting a key makes it the latest, and the oldest goes when there are too many. */
export class BoundedMap<K, V> {
  readonly itemsMax: number;
  overflow = 0;
  private items = new Map<K, V>();

  constructor(itemsMax: number) {
    this.itemsMax = itemsMax;
  }

  get size(): number {
    return this.items.size;
  }

  get(key: K): V | undefined {
    return this.items.get(key);
  }

  set(key: K, value: V): void {
    this.items.delete(key);
    this.items.set(key, value);
    if (this.items.size <= this.itemsMax) return;
    this.items.delete(this.items.keys().next().value as K);
    this.overflow += 1;
  }

  delete(key: K): void {
    this.items.delete(key);
  }

  entries(): IterableIterator<[K, V]> {
    return this.items.entries();
  }

  dump(): { items: Map<K, V>; overflow: number } {
    return { items: this.items, overflow: this.overflow };
  }

  load(state: unknown): void {
    const { items, overflow } = state as { items: Map<K, V>; overflow: number };
    this.items = new Map(items);
    this.overflow = overflow;
  }
}
