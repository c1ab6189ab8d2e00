/** Events/s through the whole path (decode, enrich, protect, store, score) against the stock client's plain JSONEachRow insert of the same bytes; prints `ratio: X`. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeBodies, type Shape } from './support/event-bodies.js';
import { runPath } from './support/path-round.js';
import { runStock } from './support/stock-round.js';

const SELF = fileURLToPath(import.meta.url);
const ROUNDS = 5;
const BATCHES = 10;
const BATCH_EVENTS = 10_000;

interface Round { readonly events: number; readonly bytes: number; readonly ms: number; readonly cpuMs: number }

/** A side in a process of its own: one engine a process. Rounds of both sides take turns, so that the machine's mood hits both. */
class Side {
  private readonly child: ChildProcess;
  private readonly folder = mkdtempSync(join(tmpdir(), 'wary-bench-'));

  constructor(role: string, shape: Shape) {
    // As the npm scripts start it.
    this.child = fork(SELF, [role, shape, this.folder], { execArgv: ['--max-semi-space-size=64'], env: { ...process.env, UV_THREADPOOL_SIZE: '8' } });
  }

  async round(): Promise<Round> {
    const answer = once(this.child, 'message') as Promise<[Round]>;
    this.child.send('round');
    return (await answer)[0];
  }

  async end(): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.send('end');
    await exit;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function serve(role: string, shape: Shape, folder: string): Promise<void> {
  const side = role === 'path' ? await runPath(folder) : await runStock(folder);
  let round = 0;
  process.on('message', (message) => {
    void (message === 'round' ? playRound() : side.close().then(() => process.exit(0)));
  });
  process.on('disconnect', () => process.exit(1));
  async function playRound(): Promise<void> {
    const bodies = makeBodies(shape, BATCHES, BATCH_EVENTS, round);
    round += 1;
    const cpu = process.cpuUsage();
    const started = performance.now();
    await side.send(bodies);
    const ms = performance.now() - started;
    const used = process.cpuUsage(cpu);
    process.send!({ events: BATCHES * BATCH_EVENTS, bytes: bodies.reduce((sum, body) => sum + body.length, 0), ms, cpuMs: (used.user + used.system) / 1000 } satisfies Round);
  }
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function compare(shape: Shape): Promise<number> {
  const path = new Side('path', shape);
  const stock = new Side('stock', shape);
  // The first rounds fill caches and compile code.
  await path.round();
  await stock.round();
  const rates: Record<'path' | 'stock', number[]> = { path: [], stock: [] };
  const costs: Record<'path' | 'stock', number[]> = { path: [], stock: [] };
  let bytes = 0;
  for (let i = 0; i < ROUNDS; i += 1) {
    for (const [name, side] of [['path', path], ['stock', stock]] as const) {
      const round = await side.round();
      rates[name].push((round.events / round.ms) * 1000);
      costs[name].push((round.cpuMs * 1000) / round.events);
      bytes = round.bytes / round.events;
    }
  }
  await path.end();
  await stock.end();
  const line = (name: 'path' | 'stock', label: string): string =>
    `  ${label.padEnd(44)} ${Math.round(median(rates[name])).toLocaleString('en').padStart(9)} events/s   ${median(costs[name]).toFixed(1).padStart(6)} µs CPU/event   (${Math.round(Math.min(...rates[name])).toLocaleString('en')} – ${Math.round(Math.max(...rates[name])).toLocaleString('en')})`;
  console.log(`${shape}: ${Math.round(bytes)} bytes an event, ${BATCHES} batches of ${BATCH_EVENTS}, ${ROUNDS} rounds each, taking turns`);
  console.log(line('path', 'whole path, everything on'));
  console.log(line('stock', 'stock client, JSONEachRow, same bytes'));
  const ratio = median(rates.path) / median(rates.stock);
  console.log(`  ratio ${ratio.toFixed(2)}\n`);
  return ratio;
}

const [role, shape, folder] = process.argv.slice(2);
if (role === 'path' || role === 'stock') await serve(role, shape as Shape, folder!);
else {
  console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}\n`);
  const content = await compare('content');
  const metadata = await compare('metadata');
  console.log(`with prompts and answers: ${content.toFixed(2)}`);
  console.log(`ratio: ${metadata.toFixed(2)}`);
}
