import { SHARDS } from '@wary/model/shard.js';
import { WINDOW_COUNT } from './features.js';
import { TEST_KINDS } from './level-ledger.js';
import { PoolCells } from './campaign/pool-cells.js';
import type { DriftCells } from './drift/drift-cells.js';
import type { BehaviourProfile } from './peers/behaviour-profile.js';
import { ProfileSample } from './peers/profile-sample.js';
import type { RecordReader, RecordWriter } from './record-writer.js';
import { decodeState, encodeState } from './state-codec.js';
import { readSparse, sparseWordsMax, writeSparse } from './sparse-words.js';
import { WATCH_CELLS } from './watch/watch-cells.js';
import { ACT_COUNT_MAX, SCORE_CELLS, VALUE_CELLS, type ActStats } from './population-node.js';

/** Kinds of increment: `slot` says what of a node grows by one, `bucket` where. */
export const SLOT = {
  values: 0, scores: VALUE_CELLS, windows: VALUE_CELLS + SCORE_CELLS, scored: VALUE_CELLS + SCORE_CELLS + WINDOW_COUNT,
  week: VALUE_CELLS + SCORE_CELLS + 2 * WINDOW_COUNT, joined: VALUE_CELLS + SCORE_CELLS + 2 * WINDOW_COUNT + 1,
  left: VALUE_CELLS + SCORE_CELLS + 2 * WINDOW_COUNT + 2,
} as const;
const BUCKET_BITS = 11;
const SLOT_BITS = 7;
export const NODES_MAX = 1 << (31 - BUCKET_BITS - SLOT_BITS);
/** Sketch buckets start at −400 (see quantile-sketch). */
export const BUCKET_OFFSET = 400;

export const recordOf = (node: number, slot: number, bucket: number): number => (node << (BUCKET_BITS + SLOT_BITS)) | (slot << BUCKET_BITS) | bucket;
export const nodeOfRecord = (record: number): number => record >>> (BUCKET_BITS + SLOT_BITS);
export const slotOfRecord = (record: number): number => (record >>> BUCKET_BITS) & ((1 << SLOT_BITS) - 1);
export const bucketOfRecord = (record: number): number => record & ((1 << BUCKET_BITS) - 1);

/** Places for increments before the table grows; a power of two. */
const PLACES_START = 64;

/**
 * What the shards of this process add to the population in one event-time hour, added up: increments of integer sketches, each by node,
 * slot and bucket. It is what a first stage publishes; whoever adds up all of them has the population, in whatever order.
 */
export class HourLog {
  /** Open addressing with linear probing: record + 1 (0 is empty) and beside it how often. */
  private table: Int32Array;
  private used = 0;
  private readonly perShard: Uint32Array = new Uint32Array(SHARDS);
  private readonly recordsPerShardMax: number;
  /** Increments left out because a shard had reached its limit. */
  overflow = 0;
  /** Hour of the first event that this process saw of the tenant, where it is this one or the one before. */
  first = Number.POSITIVE_INFINITY;
  /** Node → category · 2³² + value → adopters. */
  readonly adoptions = new Map<number, Map<number, number>>();
  /** Node → act → what is added; act 0 is a day with acts. */
  readonly acts = new Map<number, Map<number, ActStats>>();
  /** Node → key of a step of acts → how often. */
  readonly orders = new Map<number, Map<number, number>>();
  /** node · VALUE_CELLS + cell → the largest seen, where it exceeds what is known. */
  readonly largest = new Map<number, number>();
  /** Day → tests opened by shard and kind, in units. */
  readonly tests = new Map<number, Int32Array>();
  /** Counters by which the monitor watches itself. */
  readonly watch = new Int32Array(WATCH_CELLS);
  /** Sums of what events say of models. */
  readonly drift: DriftCells = new Map();
  /** What those who are drawn did lately. */
  readonly profiles = new ProfileSample();
  /** Windows, and unusual ones, by what principals have in common. */
  readonly pools = new PoolCells();
  private testsDay = Number.NaN;
  private testsOfDay: Int32Array = new Int32Array(0);

  /** `places`: as many as an hour like this took before, so that the table need not grow to it again; a power of two. */
  constructor(recordsPerShardMax: number, places = PLACES_START) {
    this.recordsPerShardMax = recordsPerShardMax;
    this.table = new Int32Array(places * 2);
  }

