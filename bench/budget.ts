/** The budget: alerts a day on companies in which nothing is wrong, for budgets of 1, 5 and 20, with a bootstrap by organisation, and where the level goes. */
import { createOfflinePath } from '@wary/app-cli/files/offline-path.js';
import { createEngine } from '@wary/detect/engine.js';
import { BEHAVIOURS, WINDOWS } from '@wary/detect/features.js';
import type { Event } from '@wary/model/event.js';
import type { Finding } from '@wary/model/finding.js';
import { createAbuseCompany } from '@wary/simulate/abuse/abuse-company.js';
import { createInsiderCompany } from '@wary/simulate/insider/insider-company.js';
import { AlertGroups } from './support/alert-groups.js';
import { nativeToEvent } from './support/native-to-event.js';
import { machine, publishSection, tableOf } from './support/quality-page.js';
import { createRandom } from './support/streams.js';

const publish = process.argv.includes('--publish');
const option = (name: string, otherwise: string): string => { const at = process.argv.indexOf(`--${name}`); return at < 0 ? otherwise : process.argv[at + 1]!; };
const SEEDS = Number(option('seeds', publish ? '20' : '2'));
const FIRST_SEED = Number(option('first', publish ? '501' : '11'));
/** Principals of a company, about. */
const SIZE = Number(option('size', publish ? '1000' : '300'));
const COMPANIES = option('companies', 'office,services').split(',');
/** The first days teach, 30 are counted. */
const TEACHING_DAYS = 30;
const DAYS = TEACHING_DAYS + 30;
const BUDGETS = [1, 5, 20] as const;
const RESAMPLES = 2_000;
const DAY_MS = 86_400_000;
const BATCH_EVENTS = 2_000;
/** Certain evidence is outside the budget's arithmetic, and what the monitor says about itself beside it. */
const BESIDE: ReadonlySet<string> = new Set(['silent_source', 'firing_shift', 'starved_baseline', 'entity_flood', 'coverage_gap']);

/** Of one behaviour in one kind of window: tests, the sum of their levels, and how many crossed theirs. */
interface Spent { tests: number; level: number; crossed: number; findings: number; alerts: number }
const spent = BUDGETS.map(() => new Map<string, Spent>());
const spentOf = (which: number, key: string): Spent => { let of = spent[which]!.get(key); if (of === undefined) spent[which]!.set(key, (of = { tests: 0, level: 0, crossed: 0, findings: 0, alerts: 0 })); return of; };

function* batches(company: string, seed: number, start: number): Generator<Event[]> {
  let batch: Event[] = [];
  let seq = 0;
  if (company === 'office') {
    for (const { event } of createInsiderCompany({ seed, start, days: DAYS, users: SIZE, cases: { night_leak: 0, job_hunt_theft: 0, admin_sabotage: 0 } }).events()) {
      const next = nativeToEvent(event);
      next.seq = seq += 1;
      batch.push(next);
      if (batch.length === BATCH_EVENTS) { yield batch; batch = []; }
    }
    yield batch;
    return;
  }
  const quiet = createAbuseCompany({ seed, start, days: TEACHING_DAYS, liveDays: DAYS - TEACHING_DAYS, people: Math.round(SIZE * 0.55), customers: Math.round(SIZE * 0.35), attacks: false });
  const path = createOfflinePath(quiet.registers);
  let lines: string[] = [];
  const read = (): Event[] => { const { events } = path.read(Buffer.from(`${lines.join('\n')}\n`), 1); lines = []; return events; };
  for (const { event } of quiet.events()) {
    lines.push(JSON.stringify(event));
    if (lines.length === BATCH_EVENTS) yield read();
  }
  if (lines.length > 0) yield read();
}

/** Alerts a day of one organisation for each budget, grouped as the product does, without a cap or a queue. Every organisation begins on another day of the year. */
function alertsOf(company: string, seed: number): number[] {
  const start = Date.UTC(2026, 0, 5) + ((seed * 53) % 300) * DAY_MS;
  const from = start + TEACHING_DAYS * DAY_MS;
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
  for (const batch of batches(company, seed, start)) engines.forEach((engine, which) => take(which, engine.scoreEvents(batch)));
  engines.forEach((engine, which) => take(which, engine.finish()));
  return counted.map((count) => count / (DAYS - TEACHING_DAYS));
}

const rates = Array.from({ length: SEEDS }, (_, i) => FIRST_SEED + i).flatMap((seed) => COMPANIES.map((company) => {
  const found = alertsOf(company, seed);
  console.log(`${company} ${seed}: ${found.map((rate, which) => `B = ${BUDGETS[which]!}: ${rate.toFixed(2)} a day`).join(', ')}`);
  return { company, found };
}));
const random = createRandom(20_261_130);
const mean = (list: readonly number[]): number => list.reduce((sum, rate) => sum + rate, 0) / list.length;
const rowsOf = (label: string, list: readonly { readonly found: readonly number[] }[]): string[][] => BUDGETS.map((budget, which) => {
  const of = list.map(({ found }) => found[which]!);
  const again = Array.from({ length: RESAMPLES }, () => mean(of.map(() => of[Math.floor(random() * of.length)]!))).sort((a, b) => a - b);
  const low = again[Math.floor(0.01 * RESAMPLES)]!;
  return [label, String(budget), mean(of).toFixed(2), low.toFixed(2), again[Math.floor(0.99 * RESAMPLES)]!.toFixed(2), low <= budget ? 'held' : '**over**', mean(of) >= budget / 3 ? 'yes' : '**no**'];
});
const table = tableOf(['company', 'B', 'alerts a day', '99 % lower bound', '99 % upper bound', 'budget', 'at least a third used'], [
  ...COMPANIES.flatMap((company) => rowsOf(company, rates.filter((rate) => rate.company === company))), ...(COMPANIES.length > 1 ? rowsOf('all', rates) : []),
]);
const days = rates.length * (DAYS - TEACHING_DAYS);
const where = BUDGETS.map((budget, which) => `B = ${budget}:\n\n${tableOf(['detector, window', 'tests a day', 'level a day', 'crossed their level a day', 'findings a day', 'alerts a day'], [...spent[which]!].sort((a, b) => b[1].level - a[1].level).map(([key, { tests, level, crossed, findings, alerts }]) =>
  [key, (tests / days).toFixed(0), (level / days).toFixed(3), (crossed / days).toFixed(3), (findings / days).toFixed(3), (alerts / days).toFixed(3)]))}`).join('\n\n');
console.log(`\n${table}\n\n${where}`);
if (publish) {
  publishSection('budget', `## The budget

\`npm run bench -- budget --publish\`: ${rates.length} companies of about ${SIZE.toLocaleString('en')} principals in which nothing is wrong: offices (\`libs/simulate/src/insider\` without insiders; holidays, release weekends, travel, projects, night shifts) and companies with people, services, agents and customers' keys
(\`libs/simulate/src/abuse\` without attacks, with its twins: bursts, backfills, releases, an outage, a quarter end, holidays). ${TEACHING_DAYS} days that teach and 30 that count, seeds ${FIRST_SEED}–${FIRST_SEED + SEEDS - 1}; alerts grouped as the product does, no cap, no queue. Bounds by bootstrap over companies (${machine()}).

${table}

Where the level goes, over all of them (a test whose p is valid crosses its level as often as the level says; what a longer window has said, or one shortly before, is not said again):

${where}`);
}
