/** Findings/s into alerts and incidents over the embedded PostgreSQL, with a raw insert of the same bytes beside it; apply and relay of one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgres } from '@wary/adapter-postgres/open-postgres.js';
import { tidy } from '@wary/adapter-postgres/pglite-upkeep.js';
import { createWorkflowStore } from '@wary/adapter-postgres/workflow-store.js';
import type { Finding } from '@wary/model/finding.js';
import { makeExplanation, makeFinding } from '@wary/testkit/make-finding.js';
import { createWorkflow } from '@wary/workflow/create-workflow.js';
import { CompiledQuery } from 'kysely';

const dataDir = mkdtempSync(join(tmpdir(), 'wary-bench-workflow-'));
const url = process.env['WARY_POSTGRES_URL'];
const handle = await openPostgres({ dataDir, url });
let ids = 0;
const workflow = createWorkflow({ db: createWorkflowStore(handle), random: { next: Math.random, id: () => `id${String((ids += 1)).padStart(12, '0')}` } });

// As the engine's explanations are: a day of hours with its band, five features, twenty events.
const explanation = () => makeExplanation({
  history: Array.from({ length: 24 }, (_, hour) => ({ start: 1_764_000_000_000 + hour * 3_600_000, value: Math.random() * 1_000, low: Math.random(), expected: Math.random() * 10, high: Math.random() * 100 })),
  contributions: Array.from({ length: 5 }, () => ({ feature: 'downloads.1h', label: 'downloads in an hour', observed: Math.random() * 100, expected: '3 to 9', share: 0.2 })),
  eventIds: Array.from({ length: 20 }, () => Math.random().toString(16).padEnd(20, '0')),
});
let made = 0;
const make = (count: number, entities: number, over: Partial<Finding>): Finding[] => Array.from({ length: count }, () => {
  made += 1;
  return makeFinding({ id: `f${made}`, entity: { type: 'user', id: `u${made % entities}` }, reason: `r${Math.floor(made / entities) % 3}`, explanation: explanation(), ...over });
});
const cpuMs = (): number => { const { user, system } = process.cpuUsage(); return (user + system) / 1_000; };

/** One insert of as many rows with only the explanation in them: what the engine and the machine can do at this moment. */
async function rawRowsPerCpuSecond(rows: number): Promise<number> {
  await handle.db.executeQuery(CompiledQuery.raw('create temporary table if not exists raw (id text primary key, document text)'));
  await handle.db.executeQuery(CompiledQuery.raw('truncate raw'));
  const values = Array.from({ length: rows }, (_, index) => [String(index), JSON.stringify(explanation())]).flat();
  const sql = `insert into raw values ${Array.from({ length: rows }, (_, index) => `($${2 * index + 1}, $${2 * index + 2})`).join(', ')}`;
  const started = cpuMs();
  await handle.db.executeQuery(CompiledQuery.raw(sql, values));
  return rows / ((cpuMs() - started) / 1_000);
}

async function run(name: string, findings: readonly Finding[], batch: number): Promise<void> {
  const raw = await rawRowsPerCpuSecond(500);
  const started = performance.now();
  const cpuStarted = cpuMs();
  for (let start = 0; start < findings.length; start += batch) await workflow.applyFindings(findings.slice(start, start + batch), Date.now());
  const cpuSeconds = (cpuMs() - cpuStarted) / 1_000;
  console.log(`${name.padEnd(44)} ${String(Math.round(findings.length / ((performance.now() - started) / 1_000))).padStart(7)}/s  ${String(Math.round(findings.length / cpuSeconds)).padStart(7)} per CPU second  (raw insert ${Math.round(raw)} rows per CPU second)`);
}

console.log(`${handle.kind}, ${cpus()[0]?.model ?? 'unknown processor'}, explanation ${JSON.stringify(explanation()).length} bytes`);
await run('warm-up', make(1_000, 1e9, { severity: 'low' }), 500);
if (handle.kind === 'pglite') await tidy(handle.db);
await run('history, every finding a new alert', make(2_000, 1e9, { historical: true, severity: 'medium' }), 500);
await run('live, every finding a new alert', make(2_000, 1e9, { severity: 'medium' }), 500);
await run('live, 300 entities, 3 reasons', make(3_000, 300, { severity: 'medium' }), 500);
await run('live and high: a new incident each', make(1_000, 1e9, { severity: 'high' }), 500);
const revised = make(500, 1e9, { severity: 'medium' });
const revisions = [0, 1, 2, 3].flatMap((revision) => revised.map((finding) => ({ ...finding, revision, strength: finding.strength + revision })));
await run('500 findings in 4 revisions', revisions, 500);
await run('the same again (a replay)', revisions, 500);
await run('live, one at a time', make(300, 1e9, { severity: 'medium' }), 1);

let relayed = 0;
const relayStarted = performance.now();
for (let part = await workflow.relay(0); part.length > 0; part = await workflow.relay(0)) relayed += part.length;
console.log(`relay: ${relayed} changes, ${Math.round(relayed / ((performance.now() - relayStarted) / 1_000))}/s`);
const delays: number[] = [];
for (let index = 0; index < 200; index += 1) {
  const [finding] = make(1, 1e9, { severity: 'high' });
  const started = performance.now();
  await workflow.applyFindings([finding!], Date.now());
  await workflow.relay(0);
  delays.push(performance.now() - started);
}
delays.sort((a, b) => a - b);
console.log(`one high finding, applied and relayed: p50 ${delays[100]!.toFixed(1)} ms, p99 ${delays[198]!.toFixed(1)} ms`);
await handle.close();
rmSync(dataDir, { recursive: true, force: true });
