/** Insiders: user-days ranked by the engine's day score, on a company built to CERT r4.2's published structure, beside an isolation forest. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createOfflinePath } from '@wary/app-cli/files/offline-path.js';
import type { Event } from '@wary/model/event.js';
import { createOfflineDetect } from '@wary/detect/offline-detect.js';
import { createInsiderCompany, PUBLISHED_CASES, type InsiderCompany } from '@wary/simulate/insider/insider-company.js';
import { MALICE_KINDS, type MaliceKind } from '@wary/simulate/insider/malice.js';
import { isolationForest } from './support/isolation-forest.js';
import { nativeToEvent } from './support/native-to-event.js';
import { machine, publishSection, tableOf } from './support/quality-page.js';
import { areaUnderCurve, median, thresholdOf } from './support/ranking.js';
import { UserDayCounts } from './support/user-day-counts.js';

const publish = process.argv.includes('--publish');
const option = (name: string, otherwise: string): string => { const at = process.argv.indexOf(`--${name}`); return at < 0 ? otherwise : process.argv[at + 1]!; };
/** Development used seeds below 100; published ones were run once. */
const SEEDS = option('seeds', publish ? '301,302' : '1').split(',').map(Number);
const USERS = Number(option('users', publish ? '1000' : '300'));
const DAYS = Number(option('days', publish ? '547' : '250'));
/** The whole path from JSON on, as a file is read; three times as long, with the same scores. */
const WHOLE_PATH = process.argv.includes('--whole-path');
const BUDGET_PER_DAY = 5;
const START = Date.UTC(2025, 0, 6);
const BATCH_EVENTS = 2_000;
const SHARES = [0.001, 0.01, 0.05] as const;
const ALERTS_A_DAY = [5, 10, 25] as const;
const FALSE_POSITIVES = 0.05;

interface Finding { readonly user: string; readonly day: string }
interface Run { readonly seed: number; readonly company: InsiderCompany; readonly events: number; readonly keys: readonly string[]; readonly ours: Float64Array; readonly forest: Float64Array; readonly findings: readonly Finding[]; readonly scoreSeconds: number }

/** One pass in time order. A user-day of the logs is one with an event; one without a score has zero. */
function run(seed: number): Run {
  const scale = USERS / 1_000;
  const cases = Object.fromEntries(MALICE_KINDS.map((kind) => [kind, Math.max(2, Math.round(PUBLISHED_CASES[kind] * scale))])) as Record<MaliceKind, number>;
  const company = createInsiderCompany({ seed, start: START, days: DAYS, users: USERS, cases });
  const path = createOfflinePath();
  const detector = createOfflineDetect({ budgetPerDay: BUDGET_PER_DAY, seed, scores: true });
  const counts = new UserDayCounts();
  const scores = new Map<string, number>();
  const findings: Finding[] = [];
  let lines: string[] = [];
  let batch: Event[] = [];
  let scoreMs = 0;
  const take = ({ findings: found, scores: days }: ReturnType<typeof detector.push>): void => {
    for (const { entity, day, score } of days) scores.set(`${entity.id}|${day}`, score);
    for (const { entity, time } of found) findings.push({ user: entity.id, day: new Date(time).toISOString().slice(0, 10) });
  };
  const flush = (): void => {
    let events = batch;
    if (WHOLE_PATH) {
      const read = path.read(Buffer.from(`${lines.join('\n')}\n`), 1);
      if (read.refused.length > 0) throw new Error(`seed ${seed}: ${JSON.stringify(read.refused[0])}`);
      ({ events } = read);
    }
    lines = [];
    batch = [];
    const started = performance.now();
    take(detector.push(events));
    scoreMs += performance.now() - started;
  };
  for (const { event } of company.events()) {
    counts.add(event);
    if (WHOLE_PATH) lines.push(JSON.stringify(event));
    else batch.push(nativeToEvent(event));
    if (lines.length + batch.length === BATCH_EVENTS) flush();
  }
  if (lines.length + batch.length > 0) flush();
  take(detector.finish());
  return { seed, company, events: detector.eventsScored, keys: counts.keys, ours: Float64Array.from(counts.keys, (key) => scores.get(key) ?? 0), forest: isolationForest(counts.rows, counts.width, { seed }), findings, scoreSeconds: scoreMs / 1_000 };
}

interface Measured {
  readonly auc: number; readonly userAuc: number; readonly recallAtFalsePositives: number;
  /** By budget share: insiders found, by kind and in all, and user-days. */
  readonly shares: readonly { readonly insiders: readonly number[]; readonly days: number }[];
  readonly alerts: readonly { readonly insiders: readonly number[]; readonly days: number; readonly waitDays: number }[];
}

