import { Buffer } from 'node:buffer';
import { HOUR_MS, POPULATION_LAG_HOURS } from '@wary/detect/engine-limits.js';
import type { Engine } from '@wary/detect/engine.js';
import type { Forwarded } from '@wary/model/correlated-event.js';
import type { Event } from '@wary/model/event.js';
import type { Finding } from '@wary/model/finding.js';
import { offsetOf, seqOf } from '@wary/model/topics.js';
import type { Clock } from '@wary/ports/clock.port.js';
import type { SourceMessage } from '@wary/ports/event-source.port.js';
import type { PathMetrics } from '../path/path-metrics.js';
import { findingRuns } from '../path/past-findings.js';
import { decodeEvent, RecordError } from './event-record.js';
import type { HoursLog, HoursReader } from './hours-log.js';
import type { MatchRecord } from './match-record.js';
import type { PartitionWork, WorkerControl, WorkSnapshot } from './partition-workers.js';

export interface DetectWorkParts {
  readonly engine: Engine;
  readonly partition: number;
  readonly control: WorkerControl;
  readonly hours: HoursLog;
  /** Resolves when these are durable in their topic. Rejects when they may not be: they are given again. */
  readonly emit: (findings: readonly Finding[], past: boolean) => Promise<void>;
  /** What correlations need of this partition; the same. */
  readonly pass: (records: readonly MatchRecord[]) => Promise<void>;
  /** Of every partition of the log: offsets of the first message that is kept, and behind the last one, now. */
  readonly bounds: () => Promise<ReadonlyArray<{ readonly low: number; readonly high: number }>>;
  /** The partition's state has to be read anew and its messages again. */
  readonly restart: () => void;
  readonly clock: Clock;
  readonly metrics: PathMetrics;
  readonly onTrouble: (what: string, error: unknown) => void;
  /** A message that is no event: whoever stores the log keeps it as a dead letter. */
  readonly onUnreadable: (message: SourceMessage, reason: string) => void;
  /** The engine is used no more. */
  readonly onEnd: () => void;
}

/** Of what a snapshot holds around the engine's own, versioned bytes: where to go on in the log of hours and in the log of record, 8 bytes each. */
export const DETECT_SNAPSHOT_VERSION = 3;
const HEAD_BYTES = 16;
/** How far tenants have come here is told so often: their days are closed by it. */
const FRONTIER_MS = 5_000;
/** What correlations hold back waits for this. */
const CLAIM_MS = 500;
/**
 * Messages read beyond the first one that waits for an hour, at the most. After a restart they are read again, and those that are scored
 * are told by their ids, of which the engine remembers twice as many.
 */
const AHEAD_MESSAGES_MAX = 16_384;

/**
 * Detection in one partition of the log of record. A tenant whose next event is of an hour that not all partitions have come to waits, and
 * the others go on; which hours those are is read in the log of hours. Where a tenant has come to an hour elsewhere, this partition follows
 * when it has read everything that lay here by then.
 */
export class DetectWork implements PartitionWork, HoursReader {
  readonly partition: number;
  readonly engine: Engine;
  /** Events of tenants that wait for an hour. */
  private readonly held = new Map<string, Event[]>();
  /** The latest hour that some other partition wants a tenant to come to. */
  private readonly wanted = new Map<string, number>();
  /** What is followed once everything before `high` is read. */
  private goal: { readonly high: number; readonly wanted: ReadonlyMap<string, number> } | null = null;
  private mustRetry = false;
  private mustFollow = true;
  /** Offset behind the last message read. */
  private read = 0;
  private frontierAt = Number.NEGATIVE_INFINITY;
  /** What may be said once everything before `high` is read here; and what was said last. */
  private claim: { readonly read: readonly number[]; readonly high: number } | null = null;
  private claimed: readonly number[] = [];
  private claimedAt = Number.NEGATIVE_INFINITY;
  /** Where the state could not be read, as after an upgrade: up to here everything was judged before. */
  private judgedSeq = 0;

  constructor(private readonly parts: DetectWorkParts) {
    this.partition = parts.partition;
    this.engine = parts.engine;
  }

  /** Offset behind the last message read, and of each tenant the newest hour of which something came here that not all partitions know. */
  get heard(): { readonly read: number; readonly hours: ReadonlyArray<readonly [tenant: string, hour: number]> } {
    const waiting = [...this.held].map(([tenant, events]): [string, number] => [tenant, Math.floor(Math.max(...events.map(({ time }) => time)) / HOUR_MS)]);
    return { read: this.read, hours: [...this.engine.lastHeard(), ...waiting] };
  }

