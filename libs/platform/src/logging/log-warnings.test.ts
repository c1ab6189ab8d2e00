import { afterEach, expect, it } from 'vitest';
import { logWarnings } from './log-warnings.js';

const before = process.listeners('warning');
afterEach(() => {
  process.removeAllListeners('warning');
  for (const listener of before) process.on('warning', listener);
});

it('warnings of the runtime become log lines, the harmless ones quiet ones, and nobody else writes them', async () => {
  const lines: Array<[level: string, facts: object, message: string]> = [];
  const write = (level: string) => (facts: object, message: string): void => { lines.push([level, facts, message]); };
  logWarnings({ debug: write('debug'), warn: write('warn') } as never);
  expect(process.listenerCount('warning')).toBe(1);
  process.emitWarning('-1764570000000 is a negative number', 'TimeoutNegativeWarning');
  process.emitWarning('something is old', 'DeprecationWarning', 'DEP9999');
  await new Promise((resolve) => { setImmediate(resolve); });
  expect(lines).toEqual([
    ['debug', { warning: 'TimeoutNegativeWarning', reason: '-1764570000000 is a negative number' }, 'runtime.warning.given'],
    ['warn', { warning: 'DeprecationWarning', reason: 'something is old', code: 'DEP9999' }, 'runtime.warning.given'],
  ]);
});
