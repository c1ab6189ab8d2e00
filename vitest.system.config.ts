import { defineConfig } from 'vitest/config';
import { base, LONG } from './vitest.config.js';

/** Tests that look at the clock or at memory: nothing else runs beside them. */
const ALONE = ['test/system/{first-run,many-api-nodes,outage}.test.ts', 'test/e2e/overload.test.ts', 'libs/platform/src/backtests/backtest-run.test.ts'];
const test = { ...base.test, testTimeout: 300_000, hookTimeout: 120_000 };

// The others are whole processes that wait for each other most of the time: two files at once.
export default defineConfig({
  test: {
    globalSetup: ['test/e2e/support/remove-template.ts'],
    projects: [
      { ...base, test: { ...test, name: 'beside', include: ['test/system/**/*.test.ts', ...LONG], exclude: [...ALONE, '**/node_modules/**'], maxWorkers: 2, sequence: { groupOrder: 0 } } },
      { ...base, test: { ...test, name: 'alone', include: ALONE, fileParallelism: false, sequence: { groupOrder: 1 } } },
    ],
  },
});
