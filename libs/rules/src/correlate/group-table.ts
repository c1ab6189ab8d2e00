import type { CorrelatorCounts } from './correlation-limits.js';

/**
 * Groups by key, forgotten when nothing was seen of them for a timespan: the table is two maps, the older is dropped when a timespan has
 * passed since the younger was begun, and what is touched moves to the younger. No clock, no scan, two look-ups at most.
 */
export class GroupTable<T> {
  private young = new Map<string, T>();
  private old = new Map<string, T>();
  private begun = Number.NEGATIVE_INFINITY;

  constructor(private readonly keepMs: number, private readonly groupsMax: number, private readonly counts: CorrelatorCounts) {}

  get(key: string, time: number, create: () => T): T {
    if (time - this.begun > this.keepMs) {
      this.old = time - this.begun > 2 * this.keepMs ? new Map() : this.young;
      this.young = new Map();
      this.begun = time;
    }
    let group = this.young.get(key);
    if (group !== undefined) return group;
    group = this.old.get(key);
    if (group !== undefined) this.old.delete(key);
    else {
      group = create();
      if (this.young.size + this.old.size >= this.groupsMax) this.forgetOne();
    }
    this.young.set(key, group);
    return group;
  }

  delete(key: string): void {
    if (!this.young.delete(key)) this.old.delete(key);
  }

  get size(): number {
    return this.young.size + this.old.size;
  }

  /** Groups in the order in which they would be forgotten, with what tells the young from the old. */
  dump(save: (group: T) => unknown): unknown {
    const list = (map: ReadonlyMap<string, T>): [string, unknown][] => [...map].map(([key, group]) => [key, save(group)]);
    return { begun: this.begun, young: list(this.young), old: list(this.old) };
  }

  load(state: unknown, read: (saved: unknown) => T): void {
    const { begun, young, old } = state as { begun: number; young: [string, unknown][]; old: [string, unknown][] };
    this.begun = begun;
    this.young = new Map(young.map(([key, saved]) => [key, read(saved)]));
    this.old = new Map(old.map(([key, saved]) => [key, read(saved)]));
  }

  private forgetOne(): void {
    const map = this.old.size > 0 ? this.old : this.young;
    const first = map.keys().next();
    if (first.done === true) return;
    map.delete(first.value);
    this.counts.forgottenGroups += 1;
  }
}
