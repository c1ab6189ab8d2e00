import type { MessagePort } from 'node:worker_threads';
import type { Event } from '@wary/model/event.js';
import type { BacktestTask } from './backtest.js';
import type { FromWorker, ToWorker } from './backtest-runner.js';
import { BacktestRun } from './backtest-run.js';

/** The thread's side: takes pieces one at a time, so that never more than one waits in memory, and answers with the result. */
export function serveBacktest(port: MessagePort, task: BacktestTask, unpack: (bytes: Uint8Array) => Event[]): void {
  const started = performance.now();
  const run = new BacktestRun(task);
  const answer = (message: FromWorker): void => { port.postMessage(message); };
  port.on('message', (message: ToWorker) => {
    switch (message.kind) {
      case 'events':
        run.take(unpack(message.bytes));
        answer({ kind: 'taken', progress: { eventsRead: run.eventsRead } });
        break;
      case 'end':
        answer({ kind: 'done', result: run.result((performance.now() - started) / 1000) });
        port.close();
        break;
    }
  });
}
