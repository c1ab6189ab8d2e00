/** Abuse: fifteen attacks at three intensities beside their benign twins, found at a budget of five false alarms a day; beside a robust z-score on hourly counts. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createOfflinePath } from '@wary/app-cli/files/offline-path.js';
import { createEngine } from '@wary/detect/engine.js';
import { BEHAVIOURS, WINDOWS } from '@wary/detect/features.js';
import { DEFAULT_PEER_MODE, PEER_MODES, PEER_SETTING, PEER_SETTING_MODE, type PeerMode } from '@wary/detect/peers/peer-mode.js';
import type { Finding } from '@wary/model/finding.js';
import { ABUSE, ABUSE_KINDS, INTENSITIES, TWIN_KINDS, type AbuseKind, type Intensity } from '@wary/simulate/abuse/abuse-kind.js';
import { createAbuseCompany, type AbuseCompany } from '@wary/simulate/abuse/abuse-company.js';
import { AlertGroups } from './support/alert-groups.js';
import { disguised } from './support/disguise.js';
import { machine, publishSection, tableOf } from './support/quality-page.js';
import { RobustZ } from './support/robust-z.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const DAYS = 28;
const LIVE_DAYS = 43;
const PEOPLE = 150;
const CUSTOMERS = 90;
const BUDGET_PER_DAY = 5;
const BATCH_EVENTS = 1_000;
/** What an attacked principal still raises for this long after it is the attack's doing, and no false alarm. */
const AFTERMATH_DAYS = 7;
/** The monitor about itself, and about models. */
const WATCH: ReadonlySet<string> = new Set(['silent_source', 'firing_shift', 'starved_baseline', 'entity_flood', 'coverage_gap', 'drift', 'retraining']);
const publish = process.argv.includes('--publish');
const verbose = process.argv.includes('--verbose');
const option = (name: string, otherwise: string): string => { const at = process.argv.indexOf(`--${name}`); return at < 0 ? otherwise : process.argv[at + 1]!; };
/** Whom entities are held against. */
const PEERS = option('peers', DEFAULT_PEER_MODE) as PeerMode;
const SEEDS = option('seeds', publish ? '501-520' : '1-2');
/** Of the variants, of which each run costs as much: how many of the first seeds. */
const VARIANT_SEEDS = Number(option('variant-seeds', publish ? '6' : '0'));
/** Attackers in disguise, and learning without its guard (`--guard off`, `--chaff 0.1`, `--alternate`): the same companies otherwise. */
interface Variant { readonly guard: boolean; readonly chaff: number; readonly alternate: boolean }
const PLAIN: Variant = { guard: true, chaff: 0, alternate: false };
const ASKED: Variant = { guard: option('guard', 'on') !== 'off', chaff: Number(option('chaff', '0')), alternate: process.argv.includes('--alternate') };
const VARIANTS: readonly Variant[] = [{ ...PLAIN, guard: false }, { ...PLAIN, chaff: 0.1 }, { ...PLAIN, chaff: 0.1, guard: false }, { ...PLAIN, alternate: true }, { ...PLAIN, alternate: true, guard: false }];
const nameOf = ({ guard, chaff, alternate }: Variant): string => [...(chaff > 0 ? [`${Math.round(100 * chaff)} % chaff`] : []), ...(alternate ? ['every second day'] : []), ...(chaff > 0 || alternate ? [] : ['as they are'])].join(', ') + (guard ? '' : ', guard off');
/** Days within which the slow boiling frog is to be found. */
const FROG_DAYS = 14;

interface Outcome { readonly kind: AbuseKind; readonly intensity: Intensity; readonly found: boolean; readonly byZ: boolean; readonly delayHours: number | null; readonly detectors: readonly string[]; /** Share of untouched principals of its kind with an alert in a time as long. */ readonly chance: number }
interface SeedResult { readonly seed: number; /** By its name. */ readonly variant: string; readonly events: number; readonly seconds: number; readonly outcomes: readonly Outcome[]; readonly falseAlerts: Map<string, number>; readonly certainAlerts: Map<string, number>; readonly twins: Map<string, number>; readonly zPerDay: number }

const keyOf = ({ type, id }: { readonly type: string; readonly id: string }): string => `${type}:${id}`;
const startOf = (seed: number): number => Date.UTC(2026, 0, 5) + ((seed * 53) % 280) * DAY_MS;

