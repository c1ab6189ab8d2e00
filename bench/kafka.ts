/** Events/s from a raw topic to stored and scored by the services, one and two detect processes, against kafkajs consuming the same topic and doing nothing, and against the embedded path. `--soak MINUTES`: lag at 70 % of that rate, or at `--rate R` events/s, then the catch-up from a backlog. `--events N` (200,000), `--partitions P` (2), `--rounds one,two,embedded`. WARY_TEST_NODE_FLAGS="--cpu-prof --cpu-prof-dir=FOLDER": a processor profile of every service. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createKafka } from '@wary/adapter-kafka/create-kafka.js';
import { createProducer, type MessageProducer } from '@wary/adapter-kafka/create-producer.js';
import { newKey } from '../test/e2e/support/start-for-test.js';
import { Service, startScaled, until, type Scaled } from '../test/system/support/scaled.js';
import { startServers, type Servers } from '../test/system/support/servers.js';
import { makeBodies } from './support/event-bodies.js';

const { values } = parseArgs({ options: { events: { type: 'string', default: '200000' }, partitions: { type: 'string', default: '2' }, soak: { type: 'string' }, rate: { type: 'string' }, rounds: { type: 'string', default: 'one,two,embedded' } } });
const ROUNDS = values.rounds.split(',');
const EVENTS = Number(values.events);
const PARTITIONS = Number(values.partitions);
const SOAK_MINUTES = values.soak === undefined ? 0 : Number(values.soak);
const TOPIC = 'wary.raw.native';
const BODY_EVENTS = 10_000;
const SOAK_SHARE = 0.7;
/** How long the services rest while a backlog gathers. */
const BACKLOG_SECONDS = 60;
const silent = { debug() {}, info() {}, warn() {}, error() {} };

const clientOf = (servers: Servers) => createKafka({ brokers: [servers.env['WARY_KAFKA_BROKERS']!], tls: null, sasl: null, clientId: 'bench' }, silent);
const number = (value: number, digits = 0): string => value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });

/** Events as messages, of people in order of time; `round` makes other ids. */
function* messages(events: number, round: number): Generator<Array<{ key: string; value: string }>> {
  const bodies = Math.ceil(events / BODY_EVENTS);
  for (let body = 0; body < bodies; body += 1) {
    const [text] = makeBodies('metadata', 1, Math.min(BODY_EVENTS, events - body * BODY_EVENTS), round * 10_000 + body);
    yield text!.toString().trimEnd().split('\n').map((value) => ({ key: /"actor":\{"id":"([^"]+)"/.exec(value)![1]!, value }));
  }
}

async function fill(servers: Servers, events: number): Promise<void> {
  const kafka = clientOf(servers);
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic: TOPIC, numPartitions: PARTITIONS }] });
  await admin.disconnect();
  const producer = createProducer(kafka, silent);
  for (const batch of messages(events, 0)) await producer.send(TOPIC, batch);
  await producer.disconnect();
}

/** Seconds that consuming the topic takes kafkajs when nothing is done with it. */
async function consumeOnly(servers: Servers): Promise<number> {
  const consumer = clientOf(servers).consumer({ groupId: 'bench-nothing', maxBytesPerPartition: 1024 * 1024, maxWaitTimeInMs: 250 });
  await consumer.connect();
  await consumer.subscribe({ topics: [TOPIC], fromBeginning: true });
  let seen = 0;
  let first = 0;
  await new Promise<void>((resolve) => {
    void consumer.run({
      autoCommit: false, eachBatchAutoResolve: true, partitionsConsumedConcurrently: PARTITIONS,
      eachBatch: async ({ batch }) => {
        if (first === 0) first = performance.now();
        seen += batch.messages.length;
        if (seen >= EVENTS) resolve();
      },
    });
  });
  const seconds = (performance.now() - first) / 1_000;
  await consumer.disconnect();
  return seconds;
}

interface Usage { readonly name: string; readonly cpuSeconds: number; readonly rssMib: number }
interface Measured { readonly seconds: number; readonly usage: readonly Usage[] }

/** Processor seconds of a process so far, from the kernel. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
const rssOf = (pid: number): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

/** The servers of development are one process and its children. */
function serverPids(servers: Servers): Array<{ name: string; pid: number }> {
  const top = servers.child.process.pid!;
  const children = readFileSync(`/proc/${top}/task/${top}/children`, 'utf8').trim().split(' ').filter((pid) => pid !== '').map(Number);
  return [{ name: 'clickhouse (engine in the services process)', pid: top }, ...children.map((pid) => ({ name: readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('kafka') ? 'kafka' : 'postgresql', pid }))];
}

