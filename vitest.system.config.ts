import { defineConfig } from 'vitest/config';
import { base, LONG } from './vitest.config.js';

// Whole processes share the machine: one file at a time.
export default defineConfig({
  ...base,
  test: { ...base.test, globalSetup: ['test/e2e/support/remove-template.ts'], include: ['test/system/**/*.test.ts', ...LONG], fileParallelism: false, testTimeout: 300_000, hookTimeout: 120_000 },
});
