import type { Clock } from '@wary/ports/clock.port.js';
import type { SourceMessage } from '@wary/ports/event-source.port.js';
import type { PartitionHandler } from '@wary/ports/partition-source.port.js';
import type { StateStore } from '@wary/ports/state-store.port.js';
import type { Timers } from '@wary/ports/timers.port.js';
import { systemTimers } from '../config/system-timers.js';
import { writeSnapshot } from '../path/write-snapshot.js';

/** What the work of one partition knows of its worker. */
export interface WorkerControl {
  /** The partition is another's now, or the process ends: what is under way stops where it can. */
  readonly ended: boolean;
  readonly stopping: boolean;
  /** Nothing that was read waits. */
  readonly isIdle: boolean;
  /** There may be something to do without messages. */
  kick(): void;
  /** Tries until it is done or the worker has ended (undefined); rejects when the process stops meanwhile. */
  untilDone<T>(trouble: string, act: () => Promise<T>): Promise<T | undefined>;
}

/** A state that is being written out. `step` writes up to so much more; true when `parts` are whole. */
export interface WorkSnapshot {
  readonly seq: number;
  step(entitiesMax: number): boolean;
  parts(): readonly Uint8Array[];
  abandon(): void;
}

/** One partition's state and what is done with its messages. */
export interface PartitionWork {
  /**
   * Takes the latest snapshot, or begins anew. Gives the offset to go on from. May end early when the worker has ended.
   * `judgedSeq`: how far that snapshot was, in whatever version; 0 without one.
   */
  restore(snapshot: Uint8Array | null, judgedSeq: number): Promise<number>;
  /** Works on messages in order; everything that must be durable is when it resolves. False: it stopped on the way. */
  work(messages: readonly SourceMessage[]): Promise<boolean>;
  /** Offset behind the last message whose work is done, with all before it. */
  position(): number;
  /** Called when nothing waits. True: there may be more to do at once. */
  rest(): Promise<boolean>;
  /** The state at this call; it is written out while messages are worked on. */
  snapshot(): WorkSnapshot;
  /** The partition is another's now. */
  end(): void;
}

export interface PartitionWorkersParts {
  /** Names of snapshots. */
  readonly nameOf: (partition: number) => string;
  readonly snapshotVersion: number;
  readonly snapshotMs: number;
  readonly snapshots: StateStore;
  readonly clock: Clock;
  readonly timers?: Timers;
  /** Messages of a partition that wait for their work. */
  readonly onLag: (partition: number, messages: number) => void;
  readonly onSnapshot: (bytes: number, pauseMs: number) => void;
  readonly onTrouble: (what: string, error: unknown) => void;
  /** A bug: the work threw. */
  readonly onFatal: (error: unknown) => void;
}

const MESSAGES_PER_TURN = 200;
/** Messages of a partition that wait; more, and no more are fetched. */
const QUEUE_MESSAGES_MAX = 20_000;
const QUEUE_BYTES_MAX = 32 * 1024 * 1024;
const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 10_000;
const LOOK_MS = 500;

class Worker<W extends PartitionWork> implements WorkerControl {
  readonly queue: SourceMessage[] = [];
  queuedBytes = 0;
  done: number | null = null;
  /** Offset behind the last message that the broker had. */
  end = 0;
  ended = false;
  /** Its state is there, and it may work. */
  restored = false;
  running: Promise<void> | null = null;
  /** It was woken while it ran: what for may have been looked at before. */
  again = false;
  /** A state of it is being saved. */
  saving: Promise<void> | null = null;
  roomWaiters: Array<() => void> = [];
  snapshotAt: number;
  changed = false;
  readonly work: W;

  constructor(readonly partition: number, private readonly owner: PartitionWorkers<W>, open: (partition: number, control: WorkerControl) => W, now: number) {
    this.snapshotAt = now;
    this.work = open(partition, this);
  }

