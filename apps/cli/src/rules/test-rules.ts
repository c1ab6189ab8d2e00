import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inlineTests, readEventText, regressionTests, type FoundTests } from '@wary/rules/rule-tests.js';
import { createRuleTester } from '@wary/rules/rule-tester.js';
import { CliError } from '../terminal/cli-error.js';
import { readRuleFolders, routerFor, ruleFilesBelow } from './rule-files.js';

export interface TestFlags { readonly rules?: readonly string[]; readonly pipeline: string; readonly placeholders?: string; readonly json?: boolean }

/** `wary rules test`: the tests inside rules, and the Sigma project's regression cases, through the same engine as `match`. */
export async function testRules(paths: readonly string[], flags: TestFlags): Promise<void> {
  const found = paths.flatMap((path) => [...ruleFilesBelow(path).map(({ path: file, text }) => inlineTests(file, text)), ...regressionBelow(path)]);
  const tests = found.flatMap((each) => each.tests);
  const problems = found.flatMap((each) => each.problems);
  if (tests.length === 0 && problems.length === 0) throw new CliError(`${paths.join(', ')}: there is no test; write "tests:" into a rule, or give a folder with regression data`);
  const { set } = readRuleFolders(flags.rules ?? paths, flags.placeholders);
  const tester = createRuleTester(set, routerFor(flags.pipeline));
  const failures: { readonly file: string; readonly rule: string; readonly name: string; readonly message: string }[] = problems.map((message) => ({ file: '', rule: '', name: '', message }));
  for (const { rule, name, file, events, matchesMin, matchesMax } of tests) {
    const matches = tester.count({ rule, events });
    if (matches === null) {
      failures.push({ file, rule, name, message: `there is no rule ${rule}, or it was refused` });
      continue;
    }
    if (matches < matchesMin || matches > matchesMax) failures.push({ file, rule, name, message: `matches ${matches} of ${events.length} events, ${matchesMax === matchesMin ? '' : 'at least '}${matchesMin} expected` });
  }
  const summary = { tests: tests.length, passed: tests.length - (failures.length - problems.length), failed: failures.length };
  if (flags.json === true) process.stdout.write(`${JSON.stringify({ ...summary, failures })}\n`);
  else {
    for (const { file, name, message } of failures) process.stdout.write(`${file === '' ? '' : `${file}: ${name}: `}${message}\n`);
    process.stdout.write(`${summary.passed} of ${summary.tests} tests passed\n`);
  }
  if (failures.length > 0) throw new CliError(`${failures.length} failed`);
}

function regressionBelow(path: string): FoundTests[] {
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile() && entry.name === 'info.yml').map((entry) => {
    const file = join(entry.parentPath ?? entry.path, entry.name);
    return regressionTests(file, readFileSync(file, 'utf8'), (name) => {
      const events = join(dirname(file), `${name}.json`);
      return existsSync(events) ? readEventText(readFileSync(events, 'utf8')) : [];
    });
  });
}
