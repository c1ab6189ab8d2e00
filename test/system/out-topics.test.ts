import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKafka } from '@wary/adapter-kafka/create-kafka.js';
import { ensureTopics } from '@wary/adapter-kafka/ensure-topics.js';
import { openPostgres, type PostgresHandle } from '@wary/adapter-postgres/open-postgres.js';
import { createOutPositionStore } from '@wary/adapter-postgres/out-position-store.js';
import { createWorkflowStore } from '@wary/adapter-postgres/workflow-store.js';
import { TOPICS } from '@wary/model/topics.js';
import { createSystemRandom, systemClock } from '@wary/platform/config/system-random.js';
import { createOutMetrics } from '@wary/platform/out/out-metrics.js';
import { OutTopics } from '@wary/platform/out/out-topics.js';
import type { SinkMessage } from '@wary/ports/message-sink.port.js';
import { SYSTEM_ACTOR } from '@wary/ports/workflow.port.js';
import { makeFinding } from '@wary/testkit/make-finding.js';
import { DetectionFindingSchema, IncidentFindingSchema } from '@wary/testkit/ocsf-schema.js';
import { startKafkaBroker, type KafkaBroker } from '@wary/testkit/start-kafka-broker.js';
import { startPostgresServer, type TestServer } from '@wary/testkit/start-postgres-server.js';
import { createWorkflow, type WorkflowService } from '@wary/workflow/create-workflow.js';
import type { Kafka } from 'kafkajs';
import { sql } from 'kysely';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChild, type Child } from './support/child.js';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const SENDER = join(import.meta.dirname, 'support/out-sender.mjs');
async function until(what: string, holds: () => boolean | Promise<boolean>, ms = 120_000): Promise<void> {
  for (const end = Date.now() + ms; !await holds(); await new Promise((resolve) => { setTimeout(resolve, 50); })) if (Date.now() > end) throw new Error(`${what} did not happen in ${ms} ms`);
}

