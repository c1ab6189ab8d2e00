import { readFile } from 'node:fs/promises';
import type { RegisterName } from '@wary/model/registers.js';
import { Argument, Command } from 'commander';
import { apiClient, withApiOptions, type ApiFlags } from '../client/api-options.js';
import { CliError } from '../terminal/cli-error.js';
import { runCommand } from '../terminal/run-command.js';

/** Named here and checked by a test: the schemas themselves would cost every command a tenth of a second. */
export const REGISTERS: readonly RegisterName[] = ['canaries', 'purposes', 'assets', 'people', 'holidays', 'egress', 'models'];

const nameArgument = (): Argument => new Argument('<name>', 'which register').choices(REGISTERS);

/** Registers by command, as by API and page: read, replaced as a whole, changed row by row, rows deleted. */
export function registersCommand(): Command {
  const command = new Command('registers').description('Read and change what Wary is told: people, assets, purposes, canaries, holidays, egress, models');
  withApiOptions(command.command('get').description('Print a register').addArgument(nameArgument()).option('--csv', 'as CSV rather than JSON')).action(runCommand(get));
  withApiOptions(command.command('put').description('Replace a register by a CSV or JSON file').addArgument(nameArgument()).argument('<file>', '.json or .csv, or "-" for JSON on standard input').option('--json', 'print the answer as JSON')).action(runCommand(put));
  withApiOptions(command.command('patch').description('Add and change rows; those that are not named stay').addArgument(nameArgument()).argument('<file>', '.json or .csv, or "-" for JSON on standard input').option('--json', 'print the answer as JSON')).action(runCommand(patch));
  withApiOptions(command.command('delete').description('Delete rows, or with --all every row').addArgument(nameArgument()).argument('[ids...]', 'ids of the rows').option('--all', 'empty the register').option('--json', 'print the answer as JSON')).action(runCommand(remove));
  return command;
}

/** Whole, in the form that `put` takes. */
async function get(name: RegisterName, flags: ApiFlags & { readonly csv?: boolean }): Promise<void> {
  const { body } = await apiClient(flags).call({ path: `/v1/registers/${name}`, headers: { accept: flags.csv === true ? 'text/csv' : 'application/x-ndjson' } });
  if (flags.csv === true) process.stdout.write(body.endsWith('\n') ? body : `${body}\n`);
  else process.stdout.write(`[${body.split('\n').filter((line) => line.trim() !== '').map((line) => `\n${line}`).join(',')}\n]\n`);
}

const put = (name: RegisterName, file: string, flags: ApiFlags & { readonly json?: boolean }): Promise<void> => send('PUT', name, file, flags);
const patch = (name: RegisterName, file: string, flags: ApiFlags & { readonly json?: boolean }): Promise<void> => send('PATCH', name, file, flags);

async function send(method: 'PUT' | 'PATCH', name: RegisterName, file: string, flags: ApiFlags & { readonly json?: boolean }): Promise<void> {
  const body = file === '-' ? await readStandardInput() : await readFile(file);
  const csv = file.toLowerCase().endsWith('.csv');
  if (!csv) assertJson(file, body);
  const answer = await apiClient(flags).call({ method, path: `/v1/registers/${name}`, body, headers: { 'content-type': csv ? 'text/csv' : 'application/json' } });
  say(answer.body, flags, `register ${name} ${method === 'PUT' ? 'replaced' : 'changed'}`);
}

async function remove(name: RegisterName, ids: readonly string[], flags: ApiFlags & { readonly all?: boolean; readonly json?: boolean }): Promise<void> {
  if ((flags.all === true) === ids.length > 0) throw new CliError('name the rows to delete, or say --all');
  const path = `/v1/registers/${name}`;
  const answer = await apiClient(flags).call({ method: flags.all === true ? 'PUT' : 'DELETE', path, body: JSON.stringify(flags.all === true ? [] : { ids }), headers: { 'content-type': 'application/json' } });
  say(answer.body, flags, `${flags.all === true ? 'every row' : `${ids.length} ${ids.length === 1 ? 'row' : 'rows'}`} of register ${name} deleted`);
}

function assertJson(file: string, body: Buffer): void {
  try {
    JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new CliError(`${file === '-' ? 'standard input' : file} is not valid JSON: ${(error as Error).message}`);
  }
}

async function readStandardInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function say(body: string, flags: { readonly json?: boolean }, done: string): void {
  if (flags.json === true) process.stdout.write(`${body.trim() === '' ? '{}' : body.trim()}\n`);
  else process.stdout.write(`${done}\n`);
}
