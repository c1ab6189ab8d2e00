import { defineConfig } from 'vitest/config';
import base from './vitest.config.js';

// Whole processes share the machine: one file at a time.
export default defineConfig({
  ...base,
  test: { ...base.test, include: ['test/system/**/*.test.ts'], fileParallelism: false, testTimeout: 300_000, hookTimeout: 120_000 },
});
