import { randomUUID } from 'node:crypto';
import type { Alert } from '@wary/model/alert.js';
import type { LiveChange, ResumeAnswer } from '@wary/model/live.js';
import { io, type Socket } from 'socket.io-client';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startForTest, type TestWary } from './support/start-for-test.js';

const wait = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });
async function until(what: string, holds: () => boolean | Promise<boolean>, ms = 15_000): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end;) {
    if (await holds()) return;
    await wait(25);
  }
  throw new Error(`${what} did not happen in ${ms} ms`);
}

describe('the live stream', () => {
  let wary: TestWary;
  let readKey = '';
  const open: Socket[] = [];

  const connect = async (auth: object, extra: object = {}): Promise<Socket> => {
    const socket = io(`${wary.url}/live`, { transports: ['websocket'], auth, reconnection: false, forceNew: true, ...extra });
    open.push(socket);
    await new Promise<void>((resolve, reject) => { socket.once('connect', resolve); socket.once('connect_error', reject); });
    return socket;
  };
  const key = async (scopes: string[]): Promise<{ key: string; id: string }> => {
    const { body } = await wary.admin.post('/v1/api-keys').send({ name: `k-${randomUUID()}`, scopes }).expect(201);
    return { key: body.key as string, id: ((body.apiKey ?? body) as { id: string }).id };
  };
  /** One alert for each actor: everybody touches the canary. */
  const touch = (from: number, count: number): Promise<unknown> => wary.send(Array.from({ length: count }, (_, index) => ({
    id: `touch-${from + index}`, time: Date.now(), kind: 'access', action: 'read', actor: { id: `actor-${from + index}` }, resource: { id: 'honey/pot', type: 'file' },
  })));

  beforeAll(async () => {
    wary = await startForTest();
    await wary.admin.patch('/v1/registers/canaries').send([{ id: 'pot', kind: 'resource', value: 'honey/pot' }]).expect(200);
    readKey = (await key(['read'])).key;
  }, 240_000);
  afterAll(async () => {
    for (const socket of open) socket.close();
    await wary?.dispose();
  });

  it('gives what was missed after a break, nothing twice and nothing lost, in the order of commits', async () => {
    const seen: number[] = [];
    const first = await connect({ token: readKey });
    first.on('alert', ({ seq }: { seq: number }) => { seen.push(seq); });
    first.on('incident', ({ seq }: { seq: number }) => { seen.push(seq); });
    await touch(0, 40);
    await until('the first alerts', () => seen.length >= 40);
    await wait(300);
    first.close();
    await touch(40, 60);
    await until('the alerts are written', async () => ((await wary.admin.get('/v1/alerts/counts').expect(200)).body.total as number) >= 100);
    await wait(500);
    const second = await connect({ token: readKey });
    const live: number[] = [];
    second.on('alert', ({ seq }: { seq: number }) => { live.push(seq); });
    second.on('incident', ({ seq }: { seq: number }) => { live.push(seq); });
    const answer = (await second.emitWithAck('resume', { seq: seen.at(-1) })) as ResumeAnswer & { messages: LiveChange[] };
    expect(answer.ok).toBe(true);
    const all = [...seen, ...answer.messages.map(({ seq }) => seq)];
    expect(new Set(all).size).toBe(all.length);
    expect([...all].sort((a, b) => a - b)).toEqual(all);
    const subjects = new Set(answer.messages.filter((change): change is LiveChange & { kind: 'alert' } => change.kind === 'alert').map(({ alert }) => alert.entity.id));
    expect(Array.from({ length: 60 }, (_, i) => `actor-${40 + i}`).filter((id) => !subjects.has(id))).toEqual([]);
    await touch(100, 5);
    await until('the stream goes on', () => live.length >= 5);
    expect(Math.min(...live)).toBeGreaterThan(all.at(-1)!);
  }, 60_000);

  it('answers gap to a number from nowhere, and validation to nonsense', async () => {
    const socket = await connect({ token: readKey });
    expect(await socket.emitWithAck('resume', { seq: 9_999_999 })).toMatchObject({ ok: true, gap: true });
    expect(await socket.emitWithAck('resume', { seq: 'x' })).toMatchObject({ ok: false, code: 'validation_failed' });
    expect(await socket.emitWithAck('subscribe', { filter: { severity: ['loud'] } })).toMatchObject({ ok: false, code: 'validation_failed' });
  });

  it('sends only what a subscription asks for', async () => {
    const socket = await connect({ token: readKey });
    const seen: string[] = [];
    socket.on('alert', ({ alert }: { alert: Alert }) => { seen.push(alert.entity.id); });
    expect(await socket.emitWithAck('subscribe', { filter: { entity: 'user:actor-201' } })).toMatchObject({ ok: true });
    await touch(200, 3);
    await until('the alert', () => seen.length > 0);
    await wait(300);
    expect(new Set(seen)).toEqual(new Set(['actor-201']));
  });

  it('refuses no token, a wrong token, a key that may not read, a foreign page, and ends oversize frames and floods', async () => {
    const refused = async (auth: object, extra: object = {}): Promise<string> => connect(auth, extra).then(() => 'connected', (error: Error) => error.message);
    expect(await refused({})).toContain('unauthenticated');
    expect(await refused({ token: `wary_${'A'.repeat(43)}` })).toContain('unauthenticated');
    expect(await refused({ token: (await key(['ingest'])).key })).toContain('forbidden');
    expect(await refused({ token: readKey }, { extraHeaders: { origin: 'https://evil.example' } })).not.toBe('connected');
    const other = await connect({ token: readKey });
    const large = await connect({ token: readKey });
    large.emit('resume', { seq: 1, padding: 'x'.repeat(200_000) });
    await until('the large frame ends its connection', () => !large.connected);
    const flood = await connect({ token: readKey });
    for (let i = 0; i < 1_000; i += 1) flood.emit('subscribe', { filter: {} });
    await until('the flood ends its connection', () => !flood.connected);
    expect(other.connected).toBe(true);
  }, 30_000);

  it('closes the socket and the API within five seconds of a revoked key and a removed role', async () => {
    const { key: secret, id } = await key(['read']);
    const socket = await connect({ token: secret });
    const started = Date.now();
    await wary.admin.delete(`/v1/api-keys/${id}`);
    await until('the socket of the revoked key closes', () => !socket.connected, 5_000);
    await supertest(wary.url).get('/v1/alerts').set('authorization', `Bearer ${secret}`).expect(401);
    expect(Date.now() - started).toBeLessThan(5_000);

    const { body: made } = await wary.admin.post('/v1/users').send({ email: 'gone@wary.test', name: 'Gone', role: 'analyst', password: 'a quite long passphrase' }).expect(201);
    const agent = supertest.agent(wary.url).set('Origin', wary.url);
    const signIn = await agent.post('/v1/auth/login').send({ email: 'gone@wary.test', password: 'a quite long passphrase' }).expect(200);
    const cookie = (signIn.headers['set-cookie'] as unknown as string[])[0]!.split(';')[0]!;
    const user = (made.user ?? made) as { id: string };
    if ((signIn.body as { mustChangePassword?: boolean }).mustChangePassword !== true) {
      const theirs = await connect({}, { extraHeaders: { cookie } });
      await wary.admin.patch(`/v1/users/${user.id}`).send({ disabled: true }).expect(200);
      await until('the socket of the disabled user closes', () => !theirs.connected, 5_000);
    } else await wary.admin.patch(`/v1/users/${user.id}`).send({ disabled: true }).expect(200);
    await agent.get('/v1/alerts').expect(401);
  }, 30_000);

  it('cuts one client that does not read; the others get everything, and memory stays', async () => {
    const alert = (await wary.admin.get('/v1/alerts?limit=1').expect(200)).body.items[0] as Alert;
    const others = await Promise.all(Array.from({ length: 8 }, () => connect({ token: readKey })));
    const stalled = await connect({ token: readKey });
    const counts = others.map(() => 0);
    others.forEach((socket, index) => socket.on('alert', () => { counts[index]! += 1; }));
    (stalled.io.engine as unknown as { transport: { ws: { _socket: { pause(): void } } } }).transport.ws._socket.pause();
    const dropped = async (): Promise<number> => Number(/wary_live_slow_clients_dropped_total (\d+)/.exec(await wary.registry.metrics())?.[1] ?? 0);
    const before = process.memoryUsage().rss;
    const messages = 12_000;
    for (let sent = 0; sent < messages; sent += 100) {
      wary.bus.publish(Array.from({ length: 100 }, (_, index) => ({ seq: 1_000_000 + sent + index, kind: 'alert' as const, change: 'updated' as const, alert })));
      await new Promise(setImmediate);
    }
    // The ten seconds of the promise are timed by the bench on a quiet machine; here it only has to happen, to this client alone.
    await until('the stalled client is cut', async () => (await dropped()) > 0, 60_000);
    await until('the others have everything', () => counts.every((count) => count >= messages), 60_000);
    expect(await dropped()).toBe(1);
    expect(others.every((socket) => socket.connected)).toBe(true);
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(250);
  }, 180_000);
});
