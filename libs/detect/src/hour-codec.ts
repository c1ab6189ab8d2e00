import { SHARDS } from '@wary/model/shard.js';
import { emptyCell, POOLED_BEHAVIOURS, type PoolCell } from './campaign/pool-cells.js';
import { bucketOfRecord, HourLog, nodeOfRecord, recordOf, slotOfRecord } from './hour-log.js';
import { PROFILE_VOLUME_LABELS, PROFILE_WEEK_CELLS, type BehaviourProfile } from './peers/behaviour-profile.js';
import { TEST_KINDS } from './level-ledger.js';
import { VALUE_CELLS } from './population-node.js';

/** Raised when what is published changes; partitions of another version wait for each other in vain, and say so. */
export const HOUR_CODEC_VERSION = 5;

/** A node as everybody calls it: an index is known to one process only. */
export interface NodeName { readonly kind: number; readonly group: string }

/**
 * An hour's log as bytes: names of nodes once, then sorted differences as variable-length whole numbers (LEB128). The same content gives
 * the same bytes, whatever the order in which it came; an hour without anything is four bytes.
 */
export function encodeHour(log: HourLog, nameOf: (index: number) => NodeName): Uint8Array {
  const out = new Writer();
  const nodes = [...log.nodes()].map((index) => ({ index, ...nameOf(index) })).sort((a, b) => a.kind - b.kind || (a.group < b.group ? -1 : 1));
  const rankOf = new Map(nodes.map(({ index }, rank) => [index, rank]));

  out.whole(HOUR_CODEC_VERSION);
  out.whole(log.first === Number.POSITIVE_INFINITY ? 0 : 1 + zigzag(log.first));
  out.whole(log.overflow);
  out.whole(nodes.length);
  if (log.isEmpty) return out.bytes();
  for (const { kind, group } of nodes) { out.whole(kind); out.text(group); }

  const counts: [number, number][] = [];
  log.each((record, count) => counts.push([recordOf(rankOf.get(nodeOfRecord(record))!, slotOfRecord(record), bucketOfRecord(record)), count]));
  out.sorted(counts, (count) => { out.whole(count); });
  out.whole(log.acts.size);
  for (const [rank, acts] of byRank(log.acts, rankOf)) {
    out.whole(rank);
    out.sorted([...acts], ({ days, sum, squares }) => { out.whole(days); out.whole(sum); out.whole(squares); });
  }
  out.whole(log.adoptions.size);
  for (const [rank, values] of byRank(log.adoptions, rankOf)) {
    out.whole(rank);
    out.sorted([...values], (adopters) => { out.whole(adopters); });
  }
  out.whole(log.orders.size);
  for (const [rank, keys] of byRank(log.orders, rankOf)) {
    out.whole(rank);
    out.sorted([...keys], (count) => { out.whole(count); });
  }
  out.sorted([...log.largest].map(([key, value]): [number, number] => [rankOf.get(Math.floor(key / VALUE_CELLS))! * VALUE_CELLS + (key % VALUE_CELLS), value]), (value) => { out.double(value); });
  out.whole(log.tests.size);
  for (const [day, units] of [...log.tests].sort(([a], [b]) => a - b)) {
    out.whole(zigzag(day));
    out.sorted(filled(units), (count) => { out.whole(count); });
  }
  out.sorted(filled(log.watch), (count) => { out.whole(count); });
  out.whole(log.drift.size);
  for (const [subject, streams] of byName(log.drift)) {
    out.text(subject);
    out.whole(streams.size);
    for (const [stream, { n, sum, squares }] of byName(streams)) { out.text(stream); out.whole(n); out.whole(zigzag(sum)); out.whole(squares); }
  }
  const profiles = log.profiles.list();
  out.whole(profiles.length);
  for (const profile of profiles) writeProfile(profile, out);
  out.sorted(log.pools.list(), (cell) => { writePool(cell, out); });
  return out.bytes();
}

/** `null` when the bytes are of another version. `indexOf` gives the index a node has here. */
export function decodeHour(bytes: Uint8Array, indexOf: (name: NodeName) => number, recordsPerShardMax: number): HourLog | null {
  const from = new Reader(bytes);
  if (from.whole() !== HOUR_CODEC_VERSION) return null;
  const log = new HourLog(recordsPerShardMax);
  const first = from.whole();
  if (first > 0) log.first = unzigzag(first - 1);
  log.overflow = from.whole();
  const nodes = Array.from({ length: from.whole() }, () => indexOf({ kind: from.whole(), group: from.text() }));
  if (from.isAtEnd) return log;
  from.sorted((record) => { log.put(recordOf(nodes[nodeOfRecord(record)]!, slotOfRecord(record), bucketOfRecord(record)), from.whole()); });
  for (let left = from.whole(); left > 0; left -= 1) {
    const node = nodes[from.whole()]!;
    from.sorted((act) => { log.putAct(node, act, from.whole(), from.whole(), from.whole()); });
  }
  for (let left = from.whole(); left > 0; left -= 1) {
    const node = nodes[from.whole()]!;
    from.sorted((key) => { log.adopt(node, Math.floor(key / 2 ** 32), key % 2 ** 32, from.whole()); });
  }
  for (let left = from.whole(); left > 0; left -= 1) {
    const node = nodes[from.whole()]!;
    from.sorted((key) => { log.putOrder(node, key, from.whole()); });
  }
  from.sorted((key) => { log.enlarge(nodes[Math.floor(key / VALUE_CELLS)]!, key % VALUE_CELLS, from.double()); });
  for (let left = from.whole(); left > 0; left -= 1) {
    const day = unzigzag(from.whole());
    const units = new Int32Array(SHARDS * TEST_KINDS);
    from.sorted((cell) => { units[cell] = from.whole(); });
    log.tests.set(day, units);
  }
  from.sorted((cell) => { log.watch[cell] = from.whole(); });
  for (let left = from.whole(); left > 0; left -= 1) {
    const subject = from.text();
    log.drift.set(subject, new Map(Array.from({ length: from.whole() }, () => [from.text(), { n: from.whole(), sum: unzigzag(from.whole()), squares: from.whole() }])));
  }
  for (let left = from.whole(); left > 0; left -= 1) log.profiles.add(readProfile(from));
  from.sorted((key) => { log.pools.add(key, readPool(from)); });
  return log;
}

