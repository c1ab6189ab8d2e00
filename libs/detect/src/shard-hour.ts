import { WINDOW_COUNT } from './features.js';
import { TEST_KINDS } from './level-ledger.js';
import { SCORE_CELLS, VALUE_CELLS } from './population-node.js';

/** Kinds of increment: `slot` says what of a node grows by one, `bucket` where. */
export const SLOT = { values: 0, scores: VALUE_CELLS, windows: VALUE_CELLS + SCORE_CELLS, scored: VALUE_CELLS + SCORE_CELLS + WINDOW_COUNT, week: VALUE_CELLS + SCORE_CELLS + 2 * WINDOW_COUNT, joined: VALUE_CELLS + SCORE_CELLS + 2 * WINDOW_COUNT + 1, left: VALUE_CELLS + SCORE_CELLS + 2 * WINDOW_COUNT + 2 } as const;
const BUCKET_BITS = 11;
const SLOT_BITS = 7;
export const NODES_MAX = 1 << (31 - BUCKET_BITS - SLOT_BITS);
/** Sketch buckets start at −400 (see quantile-sketch). */
export const BUCKET_OFFSET = 400;

export const nodeOfRecord = (record: number): number => record >>> (BUCKET_BITS + SLOT_BITS);
export const slotOfRecord = (record: number): number => (record >>> BUCKET_BITS) & ((1 << SLOT_BITS) - 1);
export const bucketOfRecord = (record: number): number => record & ((1 << BUCKET_BITS) - 1);

export interface ShardHourState { records: Int32Array; adoptions: number[]; largest: number[]; tests: Map<number, Int32Array> }

/**
 * What one shard adds to the population in one event-time hour: increments of integer sketches, in 32 bits each.
 * It is what a first stage publishes; a second stage that adds up those of all shards has the population, in whatever order.
 */
export class ShardHour {
  private records: Int32Array = new Int32Array(64);
  private count = 0;
  /** node, category, value; flat. */
  readonly adoptions: number[] = [];
  /** node, cell, value: the largest seen, where it exceeds what is known; flat. */
  readonly largest: number[] = [];
  /** Day → tests opened, by kind, in units. */
  readonly tests = new Map<number, Int32Array>();

  get size(): number {
    return this.count;
  }

  add(node: number, slot: number, bucket: number): void {
    if (this.count === this.records.length) {
      const longer = new Int32Array(this.count * 2);
      longer.set(this.records);
      this.records = longer;
    }
    this.records[this.count] = (node << (BUCKET_BITS + SLOT_BITS)) | (slot << BUCKET_BITS) | bucket;
    this.count += 1;
  }

  at(index: number): number {
    return this.records[index]!;
  }

  addTests(day: number, window: number, units: number): void {
    let tests = this.tests.get(day);
    if (tests === undefined) this.tests.set(day, (tests = new Int32Array(TEST_KINDS)));
    tests[window]! += units;
  }

  dump(): ShardHourState {
    return { records: this.records.slice(0, this.count), adoptions: this.adoptions, largest: this.largest, tests: this.tests };
  }

  static load(state: ShardHourState): ShardHour {
    const hour = new ShardHour();
    hour.records = state.records.length === 0 ? new Int32Array(64) : state.records;
    hour.count = state.records.length;
    hour.adoptions.push(...state.adoptions);
    hour.largest.push(...state.largest);
    for (const [day, tests] of state.tests) hour.tests.set(day, tests);
    return hour;
  }
}
