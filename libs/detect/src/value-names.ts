import { CATEGORY_COUNT } from './features.js';

/** Acts have names too, in a place after those of the categories. */
export const ACT_NAMES: number = CATEGORY_COUNT;
const PLACES = CATEGORY_COUNT + 1;

interface Names { hashes: Uint32Array; names: string[] }
export interface ValueNamesState { fresh: Names[]; settled: Names[] }

/**
 * Names of category values for people to read; the engine itself works with their hashes. A name is fresh until a principal has learned
 * the value; then it is settled, so that a stream of ids that never come again does not push out the names of what is used every day.
 * Each category has room of its own. What has lost its name is shown as its hash.
 */
export class ValueNames {
  private fresh: Map<number, string>[] = Array.from({ length: PLACES }, () => new Map<number, string>());
  private settled: Map<number, string>[] = Array.from({ length: PLACES }, () => new Map<number, string>());
  private readonly perCategoryMax: number;
  overflow = 0;

  constructor(namesMax: number) {
    this.perCategoryMax = Math.max(1, Math.floor(namesMax / PLACES / 2));
  }

  remember(category: number, hash: number, name: () => string): void {
    if (!this.settled[category]!.has(hash) && !this.fresh[category]!.has(hash)) this.put(this.fresh[category]!, hash, name());
  }

  /** Somebody has learned the value. */
  settle(category: number, hash: number): void {
    const name = this.fresh[category]!.get(hash);
    if (name === undefined) return;
    this.fresh[category]!.delete(hash);
    this.put(this.settled[category]!, hash, name);
  }

  nameOf(category: number, hash: number): string {
    return this.settled[category]!.get(hash) ?? this.fresh[category]!.get(hash) ?? `#${hash.toString(16)}`;
  }

  get size(): number {
    return [...this.fresh, ...this.settled].reduce((sum, names) => sum + names.size, 0);
  }

  private put(names: Map<number, string>, hash: number, name: string): void {
    if (names.size >= this.perCategoryMax) { names.delete(names.keys().next().value!); this.overflow += 1; }
    names.set(hash, name);
  }

  dump(): ValueNamesState {
    const listed = (names: ReadonlyMap<number, string>): Names => ({ hashes: Uint32Array.from(names.keys()), names: [...names.values()] });
    return { fresh: this.fresh.map(listed), settled: this.settled.map(listed) };
  }

  load(state: ValueNamesState): void {
    const mapped = ({ hashes, names }: Names): Map<number, string> => new Map(names.map((name, at) => [hashes[at]!, name]));
    this.fresh = state.fresh.map(mapped);
    this.settled = state.settled.map(mapped);
  }
}
