// `npm test`: unit, property, contract and embedded end-to-end tests; needs nothing but Node.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './workspaces.mjs';

if (!process.env.WARY_TEST_DATA) console.log('WARY_TEST_DATA is not set: tests that need the public NAB and Sigma data are skipped and say so.');
const { status } = spawnSync(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
