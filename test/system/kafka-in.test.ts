import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKafka } from '@wary/adapter-kafka/create-kafka.js';
import type { KafkaSettings } from '@wary/adapter-kafka/kafka-settings.js';
import { startKafkaBroker, type KafkaBroker } from '@wary/testkit/start-kafka-broker.js';
import type { Kafka, Message } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '@wary/testkit/free-port.js';
import { ADMIN, newKey, startForTest, type TestWary } from '../e2e/support/start-for-test.js';
import { CRASHING_WARY, startChild, stopChild } from './support/child.js';
import { produceWithJava } from './support/java-producer.js';

const CLI = join(import.meta.dirname, '../../apps/cli/dist/main.js');
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const clientOf = (settings: Partial<KafkaSettings> & { brokers: readonly string[] }): Kafka => createKafka({ tls: null, sasl: null, clientId: 'test', ...settings }, silent);
const wait = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });
async function until(what: string, holds: () => Promise<boolean>, ms = 60_000): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end; await wait(100)) if (await holds()) return;
  throw new Error(`${what} did not happen in ${ms} ms`);
}
const event = (id: string, fields: object = {}): string => JSON.stringify({ id, time: Date.now(), kind: 'access', action: 'read', actor: { id: 'alice' }, resource: { id: 'ds/a', type: 'dataset' }, ...fields });

async function produce(kafka: Kafka, topic: string, messages: readonly Message[]): Promise<void> {
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  for (let from = 0; from < messages.length; from += 1_000) await producer.send({ topic, messages: messages.slice(from, from + 1_000), acks: -1 });
  await producer.disconnect();
}

