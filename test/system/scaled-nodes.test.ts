import { createKafka } from '@wary/adapter-kafka/create-kafka.js';
import { TOPICS } from '@wary/model/topics.js';
import type { KnownProcess } from '@wary/ports/process-registry.port.js';
import { DetectionFindingSchema } from '@wary/testkit/ocsf-schema.js';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newKey } from '../e2e/support/start-for-test.js';
import { alertsOf, send, signIn, startScaled, until, type Api, type Scaled } from './support/scaled.js';
import { startServers, type Servers } from './support/servers.js';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const touch = (id: string): object => ({ id: `touch-${id}`, time: Date.now(), kind: 'access', action: 'read', actor: { id }, resource: { id: 'honey/pot', type: 'file' } });

/** Whoever has an alert: more than one detector may speak of the same. */
const actorsWith = async (api: Api, prefix: string): Promise<Set<string>> => new Set((await alertsOf(api)).map(({ entity }) => entity.id).filter((id) => id.startsWith(prefix)));

/** Every kind of service twice: what one has done the other one shows, and a killed one is not missed. */
describe('services twice', () => {
  const key = newKey();
  let servers: Servers;
  let scaled: Scaled;
  let apis: Api[];
  let readKey = '';
  const sockets: Socket[] = [];
  const seen: number[][] = [[], []];
  const canary = { id: 'pot', kind: 'resource', value: 'honey/pot' };

  beforeAll(async () => {
    servers = await startServers();
    scaled = await startScaled(servers.env, key, { api: 2, ingest: 2, store: 2, detect: 2, respond: 2 }, { WARY_KAFKA_PARTITIONS: '2' });
    apis = await Promise.all(scaled.of('api').map(({ url }) => signIn(url)));
    readKey = ((await apis[0]!('POST', '/v1/api-keys', { name: 'reader', scopes: ['read'] })) as { key: string }).key;
    await apis[0]!('PATCH', '/v1/registers/canaries', [canary] as never);
    for (const [index, { url }] of scaled.of('api').entries()) {
      const socket = io(`${url}/live`, { transports: ['websocket'], auth: { token: readKey }, forceNew: true });
      sockets.push(socket);
      for (const name of ['alert', 'incident']) socket.on(name, ({ seq }: { seq: number }) => { seen[index]!.push(seq); });
      await new Promise<void>((resolve, reject) => { socket.once('connect', resolve); socket.once('connect_error', reject); });
    }
  }, 300_000);
  afterAll(async () => {
    for (const socket of sockets) socket.close();
    await scaled?.stop();
    await servers?.stop();
  }, 120_000);

  it('a canary that was registered at one node is known to the ingest services; its alert is on both sockets, in order', async () => {
    await until('the registers have reached ingest', async () => {
      await send(scaled.of('ingest')[1]!.url, key, [touch(`probe-${Date.now()}`)]);
      return (await alertsOf(apis[1]!)).length > 0;
    });
    await Promise.all(scaled.of('ingest').map(({ url }, index) => send(url, key, Array.from({ length: 20 }, (_, n) => touch(`actor-${index}-${n}`)))));
    await until('every alert is there', async () => (await actorsWith(apis[0]!, 'actor-')).size === 40);
    const [alert] = await alertsOf(apis[0]!);
    await apis[1]!('POST', `/v1/alerts/${alert!.id}/acknowledge`);
    await until('the other node shows it', async () => ((await apis[0]!('GET', `/v1/alerts/${alert!.id}`)) as { status: string }).status === 'acknowledged');
    await until('both sockets have heard the same', () => seen[0]!.length > 40 && seen[0]!.length === seen[1]!.length);
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]).toEqual([...seen[0]!].sort((a, b) => a - b));
    expect(new Set(seen[0]).size).toBe(seen[0]!.length);
  }, 120_000);

  it('the numbers on the dashboard are those of all processes', async () => {
    const rates: number[] = [];
    sockets[1]!.on('stats', ({ eventsPerSecond }: { eventsPerSecond: number }) => { rates.push(eventsPerSecond); });
    await until('events a second are shown', async () => {
      await Promise.all(scaled.of('ingest').map(({ url }, index) => send(url, key, [touch(`actor-${index}-0`)].map((event) => ({ ...event, id: `again-${index}-${Date.now()}` })))));
      return rates.some((rate) => rate > 0);
    });
    sockets[1]!.off('stats');
  }, 60_000);

  it('a backtest that one node runs the other one answers for', async () => {
    const { id } = (await apis[0]!('POST', '/v1/backtests', { days: 1, detectors: [{ id: 'volume', enabled: false }] })) as { id: string };
    expect(((await apis[1]!('GET', '/v1/backtests')) as { items: Array<{ id: string }> }).items.map((each) => each.id)).toContain(id);
    let state = '';
    await until('it has ended', async () => {
      ({ state } = (await apis[1]!('GET', `/v1/backtests/${id}`)) as { state: string });
      return state !== 'running';
    });
    expect(state).toBe('done');
  }, 120_000);

  it('the alerts are in their topic, as OCSF', async () => {
    const ids = new Set((await alertsOf(apis[0]!)).map(({ id }) => id));
    expect(ids.size).toBeGreaterThanOrEqual(40);
    const kafka = createKafka({ brokers: servers.env['WARY_KAFKA_BROKERS']!.split(','), tls: null, sasl: null, clientId: 'test' }, silent);
    const consumer = kafka.consumer({ groupId: 'reader' });
    await consumer.connect();
    await consumer.subscribe({ topics: [TOPICS.alerts], fromBeginning: true });
    const findings: unknown[] = [];
    await consumer.run({ eachMessage: async ({ message: { key: id, value } }) => {
      ids.delete(id!.toString());
      findings.push(JSON.parse(value!.toString()));
    } });
    await until('every alert is in it', () => ids.size === 0);
    await consumer.disconnect();
    for (const finding of findings) expect(DetectionFindingSchema.safeParse(finding).error).toBeUndefined();
  }, 120_000);

  it('says who is there', async () => {
    const list = async (): Promise<KnownProcess[]> => ((await apis[1]!('GET', '/v1/processes')) as { items: KnownProcess[] }).items;
    const items = await list();
    expect(items.filter(({ alive }) => alive).map(({ kind }) => kind).sort()).toEqual(['api', 'api', 'detect', 'detect', 'ingest', 'ingest', 'respond', 'respond', 'store', 'store']);
    await until('both partitions have an owner', async () => (await list()).flatMap(({ partitions }) => partitions).sort().join() === '0,1');
  }, 60_000);

  it('goes on when one of each is killed', async () => {
    for (const name of ['api', 'ingest', 'store', 'detect', 'respond'] as const) await scaled.of(name)[0]!.kill();
    await send(scaled.of('ingest')[1]!.url, key, Array.from({ length: 20 }, (_, n) => touch(`late-${n}`)));
    await until('every alert is there', async () => (await actorsWith(apis[1]!, 'late-')).size === 20);
    const before = seen[1]!.length;
    const [alert] = await alertsOf(apis[1]!);
    await apis[1]!('POST', `/v1/alerts/${alert!.id}/notes`, { text: 'still here' });
    await until('the socket hears it', () => seen[1]!.length > before);
    await until('what is usual is told by who scores now', async () => ((await apis[1]!('GET', `/v1/entities/user/${alert!.entity.id}`)) as { baselinesUnavailable: string | null }).baselinesUnavailable === null);
  }, 180_000);
});
