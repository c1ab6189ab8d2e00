/** Null level: how often a calibrated p of each behaviour is at most α where nothing happens, with block-bootstrap intervals. */
import { createEngine } from '@wary/detect/engine.js';
import { BEHAVIOURS, WINDOWS } from '@wary/detect/features.js';
import { NULL_STREAMS, nullStream, type NullStream } from '@wary/testkit/null-streams.js';
import { OFFICE_START, officeStream } from '@wary/testkit/office-stream.js';
import type { Event } from '@wary/model/event.js';
import { publishSection, tableOf } from './support/quality-page.js';
import { createRandom } from './support/streams.js';

const publish = process.argv.includes('--publish');
const SEEDS = publish ? [401, 402, 403] : [1];
const ENTITIES = publish ? 60 : 40;
const DAYS = publish ? 56 : 42;
/** The first weeks teach. */
const FROM = OFFICE_START + 21 * 86_400_000;
const ALPHAS = [0.1, 0.01, 0.001, 1e-4, 1e-5] as const;
/** The ranks' reach is that of their memory; beyond, the fitted tail is looked at on streams of a year, of the windows of which there are enough. */
const RANK_ALPHAS = 3;
const LONG_DAYS = publish ? 364 : 120;
const LONG_WINDOWS = ['5 minutes', 'hour'] as const;
const EXPECTED_MIN = 3;
const BUDGET = 5;
/** So small that the levels of sixty principals lie where those of thousands do. */
const LONG_BUDGET = 0.05;
const RESAMPLES = 400;
const ALLOWED = 1.1;

/** Blocks are an entity's whole time: what depends on each other stays together. */
interface Block { n: number; readonly hits: number[] }
type Family = Map<string, Block>;
const families = new Map<string, Family>();
const longFamilies = new Map<string, Family>();

const streams: readonly (readonly [name: string, events: (seed: number) => Event[]])[] = [
  ...(Object.keys(NULL_STREAMS) as NullStream[]).map((kind) => [kind, (seed: number) => nullStream(kind, { seed, entities: ENTITIES, days: DAYS, perHour: 0.8 })] as const),
  ['office', (seed: number) => officeStream({ seed, users: ENTITIES, days: DAYS, groups: 2, requestsPerHour: 2 })],
];
function run(into: Map<string, Family>, budgetPerDay: number, name: string, seed: number, events: Event[], keysOf: (behaviour: string, window: string) => readonly string[]): void {
  const engine = createEngine({
    budgetPerDay, seed, onJudged: ({ entity, kind, behaviour, start, strength }) => {
      if (start < FROM) return;
      for (const key of keysOf(BEHAVIOURS[behaviour]!, WINDOWS[kind]!.words)) {
        let family = into.get(key);
        if (family === undefined) into.set(key, (family = new Map()));
        const id = `${name}/${seed}/${entity}`;
        let block = family.get(id);
        if (block === undefined) family.set(id, (block = { n: 0, hits: ALPHAS.map(() => 0) }));
        block.n += 1;
        ALPHAS.forEach((alpha, i) => { if (strength >= -Math.log10(alpha)) block.hits[i]! += 1; });
      }
    },
  });
  engine.scoreEvents(events.map((event, i) => Object.assign(event, { seq: i + 1 })));
  engine.finish();
}
for (const [name, make] of streams) for (const seed of SEEDS) run(families, BUDGET, name, seed, make(seed), (behaviour, window) => [`${behaviour}, ${window}`, `all of ${name}`]);
for (const kind of Object.keys(NULL_STREAMS) as NullStream[]) {
  run(longFamilies, LONG_BUDGET, kind, 404, nullStream(kind, { seed: 404, entities: ENTITIES, days: LONG_DAYS, perHour: 0.8 }), (behaviour, window) =>
    (['volume', 'breadth', 'failures'].includes(behaviour) && (LONG_WINDOWS as readonly string[]).includes(window) ? [`${kind}: ${behaviour}, ${window}`, `all: ${behaviour}, ${window}`] : []));
}

/** Share of windows with p ≤ α, and the 95 % interval over resampled blocks. */
function shareOf(family: Family, alpha: number): { readonly share: number; readonly low: number; readonly high: number; readonly n: number } {
  const blocks = [...family.values()];
  const random = createRandom(20_261_201);
  const total = (chosen: readonly Block[]): number => chosen.reduce((sum, { hits }) => sum + hits[alpha]!, 0) / Math.max(1, chosen.reduce((sum, { n }) => sum + n, 0));
  const again = Array.from({ length: RESAMPLES }, () => total(blocks.map(() => blocks[Math.floor(random() * blocks.length)]!))).sort((a, b) => a - b);
  return { share: total(blocks), low: again[Math.floor(0.025 * RESAMPLES)]!, high: again[Math.floor(0.975 * RESAMPLES)]!, n: blocks.reduce((sum, { n }) => sum + n, 0) };
}
const digits = (share: number): string => (share === 0 ? '0' : share >= 0.01 ? share.toFixed(3) : share.toPrecision(2));
const over: string[] = [];
/** A table of families at some of the levels; where fewer are expected than say anything, nothing is. */
function tableOfFamilies(of: ReadonlyMap<string, Family>, levels: readonly number[]): string {
  const rows: string[][] = [];
  for (const [name, family] of [...of].sort((a, b) => (a[0] < b[0] ? -1 : 1))) {
    const at = levels.map((i) => ({ i, alpha: ALPHAS[i]!, ...shareOf(family, i) }));
    rows.push([name, at[0]!.n.toLocaleString('en'), ...at.map(({ alpha, share, low, high, n }) => (alpha * n < EXPECTED_MIN ? '–' : `${share > ALLOWED * alpha ? '**' : ''}${digits(share)}${share > ALLOWED * alpha ? '**' : ''} (${digits(low)}–${digits(high)})`))]);
    for (const { alpha, low, n } of at) if (alpha * n >= EXPECTED_MIN && low > ALLOWED * alpha) over.push(`${name} at ${alpha}`);
  }
  return tableOf(['behaviour and window, or stream', 'windows', ...levels.map((i) => `P(p ≤ ${ALPHAS[i]!})`)], rows);
}
const table = tableOfFamilies(families, ALPHAS.map((_, i) => i).slice(0, RANK_ALPHAS));
const longTable = tableOfFamilies(longFamilies, ALPHAS.map((_, i) => i).slice(RANK_ALPHAS - 1));
console.log(`${table}\n\n${longTable}`);
console.log(over.length === 0 ? 'none is surely over 1.1 α' : `surely over 1.1 α: ${over.join(', ')}`);
if (publish) {
  publishSection('null-level', `## What a p is worth where nothing happens

\`npm run bench -- null-level --publish\`: four laws of null streams and the office of the tests, ${ENTITIES} principals each, ${DAYS} days of which the first 21 teach, seeds ${SEEDS.join(', ')}. Share of windows whose calibrated p is at most α at their end,
with 95 % intervals over blocks (a principal's whole time). The bar is 1.1 α; what is above it is bold. A share below α is caution: counts are discrete, and each behaviour is charged for its features.

${table}

Far into the tail, where no rank reaches and the fitted tail speaks: ${LONG_DAYS} days of each law (seed 404); "–": fewer than ${EXPECTED_MIN} are expected.

${longTable}

${over.length === 0 ? 'No interval lies above 1.1 α.' : `Intervals that lie above 1.1 α: ${over.join(', ')}.`}`);
}