  /** For what other partitions have learned in an hour. */
  get waiting(): boolean { return this.held.size > 0; }

  async restore(snapshot: Uint8Array | null, judgedSeq: number): Promise<number> {
    const { engine, parts: { hours, control } } = this;
    let from = 0;
    // Where the state is of another version, everything is judged again; what comes after one that can be read is news.
    this.judgedSeq = judgedSeq;
    if (snapshot !== null && engine.restore(snapshot.subarray(HEAD_BYTES))) {
      const head = Buffer.from(snapshot.buffer, snapshot.byteOffset, HEAD_BYTES);
      from = Number(head.readBigUInt64LE());
      this.read = Number(head.readBigUInt64LE(8));
      this.judgedSeq = 0;
      // The hours that the state has heard of are not offered again.
      for (const [tenant, hour] of engine.wantedElsewhere()) this.wanted.set(tenant, hour);
    }
    await control.untilDone('the log of hours could not be read', () => hours.follow(this, from));
    return this.read;
  }

  offer(closed: Parameters<HoursReader['offer']>[0]): void {
    const { control, restart } = this.parts;
    const offered = this.engine.offerClosed(closed);
    if (control.ended) return;
    // Another process had this partition meanwhile and was first to close the hour: what it said holds.
    if (offered === 'conflict') { restart(); return; }
    const hour = closed.hour + POPULATION_LAG_HOURS;
    if (closed.partition !== this.partition && hour > (this.wanted.get(closed.tenant) ?? Number.NEGATIVE_INFINITY)) this.wanted.set(closed.tenant, hour);
    this.mustRetry = true;
    this.mustFollow = true;
    control.kick();
  }

  async work(messages: readonly SourceMessage[]): Promise<boolean> {
    const { control } = this.parts;
    if (!(await this.retry())) return false;
    const events = this.decode(messages);
    for (let from = 0; from < events.length;) {
      const { tenant } = events[from]!;
      let to = from + 1;
      while (to < events.length && events[to]!.tenant === tenant) to += 1;
      const run = events.slice(from, to);
      const held = this.held.get(tenant);
      if (held === undefined) await this.score(tenant, run);
      else held.push(...run);
      if (control.ended) return false;
      from = to;
    }
    this.read = messages.at(-1)!.offset + 1;
    if (!(await this.follow()) || !(await this.tellProgress())) return false;
    await this.tellFrontiers();
    return this.notTooFarAhead();
  }

  /** Offset behind which nothing is done yet. */
  position(): number {
    let first = this.read;
    for (const events of this.held.values()) first = Math.min(first, offsetOf(events[0]!.seq));
    return first;
  }

  private decode(messages: readonly SourceMessage[]): Event[] {
    const events: Event[] = [];
    for (const message of messages) {
      try {
        events.push(decodeEvent(this.partition, message));
      } catch (error) {
        if (!(error instanceof RecordError)) throw error;
        this.parts.onUnreadable(message, error.message);
      }
    }
    return events;
  }

  /** Scores one tenant's events, in order, and holds those for which it has to wait. */
  private async score(tenant: string, events: readonly Event[]): Promise<void> {
    const { findings, forwarded, next, blocked } = this.engine.scorePart(events, 0);
    if (blocked !== null) this.held.set(tenant, events.slice(next));
    await this.publish(findings, forwarded);
    const { clock, metrics } = this.parts;
    if (next > 0) metrics.scored(next, Math.max(0, clock.now() - events[next - 1]!.receivedAt));
  }

  /** What waits for an hour that may be known by now. */
  private async retry(): Promise<boolean> {
    if (!this.mustRetry) return true;
    this.mustRetry = false;
    // As it stands: what has to wait again is put in anew.
    const waiting = [...this.held];
    for (const [tenant, events] of waiting) {
      this.held.delete(tenant);
      await this.score(tenant, events);
      if (this.parts.control.ended) return false;
      // What it was wanted for elsewhere while it waited here was passed over.
      if (!this.held.has(tenant)) this.mustFollow = true;
    }
    return true;
  }

