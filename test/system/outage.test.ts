import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKafka } from '@wary/adapter-kafka/create-kafka.js';
import { recordResult } from '@wary/testkit/record-result.js';
import { startKafkaBroker, type KafkaBroker } from '@wary/testkit/start-kafka-broker.js';
import { startPostgresServer, type TestServer } from '@wary/testkit/start-postgres-server.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '@wary/testkit/free-port.js';
import { ADMIN, newKey } from '../e2e/support/start-for-test.js';
import { startChild, stopChild, type Child } from './support/child.js';
import { alertsOf, signIn, storedOf, until, type Api } from './support/scaled.js';

const CLI = join(process.cwd(), 'apps/cli/dist/main.js');
const CLICKHOUSE = join(process.cwd(), 'test/system/support/clickhouse-child.mjs');
const wait = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });
const UNREADY_MS_MAX = 5_000;
/** Seconds of an outage in the stream; ten minutes in the full run. */
const OUTAGE_SECONDS = Number(process.env['WARY_TEST_OUTAGE_SECONDS'] ?? 15);
const EVENTS_PER_SECOND = 400;

const event = (id: string, fields: object = {}): object => ({ id, time: Date.now(), kind: 'access', action: 'read', actor: { id: 'alice' }, resource: { id: 'ds/a', type: 'dataset' }, ...fields });

