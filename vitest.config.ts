import { defineConfig } from 'vitest/config';

// Tests run from the sources: the `wary-source` condition maps every @wary package to its src folder.
export default defineConfig({
  resolve: { conditions: ['wary-source'] },
  // Without `import`: vitest hands these to Node for every module, and a `require` that matches `import` gets an ES module (pg-pool).
  ssr: { resolve: { conditions: ['wary-source', 'node', 'module', 'default'], externalConditions: ['wary-source'] } },
  oxc: { decorator: { legacy: true } },
  test: {
    // One engine (chDB) per process: a pool of processes, never threads.
    pool: 'forks',
    globalSetup: ['test/e2e/support/remove-template.ts'],
    maxWorkers: 2,
    include: ['libs/**/src/**/*.test.ts', 'apps/{wary,cli}/src/**/*.test.ts', 'apps/dashboard/src/**/*.test.ts', 'test/e2e/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
