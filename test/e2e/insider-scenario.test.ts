import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Alert } from '@wary/model/alert.js';
import type { Incident } from '@wary/model/incident.js';
import { io, type Socket } from 'socket.io-client';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { massDownload, officeHistory } from './support/office-week.js';
import { startForTest, type TestWary } from './support/start-for-test.js';

const PEOPLE = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi'];

interface Received { readonly headers: Record<string, string>; readonly body: string }

/** A receiver of webhooks on a real socket. */
async function startReceiver(): Promise<{ server: Server; url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => { body += chunk.toString(); });
    request.on('end', () => {
      received.push({ headers: request.headers as Record<string, string>, body });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received };
}

async function until<T>(what: string, read: () => T | undefined | false | Promise<T | undefined | false>, ms = 15_000): Promise<T> {
  for (const end = Date.now() + ms; Date.now() < end;) {
    const value = await read();
    if (value !== undefined && value !== false) return value;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  throw new Error(`${what} did not happen in ${ms} ms`);
}

describe('an insider takes the customers along', () => {
  let wary: TestWary;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let socket: Socket;
  const live: { alerts: Alert[]; incidents: Incident[]; seqs: number[] } = { alerts: [], incidents: [], seqs: [] };

  beforeAll(async () => {
    receiver = await startReceiver();
    wary = await startForTest({ WARY_WEBHOOK_ALLOW: '127.0.0.1' });
  }, 60_000);
  afterAll(async () => {
    socket?.close();
    await wary?.dispose();
    receiver?.server.close();
  });

  it('goes from events over HTTP to an alert on the socket, a signed webhook and an acknowledged incident', async () => {
    const { body: hook } = await wary.admin.post('/v1/webhooks').send({ url: receiver.url, types: ['alert.created', 'incident.created'] }).expect(201);
    expect(hook.secret).toMatch(/^whsec_/);
    const { body: key } = await wary.admin.post('/v1/api-keys').send({ name: 'dashboard wall', scopes: ['read'] }).expect(201);
    socket = io(`${wary.url}/live`, { transports: ['websocket'], auth: { token: key.key } });
    socket.on('alert', ({ seq, alert }: { seq: number; alert: Alert }) => { live.alerts.push(alert); live.seqs.push(seq); });
    socket.on('incident', ({ seq, incident }: { seq: number; incident: Incident }) => { live.incidents.push(incident); live.seqs.push(seq); });
    await until('the socket connects', () => socket.connected);

    const now = Date.now();
    const history = officeHistory(now, 14, PEOPLE);
    for (let start = 0; start < history.length; start += 2_000) await wary.send(history.slice(start, start + 2_000));
    const historicalAlerts = (await wary.admin.get('/v1/alerts?historical=true&limit=200').expect(200)).body.items as Alert[];
    expect(historicalAlerts.filter(({ severity }) => severity === 'high' || severity === 'critical')).toEqual([]);

    expect(await wary.send(massDownload(now, 'alice', 300))).toMatchObject({ accepted: 300, duplicates: 0, rejected: [] });
    expect(await wary.send(massDownload(now, 'alice', 300))).toMatchObject({ accepted: 0, duplicates: 300 });

    const alert = await until('an alert on the socket', () => live.alerts.find(({ entity, historical, severity }) => entity.id === 'alice' && !historical && (severity === 'high' || severity === 'critical')));
    expect(alert.explanation.summary).not.toBe('');
    expect(alert.explanation.contributions.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
    expect(alert.explanation.eventIds.length).toBeGreaterThan(0);
    expect(alert.explanation.techniques.length).toBeGreaterThan(0);
    const incident = await until('an incident on the socket', () => live.incidents.find(({ entity }) => entity.id === 'alice'));
    expect([...live.seqs].sort((a, b) => a - b)).toEqual(live.seqs);

    const message = await until('a webhook', () => receiver.received.find(({ body }) => (JSON.parse(body) as { type: string }).type === 'incident.created'));
    const verified = new Webhook(hook.secret).verify(message.body, message.headers) as { data: Incident };
    expect(verified.data.id).toBe(incident.id);
    const [scheme, signature] = message.headers['webhook-signature']!.split(',');
    const wrong = signature!.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));
    expect(() => new Webhook(hook.secret).verify(message.body, { ...message.headers, 'webhook-signature': `${scheme},${wrong}` })).toThrow();

    const { body: acknowledged } = await wary.admin.post(`/v1/incidents/${incident.id}/acknowledge`).expect(200);
    expect(acknowledged).toMatchObject({ id: incident.id, acknowledgedBy: expect.stringContaining('@'), timeToAcknowledgeMs: expect.any(Number) });
    await until('the acknowledgement on the socket', () => live.incidents.find(({ id, acknowledgedAt }) => id === incident.id && acknowledgedAt !== null));
    const audit = (await wary.admin.get('/v1/audit').expect(200)).body.items as Array<{ action: string; target: string }>;
    expect(audit.some(({ action, target }) => action.startsWith('incident.') && target.includes(incident.id))).toBe(true);
  }, 60_000);

  it('begins baselines anew after a deployment and by an audited act, and tells the risk as it was shown', async () => {
    const time = Date.now();
    const page = async (entity: string): Promise<{ baselineSplit: { at: number; cause: string } | null; risk: { now: number } }> => (await wary.admin.get(`/v1/entities/${entity}`).expect(200)).body;
    await wary.send([{ id: 'call', time, kind: 'access', actor: { id: 'checkout', type: 'service' }, action: 'read', resource: { id: 'orders', type: 'table' } }]);
    const deploy = { id: 'deploy-7', time: time + 1, kind: 'lifecycle', actor: { id: 'dave' }, action: 'deploy', resource: { id: 'checkout', type: 'application' }, attributes: { version: '7' } };
    // One event was sent, and one is counted; the mark it leaves is not.
    expect(await wary.send([deploy])).toMatchObject({ accepted: 1, duplicates: 0 });
    expect(await wary.send([deploy])).toMatchObject({ accepted: 0, duplicates: 1 });
    await until('the baseline of what was deployed begins anew', async () => (await page('service/checkout')).baselineSplit?.cause === 'release');
    const { body: events } = await wary.admin.get('/v1/events?entity=service:checkout').expect(200);
    expect((events.items as Array<{ id: string; actor: { id: string } }>).filter(({ id }) => id === 'deploy-7~release')).toMatchObject([{ actor: { id: 'dave' } }]);

    const before = await page('user/alice');
    expect(before.risk.now).toBeGreaterThan(0);
    await wary.admin.post('/v1/entities/user/alice/rebaseline').send({ reason: ' ' }).expect(422);
    await wary.admin.post('/v1/entities/user/nobody-here/rebaseline').send({ reason: 'a new job' }).expect(404);
    const then = Date.now();
    const { body: act } = await wary.admin.post('/v1/entities/user/alice/rebaseline').send({ reason: 'a new job' }).expect(202);
    await until('her baseline begins anew', async () => { const { baselineSplit } = await page('user/alice'); return baselineSplit?.cause === 'rebaseline' && baselineSplit.at === act.at; });
    const audit = (await wary.admin.get('/v1/audit?target=user:alice').expect(200)).body.items as Array<{ action: string; after: unknown }>;
    expect(audit).toMatchObject([{ action: 'entity.rebaseline', after: { reason: 'a new job', eventId: act.eventId } }]);

    const ledger = async (at: number): Promise<{ now: number; entries: unknown[] }> => (await wary.admin.get(`/v1/entities/user/alice/risk?at=${at}`).expect(200)).body;
    const shown = await ledger(then);
    expect(shown.now).toBeGreaterThan(0);
    for (const { id } of (await wary.admin.get('/v1/alerts?entity=user:alice&status=triggered&limit=200').expect(200)).body.items as Alert[]) await wary.admin.post(`/v1/alerts/${id}/resolve`).send({ verdict: 'false_positive', reason: 'a test' }).expect(200);
    expect((await page('user/alice')).risk.now).toBeLessThan(shown.now);
    expect(await ledger(then)).toMatchObject({ now: shown.now, entries: shown.entries });
    expect((await wary.admin.get(`/v1/entities/user/alice/risk?at=${new Date(then).toISOString()}`).expect(200)).body).toMatchObject({ now: shown.now, entries: shown.entries });
    for (const at of ['', 'yesterday', '-1']) await wary.admin.get(`/v1/entities/user/alice/risk?at=${at}`).expect(422);
  }, 60_000);
});
