import { Command, Option } from 'commander';
import { day, duration, wholeNumber } from '../terminal/options.js';
import { runCommand } from '../terminal/run-command.js';
import type { CheckFlags } from '../rules/check-rules.js';
import type { ExplainFlags } from '../rules/explain-rules.js';
import type { MatchFlags } from '../rules/match-rules.js';
import type { SqlFlags } from '../rules/show-sql.js';
import type { TestFlags } from '../rules/test-rules.js';

const PIPELINE = 'a file, a ready pipeline by name, "auto" (ready ones by the shape of the event) or "none" (every rule on every event)';

/** Sigma rules over files. The engine is loaded by who uses it. */
export function rulesCommand(): Command {
  const command = new Command('rules').description('Sigma rules: check them, match them over events, run their tests, explain a match');
  command.command('check').description('Compile everything and say for each refusal where, why and what to do')
    .argument('<DIR...>', 'folders or files with Sigma rules').option('--pipeline <FILE>', 'whose fields are known, else warned of: a file, a ready pipeline by name, "auto" (all ready ones) or "none"', 'auto').option('--placeholders <FILE>', 'values of %placeholders%, YAML or JSON').option('--no-warnings', 'only errors').option('--json', 'print the result as JSON')
    .action(runCommand(async (paths: readonly string[], flags: CheckFlags) => (await import('../rules/check-rules.js')).checkRules(paths, flags)));
  command.command('match').description('Match rules over events: one {"event","rule"} for each match, event being the line from 0')
    .requiredOption('--rules <DIR...>', 'folders or files with Sigma rules').requiredOption('--events <FILE>', 'events as NDJSON, .gz too, "-" for standard input').option('--out <FILE>', 'where to write, "-" for standard output', '-')
    .option('--pipeline <FILE>', PIPELINE, 'auto').option('--placeholders <FILE>', 'values of %placeholders%, YAML or JSON').addOption(new Option('--engine <ENGINE>', 'what matches: the engine of the stream, or ClickHouse over a table of the events; both say the same').choices(['stream', 'sql']).default('stream'))
    .option('--lateness <TIME>', 'for correlations: how much later than the latest an event may come, as in 30s, 10m, 1h', duration, 3_600_000).option('--time-field <FIELD>', 'for correlations: the field with the time, when it is none of the usual')
    .option('--json', 'print a summary as JSON on standard error')
    .action(runCommand(async (flags: MatchFlags) => (await import('../rules/match-rules.js')).matchRules(flags)));
  command.command('test').description('Run the tests stored beside rules: "tests:" inside a rule, and regression data with info.yml')
    .argument('<DIR...>', 'folders with rules or regression data').option('--rules <DIR...>', 'where the rules are, when they are elsewhere')
    .option('--pipeline <FILE>', PIPELINE, 'auto').option('--placeholders <FILE>', 'values of %placeholders%, YAML or JSON').option('--json', 'print the result as JSON')
    .action(runCommand(async (paths: readonly string[], flags: TestFlags) => (await import('../rules/test-rules.js')).testRules(paths, flags)));
  command.command('explain').description('Say which selection and which value decided')
    .requiredOption('--rules <DIR...>', 'folders or files with Sigma rules').requiredOption('--events <FILE>', 'events as NDJSON, .gz too, "-" for standard input').option('--rule <ID>', 'only this rule, also when it does not match').option('--event <N>', 'only this event, the line from 0', wholeNumber(0, Number.MAX_SAFE_INTEGER))
    .option('--pipeline <FILE>', PIPELINE, 'auto').option('--placeholders <FILE>', 'values of %placeholders%, YAML or JSON').option('--json', 'one JSON object a line')
    .action(runCommand(async (flags: ExplainFlags) => (await import('../rules/explain-rules.js')).explainRules(flags)));
  command.command('sql').description('Print each rule as a SELECT of ClickHouse\'s, over JSON in a column or over the events table')
    .argument('<RULE...>', 'files or folders with Sigma rules').addOption(new Option('--over <WHAT>', 'raw: JSON texts in a column; events: the table of a Wary service').choices(['raw', 'events']).default('raw'))
    .option('--table <TABLE>', 'where to look (default: events, and wary.events)').option('--column <NAME>', 'of raw: the column with the JSON', 'event').option('--pipeline <NAME>', 'of raw: whose field names the events have: a file, a ready pipeline by name, or "none" (those of the rule)', 'none')
    .option('--tenant <TENANT>', 'of events: whose', 'default').option('--from <DAY>', 'of events: from this day on, as YYYY-MM-DD', day, 0).option('--to <DAY>', 'of events: before this day', day, Date.UTC(2200, 0, 1))
    .option('--placeholders <FILE>', 'values of %placeholders%, YAML or JSON').option('--json', 'one JSON object a line')
    .action(runCommand(async (paths: readonly string[], flags: SqlFlags) => (await import('../rules/show-sql.js')).showRulesAsSql(paths, flags)));
  return command;
}
