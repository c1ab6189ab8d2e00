// One of the processes of `npm run simulate`: FIRST SEEDS REPORT. Ends with 1 when a seed has broken something.
import { simulate } from './world/cluster.js';
import { SeedReport } from './world/seed-report.js';
import { stormOf } from './world/storm.js';

/** Of a long run; more would say the same. */
const BROKEN_MAX = 20;

const [first, seeds] = process.argv.slice(2, 4).map(Number) as [number, number];
const report = new SeedReport(process.argv[4] ?? null);
for (let seed = first; seed < first + seeds && report.brokenSeeds < BROKEN_MAX; seed += 1) report.take(seed, await simulate(seed, stormOf(seed)));
report.write();
// Worlds that are over leave timers of nobody; there is nothing to wait for.
process.exit(report.brokenSeeds > 0 ? 1 : 0);
