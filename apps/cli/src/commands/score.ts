import type { PromptSource } from '@wary/protect/score-prompt.js';
import { Command } from 'commander';
import { stat } from 'node:fs/promises';
import type { RowFlags } from '../files/each-row.js';
import { readJsonLines } from '../files/read-lines.js';
import { CliError } from '../terminal/cli-error.js';
import { createProgress, formatBytes } from '../terminal/progress.js';
import { runCommand } from '../terminal/run-command.js';
import { createLineWriter } from '../terminal/writer.js';

interface Flags { readonly in: string; readonly out: string; readonly json?: boolean }
const SOURCES: readonly string[] = ['user', 'retrieved', 'tool'];

/** Detectors over files, the same code as live, each line judged as it comes. */
export function scoreCommand(): Command {
  const command = new Command('score').description('Run one detector over a file, for measuring it');
  const each = (name: string, description: string, input = 'NDJSON'): Command => command.command(name).description(description)
    .requiredOption('--in <FILE>', `${input}, "-" for standard input`).option('--out <FILE>', 'where to write, "-" for standard output', '-').option('--json', 'print a summary as JSON on standard error');
  // The detectors are loaded by who uses them: their tables take a tenth of a second.
  each('pii', 'Personal data: {"id","text"} → {"id","spans":[{"start","end","type"}]}').action(runCommand(async (flags: Flags) => {
    const { findPii } = await import('@wary/protect/score-pii.js');
    await score(flags, 'pii', (text) => ({ spans: findPii(text) }));
  }));
  each('prompts', 'Prompt attacks: {"id","text"}, optional "source":"user|retrieved|tool" → {"id","score","reasons"}').action(runCommand(async (flags: Flags) => {
    const { scorePrompt } = await import('@wary/protect/score-prompt.js');
    await score(flags, 'prompts', (text, record) => {
      const { score: value, reasons } = scorePrompt(text, sourceOf(record));
      return { score: value, reasons };
    });
  }));
  each('timeseries', 'Anomalies of a series: timestamp,value → timestamp,value,anomaly_score (0 to 1)', 'CSV').action(runCommand(async (flags: RowFlags) => (await import('./score-series.js')).scoreSeriesFile(flags)));
  each('drift', 'Drift of a stream: one value a line, 0/1 or real → the 0-based lines at which drift is raised', 'one value a line').action(runCommand(async (flags: RowFlags) => (await import('./score-drift.js')).scoreDriftFile(flags)));
  return command;
}

async function score(flags: Flags, what: string, judge: (text: string, record: Readonly<Record<string, unknown>>) => object): Promise<void> {
  const started = performance.now();
  const total = flags.in === '-' ? 0 : (await stat(flags.in)).size;
  const writer = createLineWriter(flags.out);
  const progress = createProgress(`score ${what}`, total, formatBytes);
  let bytes = 0;
  let records = 0;
  try {
    for await (const { value, line } of readJsonLines(flags.in, (done) => (bytes = done))) {
      const record = value as Readonly<Record<string, unknown>> | null;
      if (record === null || typeof record !== 'object' || typeof record['text'] !== 'string' || !(typeof record['id'] === 'string' || typeof record['id'] === 'number')) throw new CliError(`${nameOf(flags.in)}, line ${line}: {"id","text"} is needed`);
      let result: object;
      try {
        result = judge(record['text'], record);
      } catch (error) {
        throw error instanceof CliError ? new CliError(`${nameOf(flags.in)}, line ${line}: ${error.message}`) : error;
      }
      const full = writer.line(JSON.stringify({ id: record['id'], ...result }));
      if (full !== undefined) await full;
      records += 1;
      if (records % 200 === 0) progress.update(bytes);
    }
  } finally {
    await writer.close();
    progress.update(bytes);
    progress.stop();
  }
  if (flags.json === true) process.stderr.write(`${JSON.stringify({ records, bytes, seconds: Math.round(performance.now() - started) / 1000 })}\n`);
}

function sourceOf(record: Readonly<Record<string, unknown>>): PromptSource {
  const source = record['source'] ?? 'user';
  if (typeof source !== 'string' || !SOURCES.includes(source)) throw new CliError(`"source" is one of ${SOURCES.join(', ')}`);
  return source as PromptSource;
}

const nameOf = (path: string): string => (path === '-' ? 'standard input' : path);
