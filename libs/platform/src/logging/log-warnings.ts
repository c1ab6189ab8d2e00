import type { Logger } from './create-logger.js';

/**
 * Of kafkajs 2.2.4 on Node 24: it asks for a timer in the past, which fires at once, as it means it to.
 * Node says so once in the life of a process.
 */
const HARMLESS = new Set(['TimeoutNegativeWarning']);

/** What the runtime has to say goes where everything else goes: a JSON line on standard output, not a free text beside it. */
export function logWarnings(log: Pick<Logger, 'debug' | 'warn'>): void {
  // Node's own listener is what writes to standard error.
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    const { name, message, code } = warning as Error & { code?: string };
    log[HARMLESS.has(name) ? 'debug' : 'warn']({ warning: name, reason: message, ...(code === undefined ? {} : { code }) }, 'runtime.warning.given');
  });
}
