import { readFileSync, statSync } from 'node:fs';

/** Variables whose value may stand in a file instead, named by the variable with `_FILE` behind it (Docker and Kubernetes secrets). */
export const SECRET_VARIABLES = ['WARY_SECRET_KEY', 'WARY_SECRET_KEYS_OLD', 'WARY_ADMIN_PASSWORD', 'WARY_INGEST_KEY', 'WARY_KAFKA_PASSWORD', 'WARY_CLICKHOUSE_URL', 'WARY_POSTGRES_URL'] as const;
const SECRET_BYTES_MAX = 64 * 1024;

/** The environment with secrets read from the files that it names. Problems name the variable and the file, never what is in it. */
export function readSecretFiles(given: Readonly<Record<string, string>>): { readonly env: Record<string, string>; readonly problems: string[] } {
  const env = { ...given };
  const problems: string[] = [];
  for (const name of SECRET_VARIABLES) {
    const variable = `${name}_FILE`;
    const file = given[variable];
    if (file === undefined) continue;
    delete env[variable];
    if (given[name] !== undefined) problems.push(`${variable}: ${name} is set too; set one of them`);
    else {
      const { value, problem } = readSecret(file);
      if (problem !== undefined) problems.push(`${variable}: ${file} ${problem}`);
      else env[name] = value!;
    }
  }
  return { env, problems };
}

function readSecret(file: string): { value?: string; problem?: string } {
  try {
    if (statSync(file).size > SECRET_BYTES_MAX) return { problem: `has more than ${SECRET_BYTES_MAX} bytes: it is no secret` };
    const value = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    return value === '' ? { problem: 'is empty' } : { value };
  } catch (error) {
    return { problem: `cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})` };
  }
}
