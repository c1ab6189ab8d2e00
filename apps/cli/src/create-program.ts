import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { backtestCommand } from './commands/backtest.js';
import { deadLettersCommand } from './commands/dead-letters.js';
import { demoCommand } from './commands/demo.js';
import { detectCommand } from './commands/detect.js';
import { doctorCommand } from './commands/doctor.js';
import { ingestCommand } from './commands/ingest.js';
import { migrateCommand } from './commands/migrate.js';
import { registersCommand } from './commands/registers.js';
import { replayCommand } from './commands/replay.js';
import { rulesCommand } from './commands/rules.js';
import { scoreCommand } from './commands/score.js';
import { simulateCommand } from './commands/simulate.js';
import { startCommand } from './commands/start.js';

export const CLI_VERSION = (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version;

/** The command line: what does not work is not listed. */
export function createProgram(): Command {
  const program = new Command('wary')
    .description('Real-time anomaly and insider-threat monitoring for AI systems')
    .version(CLI_VERSION, '-V, --version', 'print the version')
    .helpCommand('help [command]', 'say more about a command')
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'wary: ')) })
    .showHelpAfterError('(wary COMMAND --help says more)');
  for (const command of [startCommand(), demoCommand(), ingestCommand(), registersCommand(), deadLettersCommand(), detectCommand(), backtestCommand(), scoreCommand(), rulesCommand(), simulateCommand(), replayCommand(), migrateCommand(), doctorCommand()]) {
    program.addCommand(command);
    for (const each of [command, ...command.commands]) each.copyInheritedSettings(program);
  }
  return program;
}
