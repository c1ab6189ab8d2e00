import type { LiveChange } from '@wary/model/live.js';
import type { Clock } from '@wary/ports/clock.port.js';
import type { LiveBus } from '@wary/ports/live-bus.port.js';

const POLL_MS = 1_000;

/**
 * The single relay: numbers committed changes in commit order and hands them to the bus. One runs at a time; a poke during a run makes
 * one more run, so that nothing waits for the clock. The clock is the net for a poke that was lost with a crash.
 */
export class LiveRelay {
  private running: Promise<void> | null = null;
  private again = false;
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(
    private readonly relay: (now: number) => Promise<LiveChange[]>,
    private readonly bus: LiveBus,
    private readonly clock: Clock,
    private readonly onTrouble: (error: unknown) => void,
  ) {}

  start(): void {
    this.timer = setInterval(() => { this.poke(); }, POLL_MS);
    this.poke();
  }

  poke(): void {
    if (this.stopped) return;
    if (this.running !== null) {
      this.again = true;
      return;
    }
    this.running = this.run().finally(() => {
      this.running = null;
      if (this.again) {
        this.again = false;
        this.poke();
      }
    });
  }

  async stop(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    while (this.running !== null) await this.running;
    await this.run();
    this.stopped = true;
  }

  private async run(): Promise<void> {
    try {
      for (let changes = await this.relay(this.clock.now()); changes.length > 0; changes = await this.relay(this.clock.now())) this.bus.publish(changes);
    } catch (error) {
      this.onTrouble(error);
    }
  }
}
