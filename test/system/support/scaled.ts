import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Alert } from '@wary/model/alert.js';
import { freePort } from '@wary/testkit/free-port.js';
import { ADMIN, startForTest } from '../../e2e/support/start-for-test.js';

export type ServiceName = 'api' | 'ingest' | 'store' | 'detect' | 'respond';
/** Tests and benches run in the project's folder. */
const mainOf = (name: ServiceName): string => join(process.cwd(), `apps/${name}/dist/main.js`);
/** Of Node itself, for every process: as `--cpu-prof`. */
const NODE_FLAGS = (process.env['WARY_TEST_NODE_FLAGS'] ?? '').split(' ').filter((flag) => flag !== '');
const wait = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

export async function until(what: string, holds: () => Promise<boolean> | boolean, ms = 120_000): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end; await wait(100)) if (await holds()) return;
  throw new Error(`${what} did not happen in ${ms} ms`);
}

/** One of the services as a process of its own; it can be killed and started again on the same ports. */
export class Service {
  private child: ChildProcess | null = null;
  output = '';

  constructor(readonly name: ServiceName, readonly port: number, readonly opsPort: number, private readonly env: Readonly<Record<string, string>>, private readonly script = mainOf(name)) {}

  get url(): string { return `http://127.0.0.1:${this.port}`; }
  get pid(): number | undefined { return this.child?.pid; }
  get running(): boolean { return this.child !== null && this.child.exitCode === null && this.child.signalCode === null; }

  start(more: Readonly<Record<string, string>> = {}, script = this.script, args: readonly string[] = []): void {
    const child = spawn(process.execPath, [...NODE_FLAGS, script, ...args], {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], WARY_HOST: '127.0.0.1', [this.name === 'ingest' ? 'WARY_INGEST_PORT' : 'WARY_PORT']: String(this.port), WARY_OPS_PORT: String(this.opsPort), ...this.env, ...more }, stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { this.output += chunk.toString(); });
    this.child = child;
  }

  async ready(ms = 120_000): Promise<void> {
    await until(`${this.name} is ready`, async () => {
      if (!this.running) throw new Error(`${this.name} ended with ${this.child?.exitCode ?? this.child?.signalCode}:\n${this.output}`);
      return this.isReady();
    }, ms);
  }

  async isReady(): Promise<boolean> {
    return fetch(`http://127.0.0.1:${this.opsPort}/readyz`).then(({ ok }) => ok, () => false);
  }

  /** Sum over the labels that match; 0 while it does not answer. */
  async metric(name: string, labels = ''): Promise<number> {
    const text = await fetch(`http://127.0.0.1:${this.opsPort}/metrics`).then((answer) => answer.text(), () => '');
    return [...text.matchAll(new RegExp(`^${name}(\\{[^}]*\\})? ([-\\d.e+]+)`, 'gm'))].filter(([, given = '']) => given.includes(labels)).reduce((sum, [, , value]) => sum + Number(value), 0);
  }

  async kill(): Promise<void> {
    if (!this.running) return;
    const ended = once(this.child!, 'exit');
    this.child!.kill('SIGKILL');
    await ended;
  }

  async stop(): Promise<number | null> {
    if (!this.running) return this.child?.exitCode ?? null;
    const ended = once(this.child!, 'exit');
    this.child!.kill('SIGTERM');
    return (await ended)[0] as number | null;
  }
}

export interface Scaled {
  readonly services: Service[];
  of(name: ServiceName): Service[];
  readonly ingestUrl: string;
  readonly apiUrl: string;
  stop(): Promise<Array<number | null>>;
}

