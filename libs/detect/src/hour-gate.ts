import { EVENT_FLAG, hasFlag, type Event } from '@wary/model/event.js';
import type { Blocked, ClosedHour, Offered, Partition } from './closed-hour.js';
import { HOUR_MS, POPULATION_LAG_HOURS } from './engine-limits.js';
import type { Frontier } from './forwarded-record.js';
import { HOUR_CODEC_VERSION } from './hour-codec.js';
import type { HourLog } from './hour-log.js';
import type { Population } from './population.js';

interface Recorded { readonly hour: number; readonly seq: number }
interface GateState { wanted: number; closedTo: number; seq: number; heard: Float64Array; unheard: ClosedHour[]; recorded: Recorded[]; diverged: number; time: number; historyTime: number }

/**
 * Which hours of a tenant a partition may enter. It enters hour h when the hours up to h − 2 of all partitions are known as they were
 * published, its own too: so all fold the same, whoever wrote it. It closes its own as soon as it wants h, which waits for nobody;
 * that is why partitions that want to go on never wait for each other in a ring.
 */
export class HourGate {
  /** The hour that events, or other partitions, want this one to come to. */
  wanted = Number.NEGATIVE_INFINITY;
  /** The tenant's last sequence scored here. */
  seq = 0;
  /** Hours of which the log says otherwise than this engine would have. */
  diverged = 0;
  isInConflict = false;
  /** Time of the newest events scored, of the present and of history; and what was said of them. */
  private time = Number.NEGATIVE_INFINITY;
  private historyTime = Number.NEGATIVE_INFINITY;
  private told: Frontier | null = null;
  private closedTo = Number.NEGATIVE_INFINITY;
  /** Of each partition the latest hour that is known as published. */
  private heard: Float64Array;
  /** Own hours that have not come back from the log yet; and how many of them were given out. */
  private unheard: ClosedHour[] = [];
  private given = 0;
  /** Up to here a snapshot had closed own hours. */
  private restoredTo = Number.NEGATIVE_INFINITY;
  /** Own hours that the log knows and this engine, after a restart, has yet to come to. */
  private recorded: Recorded[] = [];

  constructor(private readonly tenant: string, private readonly partition: Partition, private readonly population: Population) {
    this.heard = new Float64Array(partition.count).fill(Number.NEGATIVE_INFINITY);
  }

  want(hour: number): void {
    if (hour > this.wanted) this.wanted = hour;
  }

  /** In a replay: the clock was brought on before this sequence by another partition, so it has to be again. */
  wantRecorded(beforeSeq: number): void {
    while (this.recorded.length > 0 && this.recorded[0]!.seq < beforeSeq) this.want(this.recorded.shift()!.hour + POPULATION_LAG_HOURS);
  }

  /** True when a replay has not come as far as the log says this partition has been; then nothing but its events may bring the clock on. */
  isReplaying(lastSeq: number): boolean {
    return this.recorded.length > 0 && this.recorded[0]!.seq > lastSeq;
  }

  /** Closes own hours up to the wanted one less two. `nextIdle`: the next hour at which something may be added without an event. */
  close(nextIdle: number): void {
    const upTo = Math.min(this.wanted, nextIdle) - POPULATION_LAG_HOURS;
    if (upTo <= this.closedTo) return;
    const logs = this.population.close(upTo);
    for (const [hour, log] of logs) this.publish(hour, log);
    if (logs.length === 0 || logs.at(-1)![0] < upTo) this.publish(upTo, null);
    this.closedTo = upTo;
  }

  private publish(hour: number, log: HourLog | null): void {
    const own = this.partition.index;
    const bytes = log === null ? EMPTY_HOUR : this.population.encode(log);
    // What the log has of this hour counts: an engine before this one has told it.
    if (hour <= this.heard[own]!) {
      if (log !== null && !isSame(bytes, this.population.published(hour, own) ?? EMPTY_HOUR)) this.diverged += 1;
      return;
    }
    this.unheard.push({ tenant: this.tenant, hour, partition: own, seq: this.seq, bytes });
  }

  /** What is to be published, each once in the life of this object. */
  take(): ClosedHour[] {
    const hours = this.unheard.slice(this.given);
    this.given = this.unheard.length;
    return hours;
  }

