import { Worker } from 'node:worker_threads';
import type { BacktestRunner, FromWorker, ToWorker } from './backtest-runner.js';

/** Of the thread's own heap; the engines' tables lie outside of it and have limits of their own. */
const HEAP_MB_MAX = 1_024;

/**
 * A thread of its own for each backtest: reading and scoring stored events must not hold up those that come. The thread asks for a piece
 * when it is done with the one before; pieces are handed over, not copied.
 */
export function createWorkerRunner(script: URL): BacktestRunner {
  return {
    async run(task, events, signal, onProgress) {
      signal.throwIfAborted();
      // Not with the flags of this process: it may run from source.
      const worker = new Worker(script, { workerData: task, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX } });
      let wake: (message: FromWorker) => void = () => undefined;
      let fail: (error: unknown) => void = () => undefined;
      const failed = new Promise<never>((_, reject) => { fail = reject; });
      failed.catch(() => undefined);
      const onAbort = (): void => { fail(signal.reason); };
      signal.addEventListener('abort', onAbort, { once: true });
      worker.on('message', (message: FromWorker) => { wake(message); });
      worker.on('error', (error) => { fail(error); });
      worker.on('exit', (code) => { fail(new Error(`the thread of the backtest ended with ${code}`)); });
      const ask = (message: ToWorker): Promise<FromWorker> => {
        const answer = new Promise<FromWorker>((resolve) => { wake = resolve; });
        worker.postMessage(message, message.kind === 'events' && message.bytes.byteOffset === 0 && message.bytes.byteLength === message.bytes.buffer.byteLength ? [message.bytes.buffer as ArrayBuffer] : []);
        return Promise.race([answer, failed]);
      };
      try {
        for await (const { bytes } of events) {
          signal.throwIfAborted();
          const answer = await ask({ kind: 'events', bytes });
          if (answer.kind === 'taken') onProgress(answer.progress);
        }
        signal.throwIfAborted();
        const answer = await ask({ kind: 'end' });
        if (answer.kind !== 'done') throw new Error('the thread of the backtest gave no result');
        return answer.result;
      } finally {
        signal.removeEventListener('abort', onAbort);
        await worker.terminate();
      }
    },
  };
}