/** Nothing here sees a label before it counts: thresholds are quantiles of all scores, and a day's alerts are its highest scores. */
function measure({ company, keys }: Run, scores: Float64Array): Measured {
  const malicious = new Set(company.labels.flatMap(({ days }) => days.map(({ user, day }) => `${user}|${day}`)));
  const isBad = (index: number): boolean => malicious.has(keys[index]!);
  const at = new Map(keys.map((key, index) => [key, index]));
  const foundBy = (alarmed: (index: number) => boolean): { insiders: number[]; days: number; waits: number[] } => {
    const insiders = MALICE_KINDS.map(() => 0);
    const waits: number[] = [];
    let days = 0;
    for (const { kind, days: on } of company.labels) {
      const hit = on.filter(({ user, day }) => { const index = at.get(`${user}|${day}`); return index !== undefined && alarmed(index); });
      days += hit.length;
      if (hit.length === 0) continue;
      insiders[MALICE_KINDS.indexOf(kind)]! += 1;
      waits.push((Date.parse(hit[0]!.day) - Date.parse(on[0]!.day)) / 86_400_000);
    }
    return { insiders, days: days / malicious.size, waits };
  };
  const good = scores.filter((_, index) => !isBad(index));
  const limit = thresholdOf(good, FALSE_POSITIVES);
  const ofDay = new Map<string, number[]>();
  keys.forEach((key, index) => { const day = key.slice(key.indexOf('|') + 1); const list = ofDay.get(day); if (list === undefined) ofDay.set(day, [index]); else list.push(index); });
  const users = company.users.map((user) => user);
  const best = new Map<string, number>();
  keys.forEach((key, index) => { const user = key.slice(0, key.indexOf('|')); best.set(user, Math.max(best.get(user) ?? 0, scores[index]!)); });
  const insiders = new Set(company.labels.map(({ insider }) => insider));
  return {
    auc: areaUnderCurve(scores, isBad), userAuc: areaUnderCurve(users.map((user) => best.get(user) ?? 0), (index) => insiders.has(users[index]!)),
    recallAtFalsePositives: foundBy((index) => scores[index]! > limit).days,
    shares: SHARES.map((share) => { const threshold = thresholdOf(scores, share); return foundBy((index) => scores[index]! > threshold); }),
    alerts: ALERTS_A_DAY.map((alerts) => {
      const chosen = new Set<number>();
      for (const list of ofDay.values()) for (const index of list.sort((a, b) => scores[b]! - scores[a]!).slice(0, Math.max(1, Math.round((alerts * USERS) / 1_000)))) if (scores[index]! > 0) chosen.add(index);
      const { insiders: found, days, waits } = foundBy((index) => chosen.has(index));
      return { insiders: found, days, waitDays: median(waits) };
    }),
  };
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
/** What is known of a seed after its run; `--save FILE` keeps it, so that seeds can be run apart and published together with `--publish --from FILE,FILE`. */
interface Result {
  readonly seed: number; readonly users: number; readonly days: number; readonly events: number; readonly userDays: number; readonly maliciousDays: number; readonly microsAnEvent: number; readonly findingsADay: number;
  readonly ours: Measured; readonly forest: Measured; readonly of: readonly number[]; readonly machine: string;
}

function resultOf(seed: number): Result {
  const done = run(seed);
  const ours = measure(done, done.ours);
  const forest = measure(done, done.forest);
  const of = MALICE_KINDS.map((kind) => done.company.labels.filter((label) => label.kind === kind).length);
  const all = done.company.labels.length;
  const result: Result = {
    seed, users: USERS, days: DAYS, events: done.events, userDays: done.keys.length, maliciousDays: done.company.labels.reduce((sum, { days }) => sum + days.length, 0),
    microsAnEvent: (1e6 * done.scoreSeconds) / done.events, findingsADay: done.findings.length / DAYS, ours, forest, of, machine: machine(),
  };
  console.log(`seed ${seed}: ${done.events.toLocaleString('en')} events, ${done.keys.length.toLocaleString('en')} user-days, ${all} insiders (${of.join(' + ')}), ${result.maliciousDays} malicious days; ${result.microsAnEvent.toFixed(1)} µs an event; ${result.findingsADay.toFixed(2)} findings a day`);
  for (const [name, { auc, userAuc, recallAtFalsePositives, shares, alerts }] of [['ours', ours], ['forest', forest]] as const) {
    console.log(`  ${name.padEnd(6)} AUC ${auc.toFixed(3)} (users ${userAuc.toFixed(3)}), days at 5 % false positives ${recallAtFalsePositives.toFixed(3)}; ${shares.map(({ insiders, days }, i) => `${percent(SHARES[i]!)}: ${percent(insiders.reduce((a, b) => a + b, 0) / all)} (${insiders.join('/')}) days ${percent(days)}`).join('; ')}`);
    console.log(`         ${alerts.map(({ insiders, days, waitDays }, i) => `${ALERTS_A_DAY[i]!} a day: ${percent(insiders.reduce((a, b) => a + b, 0) / all)} (${insiders.join('/')}) days ${percent(days)}, first after ${waitDays} d`).join('; ')}`);
  }
  return result;
}

const from = option('from', '');
const results: readonly Result[] = from === '' ? SEEDS.map(resultOf) : from.split(',').flatMap((file) => JSON.parse(readFileSync(file, 'utf8')) as Result[]);
const save = option('save', '');
if (save !== '') writeFileSync(save, JSON.stringify(results));
if (publish) publishSection('insider', section());

function section(): string {
  const mean = (pick: (measured: Measured) => number, who: 'ours' | 'forest'): string => percent(results.reduce((sum, result) => sum + pick(result[who]), 0) / results.length);
  const plain = (pick: (measured: Measured) => number, who: 'ours' | 'forest'): string => results.map((result) => pick(result[who]).toFixed(3)).join(', ');
  const counts = (pick: (measured: Measured) => readonly number[], who: 'ours' | 'forest'): string => {
    const sums = MALICE_KINDS.map((_, kind) => results.reduce((sum, result) => sum + pick(result[who])[kind]!, 0));
    const of = MALICE_KINDS.map((_, kind) => results.reduce((sum, result) => sum + result.of[kind]!, 0));
    const all = of.reduce((a, b) => a + b, 0);
    return `${percent(sums.reduce((a, b) => a + b, 0) / all)} (${sums.map((sum, kind) => `${sum} of ${of[kind]!}`).join(', ')})`;
  };
  const row = (name: string, who: 'ours' | 'forest'): string[][] => [
    ...SHARES.map((share, i) => [name, `${percent(share)} of user-days`, counts(({ shares }) => shares[i]!.insiders, who), mean(({ shares }) => shares[i]!.days, who), '']),
    ...ALERTS_A_DAY.map((alerts, i) => [name, `${alerts} a day per 1,000 users`, counts(({ alerts: each }) => each[i]!.insiders, who), mean(({ alerts: each }) => each[i]!.days, who), results.map((result) => result[who].alerts[i]!.waitDays).join(', ')]),
  ];
  return `## Insiders

\`npm run bench -- insider --publish\`: ${results[0]!.users.toLocaleString('en')} users in 42 roles, ${results[0]!.days} days, ${results.map(({ userDays }) => userDays.toLocaleString('en')).join(' and ')} user-days with ${results.map(({ maliciousDays }) => maliciousDays).join(' and ')} malicious ones,
${results.map(({ events }) => (events / 1e6).toFixed(1)).join(' and ')} million events, a company of our own generator (\`libs/simulate/src/insider\`), built to the published structure of CERT r4.2. Seeds ${results.map(({ seed }) => seed).join(' and ')}, run three times: with the score of now, whose figures these are; before removable media weighed more in it and a machine not used before
was known (62.9 % of the insiders at 0.1 % of user-days, 97.1 % at 5 %, AUC of users .824 and .792); and before \`sequence\`, \`growth\` and the present tails (64.3 % and 97.1 %); development used seeds below 100 at a smaller size.
The engine as it runs live, one pass in time order (--whole-path reads the events as JSON, normalizes, enriches and protects them first, with the same scores; ${results[0]!.machine}). No label is used for a threshold: a budget is the highest share of all user-days, alerts a day are the
highest scores of that day. An insider is found when one of its malicious user-days is. The forest (Liu, Ting & Zhou 2008; 100 trees of 256) sees the user-day's plain counts, all days at once.

| | AUC of user-days | AUC of users | user-days found at 5 % false positives |
| --- | --- | --- | --- |
| ours | ${plain(({ auc }) => auc, 'ours')} | ${plain(({ userAuc }) => userAuc, 'ours')} | ${mean(({ recallAtFalsePositives }) => recallAtFalsePositives, 'ours')} |
| isolation forest | ${plain(({ auc }) => auc, 'forest')} | ${plain(({ userAuc }) => userAuc, 'forest')} | ${mean(({ recallAtFalsePositives }) => recallAtFalsePositives, 'forest')} |

${tableOf(['', 'budget', 'insiders found (night leak, job hunt and theft, sabotage)', 'malicious user-days found', 'days to the first alert, median'], [...row('ours', 'ours'), ...row('isolation forest', 'forest')])}

On the published data an isolation forest reaches AUC .80 with a recall of .04 at 5 % false positives, and bars from the literature are 60 % of the insiders at a budget of 0.1 % and all at 5 %. Beside the
forest's figures above the generator is about as hard by the area, a little easier at the top. Its job hunters are people with steady habits, its days are
full of spells that look alike (job advertisements without theft, projects with removable media, travel, release weekends, night shifts, administrators at the machines of others). Weakest is the administrator's sabotage: a download, a stick and, a day later, mail under another's account, each of which administrators and supervisors do anyway.
The AUC of users ranks people by the highest of their days, and somebody with five hundred of them has had an odd one.

What was tried and did not help (two companies of 250 people and 547 days, seeds 3 and 4; the score then found 82 % of the insiders at 0.1 % with an AUC of users of .87): adding what the days before were above the usual (a sum that fades, over 7 to 20 days: AUC of users up to .92, but half of the insiders
or fewer at 0.1 %, for the many days of a few thieves fill the budget; holding back what is no news does not give it back); evidence of earlier days against its own growth by chance, at any share; powers of a family's decades, or only the three or four strongest families; leaving out the strongest window (AUC of users up by .01, an insider in twenty less at 0.1 %).`;
}
