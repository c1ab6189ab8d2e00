import { Command } from 'commander';
import type { Migration } from '../migrate/migrate-stores.js';
import { CliError } from '../terminal/cli-error.js';
import { runCommand } from '../terminal/run-command.js';

interface Flags { readonly dryRun?: boolean; readonly json?: boolean }

export const migrateCommand = (): Command => new Command('migrate')
  .description('Bring the schemas of both databases up to date, forward only; the environment (WARY_…) names them')
  .option('--dry-run', 'say what would run, with its SQL, and run nothing')
  .option('--json', 'print what was done as JSON')
  .action(runCommand(migrate));

async function migrate({ dryRun = false, json = false }: Flags): Promise<void> {
  // Loaded here: the engines take a second, and most commands need none.
  const { ConfigError, readConfig } = await import('@wary/platform/config/read-config.js');
  const { listStores, migrateStores } = await import('../migrate/migrate-stores.js');
  let config: ReturnType<typeof readConfig>;
  try {
    config = readConfig(process.env);
  } catch (error) {
    throw error instanceof ConfigError ? new CliError(error.message, 78) : error;
  }
  const said = (error: Error): never => { throw new CliError(`${error.message}; wary doctor looks at the servers that the environment names`); };
  const pending = (await listStores(config).catch(said)).filter(({ applied }) => !applied);
  if (!dryRun && pending.length > 0) await migrateStores(config).catch(said);
  if (json) process.stdout.write(`${JSON.stringify({ dryRun, [dryRun ? 'pending' : 'applied']: pending.map(({ store, number, name, statements }) => ({ store, number, name, ...(dryRun ? { statements } : {}) })) })}\n`);
  else process.stdout.write(pending.length === 0 ? 'Both schemas are up to date.\n' : pending.map((each) => lineOf(each, dryRun)).join(''));
}

function lineOf({ store, number, name, statements }: Migration, dryRun: boolean): string {
  const head = `${dryRun ? 'would run' : 'ran'}  ${store.padEnd(10)}  ${number} ${name}\n`;
  return dryRun ? `${head}${statements.map((statement) => `${statement.trim()};\n`).join('')}\n` : head;
}