  offer(closed: ClosedHour): Offered {
    const { hour, partition, seq, bytes } = closed;
    if (hour <= this.heard[partition]!) return 'known';
    if (partition === this.partition.index) {
      this.giveUpRestored(closed);
      if (hour > this.restoredTo && hour <= this.closedTo && !this.isMine(closed)) { this.isInConflict = true; return 'conflict'; }
      if (hour > this.closedTo) this.recorded.push({ hour, seq });
    }
    this.heard[partition] = hour;
    if (!isEmptyHour(bytes)) this.population.put(hour, partition, bytes);
    return 'taken';
  }

  /** What a snapshot had closed and the log knows otherwise: to restore it again would not help. What was published counts. */
  private giveUpRestored({ hour, bytes }: ClosedHour): void {
    while (this.unheard.length > 0 && this.unheard[0]!.hour <= Math.min(hour, this.restoredTo)) {
      const own = this.unheard.shift()!;
      this.given = Math.max(0, this.given - 1);
      if (!isSame(own.bytes, own.hour === hour ? bytes : EMPTY_HOUR)) this.diverged += 1;
    }
  }

  /** Whether the log's record of an hour closed here, and what it leaves out before, is what was closed here. */
  private isMine({ hour, bytes }: ClosedHour): boolean {
    let same = isEmptyHour(bytes);
    let passed = 0;
    for (const own of this.unheard) {
      if (own.hour > hour) break;
      passed += 1;
      if (own.hour === hour) same = isSame(own.bytes, bytes);
      else if (!isEmptyHour(own.bytes)) return false;
    }
    if (!same) return false;
    this.unheard.splice(0, passed);
    this.given = Math.max(0, this.given - passed);
    return true;
  }

  /** An event was scored, or passed over. */
  passed(event: Event): void {
    this.seq = event.seq;
    if (hasFlag(event, EVENT_FLAG.future)) return;
    if (hasFlag(event, EVENT_FLAG.historical)) { if (event.time > this.historyTime) this.historyTime = event.time; }
    else if (event.time > this.time) this.time = event.time;
  }

  /** How far this partition has come, when that is further than was said. Its next events are of the tenant's hour, or of the one before. */
  frontier(seq: number): Frontier | null {
    const reachedTime = (this.population.current - 1) * HOUR_MS;
    if (!Number.isFinite(reachedTime)) return null;
    const [time, historyTime] = [finite(this.time), finite(this.historyTime)];
    if (this.told?.time === time && this.told.historyTime === historyTime && this.told.reachedTime === reachedTime) return null;
    this.told = { tenant: this.tenant, partition: this.partition.index, seq, time, historyTime, reachedTime };
    return this.told;
  }

  /** The latest hour that may be entered, as far as the hours of all partitions are known. */
  get openTo(): number {
    if (this.isInConflict) return Number.NEGATIVE_INFINITY;
    let least = Number.POSITIVE_INFINITY;
    for (const hour of this.heard) if (hour < least) least = hour;
    return least + POPULATION_LAG_HOURS;
  }

  /** The hour that some other partition wants to come to. */
  get othersWant(): number {
    let most = Number.NEGATIVE_INFINITY;
    for (let partition = 0; partition < this.heard.length; partition += 1) if (partition !== this.partition.index && this.heard[partition]! > most) most = this.heard[partition]!;
    return most + POPULATION_LAG_HOURS;
  }

  get blocked(): Blocked {
    return { tenant: this.tenant, hour: this.wanted };
  }

  dump(): unknown {
    return { wanted: this.wanted, closedTo: this.closedTo, seq: this.seq, heard: this.heard, unheard: this.unheard, recorded: this.recorded, diverged: this.diverged, time: this.time, historyTime: this.historyTime };
  }

  /** What was given out before the snapshot and has not come back is given out again. */
  load(state: unknown): void {
    const from = state as GateState;
    Object.assign(this, { wanted: from.wanted, closedTo: from.closedTo, seq: from.seq, heard: from.heard, unheard: from.unheard, recorded: from.recorded, diverged: from.diverged, time: from.time, historyTime: from.historyTime, given: 0, told: null, restoredTo: from.closedTo });
  }
}

/** An hour without anything, in the version of this code. */
export const EMPTY_HOUR: Uint8Array = Uint8Array.of(HOUR_CODEC_VERSION, 0, 0, 0);
const finite = (time: number): number | null => (Number.isFinite(time) ? time : null);
const isEmptyHour = (bytes: Uint8Array): boolean => isSame(bytes, EMPTY_HOUR);
const isSame = (one: Uint8Array, other: Uint8Array): boolean => one.length === other.length && one.every((byte, at) => byte === other[at]);
