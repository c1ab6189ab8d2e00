import { CliError, lineOf } from './cli-error.js';

/** Wraps the action of a command: an expected failure becomes one line on standard error and a non-zero exit status. */
export function runCommand<A extends unknown[]>(action: (...args: A) => Promise<void>): (...args: A) => Promise<void> {
  return async (...args) => {
    try {
      await action(...args);
    } catch (error) {
      process.stderr.write(`wary: ${lineOf(error)}\n`);
      const level = process.env['WARY_LOG_LEVEL'];
      if (!(error instanceof CliError) && error instanceof Error && (level === 'debug' || level === 'trace')) process.stderr.write(`${error.stack}\n`);
      process.exitCode = error instanceof CliError ? error.status : 1;
    }
  };
}
