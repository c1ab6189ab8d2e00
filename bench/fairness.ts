/** Fairness and versions under continuous looking: false alarms with groups given out by chance, and decisions until a difference is told. */
import { createComparedSubject, stepCompared } from '@wary/detect/drift/compared-subject.js';
import type { StreamSums } from '@wary/detect/drift/drift-cells.js';
import { machine, publishSection, tableOf } from './support/quality-page.js';
import { createRandom } from './support/streams.js';

const publish = process.argv.includes('--publish');
const RUNS = publish ? 1_000 : 100;
const DECISIONS = 5_000;
const AN_HOUR = 20;
/** Of the comparisons of an attribute together, over the whole stream. */
const ALPHA = 0.05;
const LIMITS = { decadesMin: -Math.log10(ALPHA), effectMin: 0, versionDecadesMin: -Math.log10(ALPHA), versionEffectMin: 0 };
const Z = 1.96;
const WINDOW = 200;
const LOOK_EVERY = 50;

interface World { readonly name: string; readonly rate: (hour: number) => number; readonly groupShare: number }
const WORLDS: readonly World[] = [
  { name: 'share .5, halves', rate: () => 0.5, groupShare: 0.5 },
  { name: 'share .2, a group of a third', rate: () => 0.2, groupShare: 1 / 3 },
  { name: 'share .7, a group of a tenth', rate: () => 0.7, groupShare: 0.1 },
  { name: 'share .1 to .5 over the day, a third', rate: (hour) => 0.3 + 0.2 * Math.sin((2 * Math.PI * hour) / 24), groupShare: 1 / 3 },
];

interface Outcome { readonly ours: number; readonly zTest: number; readonly fourFifths: number }
/** Decision at which each of them first says that the group gets another share; Infinity: never. `less` log odds less for the group, from the first decision on. */
function outcomeOf({ rate, groupShare }: World, less: number, seed: number): Outcome {
  const random = createRandom(seed);
  const subject = createComparedSubject();
  let [ours, zTest, fourFifths] = [Infinity, Infinity, Infinity];
  const counts = [0, 0, 0, 0];
  const window: (readonly [boolean, boolean])[] = [];
  for (let hour = 0, decided = 0; decided < DECISIONS; hour += 1) {
    const cells = new Map<string, StreamSums>();
    const p = rate(hour);
    for (let n = 0; n < AN_HOUR; n += 1) {
      decided += 1;
      const inGroup = random() < groupShare;
      const odds = Math.log(p / (1 - p)) - (inGroup ? less : 0);
      const yes = random() < 1 / (1 + Math.exp(-odds));
      const key = `g.a=${inGroup ? 'x' : 'y'}|label=${yes ? 'yes' : 'no'}`;
      const sums = cells.get(key);
      if (sums === undefined) cells.set(key, { n: 1, sum: 1, squares: 1 });
      else { sums.n += 1; sums.sum += 1; sums.squares += 1; }
      counts[(inGroup ? 0 : 2) + (yes ? 1 : 0)]! += 1;
      window.push([inGroup, yes]);
      if (window.length > WINDOW) window.shift();
      if (decided % LOOK_EVERY !== 0) continue;
      const [no, yesX, noY, yesY] = counts as [number, number, number, number];
      const [nx, ny] = [no + yesX, noY + yesY];
      const both = (yesX + yesY) / (nx + ny);
      const z = (yesX / nx - yesY / ny) / Math.sqrt(both * (1 - both) * (1 / nx + 1 / ny));
      if (zTest === Infinity && Math.abs(z) > Z) zTest = decided;
      const share = (of: boolean): number => { const all = window.filter(([group]) => group === of); return all.filter(([, is]) => is).length / all.length; };
      const [one, other] = [share(true), share(false)];
      if (fourFifths === Infinity && window.length === WINDOW && Math.min(one, other) < 0.8 * Math.max(one, other)) fourFifths = decided;
    }
    if (ours === Infinity && stepCompared(subject, hour, cells, Number.NaN, LIMITS).news.some(({ step }) => step === 'apart')) ours = decided;
  }
  return { ours, zTest, fourFifths };
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const falseRows = WORLDS.map((world) => {
  const outcomes = Array.from({ length: RUNS }, (_, run) => outcomeOf(world, 0, 7_001 + run * 31));
  const row = [world.name, ...(['ours', 'zTest', 'fourFifths'] as const).map((who) => percent(outcomes.filter((outcome) => outcome[who] < Infinity).length / RUNS))];
  console.log(row.join('  '));
  return row;
});
const GAPS = [0.3, 0.5, 1] as const;
const powerRows = WORLDS.flatMap((world) => GAPS.map((gap) => {
  const found = Array.from({ length: Math.ceil(RUNS / 5) }, (_, run) => outcomeOf(world, gap, 900_001 + run * 17).ours).sort((a, b) => a - b);
  const middle = found[Math.floor((found.length - 1) / 2)]!;
  const row = [world.name, gap.toFixed(1), percent(found.filter((at) => at < Infinity).length / found.length), middle === Infinity ? '–' : middle.toLocaleString('en')];
  console.log(row.join('  '));
  return row;
}));

if (publish) publishSection('fairness', `## Fairness, and versions, under continuous looking

\`npm run bench -- fairness --publish\`: ${RUNS} streams a row of ${DECISIONS.toLocaleString('en')} decisions, ${AN_HOUR} an hour, about a group and the rest, from fixed seeds (${machine()}). The test of the detectors \`group_gap\` and \`version_gap\`, looked at every hour, at α = ${ALPHA} for
all comparisons of the attribute together (the product's setting is .001, and an effect on top). Beside it what is done elsewhere: a z-test of two shares at ${Z} every ${LOOK_EVERY} decisions, and four fifths in a window of ${WINDOW}.

Groups given out by chance; how many streams ever have an alarm:

${tableOf(['decisions', 'ours', 'z-test again and again', 'four fifths in a window'], falseRows)}

A group with less, from the first decision on (log odds; at a share of .5, .5 is 12 points):

${tableOf(['decisions', 'less by', 'found within the stream', 'decisions until then, median'], powerRows)}`);
