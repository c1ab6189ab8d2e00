import { statfs } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { apiSettings, withApiOptions, type ApiFlags } from '../client/api-options.js';
import { CliError } from '../terminal/cli-error.js';
import { certificates } from '../doctor/certificates.js';
import type { Check } from '../doctor/check.js';
import { formatBytes } from '../terminal/progress.js';
import { runCommand } from '../terminal/run-command.js';

interface Flags extends ApiFlags { readonly opsUrl?: string; readonly json?: boolean }

const FREE_BYTES_MIN = 2_000_000_000;
const CLOCK_SKEW_MS_MAX = 30_000;

export const doctorCommand = (): Command => withApiOptions(new Command('doctor')
  .description('Look whether a service is reachable and well, and say what to do when it is not')
  .option('--ops-url <URL>', 'address of health and metrics (default: WARY_OPS_PORT, 7401, on the same host)')
  .option('--json', 'print the findings as JSON'))
  .action(runCommand(doctor));

async function doctor(flags: Flags): Promise<void> {
  const { url, key } = apiSettings(flags, false);
  const ops = (flags.opsUrl ?? opsUrlOf(url)).replace(/\/+$/, '');
  const checks = [runtime(), await api(url), await clock(url), ...(await health(ops)), await keyWorks(url, key), await disk(), ...(await servers())];
  const failed = checks.filter((check) => !check.ok);
  if (flags.json === true) process.stdout.write(`${JSON.stringify({ ok: failed.length === 0, checks })}\n`);
  else for (const { name, ok, found, advice } of checks) process.stdout.write(`${ok ? 'ok  ' : 'FAIL'}  ${name.padEnd(10)} ${found}${ok || advice === undefined ? '' : `\n                 ${advice}`}\n`);
  if (failed.length > 0) throw new CliError(`${failed.length} of ${checks.length} checks failed: ${failed.map((check) => check.name).join(', ')}`);
}

function opsUrlOf(url: string): string {
  const ops = new URL(url);
  ops.port = process.env['WARY_OPS_PORT'] ?? '7401';
  ops.protocol = 'http:';
  return ops.origin;
}

function runtime(): Check {
  const [major, minor] = process.versions.node.split('.').map(Number) as [number, number];
  return { name: 'node', ok: major > 20 || (major === 20 && minor >= 19), found: `Node ${process.versions.node} on ${process.platform} ${process.arch}`, advice: 'install Node 20.19 or newer' };
}

async function get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Response | string> {
  try {
    return await fetch(url, { headers, signal: AbortSignal.timeout(5_000), redirect: 'manual' });
  } catch (error) {
    return (error as { cause?: { code?: string } }).cause?.code ?? (error as Error).message;
  }
}

async function api(url: string): Promise<Check> {
  const answer = await get(`${url}/openapi.json`);
  if (typeof answer === 'string') return { name: 'api', ok: false, found: `${url} cannot be reached (${answer})`, advice: 'start the service (wary start), or name its address by --url or WARY_URL' };
  const version = answer.ok ? ((await answer.json().catch(() => null)) as { info?: { version?: string } } | null)?.info?.version : undefined;
  return { name: 'api', ok: version !== undefined, found: version === undefined ? `${url} answered ${answer.status}, not as Wary does` : `${url}, version ${version}`, advice: 'look whether another service listens there' };
}

/** The `Date` header has whole seconds, so a second of difference means nothing. */
async function clock(url: string): Promise<Check> {
  const before = Date.now();
  const answer = await get(`${url}/openapi.json`);
  const theirs = typeof answer === 'string' ? Number.NaN : Date.parse(answer.headers.get('date') ?? '');
  if (Number.isNaN(theirs)) return { name: 'clock', ok: true, found: 'unknown: the service says no time' };
  const skewMs = Math.abs(theirs - (before + Date.now()) / 2);
  return { name: 'clock', ok: skewMs <= CLOCK_SKEW_MS_MAX, found: skewMs < 2_000 ? 'the clocks agree' : `the clocks differ by ${(skewMs / 1000).toFixed(0)} s`, advice: 'set the clocks by NTP: events more than five minutes ahead are not learned' };
}

async function health(ops: string): Promise<Check[]> {
  const alive = await get(`${ops}/healthz`);
  const ready = await get(`${ops}/readyz`);
  const said = async (answer: Response | string): Promise<string> => (typeof answer === 'string' ? `cannot be reached (${answer})` : `${answer.status} ${(await answer.text()).slice(0, 200).replaceAll('\n', ' ')}`.trim());
  return [
    { name: 'health', ok: typeof alive !== 'string' && alive.ok, found: `${ops}/healthz ${await said(alive)}`, advice: 'WARY_OPS_PORT of the service, or --ops-url, names the port; it listens on the loopback address unless WARY_OPS_HOST is set' },
    { name: 'ready', ok: typeof ready !== 'string' && ready.ok, found: `${ops}/readyz ${await said(ready)}`, advice: 'the service is starting, stopping or cannot write; its log says which' },
  ];
}

async function keyWorks(url: string, key: string): Promise<Check> {
  if (key === '') return { name: 'key', ok: true, found: 'none given (WARY_TOKEN), so not tried' };
  const answer = await get(`${url}/v1/me`, { authorization: `Bearer ${key}` });
  if (typeof answer === 'string') return { name: 'key', ok: true, found: 'not tried: the service cannot be reached' };
  const ok = answer.status !== 401;
  return { name: 'key', ok, found: ok ? 'the service knows it' : 'the service refuses it', advice: 'make another one on the settings page, or rotate it' };
}

async function disk(): Promise<Check> {
  const folder = resolve(process.env['WARY_DATA_DIR'] ?? './.wary');
  const { bavail, bsize } = await statfs(existsSync(folder) ? folder : '.');
  const free = bavail * bsize;
  return { name: 'disk', ok: free >= FREE_BYTES_MIN, found: `${formatBytes(free)} free for ${folder}`, advice: `at least ${formatBytes(FREE_BYTES_MIN)} should be free: merges write a part anew before the old one goes` };
}

/** The servers that this environment names, looked at as a service with this environment would. Their clients are loaded by who has some. */
async function servers(): Promise<Check[]> {
  const named = ['WARY_KAFKA_BROKERS', 'WARY_CLICKHOUSE_URL', 'WARY_POSTGRES_URL', 'WARY_CLICKHOUSE_URL_FILE', 'WARY_POSTGRES_URL_FILE'].some((name) => (process.env[name] ?? '') !== '');
  if (!named) return certificates(process.env['WARY_PUBLIC_URL'], []);
  return (await import('../doctor/servers.js')).inspectServers(process.env);
}
