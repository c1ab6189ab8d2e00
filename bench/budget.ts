/** The budget: alerts a day on companies in which nothing is wrong, for budgets of 1, 5 and 20, with a bootstrap by organisation, and where the level goes. */
import { readdirSync, readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createEngine } from '@wary/detect/engine.js';
import { BEHAVIOURS, WINDOWS } from '@wary/detect/features.js';
import type { Finding } from '@wary/model/finding.js';
import { AlertGroups } from './support/alert-groups.js';
import { NULL_COMPANIES, nullCompany, type NullCompany } from './support/null-companies.js';
import { machine, publishSection, tableOf } from './support/quality-page.js';
import { createRandom } from './support/streams.js';

const publish = process.argv.includes('--publish');
const option = (name: string, otherwise: string): string => { const at = process.argv.indexOf(`--${name}`); return at < 0 ? otherwise : process.argv[at + 1]!; };
const SEEDS = Number(option('seeds', publish ? '20' : '2'));
const FIRST_SEED = Number(option('first', publish ? '501' : '11'));
/** Principals of a company, about. */
const SIZE = Number(option('size', publish ? '1000' : '300'));
const COMPANIES = option('companies', 'office,services,mixed').split(',') as NullCompany[];
/** Slices run by several processes, or one after the other: `--save FOLDER` keeps what each company gave in a file of its own, `--load FOLDER` publishes from all of them. */
const SAVE = option('save', '');
const LOAD = option('load', '');
/** The first days teach, 30 are counted. */
const TEACHING_DAYS = 30;
const DAYS = TEACHING_DAYS + 30;
const BUDGETS = [1, 5, 20] as const;
const RESAMPLES = 2_000;
const DAY_MS = 86_400_000;
/** Certain evidence is outside the budget's arithmetic, and what the monitor says about itself beside it. */
const BESIDE: ReadonlySet<string> = new Set(['silent_source', 'firing_shift', 'starved_baseline', 'entity_flood', 'coverage_gap']);

/** Of one behaviour in one kind of window: tests, the sum of their levels, and how many crossed theirs. */
interface Spent { tests: number; level: number; crossed: number; findings: number; alerts: number }
/** One company: alerts a day for each budget, and where the level of each went. */
interface Outcome { readonly company: NullCompany; readonly seed: number; readonly size: number; readonly found: readonly number[]; readonly spent: readonly Readonly<Record<string, Spent>>[] }

/** Alerts a day of one organisation for each budget, grouped as the product does, without a cap or a queue. Every organisation begins on another day of the year. */
function run(company: NullCompany, seed: number): Outcome {
  const start = Date.UTC(2026, 0, 5) + ((seed * 53) % 300) * DAY_MS;
  const from = start + TEACHING_DAYS * DAY_MS;
  const spent = BUDGETS.map((): Record<string, Spent> => ({}));
  const spentOf = (which: number, key: string): Spent => (spent[which]![key] ??= { tests: 0, level: 0, crossed: 0, findings: 0, alerts: 0 });
  const engines = BUDGETS.map((budgetPerDay, which) => createEngine({
    budgetPerDay, seed, onJudged: ({ kind, behaviour, start: begins, strength, level }) => {
      if (begins < from || level <= 0) return;
      const of = spentOf(which, `${BEHAVIOURS[behaviour]!} ${WINDOWS[kind]!.id}`);
      of.tests += 1;
      of.level += level;
      if (strength >= -Math.log10(level)) of.crossed += 1;
    },
  }));
  const groups = BUDGETS.map(() => new AlertGroups());
  const counted = BUDGETS.map(() => 0);
  const take = (which: number, findings: readonly Finding[]): void => {
    for (const finding of findings) {
      if (finding.deterministic || BESIDE.has(finding.detector.id)) continue;
      const { opened, known } = groups[which]!.take(finding);
      if (finding.time < from || known) continue;
      const length = finding.window.end - finding.window.start;
      const of = spentOf(which, `${finding.detector.id} ${WINDOWS.find(({ lengthMs }) => lengthMs === length)?.id ?? 'session'}`);
      of.findings += 1;
      if (!opened) continue;
      of.alerts += 1;
      counted[which]! += 1;
    }
  };
  for (const batch of nullCompany(company, { seed, start, teachingDays: TEACHING_DAYS, days: DAYS, size: SIZE })) engines.forEach((engine, which) => take(which, engine.scoreEvents(batch)));
  engines.forEach((engine, which) => take(which, engine.finish()));
  return { company, seed, size: SIZE, found: counted.map((count) => count / (DAYS - TEACHING_DAYS)), spent };
}

