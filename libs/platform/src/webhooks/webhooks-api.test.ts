import type { Alert } from '@wary/model/alert.js';
import type { WebhookType } from '@wary/model/webhook.js';
import { createWebhookStore } from '@wary/adapter-postgres/webhook-store.js';
import { createWebhookChannel } from '@wary/adapter-webhook/webhook-channel.js';
import { RETRY_DELAYS_MS } from '@wary/notify/retry-schedule.js';
import { SYSTEM_ACTOR } from '@wary/ports/workflow.port.js';
import { sampleAlert } from '@wary/testkit/sample-alert.js';
import { sampleIncident } from '@wary/testkit/sample-incident.js';
import { pino } from 'pino';
import { Webhook as Receiver } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PUBLIC_URL, startApiApp, TENANT, type ApiApp } from '../testing/api-app.js';
import { signIn, type ApiClient } from '../testing/api-client.js';
import { startWebhookReceiver, type WebhookReceiver } from '../testing/webhook-receiver.js';
import { WebhookDispatcher } from './webhook-dispatcher.js';
import type { WebhookHooks } from './webhook-hooks.js';

const HOUR_MS = 3_600_000;
let api: ApiApp;
let receiver: WebhookReceiver;
let admin: ApiClient;
let outboxRows = 0;
beforeAll(async () => {
  receiver = await startWebhookReceiver();
  api = await startApiApp({ webhookAllow: ['127.0.0.1'], webhookLimits: { attemptTimeoutMs: 2_000 } });
  admin = (await signIn(api)).client;
});
afterAll(async () => {
  await api.close();
  await receiver.close();
});
afterEach(async () => {
  await api.webhooks.dispatcher.stop(3_000);
  await api.postgres.db.deleteFrom('webhooks').execute();
  await api.postgres.db.deleteFrom('outbox').execute();
});

const { url: hookUrl, of } = { url: (path: string) => `${receiver.url}${path}`, of: (path: string) => receiver.of(path) };
const wanted = (path: string, change: object = {}) => ({ url: hookUrl(path), description: '', types: ['alert.created' as const], minSeverity: null, format: 'wary' as const, enabled: true, ...change });
const addHook = async (path: string, change: object = {}) => api.webhooks.service.create(TENANT, wanted(path, change), SYSTEM_ACTOR);
async function commit(alert: Partial<Alert> = {}, type: WebhookType = 'alert.created', payload: unknown = sampleAlert(alert)): Promise<void> {
  outboxRows += 1;
  await api.postgres.db.insertInto('outbox').values({ id: `${String(outboxRows).padStart(8, '0')}`, tenant: TENANT, type, payload: JSON.stringify(payload), created_at: api.clock.now(), dispatched_at: null }).execute();
}
const tick = () => api.webhooks.dispatcher.tick(api.clock.now());
const deliveriesOf = async (id: string) => (await api.webhooks.service.deliveries(TENANT, id, { limit: 200 })).items;
const another = (hooks?: WebhookHooks): WebhookDispatcher => new WebhookDispatcher({
  store: createWebhookStore(api.postgres.db), channel: createWebhookChannel({ allow: ['127.0.0.1'] }), cipher: api.cipher, clock: api.clock, random: api.random, logger: pino({ level: 'silent' }), publicUrl: PUBLIC_URL, exclusive: true, ...(hooks === undefined ? {} : { hooks }),
});
const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  for (let i = 0; i < 800 && !(await condition()); i += 1) await new Promise((resolve) => { setTimeout(resolve, 25); });
  expect(await condition()).toBe(true);
};

