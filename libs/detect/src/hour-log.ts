import { SHARDS } from './engine-limits.js';
import { WINDOW_COUNT } from './features.js';
import { TEST_KINDS } from './level-ledger.js';
import { SCORE_CELLS, VALUE_CELLS } from './population-node.js';

/** Kinds of increment: `slot` says what of a node grows by one, `bucket` where. */
export const SLOT = {
  values: 0, scores: VALUE_CELLS, windows: VALUE_CELLS + SCORE_CELLS, scored: VALUE_CELLS + SCORE_CELLS + WINDOW_COUNT,
  week: VALUE_CELLS + SCORE_CELLS + 2 * WINDOW_COUNT, joined: VALUE_CELLS + SCORE_CELLS + 2 * WINDOW_COUNT + 1,
} as const;
const BUCKET_BITS = 11;
const SLOT_BITS = 7;
export const NODES_MAX = 1 << (31 - BUCKET_BITS - SLOT_BITS);
/** Sketch buckets start at −400 (see quantile-sketch). */
export const BUCKET_OFFSET = 400;

export const nodeOfRecord = (record: number): number => record >>> (BUCKET_BITS + SLOT_BITS);
export const slotOfRecord = (record: number): number => (record >>> BUCKET_BITS) & ((1 << SLOT_BITS) - 1);
export const bucketOfRecord = (record: number): number => record & ((1 << BUCKET_BITS) - 1);

export interface HourLogState { records: Int32Array; shards: Uint8Array; adoptions: number[]; largest: number[]; tests: Map<number, Int32Array>; overflow: number }

/**
 * What the shards of this process add to the population in one event-time hour: increments of integer sketches, 32 bits each, with the
 * shard they come from. It is what a first stage publishes; a second stage that adds up all of them has the population, in whatever order.
 */
export class HourLog {
  private records: Int32Array = new Int32Array(1_024);
  private shards: Uint8Array = new Uint8Array(1_024);
  private count = 0;
  private readonly perShard: Uint32Array = new Uint32Array(SHARDS);
  private readonly recordsPerShardMax: number;
  /** Increments left out because a shard had reached its limit. */
  overflow = 0;
  /** node, category, value; flat. */
  readonly adoptions: number[] = [];
  /** node, cell, value: the largest seen, where it exceeds what is known; flat. */
  readonly largest: number[] = [];
  /** Day → tests opened by shard and kind, in units. */
  readonly tests = new Map<number, Int32Array>();
  private testsDay = Number.NaN;
  private testsOfDay: Int32Array = new Int32Array(0);

  constructor(recordsPerShardMax: number) {
    this.recordsPerShardMax = recordsPerShardMax;
  }

  get size(): number {
    return this.count;
  }

  add(shard: number, node: number, slot: number, bucket: number): void {
    if (this.perShard[shard]! >= this.recordsPerShardMax) { this.overflow += 1; return; }
    this.perShard[shard]! += 1;
    if (this.count === this.records.length) this.lengthen();
    this.records[this.count] = (node << (BUCKET_BITS + SLOT_BITS)) | (slot << BUCKET_BITS) | bucket;
    this.shards[this.count] = shard;
    this.count += 1;
  }

  private lengthen(): void {
    const records = new Int32Array(this.count * 2);
    records.set(this.records);
    this.records = records;
    const shards = new Uint8Array(this.count * 2);
    shards.set(this.shards);
    this.shards = shards;
  }

  at(index: number): number {
    return this.records[index]!;
  }

  addTests(day: number, shard: number, kind: number, units: number): void {
    if (day !== this.testsDay) {
      let tests = this.tests.get(day);
      if (tests === undefined) this.tests.set(day, (tests = new Int32Array(SHARDS * TEST_KINDS)));
      this.testsDay = day;
      this.testsOfDay = tests;
    }
    this.testsOfDay[shard * TEST_KINDS + kind]! += units;
  }

  dump(): HourLogState {
    return { records: this.records.slice(0, this.count), shards: this.shards.slice(0, this.count), adoptions: this.adoptions, largest: this.largest, tests: this.tests, overflow: this.overflow };
  }

  static load(state: HourLogState, recordsPerShardMax: number): HourLog {
    const log = new HourLog(recordsPerShardMax);
    for (let i = 0; i < state.records.length; i += 1) {
      const record = state.records[i]!;
      log.add(state.shards[i]!, nodeOfRecord(record), slotOfRecord(record), bucketOfRecord(record));
    }
    log.adoptions.push(...state.adoptions);
    log.largest.push(...state.largest);
    for (const [day, tests] of state.tests) log.tests.set(day, tests);
    log.overflow = state.overflow;
    return log;
  }
}
