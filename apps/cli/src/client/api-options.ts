import type { Command } from 'commander';
import { CliError } from '../terminal/cli-error.js';
import { ApiClient, type ApiSettings } from './api-client.js';

export interface ApiFlags { readonly url?: string; readonly key?: string }

export const withApiOptions = (command: Command): Command => command
  .option('--url <URL>', 'address of the service (WARY_URL; otherwise this machine at WARY_PORT, 7400)')
  .option('--key <KEY>', 'API key (WARY_TOKEN); rather in the environment than here, where others see it');

export function apiSettings(flags: ApiFlags, needsKey = true): ApiSettings {
  const url = (flags.url ?? process.env['WARY_URL'] ?? `http://127.0.0.1:${process.env['WARY_PORT'] || 7400}`).replace(/\/+$/, '');
  const key = flags.key ?? process.env['WARY_TOKEN'] ?? '';
  if (!/^https?:\/\/[^/]+/.test(url)) throw new CliError(`${url} is no address of a service; it looks like http://host:7400`);
  if (needsKey && key === '') throw new CliError('an API key is needed: set WARY_TOKEN or give --key');
  return { url, key };
}

export const apiClient = (flags: ApiFlags, needsKey = true): ApiClient => new ApiClient(apiSettings(flags, needsKey), (reason, ms) => process.stderr.write(`wary: ${reason}; next try in ${(ms / 1000).toFixed(1)} s\n`));
