import { parentPort, workerData } from 'node:worker_threads';
import { lineOf } from '../terminal/cli-error.js';
import { saveDemoState, type DemoState } from './demo-state.js';
import { playDemo } from './play-demo.js';

export interface PlayerInput { readonly url: string; readonly dir: string; readonly state: DemoState; readonly also: readonly string[] }

/** The player has a thread of its own: making, packing and posting events must not slow the service that takes them. */
const { url, dir, state, also } = workerData as PlayerInput;
const stopped = new AbortController();
parentPort!.once('message', () => stopped.abort());
try {
  await playDemo({ url, state, also, save: (next) => saveDemoState(dir, next), tell: (news) => parentPort!.postMessage(news), signal: stopped.signal });
} catch (error) {
  if (!stopped.signal.aborted) parentPort!.postMessage({ kind: 'failed', message: lineOf(error) });
}
parentPort!.close();