describe('alerts and incidents in topics of their own', () => {
  let server: TestServer;
  let broker: KafkaBroker;
  let kafka: Kafka;
  let postgres: PostgresHandle;
  let workflow: WorkflowService;
  const children: Child[] = [];

  const sender = async (): Promise<Child> => {
    const child = await startChild(SENDER, [], { WARY_POSTGRES_URL: server.url, WARY_KAFKA_BROKERS: broker.brokers });
    children.push(child);
    return child;
  };
  const position = async (): Promise<number> => (await postgres.db.selectFrom('out_positions').select('seq').where('name', '=', 'topics').executeTakeFirst())?.seq ?? 0;
  let raised = 0;
  /** Alerts, some with incidents, and acts on them; each change numbered. */
  const work = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) {
      raised += 1;
      await workflow.applyFindings([makeFinding({ id: `f${raised}`, reason: `r${raised}`, severity: raised % 4 === 0 ? 'high' : 'low' })], Date.now());
      await workflow.relay(Date.now());
      const [alert] = (await workflow.listAlerts({ tenant: 'default', status: ['triggered'], limit: 1 })).items;
      await workflow.actOnAlert('default', alert!.id, { kind: 'note', text: `note ${raised}` }, SYSTEM_ACTOR, Date.now());
      if (raised % 3 === 0) await workflow.actOnAlert('default', alert!.id, { kind: 'resolve', verdict: 'true_positive', reason: 'seen' }, SYSTEM_ACTOR, Date.now());
      await workflow.relay(Date.now());
    }
  };

  beforeAll(async () => {
    [server, broker] = await Promise.all([startPostgresServer(), startKafkaBroker()]);
    kafka = createKafka({ brokers: [broker.brokers], tls: null, sasl: null, clientId: 'test' }, silent);
    await ensureTopics(kafka, [{ topic: TOPICS.alerts, isOurs: true }, { topic: TOPICS.incidents, isOurs: true }], 3);
    postgres = await openPostgres({ url: server.url, dataDir: tmpdir(), connectionsMax: 6 });
    workflow = createWorkflow({ db: createWorkflowStore(postgres), random: createSystemRandom(systemClock) });
  }, 240_000);
  afterAll(async () => {
    for (const { process } of children) process.kill('SIGKILL');
    await postgres?.close();
    await broker?.stop();
    await server?.stop();
  });

  it('arrive as OCSF, each in order, with its last state, while senders, the broker and the database are killed', async () => {
    const first = await sender();
    await sender();
    await work(20);
    await until('the first are sent', async () => (await position()) > 10);
    first.process.kill('SIGKILL');
    await work(20);
    await sender();
    await broker.kill();
    await work(10);
    await broker.restart();
    await work(10);
    const { length } = children;
    children[length - 1]!.process.kill('SIGKILL');
    await work(10);
    await server.kill();
    await server.restart();
    await until('the database is there again', async () => postgres.ping().then(() => true, () => false));
    await work(10);
    const last = await workflow.lastChangeSeq();
    await until('everything is sent', async () => (await position()) === last);

    const alerts = await readTopic(kafka, TOPICS.alerts);
    const incidents = await readTopic(kafka, TOPICS.incidents);
    for (const { value } of alerts) expect(DetectionFindingSchema.safeParse(JSON.parse(value)).error).toBeUndefined();
    for (const { value } of incidents) expect(IncidentFindingSchema.safeParse(JSON.parse(value)).error).toBeUndefined();
    for (const messages of [alerts, incidents]) {
      const byKey = new Map<string, typeof messages>();
      for (const message of messages) byKey.set(message.key, [...(byKey.get(message.key) ?? []), message]);
      for (const own of byKey.values()) {
        const sequences = own.map(({ headers }) => Number(headers['seq']));
        expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
        expect(own[0]!.headers['type']).toMatch(/\.created$/);
        expect(new Set(own.map(({ partition }) => partition)).size).toBe(1);
      }
    }
    const lastOf = (messages: typeof alerts): Map<string, number> => new Map(messages.map(({ key, value }) => [key, (JSON.parse(value) as { metadata: { sequence: number } }).metadata.sequence]));
    const stored = await postgres.db.selectFrom('alerts').select(['id', 'seq']).execute();
    expect(stored).toHaveLength(80);
    expect(Object.fromEntries(lastOf(alerts))).toEqual(Object.fromEntries(stored.map(({ id, seq }) => [id, seq])));
    const cases = await postgres.db.selectFrom('incidents').select(['id', 'seq']).execute();
    expect(cases.length).toBeGreaterThan(0);
    expect(Object.fromEntries(lastOf(incidents))).toEqual(Object.fromEntries(cases.map(({ id, seq }) => [id, seq])));
  }, 300_000);

  it('are sent by one process at a time, which others follow; what could not be sent is sent again, and what was removed is told', async () => {
    for (const { process } of children) process.kill('SIGKILL');
    let sending = 0;
    let sendingMost = 0;
    let failing = 0;
    const sent: Array<{ by: number; seq: number }> = [];
    const troubles: string[] = [];
    const registry = new Registry();
    const metrics = createOutMetrics(registry);
    const nodes = Array.from({ length: 3 }, (_, by) => new OutTopics({
      positions: createOutPositionStore(postgres), publicUrl: 'https://wary.example', lastSeq: () => workflow.lastChangeSeq(), metrics, onTrouble: (what) => { troubles.push(what); }, pollMs: 20, onWake: () => () => {},
      sink: {
        async send(_topic: string, messages: readonly SinkMessage[]) {
          sending += 1;
          sendingMost = Math.max(sendingMost, sending);
          await new Promise((resolve) => { setTimeout(resolve, 30); });
          sending -= 1;
          if (failing > 0) {
            failing -= 1;
            throw new Error('the brokers are away');
          }
          sent.push(...messages.map(({ headers }) => ({ by, seq: Number(headers!['seq']) })));
        },
      },
    }));
    for (const node of nodes) node.start();
    failing = 3;
    // Low ones alone: one topic, so that two sends at once would be two processes.
    for (let index = 0; index < 40; index += 1) {
      await workflow.applyFindings([makeFinding({ id: `low${index}`, reason: `low${index}`, severity: 'low' })], Date.now());
      await workflow.relay(Date.now());
    }
    await until('everything is sent', async () => (await position()) === await workflow.lastChangeSeq());
    expect(sendingMost).toBe(1);
    expect(new Set(sent.map(({ by }) => by)).size).toBeGreaterThan(1);
    const sequences = sent.map(({ seq }) => seq);
    expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
    expect(troubles.filter((what) => what === 'out.topics.failed')).toHaveLength(3);
    for (const node of nodes) await node.stop();

    const end = await workflow.lastChangeSeq();
    for (let index = 0; index < 5; index += 1) await workflow.applyFindings([makeFinding({ id: `gone${index}`, reason: `gone${index}`, severity: 'low' })], Date.now());
    await workflow.relay(Date.now());
    await sql`delete from changes where seq <= ${end + 2}`.execute(postgres.db);
    nodes[0]!.start();
    await until('the rest is sent', async () => (await position()) === end + 5);
    await nodes[0]!.stop();
    expect(troubles).toContain('out.changes.lost');
    expect(await registry.getSingleMetricAsString('wary_out_lost_changes_total')).toMatch(/wary_out_lost_changes_total 2$/m);
  }, 120_000);
});

interface Read { readonly key: string; readonly value: string; readonly partition: number; readonly headers: Record<string, string> }
/** Everything in a topic up to its present end. */
async function readTopic(kafka: Kafka, topic: string): Promise<Read[]> {
  const admin = kafka.admin();
  await admin.connect();
  const wanted = (await admin.fetchTopicOffsets(topic)).reduce((sum, { high }) => sum + Number(high), 0);
  await admin.disconnect();
  const consumer = kafka.consumer({ groupId: `read-${topic}` });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const read: Read[] = [];
  await new Promise<void>((resolve, reject) => {
    consumer.run({ eachMessage: async ({ partition, message: { key, value, headers } }) => {
      read.push({ key: key!.toString(), value: value!.toString(), partition, headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, each]) => [name, String(each)])) });
      if (read.length === wanted) resolve();
    } }).catch(reject);
  });
  await consumer.disconnect();
  return read;
}
