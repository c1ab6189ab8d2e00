import type { Engine, EngineSnapshot } from '@wary/detect/engine.js';
import type { Event } from '@wary/model/event.js';
import type { Finding } from '@wary/model/finding.js';
import type { Clock } from '@wary/ports/clock.port.js';
import type { EventStore } from '@wary/ports/event-store.port.js';
import type { FindingStore } from '@wary/ports/finding-store.port.js';
import type { StateStore } from '@wary/ports/state-store.port.js';
import type { Workflow } from '@wary/ports/workflow.port.js';
import { findingRuns } from './past-findings.js';
import type { PathMetrics } from './path-metrics.js';
import { writeSnapshot } from './write-snapshot.js';

export interface ScoreLaneParts {
  readonly engine: Engine;
  readonly events: EventStore;
  readonly findings: FindingStore;
  readonly workflow: Workflow;
  readonly snapshots: StateStore;
  readonly clock: Clock;
  readonly metrics: PathMetrics;
  /** Called after alerts may have changed: the relay numbers and publishes them. */
  readonly onApplied: () => void;
  readonly onTrouble: (what: string, error: unknown) => void;
  /** A bug: the engine threw. Nothing more is scored; what is stored is scored by the next start. */
  readonly onFatal: (error: unknown) => void;
}

interface BegunSnapshot { readonly snapshot: EngineSnapshot; readonly takenAt: number; readonly pauseMs: number }

/** The name of the embedded engine's snapshot. */
export const SNAPSHOT_NAME = 'engine';
/** Version of what a snapshot holds around the engine's own, versioned bytes. */
const SNAPSHOT_VERSION = 1;
const EVENTS_PER_TURN = 200;
/** Stored and not yet scored; more, and the store lane waits. */
const BACKLOG_EVENTS_MAX = 100_000;
const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 10_000;
const REPLAY_CHUNK_ROWS = 5_000;
/** Silences that are known to have been told; once more changes nothing. */
const TOLD_SILENCES_MAX = 10_000;

/**
 * Scores stored events in the order of their sequence, keeps the findings, and makes alerts of them. A failing store is retried for ever:
 * the engine has moved on, so its findings must arrive. After a crash the events behind the last snapshot are scored again;
 * findings and alerts have deterministic ids, so doing it twice is doing it once.
 */
export class ScoreLane {
  private tail: Promise<void> = Promise.resolve();
  private saving: Promise<void> = Promise.resolve();
  private backlog = 0;
  private waiters: Array<() => void> = [];
  private stopped = false;
  private recovered = false;
  private readonly toldSilences = new Set<string>();
  /** While events are scored again: up to where they had been scored before. */
  private judgedSeq = 0;

  constructor(private readonly parts: ScoreLaneParts) {}

  get pending(): number { return this.backlog; }

  /**
   * Restores the latest snapshot and scores what was stored after it. Gives how many events that were. Where there is none that can be read
   * (another version, after an upgrade), everything is scored again; what was scored before and is over may then teach, and notifies nobody.
   */
  async recover(onProgress: (scored: number) => void = () => {}): Promise<number> {
    const { engine, events, snapshots } = this.parts;
    const snapshot = await snapshots.latestSnapshot(SNAPSHOT_NAME, (detail) => { this.parts.onTrouble('a snapshot is damaged and was skipped', new Error(detail)); });
    // A snapshot of another version is left aside: history teaches the engine again.
    if (snapshot !== null && snapshot.version === SNAPSHOT_VERSION) engine.restore(snapshot.bytes);
    // Of any version: what is behind it was judged then. What came after it may never have been, however long ago that is, and is news.
    this.judgedSeq = snapshot === null ? Number.POSITIVE_INFINITY : snapshot.seq;
    let scored = 0;
    for await (const chunk of events.readAfter(engine.lastSeq, REPLAY_CHUNK_ROWS)) {
      await this.scoreAndApply(chunk);
      scored += chunk.length;
      onProgress(scored);
    }
    this.recovered = true;
    this.judgedSeq = 0;
    return scored;
  }

  push(events: readonly Event[]): void {
    this.backlog += events.length;
    const storedAt = this.parts.clock.now();
    this.tail = this.tail.then(async () => {
      try {
        if (!this.stopped) await this.scoreAndApply(events);
      } catch (error) {
        this.stopped = true;
        this.parts.onFatal(error);
      }
      this.backlog -= events.length;
      this.parts.metrics.scored(events.length, this.parts.clock.now() - storedAt);
      if (this.backlog < BACKLOG_EVENTS_MAX) for (const wake of this.waiters.splice(0)) wake();
    });
  }

  /** Resolves when there is room for more. */
  async room(): Promise<void> {
    while (this.backlog >= BACKLOG_EVENTS_MAX) await new Promise<void>((resolve) => { this.waiters.push(resolve); });
  }

