import type { Event } from '@wary/model/event.js';

/** The log of record where it is not the store itself. */
export interface EventLog {
  /** Resolves when every event is durable on all replicas that count. Throws WaryError `store_unavailable` when some may not be: the same call again may add them twice, and readers tell them by their ids. */
  append(events: readonly Event[]): Promise<void>;
}
