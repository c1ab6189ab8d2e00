import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emptyRegisters, REGISTER_NAMES, REGISTER_SCHEMAS, type Registers } from '@wary/model/registers.js';
import { CliError } from '../terminal/cli-error.js';

/** Registers from a folder as `wary simulate` writes it: NAME.json, an array of rows each; those that are missing are empty. */
export async function readRegisters(dir: string): Promise<Registers> {
  if (!existsSync(dir)) throw new CliError(`${dir}: there is no such folder`);
  const registers: Record<string, unknown> = { ...emptyRegisters(), version: 1 };
  for (const name of REGISTER_NAMES) {
    const file = join(dir, `${name}.json`);
    if (!existsSync(file)) continue;
    let value: unknown;
    try {
      value = JSON.parse(await readFile(file, 'utf8'));
    } catch (error) {
      throw new CliError(`${file} is not valid JSON: ${(error as Error).message}`);
    }
    const rows = REGISTER_SCHEMAS[name].array().safeParse(value);
    if (!rows.success) throw new CliError(`${file}: ${rows.error.issues[0]!.path.join('.')}: ${rows.error.issues[0]!.message}`);
    registers[name] = rows.data;
  }
  return registers as unknown as Registers;
}
