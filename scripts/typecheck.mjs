// Type-checks the server code and the dashboard with the native TypeScript 7 compiler (seconds instead of a minute).
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './workspaces.mjs';

const tsc = join(root, 'node_modules/typescript7/bin/tsc');
let failed = false;
for (const project of ['tsconfig.json', 'apps/dashboard/tsconfig.json']) {
  if (!existsSync(join(root, project))) continue;
  failed = spawnSync(process.execPath, [tsc, '--noEmit', '-p', project], { cwd: root, stdio: 'inherit' }).status !== 0 || failed;
}
process.exit(failed ? 1 : 0);