function writePool({ name, n, flagged, members }: PoolCell, out: Writer): void {
  out.text(name);
  out.whole(n);
  for (let behaviour = 0; behaviour < POOLED_BEHAVIOURS; behaviour += 1) {
    out.whole(flagged[behaviour]!);
    const of = [...members[behaviour]!].sort(([a], [b]) => (a < b ? -1 : 1));
    out.whole(of.length);
    for (const [member, event] of of) { out.text(member); out.text(event); }
  }
}

function readPool(from: Reader): PoolCell {
  const cell = emptyCell(from.text());
  cell.n = from.whole();
  for (let behaviour = 0; behaviour < POOLED_BEHAVIOURS; behaviour += 1) {
    cell.flagged[behaviour] = from.whole();
    for (let left = from.whole(); left > 0; left -= 1) cell.members[behaviour]!.set(from.text(), from.text());
  }
  return cell;
}

function writeProfile({ kind, id, day, keys, weights, week, volumes }: BehaviourProfile, out: Writer): void {
  out.whole(kind);
  out.text(id);
  out.whole(zigzag(day));
  out.sorted(Array.from(keys, (key, at): [number, number] => [key, weights[at]!]), (weight) => { out.whole(weight); });
  for (const share of week) out.whole(share);
  for (const volume of volumes) out.whole(zigzag(volume));
}

function readProfile(from: Reader): BehaviourProfile {
  const [kind, id, day] = [from.whole(), from.text(), unzigzag(from.whole())];
  const features: [number, number][] = [];
  from.sorted((key) => { features.push([key, from.whole()]); });
  return {
    kind, id, day, keys: Float64Array.from(features, ([key]) => key), weights: Uint8Array.from(features, ([, weight]) => weight),
    week: Uint8Array.from({ length: PROFILE_WEEK_CELLS }, () => from.whole()), volumes: Int32Array.from({ length: PROFILE_VOLUME_LABELS.length }, () => unzigzag(from.whole())),
  };
}

const filled = (counts: Int32Array): [number, number][] => [...counts].flatMap((count, cell): [number, number][] => (count === 0 ? [] : [[cell, count]]));

function byRank<T>(ofNode: ReadonlyMap<number, T>, rankOf: ReadonlyMap<number, number>): [number, T][] {
  return [...ofNode].map(([index, value]): [number, T] => [rankOf.get(index)!, value]).sort(([a], [b]) => a - b);
}

const byName = <T>(of: ReadonlyMap<string, T>): [string, T][] => [...of].sort(([a], [b]) => (a < b ? -1 : 1));

const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
const unzigzag = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);

class Writer {
  private buffer = new Uint8Array(64);
  private view = new DataView(this.buffer.buffer);
  private at = 0;

  private room(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(this.buffer.length * 2, this.at + bytes));
    larger.set(this.buffer);
    this.buffer = larger;
    this.view = new DataView(larger.buffer);
  }

  /** From 0 to 2⁵³ − 1. */
  whole(value: number): void {
    this.room(8);
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.buffer[this.at++] = (rest % 128) | 128;
    this.buffer[this.at++] = rest;
  }

  double(value: number): void {
    this.room(8);
    this.view.setFloat64(this.at, value, true);
    this.at += 8;
  }

  text(value: string): void {
    const bytes = new TextEncoder().encode(value);
    this.whole(bytes.length);
    this.room(bytes.length);
    this.buffer.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** How many, then each with the difference of its key to the one before. */
  sorted<T>(entries: [number, T][], write: (value: T) => void): void {
    this.whole(entries.length);
    let before = 0;
    for (const [key, value] of entries.sort(([a], [b]) => a - b)) {
      this.whole(key - before);
      write(value);
      before = key;
    }
  }

  bytes(): Uint8Array {
    return this.buffer.slice(0, this.at);
  }
}

class Reader {
  private readonly view: DataView;
  private at = 0;

  constructor(private readonly buffer: Uint8Array) {
    this.view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  }

  get isAtEnd(): boolean {
    return this.at >= this.buffer.length;
  }

  whole(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.buffer[this.at++];
      if (byte === undefined) throw new RangeError('a published hour is cut short');
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  double(): number {
    this.at += 8;
    return this.view.getFloat64(this.at - 8, true);
  }

  text(): string {
    const length = this.whole();
    this.at += length;
    return new TextDecoder().decode(this.buffer.subarray(this.at - length, this.at));
  }

  sorted(read: (key: number) => void): void {
    let key = 0;
    for (let left = this.whole(); left > 0; left -= 1) {
      key += this.whole();
      read(key);
    }
  }
}
