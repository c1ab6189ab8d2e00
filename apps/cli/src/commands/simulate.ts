import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { COMPANIES, COMPANY_DEFAULTS, openCompany, type CompanyName } from '../simulate/open-company.js';
import { CliError } from '../terminal/cli-error.js';
import { createProgress } from '../terminal/progress.js';
import { day, decimal, wholeNumber } from '../terminal/options.js';
import { runCommand } from '../terminal/run-command.js';
import { createLineWriter } from '../terminal/writer.js';

interface Flags { readonly company: CompanyName; readonly only: readonly string[]; readonly seed: number; readonly days?: number; readonly liveDays?: number; readonly start?: number; readonly people?: number; readonly eventsPerPersonDay?: number; readonly contentShare: number; readonly out: string; readonly json?: boolean }

const DAY_MS = 86_400_000;
const PROGRESS_EVERY = 1_000;
const names = (text: string): string[] => text.split(',').map((name) => name.trim()).filter((name) => name !== '');
function defaultsOf(what: 'days' | 'liveDays' | 'people' | 'eventsPerPersonDay'): string {
  return `default: ${COMPANIES.map((company) => `${company} ${COMPANY_DEFAULTS[company][what]}`).join(', ')}`;
}

export const simulateCommand = (): Command => new Command('simulate')
  .description('Write the logs of a seeded organisation: events, labels of its oddities and attacks, and its registers')
  .addOption(new Option('--company <NAME>', 'organisation: six attacks and four oddities; catalogue: a scenario and a benign twin for each insider and API concern (docs/coverage.md); abuse: fifteen attacks at three intensities, and their twins').choices(COMPANIES).default('organisation'))
  .option('--only <NAMES>', 'play these only, by kind or id, separated by commas', names, [])
  .option('--seed <N>', 'another number, another organisation; the same gives the same bytes', wholeNumber(0, 2_147_483_647), 1)
  .option('--days <N>', `days of ordinary history (${defaultsOf('days')})`, wholeNumber(0, 3_650))
  .option('--live-days <N>', `days after them that hold the oddities and the attacks (${defaultsOf('liveDays')})`, wholeNumber(1, 365))
  .option('--start <DAY>', 'first day, YYYY-MM-DD, UTC (default: so that the last day is yesterday)', day)
  .option('--people <N>', `headcount (${defaultsOf('people')})`, wholeNumber(12, 100_000))
  .option('--events-per-person-day <N>', `median events of a person on a working day (${defaultsOf('eventsPerPersonDay')})`, decimal(1, 2_000))
  .option('--content-share <N>', 'share of conversations that carry prompts and answers', decimal(0, 1), 0.35)
  .option('--out <DIR>', 'folder for events.ndjson, labels.ndjson and registers/; "-" writes the events to standard output', './wary-simulation')
  .option('--json', 'print the summary as JSON')
  .action(runCommand(simulate));

async function simulate(flags: Flags): Promise<void> {
  const { REGISTER_NAMES } = await import('@wary/model/registers.js');
  const { seed, company, only, contentShare, out } = flags;
  const usual = COMPANY_DEFAULTS[company];
  const { days = usual.days, liveDays = usual.liveDays, people = usual.people, eventsPerPersonDay = usual.eventsPerPersonDay } = flags;
  if (liveDays < usual.liveDaysMin || people < usual.peopleMin) throw new CliError(`the company "${company}" needs at least ${usual.liveDaysMin} live days and ${usual.peopleMin} people`);
  const start = flags.start ?? (Math.floor(Date.now() / DAY_MS) - days - liveDays) * DAY_MS;
  const organisation = await openCompany(company, { seed, start, days, liveDays, people, eventsPerPersonDay, contentShare, only });
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
