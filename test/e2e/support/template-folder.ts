import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const WAIT_MS_MAX = 180_000;

/** Of the run whose process this is; removed when it ends. */
export const templateOf = (pid: number): string => join(tmpdir(), `wary-e2e-template-${pid}`);

/**
 * A fresh installation's data folder. Making the databases costs seconds of CPU, so one run of the tests (one parent process) makes it once,
 * and every test gets a copy. The first worker makes it under a lock folder; the others wait.
 */
export async function copyOfTemplate(make: (dataDir: string) => Promise<void>): Promise<string> {
  const template = templateOf(process.ppid);
  const lock = `${template}.lock`;
  const copy = mkdtempSync(join(tmpdir(), 'wary-e2e-'));
  for (const end = Date.now() + WAIT_MS_MAX; !existsSync(join(template, 'done'));) {
    if (Date.now() > end) throw new Error(`${template} was not made in ${WAIT_MS_MAX} ms; remove ${lock} if a test run was killed`);
    try {
      mkdirSync(lock);
    } catch {
      await new Promise((resolve) => { setTimeout(resolve, 100); });
      continue;
    }
    const making = `${template}.making`;
    try {
      rmSync(making, { recursive: true, force: true });
      await make(making);
      writeFileSync(join(making, 'done'), '');
      renameSync(making, template);
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
  cpSync(template, copy, { recursive: true });
  return copy;
}
