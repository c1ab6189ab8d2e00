import { resolve } from 'node:path';
import { z } from 'zod';
import { EnvSchema, type Env } from './config-schema.js';
import { readSecretFiles } from './secret-files.js';

/** A configuration error: one clear line for each wrong variable; the process ends with status 78 (EX_CONFIG). */
export class ConfigError extends Error {
  readonly lines: readonly string[];
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'ConfigError';
    this.lines = lines;
  }
}

export interface Config {
  readonly env: Env;
  readonly dataDir: string;
  readonly publicUrl: string;
  readonly secureCookies: boolean;
}

const KNOWN_LATER = /^WARY_(URL$|TOKEN$|TEST_|BENCH_)/;

/**
 * Reads the environment once. Empty strings count as unset (compose files set them so). Unknown WARY_ variables stop the start:
 * a misspelt name would otherwise be ignored in silence.
 */
export function readConfig(source: Readonly<Record<string, string | undefined>>): Config {
  const named = Object.fromEntries(Object.entries(source).filter((entry): entry is [string, string] => entry[0].startsWith('WARY_') && entry[1] !== undefined && entry[1] !== ''));
  const { env: given, problems } = readSecretFiles(named);
  const lines: string[] = [...problems];
  for (const name of Object.keys(given)) {
    if (!(name in EnvSchema.shape) && !KNOWN_LATER.test(name)) lines.push(`${name} is not a variable that Wary knows; see docs/reference/configuration.md`);
  }
  const parsed = EnvSchema.safeParse(given);
  if (!parsed.success) lines.push(...parsed.error.issues.map(issueLine));
  if (lines.length > 0 || !parsed.success) throw new ConfigError(lines);
  const env = parsed.data;
  const publicUrl = (env.WARY_PUBLIC_URL ?? `http://${env.WARY_HOST.includes(':') ? `[${env.WARY_HOST}]` : env.WARY_HOST}:${env.WARY_PORT}`).replace(/\/$/, '');
  return { env, dataDir: resolve(env.WARY_DATA_DIR), publicUrl, secureCookies: publicUrl.startsWith('https:') };
}

/** Names the variable and the rule it broke, never its value: it may be a secret. */
function issueLine(issue: z.core.$ZodIssue): string {
  return `${issue.path.join('.') || 'environment'}: ${issue.message}`;
}
