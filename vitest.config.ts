import { defineConfig } from 'vitest/config';

// Tests run from the sources: the `wary-source` condition maps every @wary package to its src folder.
export default defineConfig({
  resolve: { conditions: ['wary-source'] },
  ssr: { resolve: { conditions: ['wary-source', 'node', 'import', 'module', 'default'], externalConditions: ['wary-source', 'node', 'import'] } },
  oxc: { decorator: { legacy: true } },
  test: {
    // One engine (chDB) per process: a pool of processes, never threads.
    pool: 'forks',
    maxWorkers: 2,
    include: ['libs/**/src/**/*.test.ts', 'apps/{wary,cli}/src/**/*.test.ts', 'apps/dashboard/src/**/*.test.ts', 'test/e2e/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
