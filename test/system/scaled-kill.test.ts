import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createKafka } from '@wary/adapter-kafka/create-kafka.js';
import { createProducer, type MessageProducer } from '@wary/adapter-kafka/create-producer.js';
import { recordResult } from '@wary/testkit/record-result.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newKey } from '../e2e/support/start-for-test.js';
import { hourOfThefts, type Sent } from './support/hour-of-thefts.js';
import { alertsOf, lineOf, send, signIn, startScaled, storedOf, uninterrupted, until, type Scaled, type Service } from './support/scaled.js';
import { startServers, type Servers } from './support/servers.js';

/** Kills at every point; the n-th one kills at another pass of it. */
const SEEDS = Number(process.env['WARY_TEST_KILL_SEEDS'] ?? (process.env['WARY_TEST_LONG'] === undefined ? 1 : 20));
const POINTS = {
  ingest: ['fetched', 'enriched', 'appended'], store: ['inserted'], detect: ['scored', 'mid-snapshot'], respond: ['alert-written', 'webhook-pending'],
} as const;
const CRASHING = join(process.cwd(), 'test/system/support/crashing-service.mjs');
const PEOPLE = Array.from({ length: 24 }, (_, index) => `person-${index}`);
/** Those whose events come from a topic. */
const FROM_TOPIC = PEOPLE.slice(16);
/** Of the stream, for each kill; so much and the beginning it may be ahead of them. */
const BATCHES_PER_KILL = 6;
const BATCHES_AHEAD_MAX = 24;

/** As late as is not the future yet (five minutes ahead): so the run has an hour. */
const FROM_MS = 30_000;
const { history, theftsAndStrangers } = hourOfThefts(PEOPLE);