  get stopping(): boolean { return this.owner.stopping; }
  get isIdle(): boolean { return this.queue.length === 0; }
  get isFull(): boolean { return this.queue.length >= QUEUE_MESSAGES_MAX || this.queuedBytes >= QUEUE_BYTES_MAX; }
  kick(): void { this.owner.kick(this); }
  untilDone<T>(trouble: string, act: () => Promise<T>): Promise<T | undefined> { return this.owner.untilDone(trouble, this, act); }
}

/**
 * The partitions that are this process's: each has work with a state of its own, restored from its latest snapshot and led over the
 * messages after it. Where it goes on is what its state says, never what was committed.
 */
export class PartitionWorkers<W extends PartitionWork> implements PartitionHandler {
  private readonly workers = new Map<number, Worker<W>>();
  private readonly ending = new Map<number, Promise<void>>();
  private endTimer = (): void => {};
  private readonly timers: Timers;
  stopping = false;

  constructor(private readonly parts: PartitionWorkersParts, private readonly open: (partition: number, control: WorkerControl) => W) {
    this.timers = parts.timers ?? systemTimers;
  }

  /** The clock looks after what a wake-up that was lost would leave. */
  start(): void {
    this.endTimer = this.timers.every(LOOK_MS, () => { this.kickAll(); });
  }

  get owned(): number[] { return [...this.workers.keys()].sort((a, b) => a - b); }
  /** Messages taken and not done. */
  get pending(): number { return [...this.workers.values()].reduce((sum, { queue }) => sum + queue.length, 0); }
  works(): W[] { return [...this.workers.values()].map(({ work }) => work); }
  workAt(partition: number): W | null { return this.workers.get(partition)?.work ?? null; }

  async assigned(partition: number): Promise<number | null> {
    await this.ending.get(partition);
    const worker = new Worker(partition, this, this.open, this.parts.clock.now());
    this.workers.set(partition, worker);
    let from = 0;
    worker.running = this.restore(worker).then((offset) => { from = offset; }).finally(() => { worker.running = null; });
    await worker.running;
    if (worker.ended) return null;
    this.kick(worker);
    return from;
  }

  private async restore(worker: Worker<W>): Promise<number> {
    const { nameOf, snapshots, snapshotVersion, onTrouble } = this.parts;
    const snapshot = await this.untilDone('the state of a partition could not be read', worker, () => snapshots.latestSnapshot(nameOf(worker.partition), (detail) => { onTrouble('a snapshot is damaged and was skipped', new Error(detail)); }));
    if (worker.ended) return 0;
    const from = await worker.work.restore(snapshot === undefined || snapshot === null || snapshot.version !== snapshotVersion ? null : snapshot.bytes, snapshot?.seq ?? 0);
    if (from > 0) worker.done = from;
    worker.restored = true;
    return from;
  }

  revoked(partition: number): void {
    const worker = this.workers.get(partition);
    if (worker === undefined) return;
    this.workers.delete(partition);
    this.parts.onLag(partition, 0);
    worker.ended = true;
    for (const wake of worker.roomWaiters.splice(0)) wake();
    worker.work.end();
    const ended = Promise.all([worker.running, worker.saving]).then(() => {}, () => {}).finally(() => { if (this.ending.get(partition) === ended) this.ending.delete(partition); });
    this.ending.set(partition, ended);
  }

  take(partition: number, messages: readonly SourceMessage[], end: number): Promise<void> | null {
    const worker = this.workers.get(partition);
    if (worker === undefined) return null;
    for (const message of messages) { worker.queue.push(message); worker.queuedBytes += message.value?.length ?? 0; }
    worker.end = end;
    this.kick(worker);
    return worker.isFull ? new Promise((resolve) => { worker.roomWaiters.push(resolve); }) : null;
  }

  position(partition: number): number | null {
    const worker = this.workers.get(partition);
    return worker === undefined || worker.done === null ? null : worker.work.position();
  }

  lost(partition: number, from: number, to: number): void {
    this.parts.onTrouble('messages are gone before they were read: their topic is kept for too short a time', new Error(`partition ${partition}, offsets ${from} to ${to - 1}`));
  }

