/** Event accepted → message at the browser's socket, p50 and p99, at 1,000 and 5,000 events/s. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startWary } from '@wary/app-wary/start-wary.js';
import { readConfig } from '@wary/platform/config/read-config.js';
import { createLogger } from '@wary/platform/logging/create-logger.js';
import { io } from 'socket.io-client';
import { makeBodies } from './support/event-bodies.js';

const SELF = fileURLToPath(import.meta.url);
const SECONDS = 20;
const PROBE_EVERY_MS = 100;
const POSTS_PER_SECOND = 20;
const KEY = `wary_${'b'.repeat(43)}`;
const ADMIN = { email: 'bench@wary.test', password: 'a long enough passphrase' };

/** The service in a process of its own; load, probe and socket are the parent's. */
async function serve(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'wary-latency-'));
  const running = await startWary(readConfig({ WARY_DATA_DIR: dataDir, WARY_PORT: '0', WARY_OPS_PORT: '0', WARY_LOG_LEVEL: 'error', WARY_INGEST_KEY: KEY, WARY_ADMIN_EMAIL: ADMIN.email, WARY_ADMIN_PASSWORD: ADMIN.password }), createLogger('error'));
  process.send!({ url: running.url });
  process.on('disconnect', () => process.exit(1));
  process.on('message', (message) => {
    if (message !== 'stop') return;
    void running.stop().then(() => {
      rmSync(dataDir, { recursive: true, force: true });
      process.exit(0);
    });
  });
}

const quantile = (values: readonly number[], q: number): number => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))] ?? Number.NaN;

async function measure(url: string, rate: number, round: number): Promise<void> {
  const login = await fetch(`${url}/v1/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(ADMIN) });
  if (!login.ok) throw new Error(`sign-in: ${login.status} ${await login.text()}`);
  const cookie = login.headers.get('set-cookie')!.split(';')[0]!;
  const call = (method: string, path: string, body: object): Promise<Response> => fetch(`${url}${path}`, { method, headers: { cookie, 'content-type': 'application/json' }, body: JSON.stringify(body) });
  await call('PATCH', '/v1/registers/canaries', [{ id: 'probe', kind: 'resource', value: 'honey/*' }, ...Array.from({ length: 400 }, (_, i) => ({ id: `probe-${round}-${i}`, kind: 'resource', value: `honey/${round}/${i}` }))]);
  const socket = io(`${url}/live`, { transports: ['websocket'], extraHeaders: { cookie } });
  await new Promise<void>((resolve, reject) => { socket.on('connect', resolve); socket.on('connect_error', reject); });
  const sentAt = new Map<string, { sent: number; accepted: number | null; arrived: number | null }>();
  socket.on('alert', ({ alert }: { alert: { entity: { id: string } } }) => {
    const probe = sentAt.get(alert.entity.id);
    if (probe !== undefined) probe.arrived ??= performance.now();
  });
  const post = async (body: string | Buffer): Promise<void> => {
    const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/x-ndjson' }, body: body as string });
    if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`);
    await answer.arrayBuffer();
  };
  const batch = Math.round(rate / POSTS_PER_SECOND);
  const bodies = makeBodies('metadata', POSTS_PER_SECOND * SECONDS, batch, 1_000 + round);
  const started = performance.now();
  let probes = 0;
  const prober = setInterval(() => {
    const index = probes;
    probes += 1;
    const id = `probe-${round}-${index}`;
    const probe = { sent: performance.now(), accepted: null as number | null, arrived: null as number | null };
    sentAt.set(id, probe);
    void post(JSON.stringify({ time: new Date().toISOString(), kind: 'access', action: 'read', actor: { id }, resource: { id: `honey/${round}/${index % 400}`, type: 'file' } })).then(() => { probe.accepted = performance.now(); });
  }, PROBE_EVERY_MS);
  let events = 0;
  const under: Promise<void>[] = [];
  for (let i = 0; i < bodies.length; i += 1) {
    const due = started + (i * 1_000) / POSTS_PER_SECOND;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => { setTimeout(resolve, wait); });
    events += batch;
    under.push(post(bodies[i]!));
  }
  await Promise.all(under);
  const took = (performance.now() - started) / 1000;
  clearInterval(prober);
  await new Promise((resolve) => { setTimeout(resolve, 2_000); });
  socket.close();
  const done = [...sentAt.values()];
  const arrived = done.filter(({ arrived: at, accepted }) => at !== null && accepted !== null);
  const afterAccept = arrived.map(({ arrived: at, accepted }) => Math.max(0, at! - accepted!));
  const afterSend = arrived.map(({ arrived: at, sent }) => at! - sent);
  console.log(`${rate.toLocaleString('en')} events/s asked, ${Math.round(events / took).toLocaleString('en')} sent; ${arrived.length} of ${done.length} probes arrived`);
  console.log(`  accepted → socket   p50 ${quantile(afterAccept, 0.5).toFixed(0)} ms   p99 ${quantile(afterAccept, 0.99).toFixed(0)} ms   worst ${Math.max(...afterAccept).toFixed(0)} ms`);
  console.log(`  sent → socket       p50 ${quantile(afterSend, 0.5).toFixed(0)} ms   p99 ${quantile(afterSend, 0.99).toFixed(0)} ms\n`);
}

if (process.argv[2] === 'serve') await serve();
else {
  console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}; ${SECONDS} s each, load and probe on the same machine\n`);
  const child = fork(SELF, ['serve']);
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  await measure(url, 1_000, 0);
  await measure(url, 5_000, 1);
  const exit = once(child, 'exit');
  child.send('stop');
  await exit;
}
