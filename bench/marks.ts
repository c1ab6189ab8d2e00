/** Release and move markers (F-8): findings about a service that does twice as much after a release and a person who moved, and whether a theft on such a day is found; with and without marks. */
import { createOfflinePath } from '@wary/app-cli/files/offline-path.js';
import { createEngine } from '@wary/detect/engine.js';
import type { Finding } from '@wary/model/finding.js';
import { createMarkedCompany, type MarkedCase } from '@wary/simulate/marks/marked-company.js';

const DAY_MS = 86_400_000;
const FIRST_MONDAY = Date.UTC(2026, 0, 5);
const BATCH_EVENTS = 500;
const SETTLED_DAYS = 7;

export interface MarkedOutcome { readonly seed: number; readonly marked: boolean; readonly id: MarkedCase['id']; /** Findings within a week. */ readonly findings: number; /** Until the first finding that is no older than the theft; null: none within two hours. */ readonly foundMinutes: number | null; readonly detectors: readonly string[] }

/** One company with or without marks. */
export function runMarked(seed: number, marked: boolean, size: { people: number; eventsPerPersonDay: number; days: number }): MarkedOutcome[] {
  const company = createMarkedCompany({ seed, marked, start: FIRST_MONDAY + 7 * (seed % 40) * DAY_MS, liveDays: SETTLED_DAYS + 1, ...size });
  const [before, after] = [createOfflinePath(company.registers), createOfflinePath(company.movedRegisters)];
  const engine = createEngine({ budgetPerDay: 5, seed });
  const findings: Finding[] = [];
  let seq = 0;
  let lines: string[] = [];
  let path = before;
  const flush = (): void => {
    const { events, refused } = path.read(Buffer.from(`${lines.join('\n')}\n`), 1);
    if (refused.length > 0) throw new Error(`seed ${seed}: ${JSON.stringify(refused[0])}`);
    for (const event of events) event.seq = seq += 1;
    findings.push(...engine.scoreEvents(events));
    lines = [];
  };
  for (const { at, event } of company.events()) {
    if (at >= company.liveStart && path === before) { flush(); path = after; }
    lines.push(JSON.stringify(event));
    if (lines.length === BATCH_EVENTS) flush();
  }
  flush();
  return company.cases.map(({ id, entity, from, category }) => {
    const about = findings.filter((finding) => finding.revision === 0 && !finding.deterministic && finding.entity.type === entity.type && finding.entity.id === entity.id && finding.time >= from && finding.time < from + SETTLED_DAYS * DAY_MS);
    const first = about[0];
    return { seed, marked, id, findings: about.length, foundMinutes: category === 'attack' && first !== undefined && first.time < from + 2 * 3_600_000 ? Math.round((first.time - from) / 60_000) : null, detectors: [...new Set(about.map(({ detector }) => detector.id))] };
  });
}

if (process.argv[1]?.endsWith('marks.js') === true) {
  const seeds = Number(process.argv.find((argument) => argument.startsWith('--seeds='))?.slice('--seeds='.length) ?? 4);
  console.log('| case | marked | findings within a week, by seed | found after, minutes |\n|---|---|---|---|');
  const outcomes = Array.from({ length: seeds }, (_, n) => [false, true].flatMap((marked) => runMarked(101 + n, marked, { people: 60, eventsPerPersonDay: 20, days: 28 }))).flat();
  for (const id of ['release', 'move', 'release_theft', 'move_theft'] as const) {
    for (const marked of [false, true]) {
      const own = outcomes.filter((outcome) => outcome.id === id && outcome.marked === marked);
      console.log(`| ${id} | ${marked ? 'yes' : 'no'} | ${own.map(({ findings }) => findings).join(', ')} | ${id.endsWith('theft') ? own.map(({ foundMinutes }) => foundMinutes ?? '–').join(', ') : ''} |`);
    }
  }
}