function runSeed(seed: number, variant: Variant): SeedResult {
  const started = performance.now();
  const company = createAbuseCompany({ seed, start: startOf(seed), days: DAYS, liveDays: LIVE_DAYS, people: PEOPLE, customers: CUSTOMERS });
  const strongest = new Map<string, number>();
  const engine = createEngine({
    budgetPerDay: BUDGET_PER_DAY, seed, guard: variant.guard, settings: { [PEER_SETTING]: { enabled: true, weight: 1, thresholds: { [PEER_SETTING_MODE]: PEER_MODES.indexOf(PEERS) } } },
    ...(verbose ? { onJudged: ({ entity, kind, behaviour, start, strength, level }) => {
      for (const one of company.cases) {
        if (one.category !== 'attack' || start < one.firstDay * DAY_MS - DAY_MS || start > (one.lastDay + 1) * DAY_MS || !one.entities.some(({ id }) => id === entity)) continue;
        const key = `${one.id}|${BEHAVIOURS[behaviour]!} ${WINDOWS[kind]!.id}`;
        const margin = strength + Math.log10(level);
        if (margin > (strongest.get(key) ?? Number.NEGATIVE_INFINITY)) strongest.set(key, margin);
      }
    } } : {}),
  });
  const path = createOfflinePath(company.registers);
  const groups = new AlertGroups();
  const plain = new RobustZ();
  const labelOfSeq = new Map<number, { readonly label: string; readonly principal: string }>();
  const labelOfDay = new Map<string, string>();
  const labelOfEvent = new Map<string, string>();
  /** Labels of each alert's findings; undefined label: nobody's. */
  const labelsOf: Set<string>[] = [];
  const firstAt = new Map<string, { time: number; detectors: Set<string> }>();
  const began = new Map<string, number>();
  const attackIds = new Set(company.cases.filter(({ category }) => category === 'attack').map(({ id }) => id));

  const take = (findings: readonly Finding[]): void => {
    for (const finding of findings) {
      const { index, opened } = groups.take(finding);
      if (opened) labelsOf.push(new Set());
      // What is judged when a day is over is raised by a later event: it counts where the attack had events of this principal on that day.
      const raisedBy = labelOfSeq.get(finding.seq);
      // A campaign is found when most of the events that it points at are the attack's.
      const label = finding.detector.id === 'campaign' ? mostOf(finding.explanation.eventIds.map((id) => labelOfEvent.get(id))) : finding.detector.id === 'growth' ? labelOfDay.get(`${keyOf(finding.entity)}|${finding.window.start}`) : raisedBy?.principal === keyOf(finding.entity) && !finding.closed ? raisedBy.label : undefined;
      if (label === undefined) continue;
      labelsOf[index]!.add(label);
      // What the monitor says about itself points at nobody.
      if (!attackIds.has(label) || WATCH.has(finding.detector.id)) continue;
      const first = firstAt.get(label);
      if (first === undefined) firstAt.set(label, { time: finding.time, detectors: new Set([finding.detector.id]) });
      else first.detectors.add(finding.detector.id);
    }
  };
  let lines: string[] = [];
  let labels: (string | undefined)[] = [];
  let events = 0;
  const flush = (): void => {
    if (lines.length === 0) return;
    const read = path.read(Buffer.from(`${lines.join('\n')}\n`), 1);
    if (read.events.length !== lines.length) throw new Error(`seed ${seed}: ${JSON.stringify(read.refused[0])}`);
    for (const [i, event] of read.events.entries()) {
      const label = labels[i];
      if (label === undefined) continue;
      labelOfEvent.set(event.id, label);
      labelOfSeq.set(event.seq, { label, principal: keyOf(event.principal) });
      labelOfDay.set(`${keyOf(event.principal)}|${Math.floor(event.time / DAY_MS) * DAY_MS}`, label);
    }
    take(engine.scoreEvents(read.events));
    for (const event of read.events) plain.add(keyOf(event.principal), event.time, labelOfSeq.get(event.seq)?.label);
    lines = [];
    labels = [];
  };
  for (const { at, event, label } of disguised(company, variant, seed)) {
    if (label !== undefined && !began.has(label)) began.set(label, at);
    lines.push(JSON.stringify(event));
    labels.push(label);
    events += 1;
    if (lines.length === BATCH_EVENTS) flush();
  }
  flush();
  take(engine.finish());
  plain.close();

  // Whose alerts are an attack's doing, from when until when.
  const touched = new Map<string, [number, number][]>();
  for (const one of company.cases) {
    if (one.category !== 'attack') continue;
    for (const entity of one.entities) touched.set(keyOf(entity), [...(touched.get(keyOf(entity)) ?? []), [one.firstDay * DAY_MS - DAY_MS, (one.lastDay + 1 + AFTERMATH_DAYS) * DAY_MS]]);
  }
  const isTouched = (key: string, time: number): boolean => (touched.get(key) ?? []).some(([from, to]) => time >= from && time <= to);
  const falseAlerts = new Map<string, number>();
  const certainAlerts = new Map<string, number>();
  const twins = new Map<string, number>();
  const quiet = new Map<string, number[]>();
  for (const [index, alert] of groups.alerts.entries()) {
    const key = keyOf(alert.entity);
    if (alert.firstSeen < company.liveStart || [...labelsOf[index]!].some((label) => attackIds.has(label)) || isTouched(key, alert.firstSeen)) continue;
    const into = alert.explanation.calibration === 'deterministic' || WATCH.has(alert.detector.id) ? certainAlerts : falseAlerts;
    into.set(alert.detector.id, (into.get(alert.detector.id) ?? 0) + 1);
    quiet.set(key, [...(quiet.get(key) ?? []), alert.firstSeen]);
    const twin = company.cases.find(({ category, entities, firstDay, lastDay }) => category === 'twin' && entities.some((each) => keyOf(each) === key) && alert.firstSeen >= firstDay * DAY_MS - DAY_MS && alert.firstSeen < (lastDay + 2) * DAY_MS);
    if (twin !== undefined) twins.set(twin.kind, (twins.get(twin.kind) ?? 0) + 1);
    if (verbose) console.log(`  false ${new Date(alert.firstSeen).toISOString()} ${alert.detector.id} ${alert.severity} ${key} ${alert.strength.toFixed(1)} ${twin?.kind ?? ''}: ${alert.explanation.summary}`);
  }
  const zThreshold = thresholdAt(plain, company, (key, time) => isTouched(key, time));
  const zFound = new Set(plain.hours.filter(({ z }) => z >= zThreshold).flatMap(({ labels: of }) => of));
  const outcomes = company.cases.flatMap((one): Outcome[] => {
    if (one.category !== 'attack') return [];
    const first = firstAt.get(one.id);
    if (!began.has(one.id)) throw new Error(`seed ${seed}: ${one.id} was not played`);
    if (verbose && first === undefined) console.log(`  missed ${one.id} ${one.description}: ${[...strongest].filter(([key]) => key.startsWith(`${one.id}|`)).sort((a, b) => b[1] - a[1]).slice(0, 6).map(([key, strength]) => `${key.split('|')[1]!} ${strength.toFixed(1)}`).join(', ')}`);
    return [{
      kind: one.kind, intensity: one.intensity, found: first !== undefined, byZ: zFound.has(one.id), delayHours: first === undefined ? null : (first.time - began.get(one.id)!) / HOUR_MS, detectors: [...(first?.detectors ?? [])],
      chance: chanceOf(company, one, quiet, (key) => touched.has(key)),
    }];
  });
  return { seed, variant: nameOf(variant), events, seconds: (performance.now() - started) / 1_000, outcomes, falseAlerts, certainAlerts, twins, zPerDay: zThreshold };
}

