/** Sigma rules over four kinds of events: events/s on one thread and on all cores, JSON parsing included; compile time and memory. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { readEvents } from '@wary/app-cli/rules/read-events.js';
import { readRuleFolders, routerFor } from '@wary/app-cli/rules/rule-files.js';
import { Correlator } from '@wary/rules/correlate/correlator.js';
import { loadRules } from '@wary/rules/load-rules.js';
import { RuleEngine } from '@wary/rules/rule-engine.js';
import { SeededRandom } from '@wary/testkit/seeded-random.js';
import { LANE_PIPELINES, LANES, laneLines, type Lane } from './support/sigma-lanes.js';

const COUNTS: Readonly<Record<Lane, number>> = { raw: 60_000, structured: 40_000, syslog: 200_000, file: 60_000 };
/** The fastest peer on a machine like this one (default, routed by log source), as it was measured there when idle; it runs beside ours only where it is installed. */
const PEER: Readonly<Record<Lane, readonly [number, number]>> = { raw: [41_600, 146_900], structured: [21_000, 30_500], syslog: [115_000, 223_800], file: [39_500, 57_900] };
const ROUNDS = 3;

const data = process.env['WARY_TEST_DATA'];
const rulesDir = join(data ?? '', 'sigma', 'rules');
if (data === undefined || !existsSync(rulesDir)) {
  console.log('WARY_TEST_DATA names no folder with sigma/rules: this bench needs the public Sigma rules.');
  process.exit(0);
}
const [childLane, childFile, childMode] = process.argv.slice(2);
const seconds = (): number => performance.now() / 1_000;

/** Events by the second, and by the second of processor time: on a busy machine only the second says what the code needs. */
interface Rate { readonly rate: number; readonly cpuRate: number; readonly matches: number }

async function run(file: string, pipeline: string): Promise<Rate> {
  const { set } = readRuleFolders([rulesDir]);
  const engine = new RuleEngine(set.rules, routerFor(pipeline));
  let best = 0;
  let bestCpu = 0;
  let matches = 0;
  // The first round makes the indices and warms the code up.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const started = seconds();
    const cpu = process.cpuUsage();
    matches = 0;
    const { events } = await readEvents(file, ({ event, text }) => {
      matches += engine.match(event, text).length;
    });
    const { user, system } = process.cpuUsage(cpu);
    if (round === 0) continue;
    best = Math.max(best, events / (seconds() - started));
    bestCpu = Math.max(bestCpu, events / ((user + system) / 1e6));
  }
  return { rate: best, cpuRate: bestCpu, matches };
}