describe('webhooks over HTTP', () => {
  it('tell their secret once, keep it encrypted, and show what they are', async () => {
    const created = await admin.post('/v1/webhooks', { url: 'https://hooks.example.com/T0/B0' });
    expect(created.status).toBe(201);
    const { id, secret } = created.body as { id: string; secret: string };
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(created.body).toMatchObject({ enabled: true, types: ['alert.created', 'alert.updated', 'incident.created', 'incident.updated'], format: 'wary', minSeverity: null, version: 1 });
    for (const path of [`/v1/webhooks/${id}`, '/v1/webhooks']) {
      const { text } = await admin.get(path);
      expect(text).toContain(id);
      expect(text).not.toContain('whsec_');
      expect(text).not.toContain('v1.');
    }
    const row = await api.postgres.db.selectFrom('webhooks').select('secret').where('id', '=', id).executeTakeFirstOrThrow();
    expect(api.cipher.decrypt(row.secret)).toBe(secret);
    expect((await admin.patch(`/v1/webhooks/${id}`, { minSeverity: 'high', types: ['incident.created', 'incident.created'] }).set('if-match', '"1"')).body).toMatchObject({ version: 2, types: ['incident.created'], minSeverity: 'high' });
    expect((await admin.patch(`/v1/webhooks/${id}`, { enabled: false }).set('if-match', '"1"')).status).toBe(412);
    expect((await admin.delete(`/v1/webhooks/${id}`)).status).toBe(204);
    expect((await admin.get(`/v1/webhooks/${id}`)).status).toBe(404);
    const { body } = await admin.get(`/v1/audit?target=webhook:${id}`);
    expect((body as { items: Array<{ action: string }> }).items.map(({ action }) => action)).toEqual(['webhook.delete', 'webhook.update', 'webhook.create']);
    expect(JSON.stringify(body)).not.toContain('/T0/B0');
  });

  it.each(['http://hooks.example.com/', 'https://10.0.0.1/', 'https://[::1]/', 'https://169.254.169.254/latest', 'https://user:pw@hooks.example.com/', 'https://hooks.example.com:22/', 'ftp://hooks.example.com/', 'https://2130706434/', 'nonsense', 'https://hooks.example.com/#x'])('refuse %s when it is saved', async (url) => {
    const fussy = await admin.post('/v1/webhooks', { url });
    // The test allows 127.0.0.1 by its address, so that a name can still turn out to be allowed; literals cannot.
    if (/example\.com\/$|:22/.test(url) && !url.includes('@') && !url.startsWith('ftp')) expect(fussy.status).toBe(201);
    else expect(fussy.body).toMatchObject({ status: 422, code: 'validation_failed', errors: [{ path: 'url' }] });
  });

  it('send a test message, show request and response, replay and recover', async () => {
    const { id } = (await admin.post('/v1/webhooks', wanted('/test'))).body as { id: string };
    receiver.answer('/test', { status: 200, body: 'x'.repeat(10_000) });
    const test = await admin.post(`/v1/webhooks/${id}/test`);
    expect(test.body).toMatchObject({ type: 'webhook.test', status: 'succeeded', attempts: 1, request: { url: hookUrl('/test') }, log: [{ outcome: 'delivered', error: null, response: { status: 200, body: 'x'.repeat(2_000) }, request: { headers: { 'webhook-id': (test.body as { id: string }).id } } }] });
    receiver.answer('/test', 500);
    expect((await admin.post(`/v1/webhooks/${id}/test`)).body).toMatchObject({ status: 'failed', lastStatus: 500, nextAttemptAt: null });
    const { items } = (await admin.get(`/v1/webhooks/${id}/deliveries`)).body as { items: Array<{ id: string }> };
    expect(items).toHaveLength(2);
    expect((await admin.get(`/v1/webhooks/${id}/deliveries?status=failed`)).body).toMatchObject({ items: [{ id: items[0]!.id }] });
    receiver.answer('/test', 204);
    expect((await admin.post(`/v1/webhooks/${id}/deliveries/${items[0]!.id}/replay`)).body).toMatchObject({ status: 'pending', attempts: 0 });
    await tick();
    expect((await admin.get(`/v1/webhooks/${id}/deliveries/${items[0]!.id}`)).body).toMatchObject({ status: 'succeeded', attempts: 1, log: [{ outcome: 'retry' }, { outcome: 'delivered' }] });
    expect(of('/test').filter((one) => one.id === items[0]!.id)).toHaveLength(2);
    expect((await admin.post(`/v1/webhooks/${id}/recover`, { since: '2020-01-01T00:00:00Z' })).body).toEqual({ requeued: 0 });
    expect((await admin.post(`/v1/webhooks/${id}/deliveries/nothing/replay`)).status).toBe(404);
    expect((await admin.post(`/v1/webhooks/${id}/recover`, { since: 'yesterday' })).status).toBe(422);
  });
});