  /** Waits for what is under way and saves the state of every partition. */
  async drain(): Promise<void> {
    this.endTimer();
    this.stopping = true;
    await Promise.all([...this.workers.values()].map(async (worker) => {
      await worker.running?.catch(() => {});
      await worker.saving;
      if (!worker.ended && worker.restored) await this.snapshot(worker);
    }));
  }

  kickAll(): void {
    for (const worker of this.workers.values()) this.kick(worker);
  }

  kick(worker: Worker<W>): void {
    worker.again = worker.running !== null;
    if (worker.again || worker.ended || !worker.restored || this.stopping) return;
    worker.running = this.run(worker).catch((error: unknown) => {
      // A store that stayed away while the process ends is no bug.
      if (this.stopping) return;
      worker.ended = true;
      this.parts.onFatal(error);
    }).finally(() => {
      worker.running = null;
      // What came while the last run ended.
      if (worker.again || worker.queue.length > 0) this.kick(worker);
    });
  }

  private async run(worker: Worker<W>): Promise<void> {
    while (!worker.ended && !this.stopping) {
      if (worker.queue.length > 0) await this.work(worker);
      else if (!(await worker.work.rest())) {
        if (this.snapshotIsDue(worker)) void this.snapshot(worker);
        // A message may have come meanwhile.
        if (worker.queue.length === 0) return;
      }
      if (this.snapshotIsDue(worker)) void this.snapshot(worker);
    }
  }

  private async work(worker: Worker<W>): Promise<void> {
    const messages = worker.queue.slice(0, MESSAGES_PER_TURN);
    if (!(await worker.work.work(messages))) return;
    worker.queue.splice(0, messages.length);
    for (const { value } of messages) worker.queuedBytes -= value?.length ?? 0;
    worker.done = messages.at(-1)!.offset + 1;
    worker.changed = true;
    this.parts.onLag(worker.partition, Math.max(0, worker.end - worker.done));
    if (!worker.isFull) for (const wake of worker.roomWaiters.splice(0)) wake();
    await this.timers.turn();
  }

  private snapshotIsDue(worker: Worker<W>): boolean {
    return worker.changed && !worker.ended && worker.saving === null && this.parts.clock.now() - worker.snapshotAt >= this.parts.snapshotMs;
  }

  /** Takes the state as it is now, and saves it while the work goes on. */
  private snapshot(worker: Worker<W>): Promise<void> {
    const takenAt = this.parts.clock.now();
    worker.snapshotAt = takenAt;
    const started = performance.now();
    const snapshot = worker.work.snapshot();
    const beginMs = performance.now() - started;
    worker.changed = false;
    const saving = this.save(worker, snapshot, takenAt, beginMs).finally(() => { worker.saving = null; });
    worker.saving = saving;
    return saving;
  }

  private async save(worker: Worker<W>, snapshot: WorkSnapshot, takenAt: number, beginMs: number): Promise<void> {
    const { snapshots, nameOf, snapshotVersion, onSnapshot, onTrouble } = this.parts;
    try {
      const { bytes, pauseMs } = await writeSnapshot(snapshot, () => this.timers.turn(), () => worker.ended);
      if (bytes === null) return;
      await snapshots.saveSnapshot(nameOf(worker.partition), { version: snapshotVersion, seq: snapshot.seq, takenAt, bytes });
      onSnapshot(bytes.reduce((sum, { length }) => sum + length, 0), Math.max(beginMs, pauseMs));
    } catch (error) {
      worker.changed = true;
      onTrouble('the snapshot could not be saved; the next owner reads more of the log again', error);
    }
  }

  async untilDone<T>(trouble: string, worker: Worker<W>, act: () => Promise<T>): Promise<T | undefined> {
    for (let waitMs = RETRY_MS_MIN; !worker.ended; waitMs = Math.min(waitMs * 2, RETRY_MS_MAX)) {
      try {
        return await act();
      } catch (error) {
        this.parts.onTrouble(trouble, error);
        if (this.stopping) throw error;
        await this.timers.sleep(waitMs);
      }
    }
    return undefined;
  }
}
