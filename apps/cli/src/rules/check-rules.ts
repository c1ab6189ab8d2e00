import { CliError } from '../terminal/cli-error.js';
import { readRuleFolders } from './rule-files.js';

export interface CheckFlags { readonly placeholders?: string; readonly pipeline: string; readonly json?: boolean; readonly warnings: boolean }

/** `wary rules check`: every refusal with file, line, column, why, and what to do. */
export async function checkRules(paths: readonly string[], flags: CheckFlags): Promise<void> {
  const started = performance.now();
  const { set, files } = readRuleFolders(paths, flags.placeholders, flags.pipeline);
  const errors = set.problems.filter(({ severity }) => severity === 'error');
  const warnings = set.problems.filter(({ severity }) => severity === 'warning');
  const summary = { files: files.length, compiled: set.rules.length + set.correlations.length + set.filters.length, rules: set.rules.length, correlations: set.correlations.length, filters: set.filters.length, rejected: set.rejected, errors: errors.length, warnings: warnings.length, seconds: Math.round(performance.now() - started) / 1_000 };
  if (flags.json === true) process.stdout.write(`${JSON.stringify({ ...summary, problems: flags.warnings ? set.problems : errors })}\n`);
  else {
    for (const { file, line, column, severity, code, message } of flags.warnings ? set.problems : errors) process.stdout.write(`${file}:${line}:${column}: ${severity} ${code}: ${message}\n`);
    process.stdout.write(`${summary.compiled} compiled (${summary.rules} rules, ${summary.correlations} correlations, ${summary.filters} filters), ${summary.rejected} rejected, ${summary.warnings} warnings, in ${summary.seconds.toFixed(2)} s\n`);
  }
  if (errors.length > 0) throw new CliError(`${errors.length} ${errors.length === 1 ? 'error' : 'errors'}`);
}