if (childLane === 'correlations') correlations();
else if (childLane !== undefined && childFile !== undefined && childMode !== undefined) {
  console.log(JSON.stringify(await run(childFile, childMode)));
} else {
  const dir = mkdtempSync(join('node_modules', '.bench-sigma-'));
  try {
    console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.version}`);
    const before = process.memoryUsage().rss;
    const started = seconds();
    const { set } = readRuleFolders(['rules', 'rules-emerging-threats', 'rules-threat-hunting'].map((name) => join(data, 'sigma', name)));
    console.log(`compile: ${set.rules.length} rules, ${set.rejected} refused, ${(seconds() - started).toFixed(2)} s (files read included), ${((process.memoryUsage().rss - before) / 1e6).toFixed(0)} MB`);
    const rows: string[] = [];
    for (const lane of LANES) {
      const lines = laneLines(lane, COUNTS[lane]);
      const file = join(dir, `${lane}.ndjson`);
      writeFileSync(file, `${lines.join('\n')}\n`);
      const pipeline = LANE_PIPELINES[lane].includes('\n') ? join(dir, `${lane}.yml`) : LANE_PIPELINES[lane];
      if (pipeline.endsWith('.yml')) writeFileSync(pipeline, LANE_PIPELINES[lane]);
      for (const [mode, name, peer] of [['none', 'default', PEER[lane][0]], [pipeline, 'routed', PEER[lane][1]]] as const) {
        const [one] = await children(1, lane, file, mode);
        const all = await children(availableParallelism(), lane, file, mode);
        rows.push(`| ${lane} | ${name} | ${Math.round(one!.rate).toLocaleString('en')} | ${Math.round(one!.cpuRate).toLocaleString('en')} | ${Math.round(all.reduce((sum, { rate }) => sum + rate, 0)).toLocaleString('en')} | ${peer.toLocaleString('en')} | ${(one!.matches / lines.length).toFixed(3)} |`);
        console.error(rows.at(-1));
      }
    }
    correlations();
    console.log(`\n| lane | log source | events/s, one thread | events a second of processor time | events/s, ${availableParallelism()} processes | bar | matches an event |\n|---|---|---|---|---|---|---|\n${rows.join('\n')}`);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** Matches of a rule through the correlator alone, in the order of time; the last line has a million groups. */
function correlations(): void {
  const run = (name: string, body: string, groups: number, count: number): void => {
    const { correlations: list } = loadRules([{ path: 'c.yml', text: `title: a\nname: a\nlogsource: {category: x}\ndetection:\n  s:\n    f: 1\n  condition: s\n---\ntitle: b\nname: b\nlogsource: {category: x}\ndetection:\n  s:\n    f: 2\n  condition: s\n---\ntitle: c\ncorrelation:\n  group-by: [user]\n  timespan: 5m\n${body}` }]);
    const random = new SeededRandom(3);
    const users = Array.from({ length: count }, () => `user-${random.below(groups)}`);
    const hosts = Array.from({ length: count }, () => `host-${random.below(50)}`);
    let at = 0;
    const read = (field: string): unknown => (field === 'user' ? users[at] : field === 'n' ? at % 1_000 : hosts[at]);
    const [a, b] = [[{ id: 'a', name: 'a', read }], [{ id: 'b', name: 'b', read }]];
    let best = 0;
    let fired = 0;
    for (let round = 0; round < 3; round += 1) {
      fired = 0;
      const correlator = new Correlator(list, () => { fired += 1; });
      const cpu = process.cpuUsage();
      for (at = 0; at < count; at += 1) correlator.observe(1_780_000_000_000 + at, at, at % 7 === 0 ? b : a);
      const { user, system } = process.cpuUsage(cpu);
      best = Math.max(best, count / ((user + system) / 1e6));
    }
    console.log(`| ${name} | ${groups.toLocaleString('en')} | ${Math.round(best).toLocaleString('en')} | ${fired.toLocaleString('en')} |`);
  };
  console.log('\n| correlation | groups | events a second of processor time | fired |\n|---|---|---|---|');
  run('event_count', '  type: event_count\n  rules: [a, b]\n  condition: { gte: 50 }', 1_000, 1_000_000);
  run('value_count', '  type: value_count\n  rules: [a, b]\n  condition: { field: host, gte: 40 }', 1_000, 1_000_000);
  run('value_sum', '  type: value_sum\n  rules: [a, b]\n  condition: { field: n, gte: 100000 }', 1_000, 1_000_000);
  run('value_percentile', '  type: value_percentile\n  rules: [a, b]\n  condition: { field: n, percentile: 95, gte: 990 }', 1_000, 500_000);
  run('temporal', '  type: temporal\n  rules: [a, b]', 1_000, 1_000_000);
  run('temporal_ordered', '  type: temporal_ordered\n  rules: [a, b]', 1_000, 1_000_000);
  const before = process.memoryUsage().rss;
  run('event_count', '  type: event_count\n  rules: [a, b]\n  condition: { gte: 10 }', 1_000_000, 1_500_000);
  console.log(`memory with a million groups: ${((process.memoryUsage().rss - before) / 1e6).toFixed(0)} MB more`);
}

function children(count: number, lane: Lane, file: string, mode: string): Promise<Rate[]> {
  return Promise.all(Array.from({ length: count }, () => new Promise<Rate>((resolve, reject) => {
    const child = spawn(process.execPath, [process.argv[1]!, lane, file, mode], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('error', reject);
    child.on('exit', (status) => (status === 0 ? resolve(JSON.parse(text) as Rate) : reject(new Error(`a child ended with ${status}`))));
  })));
}
