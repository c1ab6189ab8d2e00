import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { createProgress } from '../terminal/progress.js';
import { day, decimal, wholeNumber } from '../terminal/options.js';
import { runCommand } from '../terminal/run-command.js';
import { createLineWriter } from '../terminal/writer.js';

interface Flags { readonly seed: number; readonly days: number; readonly liveDays: number; readonly start?: number; readonly people: number; readonly eventsPerPersonDay: number; readonly contentShare: number; readonly out: string; readonly json?: boolean }

const DAY_MS = 86_400_000;
const PROGRESS_EVERY = 1_000;

export const simulateCommand = (): Command => new Command('simulate')
  .description('Write the logs of a seeded organisation: events, labels of its oddities and attacks, and its registers')
  .option('--seed <N>', 'another number, another organisation; the same gives the same bytes', wholeNumber(0, 2_147_483_647), 1)
  .option('--days <N>', 'days of ordinary history', wholeNumber(0, 3_650), 14)
  .option('--live-days <N>', 'days after them that hold the oddities and the attacks', wholeNumber(1, 365), 3)
  .option('--start <DAY>', 'first day, YYYY-MM-DD, UTC (default: so that the last day is yesterday)', day)
  .option('--people <N>', 'headcount', wholeNumber(12, 100_000), 120)
  .option('--events-per-person-day <N>', 'median events of a person on a working day', decimal(1, 2_000), 28)
  .option('--content-share <N>', 'share of conversations that carry prompts and answers', decimal(0, 1), 0.35)
  .option('--out <DIR>', 'folder for events.ndjson, labels.ndjson and registers/; "-" writes the events to standard output', './wary-simulation')
  .option('--json', 'print the summary as JSON')
  .action(runCommand(simulate));

async function simulate(flags: Flags): Promise<void> {
  const [{ createOrganisation }, { REGISTER_NAMES }] = await Promise.all([import('@wary/simulate/organisation.js'), import('@wary/model/registers.js')]);
  const { seed, days, liveDays, people, eventsPerPersonDay, contentShare, out } = flags;
  const start = flags.start ?? (Math.floor(Date.now() / DAY_MS) - days - liveDays) * DAY_MS;
  const organisation = createOrganisation({ seed, start, days, liveDays, people, eventsPerPersonDay, contentShare });
  const toFolder = out !== '-';
  if (toFolder) await mkdir(join(out, 'registers'), { recursive: true });

  const progress = createProgress('simulating', days + liveDays, (value) => `${value.toFixed(1)} days`);
  const events = createLineWriter(toFolder ? join(out, 'events.ndjson') : '-');
  let count = 0;
  let attackEvents = 0;
  for (const { at, event, label } of organisation.events()) {
    const full = events.line(JSON.stringify(event));
    if (full !== undefined) await full;
    count += 1;
    if (label !== undefined) attackEvents += 1;
    if (count % PROGRESS_EVERY === 0) progress.update((at - organisation.start) / DAY_MS, `${count.toLocaleString('en')} events`);
  }
  await events.close();
  progress.update(days + liveDays, `${count.toLocaleString('en')} events`);
  progress.stop();
  if (!toFolder) return;

  const labels = organisation.labels();
  const writer = createLineWriter(join(out, 'labels.ndjson'));
  for (const label of labels) await writer.line(JSON.stringify(label));
  await writer.close();
  for (const name of REGISTER_NAMES) await writeFile(join(out, 'registers', `${name}.json`), `${JSON.stringify(organisation.registers[name], null, 1)}\n`);

  const summary = { out, seed, start: new Date(organisation.start).toISOString(), end: new Date(organisation.end).toISOString(), events: count, labelledEvents: attackEvents, labels: labels.map(({ id, kind, category, entity, start: from, end, events: size }) => ({ id, kind, category, entity: `${entity.type}:${entity.id}`, start: from, end, events: size })) };
  if (flags.json === true) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else {
    process.stdout.write(`${count.toLocaleString('en')} events of ${days + liveDays} days in ${out}/events.ndjson, ${labels.length} labels, ${REGISTER_NAMES.length} registers\n`);
    for (const label of summary.labels) process.stdout.write(`  ${label.start.slice(0, 16).replace('T', ' ')}  ${label.category.padEnd(6)}  ${label.kind.padEnd(26)} ${label.entity}, ${label.events} events\n`);
  }
}
