import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKafka } from '@wary/adapter-kafka/create-kafka.js';
import type { KnownProcess } from '@wary/ports/process-registry.port.js';
import { freePort } from '@wary/testkit/free-port.js';
import { recordResult } from '@wary/testkit/record-result.js';
import type { Admin } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newKey } from '../e2e/support/start-for-test.js';
import { hourOfThefts } from './support/hour-of-thefts.js';
import { alertsOf, lineOf, quiet, send, signIn, startScaled, storedOf, uninterrupted, until, type Api, type Scaled, type Service } from './support/scaled.js';
import { startServers, type Servers } from './support/servers.js';

const RULES = join(process.cwd(), 'deploy/monitoring/alerts.yml');
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const GROUPS = ['wary.detect', 'wary.correlate'];
const PEOPLE = Array.from({ length: 12 }, (_, index) => `person-${index}`);
const STALL_MS = 100_000;
const SEEN_MS_MAX = 90_000;
const BATCHES = 140;
const wait = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

const FROM_MS = -60_000;
const { history, theftsAndStrangers } = hourOfThefts(PEOPLE);
const batches = theftsAndStrangers(BATCHES, FROM_MS);

/** More than a minute and a half beside whole processes: with WARY_TEST_LONG only. */
describe.skipIf(process.env['WARY_TEST_LONG'] === undefined)('a process that stands still', () => {
  const key = newKey();
  const folder = mkdtempSync(join(tmpdir(), 'wary-stalled-'));
  let servers: Servers;
  let scaled: Scaled;
  let prometheus: ChildProcess;
  let prometheusUrl: string;
  let admin: Admin;
  let api: Api;
  let golden: string[];

  beforeAll(async () => {
    golden = await uninterrupted(history, batches);
    expect(golden.length).toBeGreaterThan(BATCHES);
    servers = await startServers();
    scaled = await startScaled(servers.env, key, { detect: 2 }, { WARY_KAFKA_PARTITIONS: '4', WARY_SNAPSHOT_SECONDS: '5' });
    api = await signIn(scaled.apiUrl);
    admin = createKafka({ brokers: servers.env['WARY_KAFKA_BROKERS']!.split(','), tls: null, sasl: null, clientId: 'test' }, silent).admin();
    await admin.connect();
    // As deploy/monitoring has it, with every process of this installation.
    const port = await freePort();
    prometheusUrl = `http://127.0.0.1:${port}`;
    writeFileSync(join(folder, 'alerts.yml'), readFileSync(RULES));
    writeFileSync(join(folder, 'prometheus.yml'), readFileSync(join(RULES, '../prometheus.yml'), 'utf8').replace(/targets: \[.*?\]/, `targets: [${scaled.services.map(({ opsPort }) => `'127.0.0.1:${opsPort}'`).join(', ')}]`));
    prometheus = spawn('prometheus', [`--config.file=${join(folder, 'prometheus.yml')}`, `--storage.tsdb.path=${join(folder, 'data')}`, `--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' });
    await once(prometheus, 'spawn');
    await until('Prometheus has seen every process', async () => (await query('up{job="wary"}').catch(() => [])).filter(({ value }) => value[1] === '1').length === scaled.services.length);
  }, 600_000);
  afterAll(async () => {
    await admin?.disconnect();
    if (prometheus !== undefined && prometheus.exitCode === null && prometheus.signalCode === null) {
      const ended = once(prometheus, 'exit');
      prometheus.kill('SIGTERM');
      await ended;
    }
    await scaled?.stop();
    await servers?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 120_000);

  const query = async (text: string): Promise<Array<{ metric: Record<string, string>; value: [number, string] }>> => ((await (await fetch(`${prometheusUrl}/api/v1/query?query=${encodeURIComponent(text)}`)).json()) as { data: { result: Array<{ metric: Record<string, string>; value: [number, string] }> } }).data.result;
  const firing = async (name: string, { opsPort }: Service): Promise<boolean> => (await query(`ALERTS{alertname="${name}",alertstate="firing",instance="127.0.0.1:${opsPort}"}`)).length > 0;
  const answers = (service: Service): Promise<boolean> => fetch(`http://127.0.0.1:${service.opsPort}/readyz`, { signal: AbortSignal.timeout(1_000) }).then(() => true, () => false);
  const committed = async (): Promise<Map<string, number>> => new Map((await Promise.all(GROUPS.map(async (groupId) => (await admin.fetchOffsets({ groupId })).flatMap(({ topic, partitions }) => partitions.map(({ partition, offset }): [string, number] => [`${groupId} ${topic}/${partition}`, Number(offset)]))))).flat());

  it('is told within 90 s, its partitions go to another, and when it wakes it changes nothing that is theirs', async () => {
    const [stalled, other] = scaled.of('detect') as [Service, Service];
    for (let from = 0; from < history.length; from += 500) await send(scaled.ingestUrl, key, history.slice(from, from + 500));
    let next = 0;
    const sendSome = async (count: number): Promise<void> => { for (const to = Math.min(BATCHES, next + count); next < to; next += 1) await send(scaled.ingestUrl, key, batches[next]!); };
    await until('everything so far is scored', async () => (await stalled.metric('wary_score_events_total')) + (await other.metric('wary_score_events_total')) >= history.length, 300_000);
    await sendSome(16);

    process.kill(stalled.pid!, 'SIGSTOP');
    const begun = performance.now();
    const since = (): number => Math.round(performance.now() - begun);
    const told: Record<string, number> = {};
    const alertsBefore = (await alertsOf(api)).length;
    let goneBack = 0;
    let offsets = await committed();
    const look = async (): Promise<void> => {
      const now = await committed();
      for (const [partition, offset] of now) if (offset < (offsets.get(partition) ?? -1)) goneBack += 1;
      offsets = now;
    };
    try {
      expect(await answers(stalled)).toBe(false);
      told['no_answer_ms'] = since();
      const scoredBefore = await other.metric('wary_score_events_total');
      const strangersOf = async (): Promise<number> => (await alertsOf(api)).filter(({ entity }) => entity.id.startsWith('stranger-')).length;
      while (since() < STALL_MS) {
        await sendSome(1);
        await look();
        if (told['prometheus_fires_ms'] === undefined && await firing('WaryDown', stalled)) told['prometheus_fires_ms'] = since();
        if (told['not_alive_ms'] === undefined && ((await api('GET', '/v1/processes')) as { items: KnownProcess[] }).items.filter(({ kind, alive }) => kind === 'detect' && alive).length === 1) told['not_alive_ms'] = since();
        // Every batch so far has its stranger's alert: nobody waits for the one that stands still.
        if (told['all_scored_elsewhere_ms'] === undefined && since() > 5_000 && await strangersOf() >= next) told['all_scored_elsewhere_ms'] = since();
        await wait(1_000);
      }
      expect(await other.metric('wary_score_events_total')).toBeGreaterThan(scoredBefore);
    } finally {
      process.kill(stalled.pid!, 'SIGCONT');
    }
    const woken = performance.now();
    // What it had in hand, and thinks is its own, meets a group that knows it no more.
    await until('it answers and is ready', async () => { await look(); return await answers(stalled) && stalled.isReady(); });
    told['ready_after_waking_ms'] = Math.round(performance.now() - woken);
    while (next < BATCHES) { await sendSome(2); await look(); await wait(100); }
    const ids = [...history, ...batches.flat()].map(({ id }) => id);
    await until('everything is stored', async () => (await storedOf(api, ids)).distinct === ids.length, 300_000);
    await until('every alert is there', async () => { await look(); return (await alertsOf(api)).length >= golden.length; }, 300_000);
    await until('Prometheus has seen that it answers', async () => !(await firing('WaryDown', stalled)));
    await quiet(api, 40);
    const { stored, distinct } = await storedOf(api, ids);
    const alerts = (await alertsOf(api)).map(lineOf).sort();
    console.log(`stalled for ${STALL_MS / 1_000} s: ${JSON.stringify(told)}; ${alertsBefore} alerts before, ${alerts.length} at the end; committed offsets that went back: ${goneBack}`);
    recordResult({ row: 31, name: 'stalled-process', faults: { 'stalled detect process': 1 }, runs: 1, events: ids.length, lost: ids.length - distinct, doubled: stored - distinct, figures: { stall_s: STALL_MS / 1_000, ...told, commits_gone_back: goneBack, alerts: alerts.length } });
    expect({ stored, distinct }).toEqual({ stored: ids.length, distinct: ids.length });
    expect(alerts).toEqual(golden);
    expect(goneBack).toBe(0);
    expect([stalled.running, other.running]).toEqual([true, true]);
    expect(told['prometheus_fires_ms']).toBeLessThanOrEqual(SEEN_MS_MAX);
    expect(told['not_alive_ms']).toBeLessThanOrEqual(SEEN_MS_MAX);
    // Within the stall, or it would not be there.
    expect(told['all_scored_elsewhere_ms']).toBeDefined();
  }, 1_200_000);
});