describe('servers that go away under the service', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wary-outage-'));
  const key = newKey();
  let broker: KafkaBroker;
  let postgres: TestServer;
  let clickHouse: Child;
  let clickHousePort: number;
  let wary: Child;
  let url: string;
  let ops: string;
  let api: Api;

  const openClickHouse = async (): Promise<void> => { clickHouse = await startChild(CLICKHOUSE, [join(folder, 'clickhouse'), String(clickHousePort)], {}, 120_000); };
  const killClickHouse = async (): Promise<void> => {
    clickHouse.process.kill('SIGKILL');
    await clickHouse.exited();
  };
  const statusOf = (path: string): Promise<number> => fetch(`${ops}${path}`, { signal: AbortSignal.timeout(10_000) }).then(async (answer) => { await answer.arrayBuffer(); return answer.status; }, () => 0);
  const metric = async (name: string): Promise<number> => [...(await (await fetch(`${ops}/metrics`)).text()).matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? ([\\d.e+]+)`, 'gm'))].reduce((sum, [, value]) => sum + Number(value), 0);
  const rssMiB = (): number => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${wary.process.pid}/status`, 'utf8'))![1]) / 1024;
  const post = (events: readonly object[]): Promise<Response> => fetch(`${url}/v1/events`, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' }, body: events.map((each) => JSON.stringify(each)).join('\n') });

  beforeAll(async () => {
    clickHousePort = await freePort();
    [broker, postgres] = await Promise.all([startKafkaBroker(), startPostgresServer(), openClickHouse()]);
    const [port, opsPort] = [await freePort(), await freePort()];
    [url, ops] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${opsPort}`];
    wary = await startChild(CLI, ['start'], {
      WARY_DATA_DIR: join(folder, 'data'), WARY_PORT: String(port), WARY_OPS_PORT: String(opsPort), WARY_ADMIN_EMAIL: ADMIN.email, WARY_ADMIN_PASSWORD: ADMIN.password, WARY_INGEST_KEY: key, WARY_LOG_LEVEL: 'error', UV_THREADPOOL_SIZE: '8',
      WARY_KAFKA_BROKERS: broker.brokers, WARY_KAFKA_PARTITIONS: '3', WARY_POSTGRES_URL: postgres.url, WARY_CLICKHOUSE_URL: `http://127.0.0.1:${clickHousePort}/wary`,
    }, 180_000, (output) => output.includes('Wary is ready'));
    await until('it is ready', async () => (await statusOf('/readyz')) === 200);
    api = await signIn(url);
  }, 400_000);
  afterAll(async () => {
    if (wary !== undefined) expect(await stopChild(wary)).toBe(0);
    clickHouse?.process.kill('SIGKILL');
    await postgres?.stop();
    await broker?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 120_000);

  const faults = {
    'clickhouse killed': { begin: killClickHouse, end: openClickHouse },
    'clickhouse stalled': { begin: async () => { clickHouse.process.kill('SIGSTOP'); }, end: async () => { clickHouse.process.kill('SIGCONT'); } },
    'postgres killed': { begin: () => postgres.kill(), end: () => postgres.restart() },
    'postgres stalled': { begin: async () => { postgres.stall(); }, end: async () => { postgres.resume(); } },
  } as const;
  const unreadyMs: Record<string, number> = {};
  const sent: string[] = [];
  let aliveFailed = 0;
  let restarts = 0;

  it.each(Object.keys(faults) as Array<keyof typeof faults>)('%s: not ready within five seconds, alive all the time, never restarted, and ready again', async (name) => {
    const { begin, end } = faults[name];
    const pid = wary.process.pid;
    const alive: number[] = [];
    let watching = true;
    const watch = (async () => {
      for (; watching; await wait(200)) alive.push(await statusOf('/healthz'));
    })();
    try {
      expect(await statusOf('/readyz')).toBe(200);
      await begin();
      const began = performance.now();
      while ((await statusOf('/readyz')) === 200) expect(performance.now() - began).toBeLessThan(UNREADY_MS_MAX);
      unreadyMs[name] = Math.round(performance.now() - began);
      expect(unreadyMs[name]).toBeLessThan(UNREADY_MS_MAX);
      await wait(3_000);
      expect(await statusOf('/readyz')).toBe(503);
    } finally {
      await end();
    }
    await until('it is ready again', async () => (await statusOf('/readyz')) === 200, 90_000);
    watching = false;
    await watch;
    aliveFailed += alive.filter((status) => status !== 200).length;
    if (wary.process.pid !== pid || wary.process.exitCode !== null) restarts += 1;
    expect([alive.length > 10, aliveFailed, restarts]).toEqual([true, 0, 0]);
    sent.push(`after-${name.replace(' ', '-')}`);
    const answer = await post([event(sent.at(-1)!)]);
    expect([answer.status, await answer.text()]).toEqual([202, expect.stringContaining('"accepted":1')]);
  }, 200_000);

  it('while ClickHouse is down senders get 503 with Retry-After, nothing is taken, and few tries are made', async () => {
    const failures = await metric('wary_store_insert_failures_total');
    await killClickHouse();
    const answers: Array<{ status: number; retryAfter: number }> = [];
    const began = performance.now();
    // Senders that keep to what they are told.
    await Promise.all(Array.from({ length: 4 }, async (_, sender) => {
      for (let round = 0; round < 2; round += 1) {
        const answer = await post([event(`down-${sender}-${round}`)]);
        await answer.arrayBuffer();
        answers.push({ status: answer.status, retryAfter: Number(answer.headers.get('retry-after')) });
        if (round === 0) await wait(1_000 * answers.at(-1)!.retryAfter);
      }
    }));
    const seconds = (performance.now() - began) / 1_000;
    expect(answers.every(({ status, retryAfter }) => status === 503 && retryAfter >= 1), JSON.stringify(answers)).toBe(true);
    const tries = (await metric('wary_store_insert_failures_total')) - failures;
    await openClickHouse();
    await until('it is ready again', async () => (await statusOf('/readyz')) === 200, 90_000);
    const down = answers.map((_, index) => `down-${Math.floor(index / 2)}-${index % 2}`);
    sent.push(...down);
    const again = await post(down.map((id) => event(id)));
    expect([again.status, await again.text()]).toEqual([202, expect.stringContaining('"accepted":8')]);
    const { stored, distinct } = await storedOf(api, sent);
    expect({ stored, distinct }).toEqual({ stored: sent.length, distinct: sent.length });
    recordResult({ row: 46, name: 'outage-and-probes', faults: { 'server killed': 3, 'server stalled': 2 }, runs: 5, events: sent.length, lost: sent.length - distinct, doubled: stored - distinct, figures: { unready_ms_most: Math.max(...Object.values(unreadyMs)), restarts, alive_answers_failed: aliveFailed, tries_a_second_while_down: Number((tries / seconds).toFixed(2)) } });
  }, 200_000);

  it('ClickHouse goes down in a stream from Kafka: the topic waits, memory stays, nothing is lost, and the alerts of the gap come', async () => {
    await api('PATCH', '/v1/registers/canaries', [{ id: 'pot', kind: 'resource', value: 'honey/pot' }]);
    const kafka = createKafka({ brokers: [broker.brokers], tls: null, sasl: null, clientId: 'test' }, { debug() {}, info() {}, warn() {}, error() {} });
    const producer = kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    const ids: string[] = [];
    let producing = true;
    const stream = (async () => {
      for (let began = performance.now(); producing; await wait(50)) {
        const due = Math.floor(((performance.now() - began) / 1_000) * EVENTS_PER_SECOND) - ids.length;
        const messages = Array.from({ length: Math.max(0, Math.min(due, 2_000)) }, () => {
          const id = `s-${ids.length}`;
          ids.push(id);
          return { key: id, value: JSON.stringify(event(id, { actor: { id: `user-${ids.length % 50}` } })) };
        });
        if (messages.length > 0) await producer.send({ topic: 'wary.raw.native', messages, acks: -1 });
      }
    })();
    await until('the stream flows', async () => (await metric('wary_kafka_messages_total')) > EVENTS_PER_SECOND * 3);
    const rssBefore = rssMiB();
    await killClickHouse();
    await wait(1_000);
    // A second after the fault nothing is acknowledged to the brokers any more.
    const taken = await metric('wary_kafka_messages_total');
    await producer.send({ topic: 'wary.raw.native', messages: [{ key: 'gap', value: JSON.stringify(event('in-the-gap', { actor: { id: 'mallory' }, resource: { id: 'honey/pot', type: 'file' } })) }], acks: -1 });
    await until('the topic is held', async () => (await metric('wary_kafka_waiting')) === 1, 20_000);
    let rssMost = 0;
    for (const end = Date.now() + OUTAGE_SECONDS * 1_000; Date.now() < end; await wait(250)) rssMost = Math.max(rssMost, rssMiB());
    expect(await metric('wary_kafka_messages_total')).toBe(taken);
    expect(await statusOf('/healthz')).toBe(200);
    producing = false;
    await stream;
    await producer.disconnect();
    const backlog = ids.length + 1 - taken;
    await openClickHouse();
    const begun = performance.now();
    await until('everything is taken', async () => (await metric('wary_kafka_messages_total')) >= ids.length + 1, 180_000);
    const drainSeconds = (performance.now() - begun) / 1_000;
    let alert: { entity: { id: string }; historical: boolean } | undefined;
    await until('the alert of the gap is there', async () => (alert = (await alertsOf(api)).find(({ entity }) => entity.id === 'mallory')) !== undefined, 60_000);
    const { stored, distinct } = await storedOf(api, [...ids, 'in-the-gap']);
    recordResult({ row: 3, name: 'clickhouse-down-in-a-stream', faults: { 'clickhouse killed': 1 }, runs: 1, events: ids.length + 1, lost: ids.length + 1 - distinct, doubled: stored - distinct, figures: { outage_seconds: OUTAGE_SECONDS, events_per_second: EVENTS_PER_SECOND, backlog_events: backlog, drain_events_per_second: Math.round(backlog / drainSeconds), rss_grown_mib: Math.round(Math.max(0, rssMost - rssBefore)) } });
    expect({ stored, distinct }).toEqual({ stored: ids.length + 1, distinct: ids.length + 1 });
    expect(alert!.historical).toBe(false);
    expect(rssMost - rssBefore).toBeLessThan(100);
  }, 400_000);
});
