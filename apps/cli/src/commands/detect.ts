import { stat } from 'node:fs/promises';
import type { OfflineDetect, OfflineLines } from '@wary/detect/offline-detect.js';
import { Command } from 'commander';
import type { OfflinePath, Refused } from '../files/offline-path.js';
import { openInput, readLines } from '../files/read-lines.js';
import { CliError } from '../terminal/cli-error.js';
import { decimal, wholeNumber } from '../terminal/options.js';
import { createProgress, formatBytes } from '../terminal/progress.js';
import { runCommand } from '../terminal/run-command.js';
import { createLineWriter, type LineWriter } from '../terminal/writer.js';

interface Flags { readonly events: string; readonly out: string; readonly scores?: string; readonly budget: number; readonly registers?: string; readonly seed: number; readonly json?: boolean }

const PIECE_BYTES = 512 * 1024;
const REFUSED_SHOWN_MAX = 5;
const NEWLINE = Buffer.from('\n');

export const detectCommand = (): Command => new Command('detect')
  .description('Run every detector over a file of events in time order: the same code as live, without a service')
  .requiredOption('--events <FILE>', 'wary.event/1, NDJSON, .gz too, "-" for standard input')
  .requiredOption('--out <FILE>', 'findings, one a line, "-" for standard output')
  .option('--scores <FILE>', 'one line for each entity and day, whether it alarmed or not')
  .option('--budget <B>', 'false alarms a day', decimal(0.001, 10_000), 5)
  .option('--registers <DIR>', 'folder with people.json, assets.json … as "wary simulate" writes them')
  .option('--seed <N>', 'of the hashes', wholeNumber(0, 2_147_483_647), 1)
  .option('--json', 'print the summary as JSON on standard error')
  .action(runCommand(detect));

async function detect(flags: Flags): Promise<void> {
  const started = performance.now();
  if (flags.scores !== undefined && flags.scores === flags.out) throw new CliError('--scores and --out are the same');
  const input = await openInput(flags.events);
  const total = flags.events === '-' ? 0 : (await stat(flags.events)).size;
  // Loaded here, because no other command needs the stages.
  const [{ createOfflineDetect }, { createOfflinePath }, { readRegisters }] = await Promise.all([import('@wary/detect/offline-detect.js'), import('../files/offline-path.js'), import('../files/read-registers.js')]);
  const run = new Run(createOfflinePath(flags.registers === undefined ? undefined : await readRegisters(flags.registers)), createOfflineDetect({ budgetPerDay: flags.budget, seed: flags.seed, scores: flags.scores !== undefined }), createLineWriter(flags.out), flags.scores === undefined ? null : createLineWriter(flags.scores));
  const progress = createProgress('detect', flags.events.endsWith('.gz') ? 0 : total, formatBytes);
  let bytes = 0;
  try {
    for await (const piece of pieces(input.stream)) {
      await run.piece(piece.body, piece.firstLine);
      bytes += piece.body.length;
      progress.update(bytes, `${run.events.toLocaleString('en')} events, ${run.findings} findings`);
    }
    await run.finish();
  } finally {
    progress.stop();
  }
  const seconds = (performance.now() - started) / 1000;
  const summary = { events: run.events, rejected: run.refusedCount, findings: run.findings, entityDays: run.scored, seconds: Math.round(seconds * 1000) / 1000 };
  if (flags.json === true) process.stderr.write(`${JSON.stringify(summary)}\n`);
  else if (process.stderr.isTTY) process.stderr.write(`${summary.events.toLocaleString('en')} events, ${summary.findings} findings in ${seconds.toFixed(1)} s\n`);
  if (run.refusedCount > 0) {
    const name = flags.events === '-' ? 'standard input' : flags.events;
    throw new CliError(run.refused.map(({ line, code, message }) => `${name}, line ${line}: ${code}: ${message}`).join('\nwary: ') + (run.refusedCount > run.refused.length ? `\nwary: and ${run.refusedCount - run.refused.length} more lines were refused` : ''));
  }
}

class Run {
  findings = 0;
  refusedCount = 0;
  scored = 0;
  readonly refused: Refused[] = [];

  constructor(private readonly path: OfflinePath, private readonly detector: OfflineDetect, private readonly out: LineWriter, private readonly scores: LineWriter | null) {}

  get events(): number {
    return this.detector.eventsScored;
  }

  async piece(body: Buffer, firstLine: number): Promise<void> {
    const { events, refused } = this.path.read(body, firstLine);
    this.refusedCount += refused.length;
    this.refused.push(...refused.slice(0, REFUSED_SHOWN_MAX - this.refused.length));
    await this.write(this.detector.push(events));
  }

  async finish(): Promise<void> {
    await this.write(this.detector.finish());
    await this.out.close();
    await this.scores?.close();
  }

  private async write({ findings, scores }: OfflineLines): Promise<void> {
    for (const line of findings) await this.out.line(JSON.stringify(line));
    for (const line of scores) await this.scores?.line(JSON.stringify(line));
    this.findings += findings.length;
    this.scored += scores.length;
  }
}

/** Whole lines in pieces; blank ones are kept, so that the numbers are those of the file. */
async function* pieces(stream: AsyncIterable<Buffer | string>): AsyncGenerator<{ readonly body: Buffer; readonly firstLine: number }, void, undefined> {
  let kept: Buffer[] = [];
  let bytes = 0;
  let firstLine = 1;
  let line = 0;
  for await (const { bytes: text } of readLines(stream)) {
    line += 1;
    kept.push(text, NEWLINE);
    bytes += text.length + 1;
    if (bytes < PIECE_BYTES) continue;
    yield { body: Buffer.concat(kept), firstLine };
    kept = [];
    bytes = 0;
    firstLine = line + 1;
  }
  if (bytes > 0) yield { body: Buffer.concat(kept), firstLine };
}
