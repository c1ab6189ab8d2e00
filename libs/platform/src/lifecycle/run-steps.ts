import type { Logger } from '../logging/create-logger.js';

export interface Step { readonly name: string; run(): Promise<void> | void }

/** Start: in order, the first failure ends it. */
export async function runStart(steps: readonly Step[], log: Logger): Promise<void> {
  for (const { name, run } of steps) {
    const started = performance.now();
    await run();
    log.debug({ step: name, ms: Math.round(performance.now() - started) }, 'lifecycle.step.started');
  }
}

/** Stop: in order, within one deadline for all of them. A step that fails or is late is logged, and the next one runs. True when all went well. */
export async function runStop(steps: readonly Step[], deadlineMs: number, log: Logger): Promise<boolean> {
  const until = performance.now() + deadlineMs;
  let clean = true;
  for (const { name, run } of steps) {
    const left = Math.max(250, until - performance.now());
    let timer: NodeJS.Timeout | undefined;
    try {
      await Promise.race([
        Promise.resolve().then(run),
        new Promise<never>((_, reject) => { timer = setTimeout(() => { reject(new Error(`not done in ${Math.round(left)} ms`)); }, left); }),
      ]);
    } catch (error) {
      clean = false;
      log.error({ step: name, err: error }, 'lifecycle.step.failed');
    } finally {
      clearTimeout(timer);
    }
  }
  return clean;
}
