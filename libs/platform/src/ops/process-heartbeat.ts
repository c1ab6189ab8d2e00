import type { ProcessLoad, ProcessRegistry, ProcessReport } from '@wary/ports/process-registry.port.js';

export interface HeartbeatParts {
  readonly registry: ProcessRegistry;
  readonly process: Omit<ProcessReport, 'partitions' | 'load'>;
  /** Partitions that it scores now. */
  readonly partitions: () => readonly number[];
  readonly load: () => ProcessLoad | null;
  /** A report that could not be written; the next one is tried all the same. */
  readonly onTrouble: (error: unknown) => void;
}
/** The dashboards show what it takes in. */
const EVERY_MS = 2_000;
/** What it owns is told soon: whoever asks for an entity must find its owner. */
const LOOK_EVERY_MS = 500;
const LEAVE_MS_MAX = 1_000;

/** Tells the others that this process lives, and which partitions are its own. */
export class ProcessHeartbeat {
  private timer: NodeJS.Timeout | undefined;
  private told = '';
  private toldAt = 0;
  private telling: Promise<void> | null = null;
  private stopped = false;

  constructor(private readonly parts: HeartbeatParts) {}

  /** Does not wait for the database: a process that cannot tell works all the same. */
  start(): void {
    this.timer = setInterval(() => { this.look(); }, LOOK_EVERY_MS);
    this.timer.unref();
    this.look();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    // A database that does not answer keeps nobody from ending; the row expires.
    const left = (this.telling ?? Promise.resolve()).then(() => this.parts.registry.leave(this.parts.process.id)).catch(this.parts.onTrouble);
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([left, new Promise<void>((resolve) => { timer = setTimeout(resolve, LEAVE_MS_MAX); })]);
    clearTimeout(timer);
  }

  private look(): void {
    const partitions = [...this.parts.partitions()];
    const now = performance.now();
    if (this.stopped || this.telling !== null || (partitions.join() === this.told && this.toldAt > 0 && now - this.toldAt < EVERY_MS)) return;
    this.toldAt = now;
    this.telling = this.parts.registry.report({ ...this.parts.process, partitions, load: this.parts.load() }).then(() => { this.told = partitions.join(); }, this.parts.onTrouble).finally(() => { this.telling = null; });
  }
}
