import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Tests run from the sources: the `wary-source` condition maps every @wary package to its src folder.
export const base = {
  resolve: { conditions: ['wary-source'] },
  // Without `import`: vitest hands these to Node for every module, and a `require` that matches `import` gets an ES module (pg-pool).
  ssr: { resolve: { conditions: ['wary-source', 'node', 'module', 'default'], externalConditions: ['wary-source'] } },
  oxc: { decorator: { legacy: true } },
  test: {
    // One engine (chDB) per process: a pool of processes, never threads.
    pool: 'forks' as const,
    setupFiles: [fileURLToPath(new URL('test/support/property-seed.ts', import.meta.url))],
    // Against what hangs; never a measure of speed.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
};

/** Too long for `npm test`, which takes four minutes at the most: `npm run test:system` runs them. */
export const LONG = [
  'test/e2e/{partitioned-organisation,backtest,upgrade,quotas,migrate,overload,backup,sigma-sql,sigma-sql-stored,sigma-sql-server}.test.ts',
  'libs/detect/src/{partitions,partitions-property,partitioned-rules,engine-conformance}.test.ts', 'libs/detect/src/watch/system-watch.test.ts',
  'libs/platform/src/backtests/backtest-run.test.ts', 'libs/adapters/clickhouse/src/crash.test.ts', 'apps/cli/src/own-rules.test.ts',
];
const PURE = ['model', 'pipeline', 'ports', 'ingest', 'normalize', 'enrich', 'protect', 'baseline', 'detect', 'rules', 'alert', 'incident', 'workflow', 'notify', 'simulate'];
const pure = [`libs/{${PURE.join(',')}}/src/**/*.test.ts`, 'apps/dashboard/src/**/*.test.ts'];

export default defineConfig({
  test: {
    globalSetup: ['test/e2e/support/remove-template.ts'],
    maxWorkers: 2,
    projects: [
      // Whoever opens an engine, a port or a folder has a process of its own.
      { ...base, test: { ...base.test, name: 'engines', include: ['libs/**/src/**/*.test.ts', 'apps/{wary,cli}/src/**/*.test.ts', 'test/e2e/**/*.test.ts', 'test/simulation/**/*.test.ts'], exclude: [...pure, ...LONG, '**/node_modules/**'] } },
      // Pure code needs no fresh process for each file: loading it anew took longer than testing it.
      { ...base, test: { ...base.test, name: 'pure', include: pure, exclude: [...LONG, '**/node_modules/**'], isolate: false } },
    ],
  },
});