function outcomes(): Outcome[] {
  if (LOAD !== '') return readdirSync(LOAD).filter((file) => file.endsWith('.json')).map((file) => JSON.parse(readFileSync(join(LOAD, file), 'utf8')) as Outcome).sort((a, b) => COMPANIES.indexOf(a.company) - COMPANIES.indexOf(b.company) || a.seed - b.seed);
  if (SAVE !== '') mkdirSync(SAVE, { recursive: true });
  return Array.from({ length: SEEDS }, (_, i) => FIRST_SEED + i).flatMap((seed) => COMPANIES.map((company) => {
    const outcome = run(company, seed);
    if (SAVE !== '') writeFileSync(join(SAVE, `${company}-${seed}.json`), JSON.stringify(outcome));
    console.log(`${company} ${seed}: ${outcome.found.map((rate, which) => `B = ${BUDGETS[which]!}: ${rate.toFixed(2)} a day`).join(', ')}`);
    return outcome;
  }));
}

const rates = outcomes();
const seeds = [...new Set(rates.map(({ seed }) => seed))].sort((a, b) => a - b);
const kinds = COMPANIES.filter((company) => rates.some((rate) => rate.company === company));
const spent = BUDGETS.map((_, which) => {
  const sums = new Map<string, Spent>();
  for (const rate of rates) {
    for (const [key, one] of Object.entries(rate.spent[which]!)) {
      const sum = sums.get(key) ?? { tests: 0, level: 0, crossed: 0, findings: 0, alerts: 0 };
      sums.set(key, { tests: sum.tests + one.tests, level: sum.level + one.level, crossed: sum.crossed + one.crossed, findings: sum.findings + one.findings, alerts: sum.alerts + one.alerts });
    }
  }
  return sums;
});
const random = createRandom(20_261_130);
const mean = (list: readonly number[]): number => list.reduce((sum, rate) => sum + rate, 0) / list.length;
const rowsOf = (label: string, list: readonly { readonly found: readonly number[] }[]): string[][] => BUDGETS.map((budget, which) => {
  const of = list.map(({ found }) => found[which]!);
  const again = Array.from({ length: RESAMPLES }, () => mean(of.map(() => of[Math.floor(random() * of.length)]!))).sort((a, b) => a - b);
  const low = again[Math.floor(0.01 * RESAMPLES)]!;
  return [label, String(budget), mean(of).toFixed(2), low.toFixed(2), again[Math.floor(0.99 * RESAMPLES)]!.toFixed(2), low <= budget ? 'held' : '**over**', mean(of) >= budget / 3 ? 'yes' : '**no**'];
});
const table = tableOf(['company', 'B', 'alerts a day', '99 % lower bound', '99 % upper bound', 'budget', 'at least a third used'], [
  ...kinds.flatMap((company) => rowsOf(company, rates.filter((rate) => rate.company === company))), ...(kinds.length > 1 ? rowsOf('all', rates) : []),
]);
const days = rates.length * (DAYS - TEACHING_DAYS);
const where = BUDGETS.map((budget, which) => `B = ${budget}:\n\n${tableOf(['detector, window', 'tests a day', 'level a day', 'crossed their level a day', 'findings a day', 'alerts a day'], [...spent[which]!].sort((a, b) => b[1].level - a[1].level).map(([key, { tests, level, crossed, findings, alerts }]) =>
  [key, (tests / days).toFixed(0), (level / days).toFixed(3), (crossed / days).toFixed(3), (findings / days).toFixed(3), (alerts / days).toFixed(3)]))}`).join('\n\n');
console.log(`\n${table}\n\n${where}`);
if (publish) {
  publishSection('budget', `## The budget

\`npm run bench -- budget --publish\`: ${rates.length} companies of about ${(rates[0]?.size ?? SIZE).toLocaleString('en')} principals in which nothing is wrong: ${kinds.map((kind) => `${kind}: ${NULL_COMPANIES[kind]}`).join('; ')}.
${TEACHING_DAYS} days that teach and 30 that count, seeds ${seeds.join(', ')}; alerts grouped as the product does, no cap, no queue. Bounds by bootstrap over companies (${machine()}).

${table}

Where the level goes, over all of them (a test whose p is valid crosses its level as often as the level says; what a longer window has said, or one shortly before, is not said again):

${where}`);
}
