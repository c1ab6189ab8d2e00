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
const ALPHAS = [0.1, 0.01, 0.001] as const;
const RESAMPLES = 400;
const ALLOWED = 1.1;

/** Blocks are an entity's whole time: what depends on each other stays together. */
interface Block { n: number; readonly hits: [number, number, number] }
type Family = Map<string, Block>;
const families = new Map<string, Family>();

const streams: readonly (readonly [name: string, events: (seed: number) => Event[]])[] = [
  ...(Object.keys(NULL_STREAMS) as NullStream[]).map((kind) => [kind, (seed: number) => nullStream(kind, { seed, entities: ENTITIES, days: DAYS, perHour: 0.8 })] as const),
  ['office', (seed: number) => officeStream({ seed, users: ENTITIES, days: DAYS, groups: 2, requestsPerHour: 2 })],
];
for (const [name, make] of streams) {
  for (const seed of SEEDS) {
    const engine = createEngine({
      budgetPerDay: 5, seed, onJudged: ({ entity, kind, behaviour, start, strength }) => {
        if (start < FROM) return;
        for (const key of [`${BEHAVIOURS[behaviour]!}, ${WINDOWS[kind]!.words}`, `all of ${name}`]) {
          let family = families.get(key);
          if (family === undefined) families.set(key, (family = new Map()));
          const id = `${name}/${seed}/${entity}`;
          let block = family.get(id);
          if (block === undefined) family.set(id, (block = { n: 0, hits: [0, 0, 0] }));
          block.n += 1;
          ALPHAS.forEach((alpha, i) => { if (strength >= -Math.log10(alpha)) block.hits[i]! += 1; });
        }
      },
    });
    engine.scoreEvents(make(seed).map((event, i) => Object.assign(event, { seq: i + 1 })));
    engine.finish();
  }
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
const rows: string[][] = [];
const over: string[] = [];
for (const [name, family] of [...families].sort((a, b) => (a[0] < b[0] ? -1 : 1))) {
  const at = ALPHAS.map((_, i) => shareOf(family, i));
  rows.push([name, at[0]!.n.toLocaleString('en'), ...at.map(({ share, low, high }, i) => `${share > ALLOWED * ALPHAS[i]! ? '**' : ''}${digits(share)}${share > ALLOWED * ALPHAS[i]! ? '**' : ''} (${digits(low)}–${digits(high)})`)]);
  ALPHAS.forEach((alpha, i) => { if (at[i]!.low > ALLOWED * alpha) over.push(`${name} at ${alpha}`); });
}
const table = tableOf(['behaviour and window, or stream', 'windows', ...ALPHAS.map((alpha) => `P(p ≤ ${alpha})`)], rows);
console.log(table);
console.log(over.length === 0 ? 'none is surely over 1.1 α' : `surely over 1.1 α: ${over.join(', ')}`);
if (publish) {
  publishSection('null-level', `## What a p is worth where nothing happens

\`npm run bench -- null-level --publish\`: four laws of null streams and the office of the tests, ${ENTITIES} principals each, ${DAYS} days of which the first 21 teach, seeds ${SEEDS.join(', ')}. Share of windows whose calibrated p is at most α at their end,
with 95 % intervals over blocks (a principal's whole time). The bar is 1.1 α; what is above it is bold. A share below α is caution: counts are discrete, and each behaviour is charged for its features. No test has more level than 0.001.

${table}

${over.length === 0 ? 'No interval lies above 1.1 α.' : `Intervals that lie above 1.1 α: ${over.join(', ')}.`}`);
}
