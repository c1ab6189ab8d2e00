import { stat } from 'node:fs/promises';
import { CliError } from '../terminal/cli-error.js';
import { createProgress, formatBytes } from '../terminal/progress.js';
import { createLineWriter } from '../terminal/writer.js';
import { openInput, readLines } from './read-lines.js';

export interface RowFlags { readonly in: string; readonly out: string; readonly json?: boolean }
/** Ends the reading with the name of the file and the line. */
export type Fail = (why: string) => never;
/** What a line adds to the output; null for nothing. */
export type JudgeRow = (text: string, line: number, fail: Fail) => string | null;

/** A number as CSV files and logs write it; no hexadecimal, no empty text. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const PROGRESS_ROWS = 20_000;

/** Line in, line out, in one pass: what is written about a line is written before the next is judged. Blank lines are skipped. */
export async function eachRow(flags: RowFlags, what: string, judge: JudgeRow, headerLines = 0): Promise<void> {
  const started = performance.now();
  const name = flags.in === '-' ? 'standard input' : flags.in;
  const total = flags.in === '-' ? 0 : (await stat(flags.in)).size;
  const { stream } = await openInput(flags.in);
  const writer = createLineWriter(flags.out);
  const progress = createProgress(`score ${what}`, total, formatBytes);
  let line = 0;
  let rows = 0;
  let done = 0;
  const fail: Fail = (why) => {
    throw new CliError(`${name}, line ${line}: ${why}`);
  };
  try {
    for await (const { bytes, offset } of readLines(stream)) {
      line += 1;
      done = offset + bytes.length;
      const text = bytes.toString('utf8').trim();
      if (text === '') continue;
      rows += 1;
      const written = judge(text, line, fail);
      const full = written === null ? undefined : writer.line(written);
      if (full !== undefined) await full;
      if (rows % PROGRESS_ROWS === 0) progress.update(done);
    }
    if (rows === 0) throw new CliError(`${name} is empty`);
  } finally {
    await writer.close();
    progress.stop();
  }
  if (flags.json === true) process.stderr.write(`${JSON.stringify({ rows: rows - headerLines, bytes: done, seconds: Math.round(performance.now() - started) / 1000 })}\n`);
}

export function parseNumber(text: string, fail: Fail): number {
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : fail(`"${shorten(text)}" is not a number`);
}

export const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
