import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@wary/testkit/free-port.js';
import { recordResult } from '@wary/testkit/record-result.js';
import { startKafkaBroker, type KafkaBroker } from '@wary/testkit/start-kafka-broker.js';
import { startPostgresServer, type TestServer } from '@wary/testkit/start-postgres-server.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newKey } from '../e2e/support/start-for-test.js';
import { startChild, type Child } from './support/child.js';
import { hourOfThefts, type Sent } from './support/hour-of-thefts.js';
import { alertsOf, lineOf, quiet, send, signIn, startScaled, storedOf, uninterrupted, until, type Scaled, type Service } from './support/scaled.js';

const CLICKHOUSE = join(process.cwd(), 'test/system/support/clickhouse-child.mjs');
/** Of each server; and processes that leave their groups and come back. */
const KILLS = Number(process.env['WARY_TEST_SERVER_KILLS'] ?? 2);
const RESTARTS = Number(process.env['WARY_TEST_REBALANCES'] ?? 8) / 2;
const DOWN_MS = 5_000;
const PEOPLE = Array.from({ length: 24 }, (_, index) => `person-${index}`);
const wait = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

const STEPS = 3 * KILLS + RESTARTS;
/** Batches before each step, so many while it lasts, and some at the end. */
const PER_STEP = 8;
const FROM_MS = -60_000;
const { history, thefts } = hourOfThefts(PEOPLE);
const batches = thefts((STEPS + 1) * PER_STEP, FROM_MS);

// Some minutes of whole processes: with WARY_TEST_LONG only.
describe.skipIf(process.env['WARY_TEST_LONG'] === undefined)('servers killed and partitions dealt anew under the load of the services', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wary-scaled-outage-'));
  const key = newKey();
  let broker: KafkaBroker;
  let postgres: TestServer;
  let clickHouse: Child;
  let clickHousePort: number;
  let scaled: Scaled;
  let golden: string[];

  const openClickHouse = async (): Promise<void> => { clickHouse = await startChild(CLICKHOUSE, [join(folder, 'clickhouse'), String(clickHousePort)], {}, 120_000); };
  const killClickHouse = async (): Promise<void> => {
    clickHouse.process.kill('SIGKILL');
    await clickHouse.exited();
  };

  beforeAll(async () => {
    golden = await uninterrupted(history, batches);
    expect(golden.length).toBeGreaterThan(PEOPLE.length / 2);
    clickHousePort = await freePort();
    [broker, postgres] = await Promise.all([startKafkaBroker(), startPostgresServer(), openClickHouse()]);
    scaled = await startScaled({
      WARY_KAFKA_BROKERS: broker.brokers, WARY_POSTGRES_URL: postgres.url, WARY_CLICKHOUSE_URL: `http://127.0.0.1:${clickHousePort}/wary`, WARY_SECRET_KEY: 'a-secret-of-thirty-two-bytes-or-more-for-tests', UV_THREADPOOL_SIZE: '8',
    }, key, { detect: 2, store: 2 }, { WARY_KAFKA_PARTITIONS: '3', WARY_SNAPSHOT_SECONDS: '5' });
  }, 600_000);
  afterAll(async () => {
    await scaled?.stop();
    clickHouse?.process.kill('SIGKILL');
    await postgres?.stop();
    await broker?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 120_000);

  it('nothing acknowledged is lost, nothing is there twice, and the alerts are those of one uninterrupted process', async () => {
    const ended: string[] = [];
    const lookAfter = (): void => { for (const service of scaled.services) if (!service.running && !leaving.has(service)) { ended.push(service.name); service.start(); } };
    const leaving = new Set<Service>();
    let left = 0;
    const deliver = async (batch: readonly Sent[]): Promise<void> => {
      // Like a client that sends again what was not acknowledged.
      for (const end = Date.now() + 240_000; ; await wait(200)) {
        lookAfter();
        try {
          return await send(scaled.ingestUrl, key, batch);
        } catch (error) {
          if (Date.now() > end) throw error;
        }
      }
    };
    const scored = async (): Promise<number> => { let sum = 0; for (const service of scaled.of('detect')) sum += await service.metric('wary_score_events_total'); return sum; };
    let next = 0;
    /** Sends batches while something happens, and one when it is over; gives how long it takes from then until something is scored, in milliseconds. */
    const underLoad = async (act: () => Promise<void>): Promise<number> => {
      const happening = act();
      for (let i = 1; i < PER_STEP; i += 1) { await deliver(batches[next]!); next += 1; }
      await happening;
      const begun = performance.now();
      const before = await scored();
      await deliver(batches[next]!);
      next += 1;
      await until('it is scored again', async () => { lookAfter(); return (await scored()) !== before; }, 120_000);
      return Math.round(performance.now() - begun);
    };
    for (let from = 0; from < history.length; from += 500) await deliver(history.slice(from, from + 500));
    const stalls: Record<string, number> = {};
    const servers = {
      broker: { kill: () => broker.kill(), restart: () => broker.restart() }, postgres: { kill: () => postgres.kill(), restart: () => postgres.restart() }, clickhouse: { kill: killClickHouse, restart: openClickHouse },
    };
    for (let round = 0; round < KILLS; round += 1) {
      for (const [name, server] of Object.entries(servers)) {
        const stall = await underLoad(async () => {
          await server.kill();
          await wait(DOWN_MS);
          await server.restart();
        });
        stalls[name] = Math.max(stalls[name] ?? 0, stall);
      }
    }
    for (let round = 0; round < RESTARTS; round += 1) {
      const service = scaled.of(round % 2 === 0 ? 'detect' : 'store')[Math.floor(round / 2) % 2]!;
      const stall = await underLoad(async () => {
        leaving.add(service);
        expect(await service.stop()).toBe(0);
        service.start();
        await service.ready();
        leaving.delete(service);
        left += 1;
      });
      stalls['rebalance'] = Math.max(stalls['rebalance'] ?? 0, stall);
    }
    while (next < batches.length) { await deliver(batches[next]!); next += 1; }

    const api = await signIn(scaled.apiUrl);
    const ids = [...history, ...batches.flat()].map(({ id }) => id);
    await until('everything is stored', async () => { lookAfter(); return (await storedOf(api, ids).catch(() => ({ distinct: 0 }))).distinct === ids.length; }, 300_000);
    await until('every alert is there', async () => (await alertsOf(api)).length >= golden.length, 300_000);
    await quiet(api, 40);
    const { stored, distinct } = await storedOf(api, ids);
    const alerts = (await alertsOf(api)).map(lineOf).sort();
    console.log(`killed ${3 * KILLS} servers and dealt partitions anew ${2 * left} times: scored again after ${JSON.stringify(stalls)} ms; processes that ended by themselves: ${ended.join(', ') || 'none'}`);
    recordResult({ row: 4, name: 'servers-and-groups', faults: { 'broker killed': KILLS, 'postgres killed': KILLS, 'clickhouse killed': KILLS, rebalances: 2 * left }, runs: 1, events: ids.length, lost: ids.length - distinct, doubled: stored - distinct, figures: { alerts: alerts.length, ...Object.fromEntries(Object.entries(stalls).map(([name, ms]) => [`scored_again_ms_${name}`, ms])), processes_ended: ended.length } });
    expect({ stored, distinct }).toEqual({ stored: ids.length, distinct: ids.length });
    expect(alerts).toEqual(golden);
  }, 1_800_000);
});
