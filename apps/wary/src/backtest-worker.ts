import { parentPort, workerData } from 'node:worker_threads';
import { unpackEvents } from '@wary/adapter-clickhouse/events/packed-events.js';
import type { BacktestTask } from '@wary/platform/backtests/backtest.js';
import { serveBacktest } from '@wary/platform/backtests/serve-backtest.js';

/** The thread of one backtest: it opens no store, for the embedded engine is one a process; events come to it as they were read. */
serveBacktest(parentPort!, workerData as BacktestTask, unpackEvents);
