import { toTopicMessages } from '@wary/notify/topic-message.js';
import type { MessageSink } from '@wary/ports/message-sink.port.js';
import type { OutPositionStore } from '@wary/ports/out-position-store.port.js';
import type { OutMetrics } from './out-metrics.js';

export interface OutTopicsParts {
  readonly positions: OutPositionStore;
  readonly sink: MessageSink;
  readonly publicUrl: string;
  readonly lastSeq: () => Promise<number>;
  /** Calls back when there may be something new; gives the way out. */
  readonly onWake: (wake: () => void) => () => void;
  readonly metrics: OutMetrics;
  readonly onTrouble: (what: string, error: unknown) => void;
  readonly pollMs?: number;
}
const NAME = 'topics';
const CHANGES_PER_TURN = 200;
/** The net for a notice that was lost, and how soon another process takes over from one that died. */
const POLL_MS = 1_000;

/**
 * Sends what was committed of alerts and incidents to their topics, in order, as OCSF. Of several processes one does it at a time, and
 * any of them goes on where another ended: at least once.
 */
export class OutTopics {
  private running: Promise<void> | null = null;
  private again = false;
  private stopped = true;
  private timer: NodeJS.Timeout | undefined;
  private unlisten = (): void => {};

  constructor(private readonly parts: OutTopicsParts) {}

  start(): void {
    this.stopped = false;
    this.unlisten = this.parts.onWake(() => { this.poke(); });
    this.timer = setInterval(() => { this.poke(); }, this.parts.pollMs ?? POLL_MS);
    this.timer.unref();
    this.poke();
  }

  /** Ends with what is under way; what is not sent another process sends, or the next start. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    this.unlisten();
    await this.running;
  }

  poke(): void {
    if (this.stopped) return;
    if (this.running !== null) {
      this.again = true;
      return;
    }
    this.running = this.run().catch((error: unknown) => {
      this.parts.metrics.failed();
      this.parts.onTrouble('out.topics.failed', error);
      // The clock tries again.
      this.again = false;
    }).finally(() => {
      this.running = null;
      if (!this.again) return;
      this.again = false;
      this.poke();
    });
  }

  private async run(): Promise<void> {
    const { positions, metrics, lastSeq } = this.parts;
    while (!this.stopped) {
      const turn = await positions.advance(NAME, CHANGES_PER_TURN, async ({ first, changes }) => {
        metrics.behind(Math.max(0, (await lastSeq()) - first! + 1));
        await this.send(toTopicMessages(changes, this.parts.publicUrl));
      });
      // Another process is at it: this one has nothing to tell of how far it is.
      if (turn === null) return metrics.behind(0);
      if (turn.lost > 0) {
        metrics.lost(turn.lost);
        this.parts.onTrouble('out.changes.lost', new Error(`${turn.lost} changes were removed before they were sent to the topics; the alerts and incidents themselves are there`));
      }
      metrics.behind(Math.max(0, (await lastSeq()) - turn.position));
      if (!turn.more) return;
    }
  }

  private async send(messages: ReturnType<typeof toTopicMessages>): Promise<void> {
    const byTopic = new Map<string, typeof messages>();
    for (const message of messages) byTopic.set(message.topic, [...(byTopic.get(message.topic) ?? []), message]);
    await Promise.all([...byTopic].map(async ([topic, own]) => {
      await this.parts.sink.send(topic, own.map(({ key, value, headers }) => ({ key, value, headers })));
      this.parts.metrics.sent(topic, own.length);
    }));
  }
}
