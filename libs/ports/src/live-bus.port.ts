import type { LiveChange } from '@wary/model/live.js';
/** Fan-out of committed changes in commit order to every api node. Embedded: an in-process emitter; otherwise each node reads the table. */
export interface LiveBus {
  /** What this process has numbered. A bus that reads the table finds it there, with what others numbered. */
  publish(changes: readonly LiveChange[]): void;
  /** `onGap`: changes up to `seq` are lost to this listener, because the table keeps them no more; the lists have to be read again. */
  subscribe(listener: (changes: readonly LiveChange[]) => void, onGap?: (seq: number) => void): () => void;
}
export const LIVE_BUS = Symbol.for('wary.LiveBus');
