/** Drift of models: hours between alarms where nothing changes, and hours until a change is found, stream by stream in worlds with nights, bursts and memory. */
import { streamOf } from '@wary/detect/drift/drift-streams.js';
import type { StreamSums } from '@wary/detect/drift/drift-cells.js';
import { createStream, stepStream } from '@wary/detect/drift/watched-stream.js';
import { publishSection, tableOf } from './support/quality-page.js';
import { createRandom } from './support/streams.js';

const publish = process.argv.includes('--publish');
const RUNS = publish ? 40 : 10;
const CHANGE_RUNS = publish ? 40 : 10;
const QUIET_HOURS = 400 * 24;
const KNOWN_HOURS = 28 * 24 + 10;
const WATCHED_HOURS = 14 * 24;
const LIMITS = { decades: 5, effectMin: 0.2, explained: false };
/** Steps of a size are thirty-seconds of a doubling; values vary by one doubling. */
const SPREAD = 32;

interface World { readonly name: string; readonly stream: 'in' | 'err'; readonly perHour: (hour: number) => number; readonly level: (hour: number) => number; /** Deviation of hours among themselves, what of it lasts an hour, and the chance that a stretch of odd work begins. */ readonly between: number; readonly lasting: number; readonly burst: number }
const isWeekend = (hour: number): boolean => (Math.floor(hour / 24) + 3) % 7 >= 5;
const office = (most: number) => (hour: number): number => most * (isWeekend(hour) || hour % 24 < 7 || hour % 24 >= 18 ? 0.03 : 1);
const steady = (value: number) => (): number => value;
const nights = (hour: number): number => 240 + 12 * Math.sin((2 * Math.PI * hour) / 24) + (isWeekend(hour) ? 12 : 0);
const WORLDS: readonly World[] = [
  { name: 'sizes, 20 an hour', stream: 'in', perHour: steady(20), level: steady(240), between: 0, lasting: 0, burst: 0 },
  { name: 'sizes, hours differ', stream: 'in', perHour: steady(20), level: steady(240), between: 10, lasting: 0, burst: 0 },
  { name: 'sizes, hours remember .6', stream: 'in', perHour: steady(20), level: steady(240), between: 10, lasting: 0.6, burst: 0 },
  { name: 'sizes, hours remember .85', stream: 'in', perHour: steady(50), level: steady(240), between: 10, lasting: 0.85, burst: 0 },
  { name: 'sizes, office hours and nights', stream: 'in', perHour: office(30), level: nights, between: 8, lasting: 0.3, burst: 0 },
  { name: 'sizes, the same with bursts', stream: 'in', perHour: office(30), level: nights, between: 8, lasting: 0.3, burst: 0.02 },
  { name: 'sizes, 200 an hour with bursts', stream: 'in', perHour: steady(200), level: nights, between: 8, lasting: 0.5, burst: 0.02 },
  { name: 'share of 2 %, office hours', stream: 'err', perHour: office(30), level: steady(-4), between: 0, lasting: 0, burst: 0 },
  { name: 'share of 20 %, 5 an hour', stream: 'err', perHour: steady(5), level: steady(-1.4), between: 0.3, lasting: 0, burst: 0 },
  { name: 'share of 3 %, office hours with bursts', stream: 'err', perHour: office(30), level: steady(-3.5), between: 0.5, lasting: 0.3, burst: 0.02 },
];
/** In deviations of single values, and in log odds. */
const CHANGES = { in: [8, 16, 32], err: [0.5, 1, 2] } as const;

