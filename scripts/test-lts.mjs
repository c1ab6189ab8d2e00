// `npm run test:lts`: the tests of the pure libraries on the Node of the image. That the product itself runs on it, test/system/image.test.ts shows.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { nodeLts } from './node-lts.mjs';
import { root } from './workspaces.mjs';

const { path, version, lts } = nodeLts();
if (lts === null) {
  console.error(`Node ${version} is no LTS; ARG NODE_VERSION in deploy/docker/Dockerfile names one`);
  process.exit(1);
}
console.log(`Node ${version} (${lts})`);
const { status } = spawnSync(path, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'pure', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