  /** Places that its increments need. */
  get places(): number {
    let places = PLACES_START;
    while (this.used * 2 > places) places *= 2;
    return places;
  }

  get isEmpty(): boolean {
    return this.used === 0 && this.adoptions.size === 0 && this.acts.size === 0 && this.largest.size === 0 && this.tests.size === 0 && this.overflow === 0 && this.watch.every((count) => count === 0) && this.drift.size === 0 && this.orders.size === 0 && this.profiles.isEmpty && this.pools.isEmpty && this.first === Number.POSITIVE_INFINITY;
  }

  /** Different increments. */
  get size(): number {
    return this.used;
  }

  add(shard: number, node: number, slot: number, bucket: number): void {
    if (this.perShard[shard]! >= this.recordsPerShardMax) { this.overflow += 1; return; }
    this.perShard[shard]! += 1;
    this.put(recordOf(node, slot, bucket), 1);
  }

  put(record: number, count: number): void {
    const { table } = this;
    const key = (record + 1) | 0;
    const mask = table.length - 1;
    let place = (placeOf(record) << 1) & mask;
    for (;;) {
      const found = table[place]!;
      if (found === key) { table[place + 1]! += count; return; }
      if (found === 0) break;
      place = (place + 2) & mask;
    }
    table[place] = key;
    table[place + 1] = count;
    this.used += 1;
    if (this.used * 4 > table.length) this.grow();
  }

  private grow(): void {
    const { table } = this;
    this.table = new Int32Array(table.length * 2);
    this.used = 0;
    for (let at = 0; at < table.length; at += 2) if (table[at] !== 0) this.put((table[at]! - 1) & 0x7fffffff, table[at + 1]!);
  }

  each(take: (record: number, count: number) => void): void {
    const { table } = this;
    for (let at = 0; at < table.length; at += 2) if (table[at] !== 0) take((table[at]! - 1) & 0x7fffffff, table[at + 1]!);
  }

  /** Indexes of the nodes it tells of. */
  nodes(): Set<number> {
    const nodes = new Set<number>([...this.acts.keys(), ...this.adoptions.keys(), ...this.orders.keys()]);
    this.each((record) => nodes.add(nodeOfRecord(record)));
    for (const key of this.largest.keys()) nodes.add(Math.floor(key / VALUE_CELLS));
    return nodes;
  }

  /** What a closed day teaches of an act (`count` beyond the first), counted among the shard's increments; act 0 is the day itself. */
  addAct(shard: number, node: number, act: number, count: number): void {
    if (this.perShard[shard]! >= this.recordsPerShardMax) { this.overflow += 1; return; }
    this.perShard[shard]! += 1;
    const value = Math.min(count, ACT_COUNT_MAX);
    this.putAct(node, act, 1, value, value * value);
  }

  putAct(node: number, act: number, days: number, sum: number, squares: number): void {
    let acts = this.acts.get(node);
    if (acts === undefined) this.acts.set(node, (acts = new Map()));
    const stats = acts.get(act);
    if (stats === undefined) { acts.set(act, { days, sum, squares }); return; }
    stats.days += days;
    stats.sum += sum;
    stats.squares += squares;
  }

  /** What a closed day teaches of the order of acts, counted among the shard's increments. */
  addOrder(shard: number, node: number, key: number, count: number): void {
    if (this.perShard[shard]! >= this.recordsPerShardMax) { this.overflow += 1; return; }
    this.perShard[shard]! += 1;
    this.putOrder(node, key, count);
  }

  putOrder(node: number, key: number, count: number): void {
    let keys = this.orders.get(node);
    if (keys === undefined) this.orders.set(node, (keys = new Map()));
    keys.set(key, (keys.get(key) ?? 0) + count);
  }

  addProfile(profile: BehaviourProfile): void {
    this.profiles.add(profile);
  }

  /** A principal of the node has adopted a category value; from `CATEGORY_COUNT` on one that its kind has counted already. */
  adopt(node: number, category: number, value: number, adopters = 1): void {
    let values = this.adoptions.get(node);
    if (values === undefined) this.adoptions.set(node, (values = new Map()));
    const key = category * 2 ** 32 + value;
    values.set(key, (values.get(key) ?? 0) + adopters);
  }

