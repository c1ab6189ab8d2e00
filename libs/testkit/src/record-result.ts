import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/** What a test or a bench of one row of docs/RELIABILITY.md has done and found. */
export interface ReliabilityResult {
  /** Number of the row. */
  readonly row: number;
  /** Of the run, in a few words of a-z, 0-9 and -; one row may have several. */
  readonly name: string;
  /** How often each kind of fault was brought about. */
  readonly faults: Readonly<Record<string, number>>;
  /** Whole runs of the scenario. */
  readonly runs: number;
  readonly events: number;
  /** Of what was acknowledged. */
  readonly lost: number;
  readonly doubled: number;
  readonly seeds?: string;
  /** Further figures, each with its unit in its name. */
  readonly figures?: Readonly<Record<string, number | string>>;
}

/** Writes a result into the folder that WARY_TEST_RELIABILITY_DIR names (`npm run reliability` does), as a file of its own; does nothing where none is named. */
export function recordResult(result: ReliabilityResult): void {
  const folder = process.env['WARY_TEST_RELIABILITY_DIR'];
  if (folder === undefined || folder === '') return;
  if (!/^[a-z0-9-]{1,40}$/.test(result.name)) throw new Error(`"${result.name}" is no name of a result`);
  const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--untracked-files=no', '--', '.', ':!docs') !== '';
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${String(result.row).padStart(2, '0')}-${result.name}.json`), `${JSON.stringify({
    ...result, commit: `${git('rev-parse', '--short=12', 'HEAD')}${changed ? '+changes' : ''}`, on: new Date().toISOString().slice(0, 10),
    machine: `${availableParallelism()} cores, ${process.platform} ${process.arch}, Node ${process.versions.node}`,
  }, null, 2)}\n`);
}
