import { ConfigError, readConfig } from '@wary/platform/config/read-config.js';
import { systemClock } from '@wary/platform/config/system-random.js';
import { createLogger } from '@wary/platform/logging/create-logger.js';
import { openStores } from './open-stores.js';
import type { RunningWary } from './start-wary.js';

export interface RunOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called when the service is ready; what it prints is for a person. */
  readonly onReady: (running: RunningWary) => Promise<void> | void;
  /** Called with the signal before the service is stopped. */
  readonly onStop?: () => Promise<void> | void;
}

/** EX_CONFIG of sysexits.h. */
const EXIT_CONFIG = 78;

/** Starts the service, and stops it in order on SIGTERM or SIGINT: exit status 0 after a clean drain, 78 for a wrong configuration, 1 for anything else. */
export async function runWary({ env, onReady, onStop }: RunOptions): Promise<void> {
  let running: RunningWary;
  try {
    const config = readConfig(env);
    const log = createLogger(config.env.WARY_LOG_LEVEL);
    // The engines start in threads of their own while this one loads the rest of the program: a second less until it is ready.
    const stores = openStores(config, systemClock, log);
    // `startWary` waits for them and tells what is wrong; until it is loaded nobody listens, which must not end the process.
    stores.catch(() => {});
    const { startWary } = await import('./start-wary.js');
    running = await startWary(config, log, { stores });
  } catch (error) {
    const lines = error instanceof ConfigError ? error.lines : [startError(error)];
    for (const line of lines) process.stderr.write(`wary: ${line}\n`);
    process.exit(error instanceof ConfigError ? EXIT_CONFIG : 1);
  }
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    // A second signal is somebody who will not wait.
    if (stopping) process.exit(signal === 'SIGINT' ? 130 : 143);
    stopping = true;
    void (async () => {
      await onStop?.();
      process.exit((await running.stop()) ? 0 : 1);
    })();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  await onReady(running);
}

/** One clear line; the stack only where somebody asked for it. */
function startError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return `${error.message}: another process listens there; set WARY_PORT or WARY_OPS_PORT`;
  return process.env['WARY_LOG_LEVEL'] === 'debug' || process.env['WARY_LOG_LEVEL'] === 'trace' ? (error.stack ?? error.message) : error.message;
}
