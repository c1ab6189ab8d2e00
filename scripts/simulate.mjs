// `npm run simulate -- SEEDS [FIRST] [--publish]`: the deterministic simulation over so many seeds, as many processes as there are cores, two at
// the most. Says how it goes each minute, and at the end how often each fault came about. A seed that breaks an invariant is named;
// `npm run simulate -- 1 SEED` plays it again, the same to the byte. `--publish` keeps the figures in docs/reliability/results.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './workspaces.mjs';

const args = process.argv.slice(2);
const publish = args.includes('--publish');
const [seeds = '2000', first = '1', ...rest] = args.filter((arg) => arg !== '--publish');
if (!/^[1-9]\d{0,6}$/.test(seeds) || !/^\d{1,9}$/.test(first) || rest.length > 0) {
  console.error('npm run simulate -- SEEDS [FIRST] [--publish], both whole numbers');
  process.exit(2);
}
const started = performance.now();
const PROCESSES_MAX = 2;
const PROGRESS_MS = 60_000;
const processes = Math.min(availableParallelism(), PROCESSES_MAX, Number(seeds));
const folder = mkdtempSync(join(tmpdir(), 'wary-simulate-'));
const parts = Array.from({ length: processes }, (_, index) => {
  const from = Math.floor((Number(seeds) * index) / processes);
  return { first: Number(first) + from, seeds: Math.floor((Number(seeds) * (index + 1)) / processes) - from, report: join(folder, `${index}.json`) };
});
const NOTHING = { seeds: 0, events: 0, kills: 0, steps: 0, lost: 0, doubled: 0, broken: {}, tally: {} };

/** What the processes have done so far, together. */
function together() {
  const sum = structuredClone(NOTHING);
  for (const { report } of parts) {
    let read = NOTHING;
    try { read = JSON.parse(readFileSync(report, 'utf8')); } catch { /* not written yet */ }
    for (const name of ['seeds', 'events', 'kills', 'steps', 'lost', 'doubled']) sum[name] += read[name];
    Object.assign(sum.broken, read.broken);
    for (const [what, count] of Object.entries(read.tally)) sum.tally[what] = (sum.tally[what] ?? 0) + count;
  }
  return sum;
}
const seconds = () => ((performance.now() - started) / 1_000).toFixed(0);
const number = (value) => value.toLocaleString('en');
const progress = setInterval(() => {
  const { seeds: done, broken } = together();
  console.log(`${new Date().toISOString()} ${number(done)} of ${number(Number(seeds))} seeds, ${Object.keys(broken).length} broken, ${seconds()} s`);
}, PROGRESS_MS);
// One file: the test runner's own way to load modules makes every call between them cost more.
const program = join(folder, 'run-seeds.mjs');
await build({
  entryPoints: [join(root, 'test/simulation/run-seeds.ts')], outfile: program, bundle: true, platform: 'node', format: 'esm', conditions: ['wary-source'], external: ['pg-native'], sourcemap: 'inline', logLevel: 'error',
  banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(${JSON.stringify(join(root, 'package.json'))});` },
});
const codes = await Promise.all(parts.map((part) => new Promise((resolve) => {
  const child = spawn(process.execPath, ['--enable-source-maps', program, String(part.first), String(part.seeds), part.report], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  child.on('exit', (code) => { resolve(code ?? 1); });
})));
clearInterval(progress);
const sum = together();
rmSync(folder, { recursive: true, force: true });
const broken = Object.keys(sum.broken).length > 0;
// A process that was stopped from outside, or that failed by itself, has not run all of its seeds.
const whole = codes.every((code) => code === 0) || (broken && sum.seeds === Number(seeds));
for (const [what, count] of Object.entries(sum.tally).sort(([one], [other]) => (one < other ? -1 : 1))) console.log(`${number(count).padStart(14)}  ${what}`);
for (const [seed, why] of Object.entries(sum.broken)) console.log(`seed ${seed}: ${why}`);
console.log(`simulation: ${number(sum.seeds)} seeds from ${first}, ${number(sum.events)} events, ${number(sum.kills)} kills, ${number(sum.steps)} steps, ${broken ? 'an invariant is broken' : 'no invariant broken'}${whole ? '' : ', ended before all were run'}, ${seconds()} s`);
if (publish && whole) writeResult();
process.exit(broken || !whole ? 1 : 0);

function writeResult() {
  const count = (pattern) => Object.entries(sum.tally).reduce((all, [what, times]) => (pattern.test(what) ? all + times : all), 0);
  const git = (...words) => execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--untracked-files=no', '--', '.', ':!docs') !== '';
  writeFileSync(join(root, 'docs/reliability/results/02-simulation.json'), `${JSON.stringify({
    row: 2, name: 'simulation', runs: sum.seeds, events: sum.events, lost: sum.lost, doubled: sum.doubled, seeds: `${first} to ${Number(first) + Number(seeds) - 1}`,
    faults: { 'calls that failed': count(/^failed before /), 'answers lost': count(/^answer (lost of|to a client lost)/), 'sends written in part': count(/^a send to .* in part$/), 'processes killed': count(/^killed /), 'partitions dealt anew for no reason': count(/: dealt anew for no reason$/), 'clock jumps': count(/^clock set /), 'snapshots torn': count(/^torn snapshot/) },
    figures: { broken_seeds: Object.keys(sum.broken).length, 'commits of zombies refused': count(/commit of an old generation refused$/), 'partitions restored': count(/^partition restored/), wall_s: Number(seconds()) },
    commit: `${git('rev-parse', '--short=12', 'HEAD')}${changed ? '+changes' : ''}`, on: new Date().toISOString().slice(0, 10), machine: `${availableParallelism()} cores, ${process.platform} ${process.arch}, Node ${process.versions.node}`,
  }, null, 2)}\n`);
}
