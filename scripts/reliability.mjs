// `npm run reliability [-- PART OF A FILE NAME …]`: runs the tests that measure a row of docs/RELIABILITY.md, keeps what they write in
// docs/reliability/results, and writes the page anew. Commit the code first: each result names the commit that it was measured on.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './workspaces.mjs';

const wanted = process.argv.slice(2);
const files = readdirSync(join(root, 'test'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
  .filter((file) => readFileSync(file, 'utf8').includes('recordResult(') && (wanted.length === 0 || wanted.some((part) => file.includes(part))))
  .map((file) => relative(root, file));
if (files.length === 0) {
  console.error(`No test with ${wanted.join(', ')} in its name measures a row.`);
  process.exit(2);
}
const env = { ...process.env, WARY_TEST_LONG: '1', WARY_TEST_RELIABILITY_DIR: join(root, 'docs/reliability/results') };
let failed = false;
for (const [config, of] of [['vitest.config.ts', files.filter((file) => !file.startsWith('test/system/'))], ['vitest.system.config.ts', files.filter((file) => file.startsWith('test/system/'))]]) {
  if (of.length > 0) failed = spawnSync(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', config, ...of], { cwd: root, stdio: 'inherit', env }).status !== 0 || failed;
}
// What was reached is published also where a figure is missed.
spawnSync(process.execPath, [join(root, 'scripts/generate-docs.mjs')], { cwd: root, stdio: 'inherit' });
process.exit(failed ? 1 : 0);