/** The lowest threshold at which the z-score alarms on no more principals a day than the budget allows, with the labels in hand: as good as it can be. */
function thresholdAt({ hours }: RobustZ, { liveStart, end }: AbuseCompany, isTouched: (key: string, time: number) => boolean): number {
  const best = new Map<string, number>();
  for (const { principal, hour, z } of hours) {
    const time = hour * HOUR_MS;
    if (time < liveStart || time >= end || isTouched(principal, time)) continue;
    const key = `${principal}|${Math.floor(time / DAY_MS)}`;
    best.set(key, Math.max(best.get(key) ?? 0, z));
  }
  const sorted = [...best.values()].sort((a, b) => b - a);
  return (sorted[Math.round(BUDGET_PER_DAY * ((end - liveStart) / DAY_MS))] ?? 0) + 1e-9;
}

/** How often principals of the same sort that nobody touches have an alert in a time as long as the attack takes. */
function chanceOf({ liveStart, end, principals }: AbuseCompany, { entities, firstDay, lastDay }: AbuseCompany['cases'][number], quiet: ReadonlyMap<string, readonly number[]>, isTouched: (key: string) => boolean): number {
  const length = (lastDay + 1 - firstDay) * DAY_MS;
  let hits = 0;
  let n = 0;
  for (const principal of principals) {
    const key = keyOf(principal);
    if (principal.type !== entities[0]!.type || isTouched(key)) continue;
    n += 1;
    const times = quiet.get(key) ?? [];
    const from = liveStart + ((n * 0.618_033_988_7) % 1) * Math.max(0, end - liveStart - length);
    if (times.some((time) => time >= from && time < from + length)) hits += 1;
  }
  // Any of ten counts: each of them has the chance.
  return 1 - (1 - hits / Math.max(1, n)) ** entities.length;
}

