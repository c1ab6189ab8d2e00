import { readConfig } from '@wary/platform/config/read-config.js';
import { systemClock } from '@wary/platform/config/system-random.js';
import { createLogger } from '@wary/platform/logging/create-logger.js';
import { logWarnings } from '@wary/platform/logging/log-warnings.js';
import { openStores } from './open-stores.js';
import { runUntilSignal, type Runs } from './run-until-signal.js';
import type { RunningWary } from './start-wary.js';

export interface RunOptions extends Runs<RunningWary> {
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Starts everything in one process, and stops it in order on a signal. */
export function runWary({ env, ...runs }: RunOptions): Promise<void> {
  return runUntilSignal(async () => {
    const config = readConfig(env);
    const log = createLogger(config.env.WARY_LOG_LEVEL);
    logWarnings(log);
    // The engines start in threads of their own while this one loads the rest of the program: a second less until it is ready.
    const stores = openStores(config, systemClock, log);
    // `startWary` waits for them and tells what is wrong; until it is loaded nobody listens, which must not end the process.
    stores.catch(() => {});
    const { startWary } = await import('./start-wary.js');
    return startWary(config, log, { stores });
  }, runs);
}
