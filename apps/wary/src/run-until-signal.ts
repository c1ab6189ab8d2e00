import { ConfigError } from '@wary/platform/config/read-config.js';

/** EX_CONFIG of sysexits.h. */
const EXIT_CONFIG = 78;

export interface Runs<T> {
  /** Called when it is ready; what it prints is for a person. */
  readonly onReady?: (running: T) => Promise<void> | void;
  /** Called with the signal before it is stopped. */
  readonly onStop?: () => Promise<void> | void;
}

/** Starts something, and stops it in order on SIGTERM or SIGINT: exit status 0 after a clean drain, 78 for a wrong configuration, 1 for anything else. */
export async function runUntilSignal<T extends { stop(): Promise<boolean> }>(start: () => Promise<T>, { onReady, onStop }: Runs<T>): Promise<void> {
  let running: T;
  try {
    running = await start();
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
  await onReady?.(running);
}

/** One clear line; the stack only where somebody asked for it. */
function startError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return `${error.message}: another process listens there; set WARY_PORT, WARY_INGEST_PORT or WARY_OPS_PORT`;
  return process.env['WARY_LOG_LEVEL'] === 'debug' || process.env['WARY_LOG_LEVEL'] === 'trace' ? (error.stack ?? error.message) : error.message;
}