async function watch(processes: Array<{ name: string; pid: number }>, done: () => Promise<boolean>, begun: () => Promise<boolean>): Promise<Measured> {
  await until('it begins', begun);
  const before = processes.map(({ pid }) => cpuOf(pid));
  const started = performance.now();
  while (!(await done())) await sleep(100);
  const seconds = (performance.now() - started) / 1_000;
  return { seconds, usage: processes.map(({ name, pid }, index) => ({ name, cpuSeconds: cpuOf(pid) - before[index]!, rssMib: rssOf(pid) })) };
}

const sumOf = async (services: readonly Service[], metric: string, labels = ''): Promise<number> => {
  let sum = 0;
  for (const service of services) sum += await service.metric(metric, labels);
  return sum;
};
const scoredBy = (scaled: Scaled): Promise<number> => sumOf(scaled.of('detect'), 'wary_score_events_total');
const storedBy = (scaled: Scaled): Promise<number> => sumOf(scaled.of('store'), 'wary_kafka_messages_total', 'topic="wary.events"');
const processesOf = (servers: Servers, scaled: Scaled): Array<{ name: string; pid: number }> => [...scaled.services.map(({ name, pid }) => ({ name, pid: pid! })), ...serverPids(servers)];

async function scaledRun(detect: number): Promise<Measured & { readonly nothingSeconds: number }> {
  const servers = await startServers();
  try {
    await fill(servers, EVENTS);
    const nothingSeconds = await consumeOnly(servers);
    const scaled = await startScaled(servers.env, newKey(), { detect }, { WARY_KAFKA_PARTITIONS: String(PARTITIONS) });
    try {
      const measured = await watch(processesOf(servers, scaled), async () => (await scoredBy(scaled)) >= EVENTS && (await storedBy(scaled)) >= EVENTS, async () => (await sumOf(scaled.of('ingest'), 'wary_kafka_messages_total')) > 0);
      return { ...measured, nothingSeconds };
    } finally {
      await scaled.stop();
    }
  } finally {
    await servers.stop();
  }
}

