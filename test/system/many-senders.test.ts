import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgres, type PostgresHandle } from '@wary/adapter-postgres/open-postgres.js';
import { createWebhookStore } from '@wary/adapter-postgres/webhook-store.js';
import { createWorkflowStore } from '@wary/adapter-postgres/workflow-store.js';
import { createSystemRandom, systemClock } from '@wary/platform/config/system-random.js';
import { WEBHOOK_LIMITS } from '@wary/platform/webhooks/webhook-limits.js';
import { SYSTEM_ACTOR } from '@wary/ports/workflow.port.js';
import { createAesGcmCipher } from '@wary/protect/aes-gcm-cipher.js';
import { deriveKey } from '@wary/protect/derive-keys.js';
import { makeFinding } from '@wary/testkit/make-finding.js';
import { startPostgresServer, type TestServer } from '@wary/testkit/start-postgres-server.js';
import { createWorkflow } from '@wary/workflow/create-workflow.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChild, stopChild, type Child } from './support/child.js';

const SENDER = join(import.meta.dirname, 'support/webhook-sender.mjs');
const SECRET_KEY = 'a root secret of a test, long enough for anybody';
const LEASE_MS = 2_000;
const ANSWER_AFTER_MS = 40;

async function until(what: string, holds: () => boolean | Promise<boolean>, ms = 120_000): Promise<void> {
  for (const end = Date.now() + ms; !await holds(); await new Promise((resolve) => { setTimeout(resolve, 20); })) if (Date.now() > end) throw new Error(`${what} did not happen in ${ms} ms`);
}

describe('several processes that send webhooks', () => {
  let server: TestServer;
  let postgres: PostgresHandle;
  const received: string[] = [];
  let open = 0;
  let openMost = 0;
  let failing = false;
  const endpoint = http.createServer((request, response) => {
    received.push(String(request.headers['webhook-id']));
    open += 1;
    openMost = Math.max(openMost, open);
    let answered = false;
    const end = (): void => { if (!answered) { answered = true; open -= 1; } };
    // A killed process closes its connections; what it had begun is no attempt under way any more.
    response.once('close', end);
    request.resume().once('end', () => { setTimeout(() => { end(); response.writeHead(failing ? 500 : 204).end(); }, ANSWER_AFTER_MS); });
  });
  const children: Child[] = [];
  const sender = async (): Promise<Child> => {
    const child = await startChild(SENDER, [], { WARY_POSTGRES_URL: server.url, WARY_SECRET_KEY: SECRET_KEY, LEASE_MS: String(LEASE_MS) });
    children.push(child);
    return child;
  };
  const random = createSystemRandom(systemClock);
  const raise = async (from: number, count: number): Promise<void> => {
    const workflow = createWorkflow({ db: createWorkflowStore(postgres), random });
    await workflow.applyFindings(Array.from({ length: count }, (_, index) => makeFinding({ id: `f${from + index}`, reason: `r${from + index}`, severity: 'low' })), Date.now());
  };
  const deliveries = async (status: 'pending' | 'succeeded'): Promise<string[]> => (await postgres.db.selectFrom('webhook_deliveries').select('id').where('status', '=', status).execute()).map(({ id }) => id);

  beforeAll(async () => {
    server = await startPostgresServer();
    postgres = await openPostgres({ url: server.url, dataDir: tmpdir(), connectionsMax: 5 });
    await new Promise<void>((resolve) => { endpoint.listen(0, '127.0.0.1', resolve); });
    const cipher = createAesGcmCipher([deriveKey(SECRET_KEY, 'encryption')]);
    const now = Date.now();
    await createWebhookStore(postgres.db).insertWebhook({
      id: 'hook', tenant: 'default', url: `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/`, description: '', types: ['alert.created'], minSeverity: null, format: 'wary', enabled: true, disabledReason: null,
      failingSince: null, pausedUntil: null, version: 1, createdAt: now, createdBy: 'test', updatedAt: now, secretRotatedAt: now, previousSecretUntil: null,
    }, { secret: cipher.encrypt('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'), previousSecret: null }, { tenant: 'default', at: now, actor: SYSTEM_ACTOR, action: 'webhook.create', target: 'webhook:hook', before: null, after: null });
  }, 180_000);
  afterAll(async () => {
    for (const child of children) if (child.process.exitCode === null && child.process.signalCode === null) await stopChild(child);
    endpoint.closeAllConnections();
    endpoint.close();
    await postgres?.close();
    await server?.stop();
  });

  it('kill -9 of one after the other: each delivery arrives under its one id, and what a killed one had begun another sends', async () => {
    const senders = await Promise.all([sender(), sender(), sender()]);
    const total = 600;
    for (let from = 0; from < total; from += 100) await raise(from, 100);
    await until('the first hundred', () => received.length >= 100);
    senders[0]!.process.kill('SIGKILL');
    await until('three hundred', () => received.length >= 300);
    senders[1]!.process.kill('SIGKILL');
    await sender();
    await until('all are delivered', async () => (await deliveries('succeeded')).length === total);
    expect(await deliveries('pending')).toEqual([]);
    const ids = new Set(received);
    expect(ids.size).toBe(total);
    expect([...ids].sort()).toEqual((await deliveries('succeeded')).sort());
    // Twice at the most what the two had under way when they were killed.
    expect(received.length - total).toBeLessThanOrEqual(2 * WEBHOOK_LIMITS.endpointAttemptsMax);
    // The endpoint's places are those of all processes together.
    expect(openMost).toBeLessThanOrEqual(WEBHOOK_LIMITS.endpointAttemptsMax);
    expect(openMost).toBeGreaterThan(1);
  }, 240_000);

  it('an endpoint that fails is tried by one at a time, whichever process that is', async () => {
    failing = true;
    await raise(10_000, 1);
    await until('it has failed once', async () => (await postgres.db.selectFrom('webhooks').select('failing_since').executeTakeFirstOrThrow()).failing_since !== null);
    openMost = 0;
    const before = received.length;
    await raise(20_000, 30);
    await until('all were tried', () => received.length >= before + 30);
    expect(openMost).toBe(1);
  }, 120_000);

  it('an attempt that comes too late does not undo what another process delivered', async () => {
    failing = false;
    const store = createWebhookStore(postgres.db);
    const [id] = await deliveries('succeeded');
    const attempt = { at: Date.now(), durationMs: 20_000, status: null, outcome: 'retry', error: 'timeout', requestHeaders: {}, responseBody: '' };
    await store.recordAttempt(id!, { attempt, status: 'pending', nextAttemptAt: Date.now(), pausedUntil: null, disable: null }, Date.now());
    expect(await store.findDelivery('default', 'hook', id!)).toMatchObject({ status: 'succeeded', nextAttemptAt: null, attempts: 1, log: expect.objectContaining({ length: 2 }) });
  });
});
