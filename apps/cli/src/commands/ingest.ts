import { SUPPORTED_SOURCES, type SourceName } from '@wary/model/sources.js';
import { Command, Option } from 'commander';
import { apiClient, withApiOptions, type ApiFlags } from '../client/api-options.js';
import { EventSender, type SendTotals } from '../client/event-sender.js';
import { followFile } from '../files/follow-file.js';
import { readPieces } from '../files/pieces.js';
import { openInput } from '../files/read-lines.js';
import { CliError } from '../terminal/cli-error.js';
import { decimal } from '../terminal/options.js';
import { createProgress, formatBytes, type Progress } from '../terminal/progress.js';
import { runCommand } from '../terminal/run-command.js';

interface Flags extends ApiFlags { readonly source: SourceName; readonly follow?: boolean; readonly fromEnd?: boolean; readonly patience: number; readonly json?: boolean }

export const ingestCommand = (): Command => withApiOptions(new Command('ingest')
  .description('Send a file or standard input to a running service; sending it again adds nothing')
  .argument('<file>', 'file to read, .gz too, or "-" for standard input')
  .addOption(new Option('--source <NAME>', 'what wrote it').choices(SUPPORTED_SOURCES.filter((source) => source !== 'otlp')).default('native'))
  .option('--follow', 'go on with what is appended, through rotation and truncation, until stopped')
  .option('--from-end', 'with --follow: begin with what is appended from now on')
  .option('--patience <SECONDS>', 'how long a service that is busy or restarting is waited for', decimal(0, 86_400), 300)
  .option('--json', 'print the summary as JSON'))
  .action(runCommand(ingest));

async function ingest(path: string, flags: Flags): Promise<void> {
  if (flags.fromEnd === true && flags.follow !== true) throw new CliError('--from-end goes with --follow');
  if (flags.follow === true && (path === '-' || path.endsWith('.gz'))) throw new CliError('--follow needs a plain file; standard input is followed by itself');
  const stopped = new AbortController();
  const stop = (): void => stopped.abort();
  if (flags.follow === true) for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, stop);

  const sender = new EventSender(apiClient(flags), flags.source, flags.patience * 1000, stopped.signal);
  const started = performance.now();
  const input = flags.follow === true ? null : await openInput(path);
  const pieces = input === null
    ? followFile({ path, source: flags.source, fromEnd: flags.fromEnd === true, signal: stopped.signal, onReset: (why) => process.stderr.write(`wary: ${path} was ${why}, reading the new one\n`) })
    : readPieces(input.stream, flags.source, path !== '-');
  const progress = createProgress(path === '-' ? 'sending' : `sending ${path}`, input?.bytes ?? 0, formatBytes);
  try {
    for await (const piece of pieces) {
      await sender.send(piece);
      show(progress, sender.totals);
    }
  } catch (error) {
    // Stopped while it waited for a busy service: what was not taken is sent the next time.
    if (!stopped.signal.aborted) throw error;
  } finally {
    progress.stop();
  }
  report(sender.totals, (performance.now() - started) / 1000, flags.json === true);
}

function show(progress: Progress, totals: SendTotals): void {
  progress.update(totals.bytes, `${totals.accepted.toLocaleString('en')} events${totals.rejected > 0 ? `, ${totals.rejected} rejected` : ''}`);
}

function report(totals: SendTotals, seconds: number, json: boolean): void {
  const { bytes, accepted, duplicates, dropped, rejected, rejections } = totals;
  if (json) process.stdout.write(`${JSON.stringify({ bytes, accepted, duplicates, dropped, rejected, rejections, seconds: Math.round(seconds * 1000) / 1000 })}\n`);
  else {
    process.stdout.write(`${accepted.toLocaleString('en')} events accepted, ${duplicates.toLocaleString('en')} already there${dropped > 0 ? `, ${dropped.toLocaleString('en')} that are no activity` : ''}, ${rejected.toLocaleString('en')} rejected; ${formatBytes(bytes)} in ${seconds.toFixed(1)} s\n`);
    for (const { line, code, message } of rejections) process.stderr.write(`  line ${line}: ${code}: ${message}\n`);
  }
  if (rejected > 0) throw new CliError(`${rejected} ${rejected === 1 ? 'record was' : 'records were'} rejected; they are kept as dead letters (wary dead-letters list)`);
}