describe('kill -9 of every service', () => {
  const key = newKey();
  // Seed by seed: a process that dies at its first fetch again and again would take nothing from anybody meanwhile.
  const plan = Array.from({ length: SEEDS }, (_, seed) => Object.entries(POINTS).flatMap(([service, points]) => points.map((point) => ({ service: service as keyof typeof POINTS, point, nth: 1 + (seed % 3) })))).flat();
  const batches = theftsAndStrangers(Math.max(48, plan.length * BATCHES_PER_KILL), FROM_MS);
  const isFromTopic = ({ actor }: Sent): boolean => FROM_TOPIC.includes(actor.id);
  let receiver: Server;
  let servers: Servers;
  let scaled: Scaled;
  let producer: MessageProducer;
  let golden: string[];
  const delivered = new Set<string>();
  const kills: string[] = [];

  beforeAll(async () => {
    golden = await uninterrupted(history, batches);
    // The strangers, and most of the thieves.
    expect(golden.length).toBeGreaterThan(batches.length + PEOPLE.length / 2);

    receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => { body += chunk.toString(); });
      request.on('end', () => {
        delivered.add((JSON.parse(body) as { data: { id: string } }).data.id);
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => { receiver.listen(0, '127.0.0.1', resolve); });
    servers = await startServers();
    scaled = await startScaled(servers.env, key, { detect: 2 }, { WARY_KAFKA_PARTITIONS: '3', WARY_SNAPSHOT_SECONDS: '5', WARY_WEBHOOK_ALLOW: '127.0.0.1' });
    const admin = await signIn(scaled.apiUrl);
    await admin('POST', '/v1/webhooks', { url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`, types: ['alert.created'] });
    producer = createProducer(createKafka({ brokers: servers.env['WARY_KAFKA_BROKERS']!.split(','), tls: null, sasl: null, clientId: 'test' }, { debug() {}, info() {}, warn() {}, error() {} }), { debug() {}, info() {}, warn() {}, error() {} });
  }, 600_000 + SEEDS * 30_000);
  afterAll(async () => {
    await producer?.disconnect();
    await scaled?.stop();
    await servers?.stop();
    receiver?.close();
  }, 120_000);

  it('nothing acknowledged is lost, nothing is there twice, the alerts are those of one uninterrupted process, and everybody is told', async () => {
    const armed = new Map<Service, string>();
    const left = [...plan];
    /** Starts what has died, with the next point of its kind. */
    const arm = async (service: Service): Promise<void> => {
      const index = left.findIndex((each) => each.service === service.name);
      const next = index < 0 ? null : left.splice(index, 1)[0]!;
      armed.set(service, next === null ? 'never' : next.point);
      service.start({}, CRASHING, [service.name, next?.point ?? 'never', String(next?.nth ?? 0)]);
    };
    const crashing = scaled.services.filter(({ name }) => name in POINTS);
    for (const service of crashing) await service.stop();
    for (const service of crashing) await arm(service);
    const tend = async (): Promise<void> => {
      for (const service of crashing) {
        if (service.running) continue;
        kills.push(armed.get(service)!);
        await arm(service);
      }
    };
    const deliver = async (batch: readonly Sent[]): Promise<void> => {
      // Like a client that sends again what was not acknowledged.
      for (const end = Date.now() + 600_000; ; await new Promise((resolve) => { setTimeout(resolve, 200); })) {
        await tend();
        try {
          return await send(scaled.ingestUrl, key, batch);
        } catch (error) {
          if (Date.now() > end) throw error;
        }
      }
    };
    /** The stream must not end before the kills: when it is ahead of them, the next batch waits until everybody is there to be killed at it. */
    const inStep = async (sent: number): Promise<void> => {
      for (const end = Date.now() + 60_000; kills.length < plan.length && sent > kills.length * BATCHES_PER_KILL + BATCHES_AHEAD_MAX && Date.now() < end; await new Promise((resolve) => { setTimeout(resolve, 200); })) {
        await tend();
        if ((await Promise.all(crashing.map((service) => service.isReady()))).every(Boolean)) return;
      }
    };
    for (let from = 0; from < history.length; from += 500) await deliver(history.slice(from, from + 500));
    for (const [sent, batch] of batches.entries()) {
      await inStep(sent);
      if (sent % 60 === 59) console.log(`${sent + 1} of ${batches.length} batches, ${kills.length} of ${plan.length} kills`);
      if (isFromTopic(batch[0]!)) await producer.send('wary.raw.native', batch.map((event) => ({ key: event.actor.id, value: JSON.stringify(event) })));
      else await deliver(batch);
      await tend();
      // Time for what comes after; a kill takes its time too.
      await new Promise((resolve) => { setTimeout(resolve, left.length > 0 ? 400 : 20); });
    }
    const api = await signIn(scaled.apiUrl);
    const events = [...history, ...batches.flat()];
    const ids = events.map(({ id }) => id);
    await until('everything is stored', async () => { await tend(); return (await storedOf(api, ids)).distinct === ids.length; }, 300_000);
    await until('everybody has what it should', async () => { await tend(); return (await alertsOf(api)).length >= golden.length; }, 300_000);
    await until('every kill has come about', async () => { await tend(); return kills.length >= plan.length; }, 60_000).catch(() => { /* said below */ });
    for (let same = 0, last = ''; same < 20; await new Promise((resolve) => { setTimeout(resolve, 500); })) {
      await tend();
      const now = (await alertsOf(api)).map(lineOf).sort().join('\n');
      same = now === last && crashing.every(({ running }) => running) ? same + 1 : 0;
      last = now;
    }
    const { stored, distinct } = await storedOf(api, ids);
    const alerts = (await alertsOf(api)).map(lineOf).sort();
    const created = (await alertsOf(api, '&historical=false')).map(({ id }) => id);
    await until('everybody is told', () => created.every((id) => delivered.has(id)), 300_000).catch(() => { /* said below */ });
    const told = created.filter((id) => delivered.has(id)).length;
    console.log(`killed ${kills.length} of ${plan.length}: ${kills.join(', ')}`);
    recordResult({
      row: 1, name: 'services-killed', faults: Object.fromEntries(Object.values(POINTS).flat().map((point) => [point, kills.filter((at) => at === point).length])), runs: 1, events: ids.length, lost: ids.length - distinct, doubled: stored - distinct, seeds: String(SEEDS),
      figures: { alerts: alerts.length, alerts_missing: golden.filter((line) => !alerts.includes(line)).length, alerts_too_many: alerts.filter((line) => !golden.includes(line)).length, told: `${told} of ${created.length}` },
    });
    expect({ stored, distinct }).toEqual({ stored: ids.length, distinct: ids.length });
    expect(alerts).toEqual(golden);
    expect(told).toBe(created.length);
    expect(kills.toSorted()).toEqual(plan.map(({ point }) => point as string).toSorted());
  }, 1_200_000 + SEEDS * 240_000);
});