describe('records from Kafka', () => {
  let broker: KafkaBroker;
  let kafka: Kafka;
  let wary: TestWary;
  const admin = async <T>(run: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> => {
    const client = kafka.admin();
    await client.connect();
    try {
      return await run(client);
    } finally {
      await client.disconnect();
    }
  };
  const metric = async (name: string): Promise<number> => [...(await wary.registry.metrics()).matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\d+)`, 'gm'))].reduce((sum, [, value]) => sum + Number(value), 0);
  const stored = async (as: TestWary['admin'], ids: readonly string[]): Promise<string[]> => {
    const found: string[] = [];
    for (let from = 0; from < ids.length; from += 100) found.push(...((await as.get(`/v1/events?limit=200&ids=${ids.slice(from, from + 100).join(',')}`).expect(200)).body.items as Array<{ id: string }>).map(({ id }) => id));
    return found;
  };

  beforeAll(async () => {
    broker = await startKafkaBroker();
    kafka = clientOf({ brokers: [broker.brokers] });
    await admin((client) => client.createTopics({ waitForLeaders: true, topics: [{ topic: 'audit.prod', numPartitions: 2 }, { topic: 'flood', numPartitions: 8 }] }));
    wary = await startForTest({ WARY_KAFKA_BROKERS: broker.brokers, WARY_KAFKA_PARTITIONS: '3', WARY_TENANTS: 'acme=boss@acme.test,greedy=boss@greedy.test', WARY_TENANT_QUOTAS: 'greedy=10', WARY_TENANT_QUOTA_BURST_SECONDS: '1', WARY_KAFKA_TOPICS: 'audit.prod=cloudtrail@acme,flood=native@greedy' });
  }, 240_000);
  afterAll(async () => {
    await wary?.dispose();
    await broker?.stop();
  });

  it('makes its topics, and stores each kind of record: JSON, a list, lines, whole OTLP requests, an own topic of another tenant', async () => {
    const topics = await admin((client) => client.fetchTopicMetadata({ topics: ['wary.raw.native', 'wary.raw.otlp', 'wary.raw.nginx'] }));
    expect(topics.topics.map(({ partitions }) => partitions.length)).toEqual([3, 3, 3]);
    await produce(kafka, 'wary.raw.native', [{ value: event('k-1') }, { value: `[${event('k-2')},${event('k-3')}]` }, { value: null }, { value: '{nonsense' }, { value: event('k-4', { time: '1970-01-01' }) }]);
    await produce(kafka, 'wary.raw.nginx', [{ value: `203.0.113.7 - carol [${clf(new Date())}] "GET /models/fraud HTTP/1.1" 200 512 "-" "curl/8"` }]);
    await produce(kafka, 'wary.raw.otlp', [{ value: JSON.stringify(otlpRequest()) }]);
    await produce(kafka, 'audit.prod', [{ value: JSON.stringify(cloudTrail('ct-1')) }]);
    await until('everything is stored', async () => (await metric('wary_ingest_events_accepted_total')) >= 6 && (await metric('wary_ingest_dead_letters_total')) >= 2);
    expect((await stored(wary.admin, ['k-1', 'k-2', 'k-3', 'k-4', 'ct-1'])).sort()).toEqual(['k-1', 'k-2', 'k-3']);
    expect((await wary.admin.get('/v1/events?entity=user:carol').expect(200)).body.items).toHaveLength(1);
    expect((await wary.admin.get('/v1/events?entity=service:support-bot').expect(200)).body.items).toMatchObject([{ source: 'otlp', action: 'chat' }]);
    const letters = (await wary.admin.get('/v1/dead-letters').expect(200)).body.items as Array<{ offset: number; code: string; source: string }>;
    expect(letters.map(({ code, source }) => [source, code]).sort()).toEqual([['native', 'malformed_json'], ['native', 'time_out_of_retention']]);
    const offsets = await admin((client) => client.fetchOffsets({ groupId: 'wary', topics: ['wary.raw.native'] }));
    const ends = await admin((client) => client.fetchTopicOffsets('wary.raw.native'));
    await until('the offsets are committed', async () => {
      const now = await admin((client) => client.fetchOffsets({ groupId: 'wary', topics: ['wary.raw.native'] }));
      return now[0]!.partitions.reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0) === ends.reduce((sum, { offset }) => sum + Number(offset), 0);
    });
    expect(offsets).toHaveLength(1);
  }, 120_000);

  it('reads what producers compress with gzip, snappy, lz4 and zstd', async () => {
    const ids: string[] = [];
    for (const codec of ['gzip', 'snappy', 'lz4', 'zstd']) {
      const lines = Array.from({ length: 300 }, (_, index) => event(`${codec}-${index}`));
      ids.push(...lines.map((_, index) => `${codec}-${index}`));
      produceWithJava(broker.jars, broker.brokers, 'wary.raw.native', codec, lines);
    }
    await until('all are stored', async () => (await stored(wary.admin, ids)).length === ids.length);
  }, 180_000);

  it('adds nothing when everything is delivered again', async () => {
    const accepted = await metric('wary_ingest_events_accepted_total');
    const letters = ((await wary.admin.get('/v1/dead-letters').expect(200)).body.items as unknown[]).length;
    const messages = await metric('wary_kafka_messages_total');
    const dataDir = wary.dataDir;
    const replay = (...args: string[]): string => {
      const { stdout, stderr } = spawnSync(process.execPath, [CLI, 'replay', 'wary.raw.native', ...args], { env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...wary.env }, encoding: 'utf8' });
      return stdout + stderr;
    };
    expect(replay('--from-start', '--yes')).toContain('has 1 member: stop the service first');
    expect(replay('--from-time', new Date(Date.now() + 3_600_000).toISOString())).toContain('(0 again)');
    await wary.stop();
    expect(replay('--from-start')).toMatch(/partition 0: at [1-9]\d*, would go on at 0 \([1-9]\d* again\)[^]*Nothing was changed/);
    expect(JSON.parse(replay('--from-start', '--yes', '--json'))).toMatchObject({ topic: 'wary.raw.native', group: 'wary', done: true, partitions: [{ partition: 0, after: 0 }, { partition: 1, after: 0 }, { partition: 2, after: 0 }] });
    wary = await startForTest({ ...wary.env }, dataDir);
    await until('the topic is read again', async () => (await metric('wary_kafka_messages_total')) >= messages - 3);
    await until('what was known is told', async () => (await metric('wary_ingest_events_duplicate_total')) >= accepted - 3);
    expect(await metric('wary_ingest_events_accepted_total')).toBe(0);
    expect((await wary.admin.get('/v1/dead-letters').expect(200)).body.items).toHaveLength(letters);
  }, 180_000);

  it('goes on when the broker is killed and comes back', async () => {
    const ids = Array.from({ length: 4_000 }, (_, index) => `b-${index}`);
    await produce(kafka, 'wary.raw.native', ids.slice(0, 2_000).map((id) => ({ key: id, value: event(id) })));
    await broker.kill();
    await wait(1_000);
    expect((await wary.send([JSON.parse(event('beside')) as object])).accepted).toBe(1);
    await broker.restart();
    await produce(kafka, 'wary.raw.native', ids.slice(2_000).map((id) => ({ key: id, value: event(id) })));
    await until('all are stored', async () => (await stored(wary.admin, ids)).length === ids.length, 120_000);
  }, 240_000);

  it('a tenant over its quota waits on all its partitions and holds up nobody else; nothing of it is lost', async () => {
    const accepted = async (): Promise<number> => metric('wary_ingest_events_accepted_total');
    const ids = Array.from({ length: 160 }, (_, index) => `flood-${index}`);
    const before = await accepted();
    // More partitions than are worked on beside each other, so that they would fill every place if they held one.
    for (let partition = 0; partition < 8; partition += 1) await produce(kafka, 'flood', ids.filter((_, index) => index % 8 === partition).map((id) => ({ partition, value: event(id) })));
    await until('the quota is felt', async () => (await metric('wary_ingest_quota_refused_records_total')) > 0);
    // What others send meanwhile does not wait until the flood has gone by, which takes a quarter of a minute.
    await produce(kafka, 'wary.raw.native', [{ value: event('beside-the-flood') }]);
    await until('the other tenant is served', async () => (await stored(wary.admin, ['beside-the-flood'])).length === 1);
    expect(await accepted()).toBeLessThan(before + ids.length);
    await until('everything is stored in the end', async () => (await accepted()) === before + ids.length + 1, 120_000);
    const offsets = async (): Promise<number> => (await admin((client) => client.fetchOffsets({ groupId: 'wary', topics: ['flood'] })))[0]!.partitions.reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
    await until('and committed', async () => (await offsets()) === ids.length);
  }, 240_000);
});

describe('a process that is killed while it reads', () => {
  it.each(['received', 'inserted'])('at "%s": every message is stored once', async (point) => {
    const broker = await startKafkaBroker();
    const dataDir = mkdtempSync(join(tmpdir(), 'wary-kafka-kill-'));
    try {
      const kafka = clientOf({ brokers: [broker.brokers] });
      const env = async (): Promise<Record<string, string>> => ({
        WARY_DATA_DIR: dataDir, WARY_PORT: String(await freePort()), WARY_OPS_PORT: String(await freePort()), WARY_ADMIN_EMAIL: ADMIN.email, WARY_ADMIN_PASSWORD: ADMIN.password,
        WARY_INGEST_KEY: key, WARY_LOG_LEVEL: 'error', WARY_KAFKA_BROKERS: broker.brokers, WARY_KAFKA_PARTITIONS: '2',
      });
      const key = newKey();
      const first = await startChild(CRASHING_WARY, [point, '2'], await env());
      const ids = Array.from({ length: 12_000 }, (_, index) => `x-${index}`);
      const sent = produce(kafka, 'wary.raw.native', ids.map((id) => ({ key: id, value: event(id) })));
      expect(await first.exited()).toBe(null);
      await sent;
      const second = await env();
      const child = await startChild(CRASHING_WARY, ['never', '0'], second);
      const url = `http://127.0.0.1:${second['WARY_PORT']}`;
      const answer = await fetch(`${url}/v1/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email: ADMIN.email, password: ADMIN.password }) });
      const cookie = answer.headers.getSetCookie()[0]!.split(';')[0]!;
      const count = async (): Promise<{ rows: number; distinct: number }> => {
        const found: string[] = [];
        for (let from = 0; from < ids.length; from += 150) {
          const page = await fetch(`${url}/v1/events?limit=200&ids=${ids.slice(from, from + 150).join(',')}`, { headers: { cookie } });
          found.push(...((await page.json()) as { items: Array<{ id: string }> }).items.map(({ id }) => id));
        }
        return { rows: found.length, distinct: new Set(found).size };
      };
      await until('all are stored', async () => (await count()).distinct === ids.length, 120_000);
      expect(await count()).toEqual({ rows: ids.length, distinct: ids.length });
      expect(await stopChild(child)).toBe(0);
    } finally {
      await broker.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  }, 300_000);
});

describe('brokers that want TLS and a name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wary-kafka-tls-'));
  let broker: KafkaBroker;
  let port = 0;
  beforeAll(async () => {
    port = await freePort();
    const openssl = (...args: string[]): void => { if (spawnSync('openssl', args, { cwd: folder }).status !== 0) throw new Error(`openssl ${args[0]} failed`); };
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'key.pem', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1');
    writeFileSync(join(folder, 'keystore.pem'), spawnSync('cat', ['key.pem', 'ca.pem'], { cwd: folder }).stdout);
    broker = await startKafkaBroker({
      port, format: ['--add-scram', 'SCRAM-SHA-512=[name=wary,password=a-broker-secret]'],
      properties: [
        'listeners=SASL_SSL://127.0.0.1:$PORT,INSIDE://127.0.0.1:0,CONTROLLER://127.0.0.1:$CONTROLLER', 'advertised.listeners=SASL_SSL://127.0.0.1:$PORT', 'listener.security.protocol.map=SASL_SSL:SASL_SSL,INSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT', 'inter.broker.listener.name=SASL_SSL',
        'ssl.keystore.type=PEM', `ssl.keystore.location=${join(folder, 'keystore.pem')}`, 'ssl.truststore.type=PEM', `ssl.truststore.location=${join(folder, 'ca.pem')}`,
        'sasl.enabled.mechanisms=SCRAM-SHA-512', 'sasl.mechanism.inter.broker.protocol=SCRAM-SHA-512',
        'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="wary" password="a-broker-secret";',
      ].map((line) => line.replace('INSIDE://127.0.0.1:0,', '').replace('INSIDE:PLAINTEXT,', '')),
    });
  }, 120_000);
  afterAll(async () => {
    await broker?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const settings = (): Record<string, string> => ({ WARY_KAFKA_BROKERS: `127.0.0.1:${port}`, WARY_KAFKA_SSL: 'true', WARY_KAFKA_SSL_CA: join(folder, 'ca.pem'), WARY_KAFKA_SASL_MECHANISM: 'scram-sha-512', WARY_KAFKA_USERNAME: 'wary', WARY_KAFKA_PASSWORD: 'a-broker-secret' });

  it('are read with the right password', async () => {
    const wary = await startForTest(settings());
    try {
      const { readFileSync } = await import('node:fs');
      const kafka = clientOf({ brokers: [`127.0.0.1:${port}`], tls: { ca: readFileSync(join(folder, 'ca.pem')) }, sasl: { mechanism: 'scram-sha-512', username: 'wary', password: 'a-broker-secret' } });
      await produce(kafka, 'wary.raw.native', [{ value: event('secret-1') }]);
      await until('it is stored', async () => ((await wary.admin.get('/v1/events?ids=secret-1').expect(200)).body.items as unknown[]).length === 1);
    } finally {
      await wary.dispose();
    }
  }, 180_000);

  it.each([
    ['a wrong password', { WARY_KAFKA_PASSWORD: 'wrong' }, /^wary: WARY_KAFKA_BROKERS: the brokers refuse: .*(SASL|authentication)/m],
    ['an authority that did not sign theirs', { WARY_KAFKA_SSL_CA: '' }, /^wary: WARY_KAFKA_BROKERS: the brokers refuse: .*certificate/m],
    ['a topic that is not there', { WARY_KAFKA_TOPICS: 'no.such=native' }, /^wary: WARY_KAFKA_BROKERS: the brokers have no topic no\.such/m],
  ])('end the start with one clear line: %s', async (_name, wrong, line) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'wary-kafka-refused-'));
    const child = spawn(process.execPath, [CLI, 'start'], { env: { PATH: process.env['PATH'], HOME: process.env['HOME'], WARY_DATA_DIR: dataDir, WARY_PORT: String(await freePort()), WARY_OPS_PORT: String(await freePort()), WARY_LOG_LEVEL: 'silent', ...settings(), ...wrong }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stderr.on('data', (chunk: Buffer) => { output += chunk.toString(); });
    const code = await new Promise((resolve) => { child.on('exit', resolve); });
    rmSync(dataDir, { recursive: true, force: true });
    expect(output).toMatch(line);
    expect(output).not.toContain('a-broker-secret');
    expect(code).toBe(78);
  }, 90_000);
});

it('a broker that cannot be reached does not keep the service from starting', async () => {
  const wary = await startForTest({ WARY_KAFKA_BROKERS: `127.0.0.1:${await freePort()}` });
  try {
    expect((await wary.send([JSON.parse(event('without')) as object])).accepted).toBe(1);
  } finally {
    await wary.dispose();
  }
}, 120_000);

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number): string => String(value).padStart(2, '0');
const clf = (at: Date): string => `${two(at.getUTCDate())}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}:${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} +0000`;
const cloudTrail = (id: string): object => ({ eventVersion: '1.08', eventID: id, eventTime: new Date().toISOString(), eventSource: 's3.amazonaws.com', eventName: 'GetObject', awsRegion: 'eu-central-1', sourceIPAddress: '203.0.113.9', userAgent: 'aws-cli', userIdentity: { type: 'IAMUser', userName: 'dora', arn: 'arn:aws:iam::1:user/dora' }, requestParameters: { bucketName: 'models', key: 'a' }, eventType: 'AwsApiCall', recipientAccountId: '1' });
const otlpRequest = (): object => ({ resourceSpans: [{ resource: { attributes: [{ key: 'service.name', value: { stringValue: 'support-bot' } }] }, scopeSpans: [{ scope: { name: 't' }, spans: [{
  traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', name: 'chat gpt-4o', kind: 3, startTimeUnixNano: String(BigInt(Date.now()) * 1_000_000n), endTimeUnixNano: String(BigInt(Date.now() + 5) * 1_000_000n),
  attributes: [{ key: 'gen_ai.operation.name', value: { stringValue: 'chat' } }, { key: 'gen_ai.request.model', value: { stringValue: 'gpt-4o' } }],
}] }] }] });
