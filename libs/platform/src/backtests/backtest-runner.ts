import type { BacktestResult } from '@wary/model/backtest.js';
import type { PackedEvents } from '@wary/ports/event-store.port.js';
import type { BacktestTask, Progress } from './backtest.js';

/** Runs a backtest somewhere beside the event loop. Rejects with the signal's reason when it is aborted. */
export interface BacktestRunner {
  run(task: BacktestTask, events: AsyncIterable<PackedEvents>, signal: AbortSignal, onProgress: (progress: Progress) => void): Promise<BacktestResult>;
}

/** What goes to the thread, in order: the task as its `workerData`, pieces of events, and their end. */
export type ToWorker = { readonly kind: 'events'; readonly bytes: Uint8Array } | { readonly kind: 'end' };
/** What comes back: an acknowledgement for each piece, which asks for the next one, and the result. */
export type FromWorker = { readonly kind: 'taken'; readonly progress: Progress } | { readonly kind: 'done'; readonly result: BacktestResult };
