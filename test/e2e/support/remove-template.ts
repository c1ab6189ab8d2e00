import { rmSync } from 'node:fs';
import { templateOf } from './template-folder.js';

/** After a run: the workers were children of this process, and the folder bears its number. */
export function teardown(): void {
  const template = templateOf(process.pid);
  for (const path of [template, `${template}.lock`, `${template}.making`]) rmSync(path, { recursive: true, force: true });
}
