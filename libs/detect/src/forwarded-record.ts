import type { CorrelatedEvent } from '@wary/model/correlated-event.js';

/** An event that correlations need, as a partition passes it on. */
export interface ForwardedRecord {
  readonly partition: number;
  /** Of the event in its partition; what is not beyond the tenant's last one is known. */
  readonly seq: number;
  readonly event: CorrelatedEvent;
  /** Ids of the rules on single events that held for it and that a correlation can use. */
  readonly rules: readonly string[];
}

/** How far a partition has come with a tenant: what it passes on from now on is not earlier, but for late events. Times in epoch ms. */
export interface Frontier {
  readonly tenant: string;
  readonly partition: number;
  /** The tenant's last sequence there when it said so. */
  readonly seq: number;
  /** Of the newest event it has scored; null: of none. */
  readonly time: number | null;
  /** The same for events of history, which have a clock of their own. */
  readonly historyTime: number | null;
  /** Where it has no events of its own it has come this far with the clock of the tenant. */
  readonly reachedTime: number;
}
