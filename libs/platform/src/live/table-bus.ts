import type { LiveChange } from '@wary/model/live.js';
import type { LiveBus } from '@wary/ports/live-bus.port.js';
import type { ChangesRead } from '@wary/ports/workflow-store.port.js';

export interface TableBusParts {
  /** Changes of all tenants after a number, in order. */
  readonly read: (after: number, limit: number) => Promise<ChangesRead>;
  readonly lastSeq: () => Promise<number>;
  /** Calls back when there may be something new; gives the way out. */
  readonly onWake: (wake: () => void) => () => void;
  readonly onTrouble: (error: unknown) => void;
  readonly pollMs?: number;
}
/** The net for a notice that was lost. */
const POLL_MS = 1_000;
const CHANGES_PER_READ = 200;
/** A read that hangs in a connection that is gone is given up; what it would have said is read again. */
const READ_MS_MAX = 10_000;

type Listener = { readonly take: (changes: readonly LiveChange[]) => void; readonly onGap: (seq: number) => void };

/**
 * The live bus of one node among several: reads what was numbered from the table, whoever numbered it, and hands it over in order, each
 * once. A database that is away makes it wait; it goes on behind the last change that it handed over.
 */
export class TableBus implements LiveBus {
  private readonly listeners = new Set<Listener>();
  private position = 0;
  private running: Promise<void> | null = null;
  private again = false;
  private stopped = true;
  private timer: NodeJS.Timeout | undefined;
  private unlisten: () => void = () => {};

  constructor(private readonly parts: TableBusParts) {}

  /** The last change that was handed over. */
  get seq(): number { return this.position; }

  /** From the present end; before the first socket. Rejects when the database does not answer. */
  async start(): Promise<void> {
    this.position = await this.parts.lastSeq();
    this.stopped = false;
    this.unlisten = this.parts.onWake(() => { this.wake(); });
    this.timer = setInterval(() => { this.wake(); }, this.parts.pollMs ?? POLL_MS);
    this.timer.unref();
    this.wake();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    this.unlisten();
    await this.running;
  }

  publish(): void { this.wake(); }

  subscribe(take: Listener['take'], onGap: Listener['onGap'] = () => {}): () => void {
    const listener = { take, onGap };
    this.listeners.add(listener);
    return () => { this.listeners.delete(listener); };
  }

  private wake(): void {
    if (this.stopped) return;
    if (this.running !== null) {
      this.again = true;
      return;
    }
    this.running = this.run().catch((error: unknown) => { this.parts.onTrouble(error); }).finally(() => {
      this.running = null;
      if (!this.again) return;
      this.again = false;
      this.wake();
    });
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const { first, last, changes } = await within(READ_MS_MAX, this.parts.read(this.position, CHANGES_PER_READ));
      if (first === null) return;
      // Numbers have no holes: what is missing at the front was removed before this node read it.
      if (first > this.position + 1) this.tell(({ onGap }) => { onGap(first - 1); });
      this.position = last;
      if (changes.length > 0) this.tell(({ take }) => { take(changes); });
    }
  }

  /** A listener that throws is a bug of its own and must not stop the others. */
  private tell(call: (listener: Listener) => void): void {
    for (const listener of this.listeners) {
      try {
        call(listener);
      } catch (error) {
        this.parts.onTrouble(error);
      }
    }
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([work, new Promise<never>((_, reject) => { timer = setTimeout(() => { reject(new Error(`the database did not answer in ${ms} ms`)); }, ms); })]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {});
  }
}