  enlarge(node: number, cell: number, value: number): void {
    const key = node * VALUE_CELLS + cell;
    if (value > (this.largest.get(key) ?? 0)) this.largest.set(key, value);
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

  /** All of it for this process's own snapshot, its tables as they lie: nothing is sorted, so that nobody waits for it. What partitions tell each other is `encodeHour`. */
  write(out: RecordWriter): void {
    const { table } = this;
    out.reserve(8 + sparseWordsMax(table.length));
    out.double(this.overflow);
    out.double(this.first);
    out.word(this.used);
    out.word(table.length);
    out.at = writeSparse(wordsOf(table), 0, table.length, out.words, out.at);
    out.array(this.perShard);
    out.array(this.watch);
    out.word(this.adoptions.size);
    for (const [node, values] of this.adoptions) {
      out.word(node);
      out.array(Float64Array.from(values.keys()));
      out.array(Float64Array.from(values.values()));
    }
    out.word(this.orders.size);
    for (const [node, keys] of this.orders) {
      out.word(node);
      out.array(Float64Array.from(keys.keys()));
      out.array(Float64Array.from(keys.values()));
    }
    out.blob(encodeState(DRIFT_VERSION, this.drift));
    out.blob(encodeState(PROFILES_VERSION, this.profiles.dump()));
    out.blob(encodeState(POOLS_VERSION, this.pools.dump()));
    out.word(this.acts.size);
    for (const [node, acts] of this.acts) {
      out.word(node);
      out.array(Uint32Array.from(acts.keys()));
      const stats = new Float64Array(acts.size * 3);
      let at = 0;
      for (const { days, sum, squares } of acts.values()) {
        stats[at] = days;
        stats[at + 1] = sum;
        stats[at + 2] = squares;
        at += 3;
      }
      out.array(stats);
    }
    out.array(Float64Array.from(this.largest.keys()));
    out.array(Float64Array.from(this.largest.values()));
    out.array(Float64Array.from(this.tests.keys()));
    for (const tests of this.tests.values()) out.array(tests);
  }

  static read(from: RecordReader, recordsPerShardMax: number): HourLog {
    const log = new HourLog(recordsPerShardMax);
    log.overflow = from.double();
    log.first = from.double();
    log.used = from.word();
    const words = from.word();
    log.table = new Int32Array(words);
    from.at = readSparse(from.words, from.at, wordsOf(log.table), 0, words);
    log.perShard.set(from.array(Uint32Array));
    log.watch.set(from.array(Int32Array));
    for (let left = from.word(); left > 0; left -= 1) log.adoptions.set(from.word(), mapOf(from.array(Float64Array), from.array(Float64Array)));
    for (let left = from.word(); left > 0; left -= 1) log.orders.set(from.word(), mapOf(from.array(Float64Array), from.array(Float64Array)));
    for (const [subject, streams] of decodeState(DRIFT_VERSION, from.blob()) as DriftCells) log.drift.set(subject, streams);
    log.profiles.load(decodeState(PROFILES_VERSION, from.blob()));
    log.pools.load(decodeState(POOLS_VERSION, from.blob()));
    for (let left = from.word(); left > 0; left -= 1) {
      const node = from.word();
      const acts = from.array(Uint32Array);
      const stats = from.array(Float64Array);
      log.acts.set(node, new Map(Array.from(acts, (act, at) => [act, { days: stats[at * 3]!, sum: stats[at * 3 + 1]!, squares: stats[at * 3 + 2]! }])));
    }
    for (const [key, value] of mapOf(from.array(Float64Array), from.array(Float64Array))) log.largest.set(key, value);
    for (const day of from.array(Float64Array)) log.tests.set(day, from.array(Int32Array));
    return log;
  }
}

const DRIFT_VERSION = 1;
const PROFILES_VERSION = 1;
const POOLS_VERSION = 1;
const wordsOf = ({ buffer, length }: Int32Array): Uint32Array => new Uint32Array(buffer, 0, length);
const mapOf = (keys: Float64Array, values: Float64Array): Map<number, number> => new Map(Array.from(keys, (key, at) => [key, values[at]!]));

/** Fibonacci hashing: neighbouring buckets come to lie apart. */
const placeOf = (record: number): number => Math.imul(record, 0x9e3779b1) >>> 7;