/** Every service as a process of its own, against running servers. Resolves when all are ready. */
export async function startScaled(servers: Readonly<Record<string, string>>, key: string, counts: Partial<Record<ServiceName, number>> = {}, more: Readonly<Record<string, string>> = {}): Promise<Scaled> {
  const env = { ...servers, WARY_ADMIN_EMAIL: ADMIN.email, WARY_ADMIN_PASSWORD: ADMIN.password, WARY_INGEST_KEY: key, WARY_LOG_LEVEL: 'warn', ...more };
  const services: Service[] = [];
  for (const name of ['api', 'ingest', 'store', 'detect', 'respond'] as const) {
    for (let index = 0; index < (counts[name] ?? 1); index += 1) services.push(new Service(name, await freePort(), await freePort(), env));
  }
  const of = (name: ServiceName): Service[] => services.filter((service) => service.name === name);
  // The api makes the first administrator and the first key.
  for (const service of services) service.start();
  try {
    await Promise.all(services.map((service) => service.ready(300_000)));
  } catch (error) {
    await Promise.all(services.map((service) => service.kill()));
    throw error;
  }
  return {
    services, of, ingestUrl: of('ingest')[0]!.url, apiUrl: of('api')[0]!.url,
    stop: () => Promise.all(services.map((service) => service.stop())),
  };
}

export async function send(url: string, key: string, events: readonly object[]): Promise<void> {
  const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' }, body: events.map((event) => JSON.stringify(event)).join('\n') });
  const text = await answer.text();
  if (answer.status !== 202) throw new Error(`${answer.status}: ${text}`);
  const { rejected } = JSON.parse(text) as { rejected: unknown[] };
  if (rejected.length > 0) throw new Error(`rejected: ${JSON.stringify(rejected.slice(0, 3))}`);
}

export type Api = (method: string, path: string, body?: object) => Promise<unknown>;
export async function signIn(url: string): Promise<Api> {
  const login = await fetch(`${url}/v1/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json', origin: url }, body: JSON.stringify(ADMIN) });
  if (login.status !== 200) throw new Error(`sign-in: ${login.status} ${await login.text()}`);
  const cookie = login.headers.get('set-cookie')!.split(';')[0]!;
  return async (method, path, body) => {
    const answer = await fetch(`${url}${path}`, { method, headers: { cookie, origin: url, ...(body ? { 'content-type': 'application/json' } : {}) }, ...(body ? { body: JSON.stringify(body) } : {}) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
}

/** Waits until the alerts stop changing. */
export async function quiet(api: Api, rounds = 8): Promise<void> {
  let last = '';
  for (let same = 0; same < rounds;) {
    await wait(250);
    const now = JSON.stringify((await alertsOf(api)).map(({ id, version, findingCount }) => [id, version, findingCount]));
    same = now === last ? same + 1 : 0;
    last = now;
  }
}

export async function alertsOf(api: Api, filter = ''): Promise<Alert[]> {
  const items: Alert[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page = (await api('GET', `/v1/alerts?limit=200${filter}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`)) as { items: Alert[]; next: string | null };
    items.push(...page.items);
    cursor = page.next;
  }
  return items;
}

/** What must be the same however many processes worked on it: ids, levels, numbers to nine digits. */
export const lineOf = ({ id, severity, entity, reason, historical, findingCount, strength }: Alert): string => `${id} ${severity} ${entity.type}:${entity.id} ${reason} ${historical} ${findingCount} ${strength.toPrecision(9)}`;

/** How many of these events can be read, and how many different ones. */
export async function storedOf(api: Api, ids: readonly string[]): Promise<{ stored: number; distinct: number }> {
  let stored = 0;
  const distinct = new Set<string>();
  for (let start = 0; start < ids.length; start += 100) {
    const page = (await api('GET', `/v1/events?limit=200&ids=${ids.slice(start, start + 100).join(',')}`)) as { items: Array<{ id: string }> };
    stored += page.items.length;
    for (const { id } of page.items) distinct.add(id);
  }
  return { stored, distinct: distinct.size };
}

/** The alerts of one embedded process that takes the same, in the same order, and that nothing interrupts. */
export async function uninterrupted(history: readonly object[], batches: ReadonlyArray<readonly object[]>): Promise<string[]> {
  const wary = await startForTest();
  const api = await signIn(wary.url);
  // Many at once: what is found does not depend on how they are cut.
  const events = [...history, ...batches.flat()];
  for (let from = 0; from < events.length; from += 2_000) await send(wary.url, wary.ingestKey, events.slice(from, from + 2_000));
  await quiet(api);
  const lines = (await alertsOf(api)).map(lineOf).sort();
  await wary.dispose();
  return lines;
}
