// `npm run simulate -- SEEDS [FIRST]`: the deterministic simulation over so many seeds, as many processes as there are cores. A seed that breaks
// an invariant is named; `npm run simulate -- 1 SEED` plays it again, the same to the byte.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { root } from './workspaces.mjs';

const [seeds = '2000', first = '1'] = process.argv.slice(2);
if (!/^[1-9]\d{0,6}$/.test(seeds) || !/^\d{1,9}$/.test(first)) {
  console.error('npm run simulate -- SEEDS [FIRST], both whole numbers');
  process.exit(2);
}
const started = performance.now();
const processes = Math.min(availableParallelism(), Number(seeds));
const parts = Array.from({ length: processes }, (_, index) => {
  const from = Math.floor((Number(seeds) * index) / processes);
  return { first: Number(first) + from, seeds: Math.floor((Number(seeds) * (index + 1)) / processes) - from };
});
const codes = await Promise.all(parts.map((part) => new Promise((resolve) => {
  const child = spawn(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter=dot', 'test/simulation'], {
    cwd: root, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, WARY_TEST_SIMULATION_SEEDS: String(part.seeds), WARY_TEST_SIMULATION_FIRST: String(part.first) },
  });
  let output = '';
  child.stdout.on('data', (chunk) => { output += chunk; });
  child.on('exit', (code) => {
    if (code !== 0) console.error(output);
    resolve(code ?? 1);
  });
})));
const broken = codes.some((code) => code !== 0);
console.log(`simulation: ${seeds} seeds from ${first}, ${broken ? 'an invariant is broken' : 'no invariant broken'}, ${((performance.now() - started) / 1_000).toFixed(0)} s`);
process.exit(broken ? 1 : 0);