/** What more than half of them are. */
function mostOf(labels: readonly (string | undefined)[]): string | undefined {
  return labels.find((label) => label !== undefined && labels.filter((other) => other === label).length * 2 > labels.length);
}

const seedsOf = (text: string): number[] => { const [from, to] = text.split('-').map(Number) as [number, number | undefined]; return Array.from({ length: (to ?? from) - from + 1 }, (_, i) => from + i); };
/** Seeds run by several processes side by side: `--save FILE` keeps what was found after each, `--load FILE,FILE` publishes from such files. */
const SAVE = option('save', '');
const LOAD = option('load', '');
const asText = (value: unknown): string => JSON.stringify(value, (_key, each: unknown) => (each instanceof Map ? { map: [...each] } : each));
const fromText = (text: string): SeedResult[] => JSON.parse(text, (_key, each: unknown) => (each !== null && typeof each === 'object' && !Array.isArray(each) && 'map' in each ? new Map((each as { map: [string, number][] }).map) : each)) as SeedResult[];
const everything: SeedResult[] = LOAD === '' ? [] : LOAD.split(',').flatMap((file) => fromText(readFileSync(file, 'utf8'))).sort((a, b) => a.seed - b.seed);
const runs = LOAD === '' ? [...seedsOf(SEEDS).map((seed) => ({ seed, variant: ASKED })), ...VARIANTS.flatMap((variant) => seedsOf(SEEDS).slice(0, VARIANT_SEEDS).map((seed) => ({ seed, variant })))] : [];
for (const { seed, variant } of runs) {
  const result = runSeed(seed, variant);
  everything.push(result);
  if (SAVE !== '') writeFileSync(SAVE, asText(everything));
  const live = LIVE_DAYS;
  const sum = (of: Map<string, number>): number => [...of.values()].reduce((total, count) => total + count, 0);
  console.log(`seed ${seed}, ${result.variant}: ${result.events} events in ${result.seconds.toFixed(0)} s; found ${result.outcomes.filter(({ found }) => found).length} of ${result.outcomes.length}, by z ${result.outcomes.filter(({ byZ }) => byZ).length} (z ≥ ${result.zPerDay.toFixed(1)}); false alerts a day ${(sum(result.falseAlerts) / live).toFixed(2)} (${[...result.falseAlerts].map(([id, count]) => `${id} ${count}`).join(', ')}), certain ${(sum(result.certainAlerts) / live).toFixed(2)}; missed: ${result.outcomes.filter(({ found }) => !found).map(({ kind, intensity }) => `${kind}-${intensity}`).join(', ')}`);
}

