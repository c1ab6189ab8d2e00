/** The budget: alerts a day on a company in which nothing is wrong, for budgets of 1, 5 and 20, with a bootstrap by organisation. */
import { isNear, joinFinding, openAlert } from '@wary/alert/apply-finding.js';
import { dedupKeyOf } from '@wary/alert/alert-id.js';
import { createEngine } from '@wary/detect/engine.js';
import type { Alert } from '@wary/model/alert.js';
import type { Event } from '@wary/model/event.js';
import { createInsiderCompany } from '@wary/simulate/insider/insider-company.js';
import { nativeToEvent } from './support/native-to-event.js';
import { machine, publishSection, tableOf } from './support/quality-page.js';
import { createRandom } from './support/streams.js';

const publish = process.argv.includes('--publish');
const option = (name: string, otherwise: string): string => { const at = process.argv.indexOf(`--${name}`); return at < 0 ? otherwise : process.argv[at + 1]!; };
const SEEDS = Number(option('seeds', publish ? '20' : '3'));
const FIRST_SEED = publish ? 501 : 11;
const USERS = Number(option('users', publish ? '1000' : '200'));
/** The first days teach, 30 are counted. */
const TEACHING_DAYS = 30;
const DAYS = TEACHING_DAYS + 30;
const BUDGETS = [1, 5, 20] as const;
const RESAMPLES = 2_000;
/** Who raised the counted alerts, over all organisations. */
const byDetector = BUDGETS.map(() => new Map<string, number>());
const DAY_MS = 86_400_000;
const BATCH_EVENTS = 5_000;

/** Alerts a day of one organisation for each budget, grouped as the product does, without a cap or a queue. Every organisation begins on another day of the year. */
function alertsOf(seed: number): number[] {
  const start = Date.UTC(2026, 0, 5) + ((seed * 53) % 300) * DAY_MS;
  const engines = BUDGETS.map((budgetPerDay) => createEngine({ budgetPerDay, seed }));
  const groups = BUDGETS.map(() => new Map<string, Alert[]>());
  const byFinding = BUDGETS.map(() => new Map<string, Alert>());
  const counted = BUDGETS.map(() => 0);
  const take = (which: number, findings: ReturnType<(typeof engines)[number]['scoreEvents']>): void => {
    for (const finding of findings) {
      // Certain evidence is outside the budget's arithmetic.
      if (finding.deterministic || byFinding[which]!.has(finding.id)) continue;
      const key = dedupKeyOf(finding);
      const open = groups[which]!.get(key) ?? [];
      const near = open.findLastIndex((alert) => isNear(alert, finding));
      const alert = near < 0 ? openAlert(finding, finding.time) : joinFinding(open[near]!, finding, true);
      if (near < 0) open.push(alert);
      else open[near] = alert;
      groups[which]!.set(key, open);
      byFinding[which]!.set(finding.id, alert);
      if (near >= 0 || finding.time < start + TEACHING_DAYS * DAY_MS) continue;
      counted[which]! += 1;
      const of = byDetector[which]!;
      of.set(finding.detector.id, (of.get(finding.detector.id) ?? 0) + 1);
    }
  };
  let batch: Event[] = [];
  let seq = 0;
  const flush = (): void => { engines.forEach((engine, which) => take(which, engine.scoreEvents(batch))); batch = []; };
  for (const { event } of createInsiderCompany({ seed, start, days: DAYS, users: USERS, cases: { night_leak: 0, job_hunt_theft: 0, admin_sabotage: 0 } }).events()) {
    const next = nativeToEvent(event);
    next.seq = seq += 1;
    batch.push(next);
    if (batch.length === BATCH_EVENTS) flush();
  }
  flush();
  engines.forEach((engine, which) => take(which, engine.finish()));
  return counted.map((count) => count / (DAYS - TEACHING_DAYS));
}

const rates = Array.from({ length: SEEDS }, (_, i) => {
  const found = alertsOf(FIRST_SEED + i);
  console.log(`seed ${FIRST_SEED + i}: ${found.map((rate, which) => `B = ${BUDGETS[which]!}: ${rate.toFixed(2)} a day`).join(', ')}`);
  return found;
});
const random = createRandom(20_261_130);
const rows = BUDGETS.map((budget, which) => {
  const of = rates.map((found) => found[which]!);
  const mean = (list: readonly number[]): number => list.reduce((sum, rate) => sum + rate, 0) / list.length;
  const again = Array.from({ length: RESAMPLES }, () => mean(of.map(() => of[Math.floor(random() * of.length)]!))).sort((a, b) => a - b);
  const low = again[Math.floor(0.01 * RESAMPLES)]!;
  return [String(budget), mean(of).toFixed(2), low.toFixed(2), again[Math.floor(0.99 * RESAMPLES)]!.toFixed(2), low <= budget ? 'held' : '**over**', mean(of) >= budget / 3 ? 'yes' : '**no**'];
});
const table = tableOf(['B', 'alerts a day', '99 % lower bound', '99 % upper bound', 'budget', 'at least a third used'], rows);
console.log(table);
BUDGETS.forEach((budget, which) => { console.log(`B = ${budget}: ${[...byDetector[which]!].sort((a, b) => b[1] - a[1]).map(([id, count]) => `${id} ${count}`).join(', ')}`); });
if (publish) {
  publishSection('budget', `## The budget

\`npm run bench -- budget --publish\`: ${SEEDS} companies of ${USERS.toLocaleString('en')} people without insiders (\`libs/simulate/src/insider\`; holidays, release weekends, travel, projects, night shifts are in them), ${TEACHING_DAYS} days that teach and 30 that count, seeds ${FIRST_SEED}–${FIRST_SEED + SEEDS - 1};
alerts grouped as the product does, no cap, no queue. Bounds by bootstrap over companies (${machine()}).

${table}`);
}
