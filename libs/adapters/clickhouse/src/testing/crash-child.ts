import { openClickHouse } from '../open-clickhouse.js';
import { CRASH_ROWS, crashBatch } from './crash-batch.js';
import { storeOptions } from './store-options.js';

/** Inserts batch after batch and says each that was acknowledged, until it is killed. */
const [dataDir, firstBatch] = process.argv.slice(2);
const store = await openClickHouse(storeOptions({ dataDir: dataDir! }));
process.stdout.write('open\n');
for (let batch = Number(firstBatch); ; batch += 1) {
  await store.events.insertEvents(crashBatch(batch), `batch-${batch}`);
  if (batch % 3 === 0) await store.snapshots.saveSnapshot('engine', { version: 1, seq: (batch + 1) * CRASH_ROWS, takenAt: batch, bytes: Buffer.alloc(200_000, batch) });
  process.stdout.write(`acknowledged ${batch}\n`);
}