  /**
   * Saves the engine's state as it is between two batches, when everything it has seen is applied. It is written out while the lane goes on;
   * one after the other, so that the one that is newer is saved later.
   */
  snapshot(): Promise<void> {
    const done = this.saving.then(async () => {
      let begun: BegunSnapshot | null = null;
      const begin = this.tail.then(() => { begun = this.beginSnapshot(); });
      this.tail = begin.catch(() => {});
      await begin;
      if (begun !== null) await this.saveSnapshot(begun);
    });
    this.saving = done.catch((error: unknown) => { this.parts.onTrouble('the snapshot could not be saved; the next start scores more of the history again', error); });
    return done;
  }

  /** Null: a state that is not whole must never replace one that is. */
  private beginSnapshot(): BegunSnapshot | null {
    if (!this.recovered || this.stopped) return null;
    const started = performance.now();
    const snapshot = this.parts.engine.snapshot();
    return { snapshot, takenAt: this.parts.clock.now(), pauseMs: performance.now() - started };
  }

  private async saveSnapshot({ snapshot, takenAt, pauseMs: beginMs }: BegunSnapshot): Promise<void> {
    const { snapshots, metrics } = this.parts;
    const { bytes, pauseMs } = await writeSnapshot(snapshot, () => new Promise(setImmediate), () => this.stopped);
    if (bytes === null) return;
    await snapshots.saveSnapshot(SNAPSHOT_NAME, { version: SNAPSHOT_VERSION, seq: snapshot.lastSeq, takenAt, bytes });
    metrics.snapshotted(bytes.reduce((sum, { length }) => sum + length, 0), Math.max(beginMs, pauseMs));
  }

  /** Asks, between two batches, whether nothing comes any more; each silence is told once. `since`: when the service began to take events. */
  lookForSilence(since: number): Promise<void> {
    const done = this.tail.then(async () => {
      if (!this.recovered || this.stopped || this.backlog > 0) return;
      const silences = this.parts.engine.silences(this.parts.clock.now(), since).filter(({ id }) => !this.toldSilences.has(id));
      if (silences.length === 0) return;
      await this.apply(silences);
      if (this.toldSilences.size >= TOLD_SILENCES_MAX) this.toldSilences.clear();
      for (const { id } of silences) this.toldSilences.add(id);
    });
    this.tail = done.catch((error: unknown) => { this.parts.onTrouble('silences could not be told; they are looked for again', error); });
    return this.tail;
  }

  async drain(): Promise<void> {
    await this.tail;
  }

  /** Gives up what is queued: it is stored, and the next start scores it. */
  abandon(): void {
    this.stopped = true;
  }

  private async scoreAndApply(events: readonly Event[]): Promise<void> {
    for (let start = 0; start < events.length; start += EVENTS_PER_TURN) {
      const part = events.length <= EVENTS_PER_TURN ? events : events.slice(start, start + EVENTS_PER_TURN);
      const findings = this.parts.engine.scoreEvents(part);
      if (findings.length > 0) await this.apply(findings);
      if (start + EVENTS_PER_TURN < events.length) await new Promise(setImmediate);
    }
  }

  private async apply(findings: readonly Finding[]): Promise<void> {
    const { metrics, workflow, clock } = this.parts;
    for (const finding of findings) metrics.found(finding);
    for (const { past, part } of findingRuns(findings, this.judgedSeq, clock.now())) {
      const told = past ? await this.asHistory(part) : part;
      await this.untilDone('findings could not be stored', () => this.parts.findings.insertFindings(told));
      await this.untilDone('alerts could not be written', () => workflow.applyFindings(told, clock.now(), { keepAlerts: past }));
    }
    this.parts.onApplied();
  }

  /** What was found before stays as it was found; what is found now about then is history. */
  private async asHistory(findings: readonly Finding[]): Promise<Finding[]> {
    const known = new Map<string, number>();
    for (const tenant of new Set(findings.map((finding) => finding.tenant))) {
      const ids = findings.filter((finding) => finding.tenant === tenant).map(({ id }) => id);
      await this.untilDone('alerts could not be read', async () => { for (const [id, revision] of await this.parts.workflow.appliedRevisions(tenant, ids)) known.set(`${tenant}\0${id}`, revision); });
    }
    return findings.map((finding) => (finding.revision <= (known.get(`${finding.tenant}\0${finding.id}`) ?? -1) ? finding : { ...finding, historical: true }));
  }

  private async untilDone(trouble: string, act: () => Promise<void>): Promise<void> {
    for (let waitMs = RETRY_MS_MIN; !this.stopped; waitMs = Math.min(waitMs * 2, RETRY_MS_MAX)) {
      try {
        await act();
        return;
      } catch (error) {
        this.parts.onTrouble(trouble, error);
        await new Promise((resolve) => { setTimeout(resolve, waitMs); });
      }
    }
  }
}
