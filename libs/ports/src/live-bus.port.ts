import type { LiveChange } from '@wary/model/live.js';
/** Fan-out of committed changes in commit order to every api node. Embedded: an in-process emitter. */
export interface LiveBus {
  publish(changes: readonly LiveChange[]): void;
  subscribe(listener: (changes: readonly LiveChange[]) => void): () => void;
}
export const LIVE_BUS = Symbol.for('wary.LiveBus');