describe('delivery', () => {
  it('a committed alert arrives signed, as {type, timestamp, data}, once', async () => {
    const { webhook, secret } = await addHook('/plain');
    await commit();
    await tick();
    await tick();
    expect(of('/plain')).toHaveLength(1);
    const { body, headers } = of('/plain')[0]!;
    expect(new Receiver(secret).verify(body, headers)).toEqual({ type: 'alert.created', timestamp: expect.stringMatching(/^\d{4}-.*Z$/), data: JSON.parse(JSON.stringify(sampleAlert())) });
    expect(() => new Receiver(secret).verify(body.replace('high', 'low!'), headers)).toThrow();
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(await deliveriesOf(webhook.id)).toMatchObject([{ status: 'succeeded', attempts: 1, subject: 'alert-1', lastStatus: 204 }]);
  });

  it('by type, severity and format; history is told to nobody', async () => {
    await addHook('/severe', { minSeverity: 'critical' });
    await addHook('/all', { types: ['alert.created', 'incident.updated'], format: 'ocsf' });
    await commit({ severity: 'medium' });
    await commit({ severity: 'critical', historical: true });
    await commit({ severity: 'critical' });
    await commit({}, 'alert.updated');
    await commit({}, 'incident.updated', sampleIncident());
    await tick();
    expect(of('/severe')).toHaveLength(1);
    expect(of('/all').map(({ body }) => (JSON.parse(body) as { data: { class_uid: number } }).data.class_uid).sort()).toEqual([2004, 2004, 2005]);
  });

  it('an endpoint that is slow holds up nobody else', async () => {
    receiver.answer('/slow', 'hang');
    await addHook('/slow');
    await addHook('/quick');
    for (let i = 0; i < 30; i += 1) await commit({ id: `alert-${i}` });
    const dispatcher = another();
    await dispatcher.start();
    await until(() => of('/quick').length === 30);
    // Had they waited for one of the hanging ones, they would have waited for its whole 15 seconds.
    expect(of('/slow')).toHaveLength(4);
    receiver.answer('/slow', 204);
    receiver.release();
    await until(() => of('/slow').length === 30);
    await dispatcher.stop(3_000);
  });

  it('rotates without a gap: for a day both secrets verify, then the new one alone', async () => {
    const { webhook, secret: before } = await addHook('/rotate');
    const { secret: after } = await api.webhooks.service.rotate(TENANT, webhook.id, SYSTEM_ACTOR, undefined);
    await commit();
    await tick();
    const [first] = of('/rotate');
    for (const secret of [before, after]) expect(() => new Receiver(secret).verify(first!.body, first!.headers)).not.toThrow();
    api.clock.forward(24 * HOUR_MS);
    await commit();
    await tick();
    const [, second] = of('/rotate');
    const signatures = second!.headers['webhook-signature']!.split(' ');
    const at = new Date(second!.timestamp * 1_000);
    expect(signatures).toEqual([new Receiver(after).sign(second!.id, at, second!.body)]);
  });

  it('down for 76 hours: ten attempts on the schedule under one id with fresh times, then failed, told to the operator, and recovered', async () => {
    receiver.answer('/down', 503);
    const { webhook } = await addHook('/down');
    const began = api.clock.now();
    await commit();
    const attempts: number[] = [];
    for (let i = 0; i < 10; i += 1) {
      await tick();
      attempts.push(api.clock.now());
      const [delivery] = await deliveriesOf(webhook.id);
      expect(delivery!.attempts).toBe(i + 1);
      if (delivery!.nextAttemptAt === null) break;
      // A moment before it is due nothing happens.
      api.clock.forward(delivery!.nextAttemptAt - api.clock.now() - 1_000);
      await tick();
      api.clock.forward(1_001);
    }
    expect(of('/down')).toHaveLength(10);
    expect(new Set(of('/down').map(({ id }) => id)).size).toBe(1);
    expect(new Set(of('/down').map(({ body }) => body)).size).toBe(1);
    const times = of('/down').map(({ timestamp }) => timestamp * 1_000);
    expect(new Set(times).size).toBe(10);
    for (let i = 1; i < 10; i += 1) expect(Math.abs(attempts[i]! - attempts[i - 1]! - RETRY_DELAYS_MS[i]!)).toBeLessThanOrEqual(RETRY_DELAYS_MS[i]! * 0.2 + 2_000);
    expect(api.clock.now() - began).toBeGreaterThan(68 * HOUR_MS);
    expect(await deliveriesOf(webhook.id)).toMatchObject([{ status: 'failed', lastStatus: 503, nextAttemptAt: null }]);
    expect(api.log.some((line) => line.includes('notify.delivery.failed') && line.includes(webhook.id))).toBe(true);
    expect(api.log.join()).not.toContain('"alert-1"');
    receiver.answer('/down', 204);
    expect(await api.webhooks.service.recover(TENANT, webhook.id, began, SYSTEM_ACTOR)).toBe(1);
    await tick();
    expect(await deliveriesOf(webhook.id)).toMatchObject([{ status: 'succeeded' }]);
    expect(new Set(of('/down').map(({ id }) => id)).size).toBe(1);
    expect(await api.webhooks.service.get(TENANT, webhook.id)).toMatchObject({ failingSince: null });
  });

  it('410 switches an endpoint off; what comes after is kept for recovery', async () => {
    receiver.answer('/gone', (nth) => (nth === 1 ? 410 : 204));
    const { webhook } = await addHook('/gone');
    await commit();
    await tick();
    expect(await api.webhooks.service.get(TENANT, webhook.id)).toMatchObject({ enabled: false, disabledReason: 'gone' });
    await commit();
    await tick();
    expect(of('/gone')).toHaveLength(1);
    expect(await deliveriesOf(webhook.id)).toMatchObject([{ status: 'failed', attempts: 0 }, { status: 'failed', attempts: 1 }]);
    await expect(api.webhooks.service.recover(TENANT, webhook.id, 0, SYSTEM_ACTOR)).rejects.toMatchObject({ code: 'conflict' });
    expect(await api.webhooks.service.change(TENANT, webhook.id, { enabled: true }, SYSTEM_ACTOR, undefined)).toMatchObject({ enabled: true, disabledReason: null });
    expect(await api.webhooks.service.recover(TENANT, webhook.id, 0, SYSTEM_ACTOR)).toBe(2);
    await tick();
    expect(of('/gone')).toHaveLength(3);
    const audited = await api.postgres.db.selectFrom('audit').select(['action', 'actor_name']).where('target', '=', `webhook:${webhook.id}`).orderBy('n').execute();
    expect(audited).toContainEqual({ action: 'webhook.disable', actor_name: 'system' });
  });

  it('five days of failures switch it off, and what still waits fails with it', async () => {
    receiver.answer('/dead', 500);
    const { webhook } = await addHook('/dead');
    for (let day = 0; day < 6; day += 1) {
      await commit();
      await tick();
      api.clock.forward(24 * HOUR_MS);
    }
    await tick();
    expect(await api.webhooks.service.get(TENANT, webhook.id)).toMatchObject({ enabled: false, disabledReason: 'failing' });
    expect((await deliveriesOf(webhook.id)).every(({ status }) => status === 'failed')).toBe(true);
  });

  it('429 with Retry-After holds back that endpoint alone, as long as it says', async () => {
    receiver.answer('/busy', (nth) => (nth === 1 ? { status: 429, headers: { 'retry-after': '600' } } : 204));
    await addHook('/busy');
    await addHook('/free');
    await commit({ id: 'alert-a' });
    await tick();
    await commit({ id: 'alert-b' });
    api.clock.forward(599_000);
    await tick();
    expect(of('/busy')).toHaveLength(1);
    expect(of('/free')).toHaveLength(2);
    api.clock.forward(2_000);
    await tick();
    expect(of('/busy')).toHaveLength(3);
    expect(new Set(of('/busy').map(({ id }) => id)).size).toBe(2);
  });

  it('a redirect is a failure', async () => {
    receiver.answer('/moved', { status: 308, headers: { location: hookUrl('/target') } });
    const { webhook } = await addHook('/moved');
    await commit();
    await tick();
    expect(of('/target')).toHaveLength(0);
    expect(await deliveriesOf(webhook.id)).toMatchObject([{ status: 'pending', lastStatus: 308 }]);
  });
});

