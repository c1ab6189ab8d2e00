import { hash32, mix32 } from '@wary/model/hash32.js';
import { CATEGORIES, DAY, HOUR } from '../features.js';

/** Windows that are pooled, by place; and what those who belong together may have in common: categories of an event. */
export const POOLED_WINDOWS = [HOUR, DAY] as const;
export const POOLED_CATEGORIES = [CATEGORIES.indexOf('network'), CATEGORIES.indexOf('client'), CATEGORIES.indexOf('model')] as const;
/** Behaviours whose unusual windows are pooled: the first of `BEHAVIOURS` (volume, breadth, failures, tokens and cost). */
export const POOLED_BEHAVIOURS = 4;
/** Pools kept of an hour: those whose values come first by a hash, so that it does not matter who saw them. */
export const POOLS_MAX = 4_096;
/** Members named of a pool and behaviour. */
export const POOL_MEMBERS_MAX = 24;

export interface PoolCell {
  readonly name: string;
  /** Windows opened by principals that had the value. */
  n: number;
  /** Those of them that became unusual (beyond two standard deviations), by behaviour. */
  readonly flagged: Int32Array;
  /** Who they are (`type:id`), with the event that made each unusual. */
  readonly members: readonly Map<string, string>[];
}

export const poolKey = (window: number, category: number, hash: number): number => (window * 8 + category) * 2 ** 32 + hash;
export const poolWindow = (key: number): number => Math.floor(key / 2 ** 35);
export const poolCategory = (key: number): number => Math.floor(key / 2 ** 32) % 8;
const rankOf = (key: number): number => mix32((key % 2 ** 32) ^ Math.imul(poolCategory(key) + 1, 0x9e3779b1));

interface PoolCellsState { readonly keys: Float64Array; readonly n: Uint32Array; readonly flagged: Int32Array; readonly names: readonly string[]; /** By place: cell × behaviours + behaviour; those who have any. */ readonly members: readonly [number, Map<string, string>][] }

/** Counts of an event-time hour by what principals have in common: whole numbers that add up over shards and partitions. */
export class PoolCells {
  private cells = new Map<number, PoolCell>();

  get isEmpty(): boolean {
    return this.cells.size === 0;
  }

  /** A window of a principal that has the value. */
  open(key: number, nameOf: () => string): void {
    this.at(key, nameOf).n += 1;
  }

  /** A window has become unusual. */
  flag(key: number, nameOf: () => string, behaviour: number, member: string, eventId: string): void {
    const cell = this.at(key, nameOf);
    cell.flagged[behaviour]! += 1;
    cell.members[behaviour]!.set(member, eventId);
    if (cell.members[behaviour]!.size > 2 * POOL_MEMBERS_MAX) trim(cell.members[behaviour]!);
  }

  private at(key: number, nameOf: () => string): PoolCell {
    let cell = this.cells.get(key);
    if (cell !== undefined) return cell;
    if (this.cells.size >= 2 * POOLS_MAX) this.prune();
    this.cells.set(key, (cell = emptyCell(nameOf())));
    return cell;
  }

  /** Takes what another has counted. */
  add(key: number, { name, n, flagged, members }: PoolCell): void {
    const cell = this.at(key, () => name);
    cell.n += n;
    for (let behaviour = 0; behaviour < POOLED_BEHAVIOURS; behaviour += 1) {
      cell.flagged[behaviour]! += flagged[behaviour]!;
      for (const [member, event] of members[behaviour]!) cell.members[behaviour]!.set(member, event);
      trim(cell.members[behaviour]!);
    }
  }

  private prune(): void {
    if (this.cells.size <= POOLS_MAX) return;
    this.cells = new Map([...this.cells].sort(([one], [other]) => rankOf(one) - rankOf(other) || one - other).slice(0, POOLS_MAX));
  }

  /** In the order of their keys; at most as many as are kept. */
  list(): [number, PoolCell][] {
    this.prune();
    for (const { members } of this.cells.values()) for (const each of members) trim(each);
    return [...this.cells].sort(([one], [other]) => one - other);
  }

  /** In columns: an object for each of thousands of cells would hold a snapshot up. */
  dump(): PoolCellsState {
    const cells = [...this.cells.values()];
    const flagged = new Int32Array(cells.length * POOLED_BEHAVIOURS);
    cells.forEach((cell, at) => { flagged.set(cell.flagged, at * POOLED_BEHAVIOURS); });
    return {
      keys: Float64Array.from(this.cells.keys()), n: Uint32Array.from(cells, ({ n }) => n), flagged, names: cells.map(({ name }) => name),
      members: cells.flatMap(({ members }, at) => members.flatMap((each, behaviour): [number, Map<string, string>][] => (each.size === 0 ? [] : [[at * POOLED_BEHAVIOURS + behaviour, each]]))),
    };
  }

  load(state: unknown): void {
    const { keys, n, flagged, names, members } = state as PoolCellsState;
    const cells = names.map((name, at): PoolCell => ({ ...emptyCell(name), n: n[at]!, flagged: flagged.slice(at * POOLED_BEHAVIOURS, (at + 1) * POOLED_BEHAVIOURS) }));
    for (const [place, each] of members) (cells[Math.floor(place / POOLED_BEHAVIOURS)]!.members as Map<string, string>[])[place % POOLED_BEHAVIOURS] = each;
    this.cells = new Map(cells.map((cell, at) => [keys[at]!, cell]));
  }
}

export const emptyCell = (name: string): PoolCell => ({ name, n: 0, flagged: new Int32Array(POOLED_BEHAVIOURS), members: Array.from({ length: POOLED_BEHAVIOURS }, () => new Map<string, string>()) });

/** Keeps those who come first by a hash. */
function trim(members: Map<string, string>): void {
  if (members.size <= POOL_MEMBERS_MAX) return;
  const ranked = [...members.keys()].map((member) => ({ member, rank: hash32(member, 0x27d4eb2f) })).sort((a, b) => a.rank - b.rank || (a.member < b.member ? -1 : 1));
  for (const { member } of ranked.slice(POOL_MEMBERS_MAX)) members.delete(member);
}
