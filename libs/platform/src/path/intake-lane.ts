import { WaryError } from '@wary/model/errors.js';
import type { Event } from '@wary/model/event.js';
import type { Timers } from '@wary/ports/timers.port.js';
import { systemTimers } from '../config/system-timers.js';
import type { PathMetrics } from './path-metrics.js';

/** An event on its way into the log of record; `duplicate` is decided when its batch is written. */
export interface Taken { readonly event: Event; duplicate: boolean }

/** The way into the log of record, which is the store itself or a topic. */
export interface IntakeLane {
  /** Throws `overloaded` when so many more may not wait. */
  assertRoom(records: number): void;
  /** Resolves when all of them are durable. */
  add(taken: readonly Taken[]): Promise<void>;
  drain(): Promise<void>;
  readonly pending: number;
}

/** Tries what makes `events` events durable until it does, as often as there are delays; gives up with `store_unavailable`. */
export async function durable(events: number, act: () => Promise<void>, metrics: PathMetrics, retryDelaysMs: readonly number[], timers: Timers = systemTimers): Promise<void> {
  const started = performance.now();
  for (let attempt = 0; ; attempt += 1) {
    try {
      await act();
      metrics.stored(events, performance.now() - started);
      return;
    } catch (error) {
      const delayMs = retryDelaysMs[attempt];
      metrics.storeFailed();
      if (!(error instanceof WaryError && error.retryable) || delayMs === undefined) {
        throw error instanceof WaryError ? error : new WaryError('store_unavailable', undefined, { retryAfterSeconds: 5 }, error);
      }
      await timers.sleep(delayMs);
    }
  }
}