async function embeddedRun(): Promise<Measured> {
  const servers = await startServers();
  const dataDir = mkdtempSync(join(tmpdir(), 'wary-bench-'));
  const service = new Service('api', 0, 18_401, { WARY_KAFKA_BROKERS: servers.env['WARY_KAFKA_BROKERS']!, WARY_KAFKA_PARTITIONS: String(PARTITIONS), WARY_DATA_DIR: dataDir, WARY_LOG_LEVEL: 'warn', WARY_INGEST_KEY: newKey(), UV_THREADPOOL_SIZE: '8' }, join(process.cwd(), 'apps/wary/dist/main.js'));
  try {
    await fill(servers, EVENTS);
    service.start();
    await service.ready();
    return await watch([{ name: 'wary', pid: service.pid! }, ...serverPids(servers).filter(({ name }) => name === 'kafka')], async () => (await service.metric('wary_score_events_total')) >= EVENTS, async () => (await service.metric('wary_kafka_messages_total')) > 0);
  } finally {
    await service.stop();
    await servers.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function report(name: string, { seconds, usage }: Measured, nothing: number): void {
  const total = usage.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  console.log(`${name}: ${number(EVENTS / seconds)} events/s (${number((EVENTS / seconds) / nothing, 3)} of consuming alone), ${number((total / EVENTS) * 1e6, 1)} µs CPU an event, ${number((total / EVENTS) * 1e6 / 3_600, 3)} core-hours a million events`);
  for (const { name: of, cpuSeconds, rssMib } of usage) console.log(`    ${of.padEnd(44)} ${number((cpuSeconds / EVENTS) * 1e6, 1).padStart(7)} µs/event  ${number((100 * cpuSeconds) / seconds).padStart(4)} % of a core  ${number(rssMib).padStart(6)} MiB`);
}

/** Sends `rate` events a second for so many seconds, on the clock whatever happens. */
async function produceFor(producer: MessageProducer, rate: number, seconds: number, round: number, tick: () => Promise<void>): Promise<number> {
  let sent = 0;
  const started = performance.now();
  const source = messages(Math.ceil(rate * seconds), round);
  let batch: Array<{ key: string; value: string }> = [];
  while (sent < rate * seconds) {
    const due = Math.min(rate * seconds, ((performance.now() - started) / 1_000) * rate);
    while (sent < due) {
      if (batch.length === 0) batch = source.next().value ?? [];
      if (batch.length === 0) return sent;
      const now = new Date().toISOString();
      const part = batch.splice(0, Math.max(1, Math.floor(due - sent))).map(({ key, value }) => ({ key, value: value.replace(/"time":"[^"]+"/, `"time":"${now}"`) }));
      await producer.send(TOPIC, part);
      sent += part.length;
    }
    await tick();
    await sleep(20);
  }
  return sent;
}

async function soak(rate: number): Promise<void> {
  const servers = await startServers();
  try {
    const scaled = await startScaled(servers.env, newKey(), {}, { WARY_KAFKA_PARTITIONS: String(PARTITIONS) });
    const producer = createProducer(clientOf(servers), silent);
    try {
      const lags: Array<[minute: number, lag: number]> = [];
      const rss = (): number[] => scaled.services.map(({ pid }) => rssOf(pid!));
      let total = 0;
      let next = 0;
      const started = performance.now();
      let firstRss: number[] | null = null;
      await produceFor(producer, rate, SOAK_MINUTES * 60, 1, async () => {
        const seconds = (performance.now() - started) / 1_000;
        if (seconds < next) return;
        next = seconds + 10;
        lags.push([seconds / 60, (await sumOf(scaled.of('ingest'), 'wary_kafka_lag_messages')) + (await sumOf(scaled.of('detect'), 'wary_kafka_lag_messages')) + (await sumOf(scaled.of('store'), 'wary_kafka_lag_messages', 'topic="wary.events"'))]);
        // The first minute fills caches.
        if (seconds > 60) firstRss ??= rss();
        process.stderr.write(`\r${(seconds / 60).toFixed(1)} of ${SOAK_MINUTES} min, lag ${lags.at(-1)![1]}   `);
      }).then((sent) => { total = sent; });
      process.stderr.write('\n');
      const half = Math.floor(lags.length / 2);
      const mean = (part: Array<[number, number]>): number => part.reduce((sum, [, lag]) => sum + lag, 0) / Math.max(1, part.length);
      console.log(`soak: ${number(total)} events in ${SOAK_MINUTES} min at ${number(rate)}/s: mean lag ${number(mean(lags.slice(0, half)))} in the first half, ${number(mean(lags.slice(half)))} in the second, most ${number(Math.max(...lags.map(([, lag]) => lag)))} messages`);
      console.log(`      memory of the services after a minute ${(firstRss ?? rss()).map((mib) => number(mib)).join(', ')} MiB, at the end ${rss().map((mib) => number(mib)).join(', ')} MiB`);
      await until('all is scored', async () => (await scoredBy(scaled)) >= total && (await storedBy(scaled)) >= total);

      const live = rate / 4;
      for (const service of [...scaled.of('ingest'), ...scaled.of('store'), ...scaled.of('detect')]) await service.stop();
      const missed = await produceFor(producer, live, BACKLOG_SECONDS, 2, async () => {});
      for (const service of [...scaled.of('ingest'), ...scaled.of('store'), ...scaled.of('detect')]) service.start();
      let caughtUp = 0;
      let firstScored = 0;
      const begun = performance.now();
      let sent = 0;
      const more = produceFor(producer, live, 600, 3, async () => { if (caughtUp > 0) throw new Error('done'); }).catch(() => 0);
      while (caughtUp === 0) {
        sent = Math.floor(((performance.now() - begun) / 1_000) * live);
        const [scored, stored] = [await scoredBy(scaled), await storedBy(scaled)];
        if (firstScored === 0 && scored > 0) firstScored = (performance.now() - begun) / 1_000;
        process.stderr.write(`\r${number((performance.now() - begun) / 1_000, 1)} s: ${number(scored)} scored and ${number(stored)} stored of ${number(missed + sent)}   `);
        if (scored >= missed + sent * 0.98 && stored >= missed + sent * 0.98) caughtUp = (performance.now() - begun) / 1_000;
        if (performance.now() - begun > 590_000) break;
        await sleep(100);
      }
      await more;
      process.stderr.write('\n');
      console.log(caughtUp === 0 ? 'catch-up: not within ten minutes' : `catch-up: a backlog of ${number(missed)} (${BACKLOG_SECONDS} s) was gone ${number(caughtUp, 1)} s after the start of the processes (the first was scored after ${number(firstScored, 1)} s), while ${number(live)}/s went on coming: ${number((missed + sent) / caughtUp / live, 1)} × the live rate`);
    } finally {
      await producer.disconnect();
      await scaled.stop();
    }
  } finally {
    await servers.stop();
  }
}

console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}; broker, engine, database and services share them. ${number(EVENTS)} events, ${PARTITIONS} partitions\n`);
const one = ROUNDS.includes('one') || values.rate === undefined ? await scaledRun(1) : null;
const nothing = one === null ? Number.NaN : EVENTS / one.nothingSeconds;
if (one !== null) {
  console.log(`kafkajs alone: ${number(nothing)} messages/s`);
  report('services, one detect process', one, nothing);
}
if (ROUNDS.includes('two')) report('services, two detect processes', await scaledRun(2), nothing);
if (ROUNDS.includes('embedded')) report('embedded, from the same topic', await embeddedRun(), nothing);
if (SOAK_MINUTES > 0) await soak(values.rate === undefined ? (EVENTS / one!.seconds) * SOAK_SHARE : Number(values.rate));
if (one !== null) console.log(`ratio: ${number(EVENTS / one.seconds / nothing, 3)}`);