function play({ stream, perHour, level, between, lasting, burst }: World, seed: number, hours: number, shift: (hour: number) => number, take: (hour: number, sums: StreamSums) => boolean): void {
  const random = createRandom(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  let [memory, odd, oddHours] = [0, 0, 0];
  for (let hour = 0; hour < hours; hour += 1) {
    memory = lasting * memory + Math.sqrt(1 - lasting * lasting) * normal();
    if (oddHours > 0) oddHours -= 1;
    else if (random() < burst) { oddHours = 3 + Math.floor(random() * 6); odd = (random() < 0.5 ? -1 : 1) * (1 + 2 * random()); }
    const rate = perHour(hour) * (oddHours > 0 ? 2 : 1);
    const n = Math.max(0, rate > 30 ? Math.round(rate + Math.sqrt(rate) * normal()) : poisson(rate, random));
    if (n === 0) continue;
    const at = level(hour) + between * (memory + (oddHours > 0 ? odd : 0)) + shift(hour);
    const sums: StreamSums = { n, sum: 0, squares: 0 };
    for (let i = 0; i < n; i += 1) {
      const value = stream === 'err' ? (random() < 1 / (1 + Math.exp(-at)) ? 1 : 0) : Math.round(at + SPREAD * normal());
      sums.sum += value;
      sums.squares += value * value;
    }
    if (!take(hour, sums)) return;
  }
}

function poisson(mean: number, random: () => number): number {
  let [count, left] = [0, random()];
  for (const least = Math.exp(-mean); left > least; count += 1) left *= random();
  return count;
}

const rows = WORLDS.map((world) => {
  const stream = streamOf(world.stream)!;
  let [judged, alarms, warnings] = [0, 0, 0];
  for (let run = 0; run < RUNS; run += 1) {
    const state = createStream();
    play(world, 7_001 + run * 104_729, QUIET_HOURS, steady(0), (hour, sums) => {
      const before = state.zone;
      stepStream(state, stream, hour, sums, LIMITS);
      if (before !== 'learning') judged += 1;
      if (before === 'stable' && state.zone === 'warning') warnings += 1;
      if (before === 'warning' && state.zone === 'alarm') alarms += 1;
      return true;
    });
  }
  const found = CHANGES[world.stream].map((size) => {
    const delays: number[] = [];
    for (let run = 0; run < CHANGE_RUNS; run += 1) {
      const state = createStream();
      play(world, 9_001 + run * 15_485_863, KNOWN_HOURS + WATCHED_HOURS, (hour) => (hour >= KNOWN_HOURS ? size : 0), (hour, sums) => {
        stepStream(state, stream, hour, sums, LIMITS);
        if (hour < KNOWN_HOURS || state.zone !== 'alarm') return true;
        delays.push(hour - KNOWN_HOURS);
        return false;
      });
    }
    delays.sort((a, b) => a - b);
    return delays.length * 2 <= CHANGE_RUNS ? `${delays.length} of ${CHANGE_RUNS}` : `${delays[Math.floor(CHANGE_RUNS / 2)] ?? `> ${WATCHED_HOURS}`} h (${delays.length} of ${CHANGE_RUNS})`;
  });
  console.log(world.name, judged, alarms, warnings, found.join('; '));
  return [world.name, judged.toLocaleString('en'), ((alarms / judged) * 1e5).toFixed(1), ((warnings / judged) * 1e5).toFixed(1), ...found];
});
const table = tableOf(['stream', 'hours judged', 'alarms in 10⁵ hours', 'warnings in 10⁵ hours', 'small change', 'medium', 'large'], rows);
console.log(table);
if (publish) {
  publishSection('model-drift', `## Drift of models

\`npm run bench -- model-drift --publish\`: what the product watches of each model, stream by stream, at its settings (10⁵ hours between false alarms of a stream, effect 0.2). ${RUNS} streams of 400 days a row without any change; then ${CHANGE_RUNS} with one
after 28 days: sizes by a quarter, a half and one deviation of single values, shares by 0.5, 1 and 2 in log odds; the median of the hours until the alarm, and how many were found within two weeks. Bursts are stretches of 3 to 8 hours of twice the
work, one to three deviations of an hour off; in the last row they are spells of more errors, which is why they are found. No labels are used; constants were chosen on streams of this kind with other seeds.

${table}`);
}