  /** Goes to the hours that tenants have come to elsewhere, when everything is read that lay here when that was heard. */
  private async follow(): Promise<boolean> {
    const { engine, parts: { control } } = this;
    if (this.goal === null) {
      if (!this.mustFollow) return true;
      this.mustFollow = false;
      const behind = [...this.wanted].filter(([tenant, hour]) => hour > engine.hourOf(tenant));
      if (behind.length === 0) return true;
      const bounds = await control.untilDone('the ends of the partitions could not be asked for', () => this.parts.bounds());
      if (bounds === undefined) return false;
      this.goal = { high: bounds[this.partition]!.high <= bounds[this.partition]!.low ? 0 : bounds[this.partition]!.high, wanted: new Map(behind) };
    }
    if (this.read < this.goal.high) return true;
    const { wanted } = this.goal;
    this.goal = null;
    for (const [tenant, hour] of wanted) {
      // One that waits here follows its own events.
      if (this.held.has(tenant)) continue;
      const { findings } = engine.reach(tenant, hour);
      await this.publish(findings, []);
      if (control.ended) return false;
    }
    return true;
  }

  /** Holds the door while too much is read beyond what waits. */
  private async notTooFarAhead(): Promise<boolean> {
    const { control, hours } = this.parts;
    while (this.read - this.position() >= AHEAD_MESSAGES_MAX) {
      const since = hours.changes;
      if (!(await this.retry()) || !(await this.follow())) return false;
      if (this.read - this.position() < AHEAD_MESSAGES_MAX) break;
      await hours.changed(since);
      if (control.ended || control.stopping) return false;
    }
    return true;
  }

  async rest(): Promise<boolean> {
    if (!(await this.retry()) || !(await this.follow()) || !(await this.tellProgress())) return true;
    await this.tellFrontiers();
    return false;
  }

  /**
   * Now and then it is noted where all partitions are, and then what lies here by that time; once that is read, the correlations hear that
   * nothing that others pass on up to there has to wait for this partition. Not said again while nothing comes in anywhere.
   */
  private async tellProgress(): Promise<boolean> {
    const { parts: { control, bounds, clock, onTrouble } } = this;
    if (this.claim === null) {
      const now = clock.now();
      if (now - this.claimedAt < CLAIM_MS && now >= this.claimedAt) return true;
      this.claimedAt = now;
      try {
        const all = await bounds();
        const { low, high } = (await bounds())[this.partition]!;
        this.claim = { read: all.map(({ high: behind }, other) => (behind === 0 ? 0 : seqOf(other, behind - 1))), high: high <= low ? 0 : high };
      } catch (error) {
        onTrouble('the ends of the partitions could not be asked for', error);
        return !control.ended;
      }
    }
    if (this.held.size > 0 || this.read < this.claim.high) return true;
    const { read } = this.claim;
    this.claim = null;
    if (read.some((seq, other) => seq !== this.claimed[other])) {
      this.claimed = read;
      await this.pass([{ caughtUp: this.partition, read }]);
    }
    return !control.ended;
  }

  private async tellFrontiers(): Promise<void> {
    const now = this.parts.clock.now();
    if (now - this.frontierAt < FRONTIER_MS && now >= this.frontierAt) return;
    this.frontierAt = now;
    await this.pass(this.engine.frontiers().map((frontier) => ({ frontier })));
  }

  private async pass(records: readonly MatchRecord[]): Promise<void> {
    if (records.length > 0) await this.parts.control.untilDone('what correlations need could not be published', () => this.parts.pass(records));
  }

  /** In this order: what was found, what correlations need of it, and the hours that are closed with it. */
  private async publish(findings: readonly Finding[], forwarded: readonly Forwarded[]): Promise<void> {
    const { engine, partition, parts: { control, emit, hours, clock, metrics } } = this;
    for (const finding of findings) metrics.found(finding);
    for (const { past, part } of findingRuns(findings, this.judgedSeq, clock.now())) {
      const told = past ? part.map((finding) => ({ ...finding, historical: true })) : part;
      await control.untilDone('findings could not be published', () => emit(told, past));
    }
    await this.pass(forwarded.map(({ event, rules }) => ({ record: { partition, seq: event.seq, event, rules }, again: event.seq <= this.judgedSeq })));
    const closed = engine.closedHours();
    if (closed.length > 0) await control.untilDone('closed hours could not be published', () => hours.publish(closed));
  }

  snapshot(): WorkSnapshot {
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeBigUInt64LE(BigInt(this.parts.hours.position));
    head.writeBigUInt64LE(BigInt(this.position()), 8);
    // Up to here everything is judged, whatever waits for an hour behind it.
    const position = this.position();
    const snapshot = this.engine.snapshot();
    return {
      seq: position === 0 ? 0 : seqOf(this.partition, position - 1),
      step: (entitiesMax) => snapshot.step(entitiesMax), parts: () => [head, ...snapshot.parts()], abandon: () => { snapshot.abandon(); },
    };
  }

  end(): void {
    this.parts.hours.leave(this);
    this.parts.onEnd();
  }
}
