import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWary, type RunningWary } from '@wary/app-wary/start-wary.js';
import { readConfig } from '@wary/platform/config/read-config.js';
import { createLogger } from '@wary/platform/logging/create-logger.js';

export const BENCH_KEY = `wary_${'b'.repeat(43)}`;
export const BENCH_ADMIN = { email: 'bench@wary.test', password: 'a long enough passphrase' };

/** In the child: the whole service on embedded engines, until the parent says stop or goes. `onMessage` answers what else the parent asks. */
export async function serve(env: Readonly<Record<string, string>> = {}, onMessage: (message: unknown, running: RunningWary) => Promise<unknown> = async () => null): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'wary-bench-'));
  const running = await startWary(readConfig({
    WARY_DATA_DIR: dataDir, WARY_PORT: '0', WARY_OPS_PORT: '0', WARY_LOG_LEVEL: 'error', WARY_INGEST_KEY: BENCH_KEY, WARY_ADMIN_EMAIL: BENCH_ADMIN.email, WARY_ADMIN_PASSWORD: BENCH_ADMIN.password, ...env,
  }), createLogger('error'));
  process.send!({ url: running.url, opsUrl: running.opsUrl });
  process.on('disconnect', () => process.exit(1));
  process.on('message', (message) => {
    if (message !== 'stop') {
      void onMessage(message, running).then((answer) => { process.send!({ answer }); });
      return;
    }
    void running.stop().then(() => {
      rmSync(dataDir, { recursive: true, force: true });
      process.exit(0);
    });
  });
}

export interface Served {
  readonly url: string;
  readonly opsUrl: string;
  readonly child: ChildProcess;
  readonly cookie: string;
  ask<T>(message: unknown): Promise<T>;
  call(method: string, path: string, body?: object): Promise<Response>;
  send(events: readonly object[]): Promise<{ accepted: number; rejected: ReadonlyArray<{ line: number; code: string }> }>;
  stop(): Promise<void>;
}

/** In the parent: starts `file serve` and signs in, as a script does. */
export async function startServed(file: string): Promise<Served> {
  const child = fork(file, ['serve'], { env: { ...process.env, UV_THREADPOOL_SIZE: '8' }, execArgv: ['--expose-gc'] });
  const [{ url, opsUrl }] = (await once(child, 'message')) as [{ url: string; opsUrl: string }];
  const login = await fetch(`${url}/v1/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(BENCH_ADMIN) });
  if (!login.ok) throw new Error(`sign-in: ${login.status} ${await login.text()}`);
  const cookie = login.headers.get('set-cookie')!.split(';')[0]!;
  return {
    url, opsUrl, child, cookie,
    async ask<T>(message: unknown) {
      const answered = once(child, 'message');
      child.send(message as object);
      const [{ answer }] = (await answered) as [{ answer: T }];
      return answer;
    },
    call: (method, path, body) => fetch(`${url}${path}`, { method, headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }),
    async send(events) {
      const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers: { authorization: `Bearer ${BENCH_KEY}`, 'content-type': 'application/x-ndjson' }, body: events.map((event) => JSON.stringify(event)).join('\n') });
      if (answer.status !== 202) throw new Error(`events were answered ${answer.status}: ${await answer.text()}`);
      return (await answer.json()) as { accepted: number; rejected: Array<{ line: number; code: string }> };
    },
    async stop() {
      const exit = once(child, 'exit');
      child.send('stop');
      await exit;
    },
  };
}

export const quantile = (values: readonly number[], q: number): number => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))] ?? Number.NaN;