const main = LOAD === '' ? nameOf(ASKED) : nameOf(PLAIN);
const results = everything.filter(({ variant }) => variant === main);
const all = results.flatMap(({ outcomes }) => outcomes);
const share = (list: readonly Outcome[], is: (outcome: Outcome) => boolean): string => (list.length === 0 ? '–' : `${list.filter(is).length} of ${list.length}`);
const percent = (list: readonly Outcome[], is: (outcome: Outcome) => boolean): string => `${((100 * list.filter(is).length) / Math.max(1, list.length)).toFixed(0)} %`;
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
const time = (hours: number): string => (!Number.isFinite(hours) ? '–' : hours < 1 ? `${Math.round(hours * 60)} min` : hours < 48 ? `${hours.toFixed(0)} h` : `${(hours / 24).toFixed(0)} days`);
const table = tableOf(['attack', ...INTENSITIES.map((intensity) => `${intensity}: found (z-score, by chance), median time`), 'said by'], [
  ...ABUSE_KINDS.map((kind) => [
    ABUSE[kind].title,
    ...INTENSITIES.map((intensity) => {
      const list = all.filter((outcome) => outcome.kind === kind && outcome.intensity === intensity);
      return `${share(list, ({ found }) => found)} (${percent(list, ({ byZ }) => byZ)}, ${((100 * list.reduce((sum, { chance }) => sum + chance, 0)) / Math.max(1, list.length)).toFixed(0)} %), ${time(median(list.flatMap(({ delayHours }) => delayHours ?? [])))}`;
    }),
    [...new Set(all.filter((outcome) => outcome.kind === kind).flatMap(({ detectors }) => detectors))].sort().join(', '),
  ]),
  ['**all**', ...INTENSITIES.map((intensity) => { const list = all.filter((outcome) => outcome.intensity === intensity); return `**${percent(list, ({ found }) => found)}** (${percent(list, ({ byZ }) => byZ)})`; }), `**${percent(all, ({ found }) => found)}** (z-score ${percent(all, ({ byZ }) => byZ)})`],
]);
const rates = results.map(({ falseAlerts }) => [...falseAlerts.values()].reduce((sum, count) => sum + count, 0) / LIVE_DAYS);
const meanRate = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
const totals = (of: (result: SeedResult) => Map<string, number>): string => {
  const sums = new Map<string, number>();
  for (const result of results) for (const [id, count] of of(result)) sums.set(id, (sums.get(id) ?? 0) + count);
  return [...sums].sort((a, b) => b[1] - a[1]).map(([id, count]) => `${id} ${count}`).join(', ') || 'none';
};
const certain = results.reduce((sum, { certainAlerts }) => sum + [...certainAlerts.values()].reduce((total, count) => total + count, 0), 0) / (results.length * LIVE_DAYS);
const below = `False alerts, the twins' included: ${meanRate.toFixed(2)} a day (${Math.min(...rates).toFixed(2)} to ${Math.max(...rates).toFixed(2)} by seed; the budget is ${BUDGET_PER_DAY}); by detector ${totals(({ falseAlerts }) => falseAlerts)}. Certain evidence and the monitor about itself, beside the budget: ${certain.toFixed(2)} a day (${totals(({ certainAlerts }) => certainAlerts)}).
Alerts on twins, of all seeds: ${totals(({ twins }) => twins)} (${TWIN_KINDS.join(', ')}).`;
const found = all.filter((outcome) => outcome.found).length / Math.max(1, all.length);
const byZ = all.filter((outcome) => outcome.byZ).length / Math.max(1, all.length);
/** The same seeds in every row, so that rows differ by the variant alone. */
const variantNames = [main, ...new Set(everything.map(({ variant }) => variant).filter((name) => name !== main))];
const shared = new Set(everything.filter(({ variant }) => variant !== main).map(({ seed }) => seed));
const isSlowFrog = ({ kind, intensity }: Outcome): boolean => kind === 'boiling_frog' && intensity === 'slow';
const variantTable = variantNames.length === 1 ? '' : tableOf(['attackers', 'found', 'blatant', 'moderate', 'slow', `+5 % a day by day ${FROG_DAYS}`, '+5 % a day, median', 'all but boiling frogs', 'false alerts a day'], variantNames.map((name) => {
  const of = everything.filter(({ variant, seed }) => variant === name && shared.has(seed));
  const outcomes = of.flatMap((result) => result.outcomes);
  const frogs = outcomes.filter(isSlowFrog);
  const found = (list: readonly Outcome[]): string => percent(list, (outcome) => outcome.found);
  return [
    name, found(outcomes), ...INTENSITIES.map((intensity) => found(outcomes.filter((outcome) => outcome.intensity === intensity))), share(frogs, ({ delayHours }) => delayHours !== null && delayHours <= 24 * FROG_DAYS),
    time(median(frogs.map(({ delayHours }) => delayHours ?? Number.POSITIVE_INFINITY))), found(outcomes.filter(({ kind }) => kind !== 'boiling_frog')), (of.reduce((sum, { falseAlerts }) => sum + [...falseAlerts.values()].reduce((total, count) => total + count, 0), 0) / (of.length * LIVE_DAYS)).toFixed(2),
  ];
}));
console.log(`\n${table}\n\n${below}\n${variantTable === '' ? '' : `\n${variantTable}\n`}`);
if (publish) {
  publishSection('abuse', `## Abuse

\`npm run bench -- abuse --publish\`: ${results.length} companies of our own generator (\`libs/simulate/src/abuse\`, where the intensities stand beside each attack), ${PEOPLE} people, ${CUSTOMERS} customers' keys, services and agents, ${DAYS} days that teach and ${LIVE_DAYS} in which every attack is played
at each intensity by somebody of its own, among benign twins. About ${Math.round(results.reduce((sum, { events }) => sum + events, 0) / results.length / 1_000)} thousand events each, seeds ${results.map(({ seed }) => seed).join(', ')}; development used seeds below 100. The live path (normalize, enrich, protect, engine, grouping), the product's default settings, B = ${BUDGET_PER_DAY}, no rules, no content; no label is used for a threshold.
Found: an event of the attack itself raised an alert. The z-score is each principal's count in an hour against median and median absolute deviation of its hours before, at the threshold that gives it just ${BUDGET_PER_DAY} false alerts a day in the same world, chosen with the labels. By chance: how often principals that nobody touched
have an alert in a time as long. (${machine()}.)

${table}

${below}

${found >= 0.85 ? 'The bar of 85 % is reached.' : '**The bar of 85 % is not reached.**'} A plain z-score should find about a quarter in such a world: ${byZ > 0.35 ? '**it finds more, so the world is easier than it should be** (what is blatant is blatant for everything)' : 'it does'}.
The world was made harder: a third of the customers send what has gathered in spurts, several times on a quarter to three quarters of their days; a fifth of the people work in spurts of some dozen to some hundred documents within a quarter of an hour or so, several times a week; half of all
look-ups of records are about a dozen cases that are open for a week or two, and one week in twelve has a case that is opened all day. Attacks are as they were. (In the world before, a z-score found 49 %.)
${variantTable === '' ? '' : `
### Disguise, and learning without its guard

The same companies, of ${shared.size} seeds; the first row is as above. Chaff: each event of an attacked principal is followed, with a chance of a tenth, by a copy of one of its own last two hundred, from the first live day until its attack is over. Every second day: of the days of an attack every second
is left out, so that it takes half as much. Guard off: what is under suspicion teaches at once (\`guard: false\` of the engine's options; live it is on). The bars: +5 % a day by day ${FROG_DAYS} at the median, and no more than 5 points less elsewhere than without the guard.

${variantTable}
`}
What is missed, by the scores: a record looked up three times a day, where cases are open for as long; an account used by somebody else for an hour and a half twice a week; a purpose that is allowed for others (a new act, and honest firsts are as unusual); a few rows of training data changed a day;
one right more a week by an administrator who gives rights every day; fifty more steps a day of an agent. Growth needs sixteen working days of history before it says anything.

What was tried and did not help: letting ranks give back more than 0.7 decades to a model that is too cautious (nothing more found, a few more false alerts); weighing an act that is new to somebody by how rare it is among the peers (one more of 45, and what becomes usual was no longer louder than its first day).
For growth, on simulated days at a level of 0.0006: shifts of half, one and two deviations instead of lines (day 21 to 22 at the median instead of 18), or besides them (19), a reference that lags by twelve days instead of eight (20 to 21), days that say at most 2.5 or 1 deviations instead of 2 (a day later; and sooner,
but then there is too little for the ranks to go by), starts within twelve or twenty-four days instead of sixteen (the same). With the noise of these companies not even the best test would find +5 % by day 14 at that level: a line of known slope against known spread has 2 decades then, and 3 on day 17.
For repeats, whether something is looked at again at all (a thing of a type that is new was then told each time it was opened twice).`);
}
