/** The commands over files: events and rows per second of one core, as a process of its own, from the first byte read to the last line written. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInsiderCompany } from '@wary/simulate/insider/insider-company.js';
import { machine, publishSection, tableOf } from './support/quality-page.js';
import { createRandom, errors, normal } from './support/streams.js';

const option = (name: string, otherwise: string): string => { const at = process.argv.indexOf(`--${name}`); return at < 0 ? otherwise : process.argv[at + 1]!; };
const EVENTS = Number(option('events', '300000'));
const ROWS = Number(option('rows', '1000000'));
const CLI = 'apps/cli/dist/main.js';
const folder = mkdtempSync(join(tmpdir(), 'wary-commands-'));
const path = (name: string): string => join(folder, name);
/** Run in the process before the command: it says at its end what it has used. The process has no other way to be asked from outside that is the same everywhere. */
const REPORT = path('report.mjs');
writeFileSync(REPORT, "import { writeFileSync } from 'node:fs';\nprocess.on('exit', () => { const { user, system } = process.cpuUsage(); writeFileSync(process.env.WARY_BENCH_USAGE, JSON.stringify({ cpu: (user + system) / 1e6, rss: process.resourceUsage().maxRSS })); });\n");

function writeLines(name: string, lines: Iterable<string>): void {
  const file = openSync(path(name), 'w');
  let batch: string[] = [];
  for (const line of lines) {
    batch.push(line);
    if (batch.length < 10_000) continue;
    writeSync(file, `${batch.join('\n')}\n`);
    batch = [];
  }
  if (batch.length > 0) writeSync(file, `${batch.join('\n')}\n`);
  closeSync(file);
}

function* eventLines(): Generator<string> {
  let count = 0;
  for (const { event } of createInsiderCompany({ seed: 11, start: Date.UTC(2025, 0, 6), days: 150, users: 150 }).events()) {
    if (count === EVENTS) return;
    count += 1;
    yield JSON.stringify(event);
  }
}
function* seriesLines(): Generator<string> {
  const random = createRandom(5);
  yield 'timestamp,value';
  for (let row = 0; row < ROWS; row += 1) yield `${new Date(Date.UTC(2025, 0, 1) + row * 300_000).toISOString().slice(0, 19).replace('T', ' ')},${(50 + 20 * Math.sin((2 * Math.PI * row) / 288) + 3 * normal(0)(random, row)).toFixed(3)}`;
}
function* driftLines(): Generator<string> {
  const random = createRandom(6);
  for (let row = 0; row < ROWS; row += 1) yield String(errors(0.2)(random, row));
}

interface Command { readonly name: string; readonly args: readonly string[]; readonly input: string; readonly lines: () => Iterable<string>; readonly bar: number; readonly unit: string; /** A header line. */ readonly head: number }
const COMMANDS: readonly Command[] = [
  { name: 'wary detect', args: ['detect', '--events', path('events.ndjson'), '--out', path('findings.ndjson')], input: 'events.ndjson', lines: eventLines, bar: 10_000, unit: 'events', head: 0 },
  { name: 'wary detect --scores', args: ['detect', '--events', path('events.ndjson'), '--out', path('findings.ndjson'), '--scores', path('scores.ndjson')], input: 'events.ndjson', lines: eventLines, bar: 10_000, unit: 'events', head: 0 },
  { name: 'wary score timeseries', args: ['score', 'timeseries', '--in', path('series.csv'), '--out', path('scores.csv')], input: 'series.csv', lines: seriesLines, bar: 50_000, unit: 'rows', head: 1 },
  { name: 'wary score drift', args: ['score', 'drift', '--in', path('values.txt')], input: 'values.txt', lines: driftLines, bar: 50_000, unit: 'values', head: 0 },
];

const rows = COMMANDS.map(({ name, args, input, lines, bar, unit, head }) => {
  if (statSync(path(input), { throwIfNoEntry: false }) === undefined) writeLines(input, lines());
  const count = readFileSync(path(input)).reduce((sum, byte) => sum + (byte === 10 ? 1 : 0), -head);
  const usage = path('usage.json');
  const { status, stderr } = spawnSync(process.execPath, ['--import', `file://${REPORT}`, CLI, ...args], { env: { ...process.env, WARY_BENCH_USAGE: usage }, encoding: 'utf8', maxBuffer: 1e8 });
  if (status !== 0) throw new Error(`${name}: exit ${String(status)}: ${stderr}`);
  const { cpu, rss } = JSON.parse(readFileSync(usage, 'utf8')) as { cpu: number; rss: number };
  const rate = count / cpu;
  console.log(`${name.padEnd(24)} ${count.toLocaleString('en')} ${unit} in ${cpu.toFixed(1)} s of CPU: ${Math.round(rate).toLocaleString('en')} a second (bar ${bar.toLocaleString('en')}); at most ${Math.round(rss / 1024)} MB`);
  return [`\`${name}\``, `${count.toLocaleString('en')} ${unit}`, `${Math.round(rate).toLocaleString('en')} a second`, bar.toLocaleString('en'), `${Math.round(rss / 1024)} MB`];
});
rmSync(folder, { recursive: true });

if (process.argv.includes('--publish')) publishSection('commands', `## The commands over files

\`npm run bench -- commands --publish\`: each command as a process of its own over a file, start and reading and writing included; per second of its CPU time, whatever thread used it (${machine()}). Events are of the insider company (150 people, from the first day on), the series has a day and noise, the values are errors at a rate of .2.

${tableOf(['command', 'input', 'speed', 'bar', 'most memory'], rows)}`, 'docs/performance.md');