describe('crashes', () => {
  it('two dispatchers at once: every row becomes one delivery, every delivery arrives', async () => {
    const { webhook } = await addHook('/pair');
    for (let i = 0; i < 250; i += 1) await commit({ id: `alert-${i}` });
    const [one, two] = [another(), another()];
    await Promise.all([one.tick(api.clock.now()), two.tick(api.clock.now())]);
    await one.tick(api.clock.now());
    expect(new Set(of('/pair').map(({ id }) => id)).size).toBe(250);
    expect(of('/pair')).toHaveLength(250);
    expect(await api.webhooks.store.pendingDeliveries()).toBe(0);
    const { count } = await api.postgres.db.selectFrom('webhook_deliveries').select((select) => select.fn.countAll<number>().as('count')).where('webhook_id', '=', webhook.id).executeTakeFirstOrThrow();
    expect(Number(count)).toBe(250);
  });

  it('what a killed process had begun is sent after the start, under the same id', async () => {
    const { webhook } = await addHook('/killed');
    await commit();
    const { store } = api.webhooks;
    await store.dispatchOutbox(10, api.clock.now(), () => [{ id: 'msg_killed', webhookId: webhook.id, outboxId: `${outboxRows}`.padStart(8, '0'), type: 'alert.created', subject: 'alert-1', body: '{}', createdAt: api.clock.now(), failed: null }]);
    expect(await store.claimDeliveries(webhook.id, { here: 10, healthy: 10, struggling: 10 }, api.clock.now(), api.clock.now() + 30_000)).toHaveLength(1);
    await tick();
    expect(of('/killed')).toHaveLength(0);
    const dispatcher = another();
    await dispatcher.start();
    await until(() => of('/killed').length === 1);
    await dispatcher.stop(2_000);
    expect(of('/killed')).toMatchObject([{ id: 'msg_killed' }]);
    // Where others send too, the lease of the killed one has to run out.
    await store.requeueDeliveries(TENANT, webhook.id, { id: 'msg_killed' }, api.clock.now(), () => ({ tenant: TENANT, at: 1, actor: SYSTEM_ACTOR, action: 'x', target: 'x', before: null, after: null }));
    await store.claimDeliveries(webhook.id, { here: 10, healthy: 10, struggling: 10 }, api.clock.now(), api.clock.now() + 30_000);
    api.clock.forward(30_001);
    await tick();
    expect(of('/killed')).toHaveLength(2);
  });

  it('tells the operator by its hooks, and sends nothing when the secret cannot be read', async () => {
    const told: string[] = [];
    const { webhook } = await addHook('/unreadable');
    await api.postgres.db.updateTable('webhooks').set({ secret: 'v1.lost.aaaa.bbbb' }).where('id', '=', webhook.id).execute();
    receiver.answer('/counted', 410);
    await addHook('/counted');
    await commit();
    await another({ onAttempt: (verdict) => { told.push(verdict); }, onFailed: () => { told.push('failed'); }, onDisabled: (_webhook, reason) => { told.push(`disabled: ${reason}`); } }).tick(api.clock.now());
    expect(told.sort()).toEqual(['disabled: gone', 'failed', 'gone', 'retry']);
    expect(of('/unreadable')).toHaveLength(0);
    expect(await deliveriesOf(webhook.id)).toMatchObject([{ status: 'pending', lastError: 'connection: the secret of the webhook cannot be read; rotate it' }]);
  });

  it('finished deliveries and told outbox rows are forgotten in time', async () => {
    await addHook('/old');
    await commit();
    await tick();
    const now = api.clock.now();
    expect(await api.webhooks.store.pruneDeliveries(now - 1_000, now - 1_000)).toBe(0);
    expect(await api.webhooks.store.pruneDeliveries(now + 60_000, now + 60_000)).toBe(1);
    expect(await api.postgres.db.selectFrom('outbox').select('id').execute()).toEqual([]);
  });
});
