import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openClickHouse } from './open-clickhouse.js';
import { CRASH_ROWS, crashBatch } from './testing/crash-batch.js';
import { storeOptions } from './testing/store-options.js';

// A real engine on a machine that others use too.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const here = dirname(fileURLToPath(import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), 'wary-clickhouse-crash-'));
/** Beside the packages it needs: the bundle leaves the engine outside. */
const bundles = mkdtempSync(join(here, '..', '..', '..', '..', 'node_modules', '.wary-crash-'));
const child = join(bundles, 'child.mjs');

beforeAll(async () => {
  await build({
    entryPoints: [join(here, 'testing/crash-child.ts')], outfile: child, bundle: true, platform: 'node', format: 'esm', target: 'node20', conditions: ['wary-source'],
    external: ['chdb', 'chdb/*', '@clickhouse/client'], logLevel: 'error',
  });
});
afterAll(() => {
  rmSync(dataDir, { recursive: true, force: true });
  rmSync(bundles, { recursive: true, force: true });
});

/** Kills the child as soon as it has acknowledged `batches` more, plus `delayMs`: somewhere in an insert or a snapshot. */
async function killWhileInserting(first: number, batches: number, delayMs: number, onOpen: () => Promise<void>): Promise<number> {
  const process_: ChildProcess = spawn(process.execPath, [child, dataDir, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<void>((resolve) => { process_.once('exit', () => { resolve(); }); });
  let last = first - 1;
  for await (const line of createInterface({ input: process_.stdout! })) {
    if (line === 'open') await onOpen();
    const acknowledged = /^acknowledged (\d+)$/.exec(line)?.[1];
    if (acknowledged === undefined) continue;
    last = Number(acknowledged);
    if (last === first + batches - 1) setTimeout(() => { process_.kill('SIGKILL'); }, delayMs);
  }
  await exited;
  return last;
}

describe('kill -9 while inserting', () => {
  it('loses no acknowledged batch, and a retry of the one in flight makes it whole', async () => {
    let next = 0;
    for (const [round, delayMs] of [0, 3, 9].entries()) {
      const last = await killWhileInserting(next, 4 + round, delayMs, async () => {
        if (round > 0) return;
        await expect(openClickHouse(storeOptions({ dataDir }))).rejects.toThrow(new RegExp(`The analytics store in ${join(dataDir, 'clickhouse')} cannot be opened: process \\d+ has it open`));
      });
      const store = await openClickHouse(storeOptions({ dataDir }));
      try {
        const stored = await store.events.count({ tenant: 'default' });
        expect(stored).toBeGreaterThanOrEqual((last + 1) * CRASH_ROWS);
        // Whatever was in flight may be there in part; the client sends it again with its token.
        for (let batch = last; batch <= last + 1; batch += 1) await store.events.insertEvents(crashBatch(batch), `batch-${batch}`);
        next = last + 2;
        expect(await store.events.count({ tenant: 'default' })).toBe(next * CRASH_ROWS);
        let seq = 0;
        for await (const chunk of store.events.readAfter(0, 5_000)) for (const event of chunk) expect(event.seq).toBe(seq += 1);
        expect(seq).toBe(next * CRASH_ROWS);
        const snapshot = await store.snapshots.latestSnapshot('engine');
        expect(snapshot!.bytes.every((byte) => byte === snapshot!.takenAt % 256)).toBe(true);
        expect(snapshot!.seq).toBe((snapshot!.takenAt + 1) * CRASH_ROWS);
      } finally {
        await store.close();
      }
    }
  });
});
