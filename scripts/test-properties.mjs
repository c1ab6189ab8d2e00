// `npm run test:properties -- ROUNDS [FIRST]`: every test file with a property in it, once for each of so many seeds of the examples. A round that
// breaks names its seed; `WARY_TEST_SEED=SEED npx vitest run FILE` plays it again.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './workspaces.mjs';

const [rounds = '10', first = String(Date.now() % 1_000_000)] = process.argv.slice(2);
if (!/^[1-9]\d{0,4}$/.test(rounds) || !/^\d{1,9}$/.test(first)) {
  console.error('npm run test:properties -- ROUNDS [FIRST], both whole numbers');
  process.exit(2);
}
const files = ['libs', 'apps'].flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((file) => join(folder, file)))
  .filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules') && readFileSync(join(root, file), 'utf8').includes("from 'fast-check'"));
const broken = [];
for (let round = 0; round < Number(rounds); round += 1) {
  const seed = String(Number(first) + round);
  const { status, stdout } = spawnSync(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter=dot', ...files], {
    cwd: root, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, WARY_TEST_SEED: seed },
  });
  if (status !== 0) {
    broken.push(seed);
    console.error(stdout);
  }
  console.log(`seed ${seed}: ${status === 0 ? 'holds' : 'broken'} (${round + 1} of ${rounds})`);
}
console.log(`${files.length} files, ${rounds} seeds, ${broken.length} broken${broken.length > 0 ? `: ${broken.join(', ')}` : ''}`);
process.exit(broken.length > 0 ? 1 : 0);
