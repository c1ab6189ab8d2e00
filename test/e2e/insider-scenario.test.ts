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
});
