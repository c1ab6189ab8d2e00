import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKafkaBroker, type KafkaBroker } from '@wary/testkit/start-kafka-broker.js';
import { startPostgresServer, type TestServer } from '@wary/testkit/start-postgres-server.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '@wary/testkit/free-port.js';
import { massDownload, officeHistory } from '../e2e/support/office-week.js';
import { newKey } from '../e2e/support/start-for-test.js';
import { startChild, type Child } from './support/child.js';
import { alertsOf, lineOf, quiet, send, signIn, startScaled, storedOf, until, type Api, type Scaled } from './support/scaled.js';

const PEOPLE = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi'];
const CLI = join(process.cwd(), 'apps/cli/dist/main.js');
type Numbered = { id: string; time: number };

/** docs/operations.md, "Backup and restore", done with the servers' own means. */
// Minutes long: when there is time for it.
describe.skipIf(process.env['WARY_TEST_LONG'] === undefined)('backup and restore of the servers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wary-backup-servers-'));
  const key = newKey();
  const clickHouseUrl = (port: number): string => `http://127.0.0.1:${port}`;
  let broker: KafkaBroker;
  let postgres: TestServer;
  let clickHouse: Child;
  let port = 0;
  let scaled: Scaled;
  let servers: Record<string, string>;

  beforeAll(async () => {
    port = await freePort();
    [broker, postgres, clickHouse] = await Promise.all([startKafkaBroker(), startPostgresServer(), startChild(join(process.cwd(), 'test/system/support/clickhouse-child.mjs'), [join(folder, 'clickhouse'), String(port)], {}, 120_000)]);
    servers = { WARY_KAFKA_BROKERS: broker.brokers, WARY_KAFKA_PARTITIONS: '2', WARY_POSTGRES_URL: postgres.url, WARY_CLICKHOUSE_URL: `${clickHouseUrl(port)}/wary`, WARY_SECRET_KEY: newKey(), WARY_SNAPSHOT_SECONDS: '5' };
    scaled = await startScaled(servers, key, {}, {});
  }, 400_000);
  afterAll(async () => {
    await scaled?.stop();
    clickHouse?.process.kill('SIGKILL');
    await postgres?.stop();
    await broker?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 180_000);

  const clickHouseRuns = async (sql: string): Promise<void> => {
    const answer = await fetch(clickHouseUrl(port), { method: 'POST', body: sql });
    if (!answer.ok) throw new Error(`${sql}: ${await answer.text()}`);
    await answer.arrayBuffer();
  };
  const postgresTool = (name: string, ...args: string[]): void => {
    const newest = readdirSync('/usr/lib/postgresql').map(Number).sort((a, b) => b - a)[0];
    const { status, stderr } = spawnSync(join('/usr/lib/postgresql', String(newest), 'bin', name), args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${name}: ${stderr}`);
  };
  const replay = (topic: string, service: string, since: string): void => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'replay', topic, '--service', service, '--from-time', since, '--yes'], { env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...servers }, encoding: 'utf8' });
    expect(`${status} ${stderr}`, stdout).toBe('0 ');
  };
  const scored = async (): Promise<number> => {
    let sum = 0;
    for (const service of scaled.of('detect')) sum += await service.metric('wary_score_events_total');
    return sum;
  };

  it('what the backups do not have comes again from the topics: the same alerts, every event once', async () => {
    const base = Date.now();
    const before = [...(officeHistory(base, 7, PEOPLE) as Numbered[]).map((event, index) => ({ ...event, id: `history-${index}` })), ...(massDownload(base, 'alice', 120) as Numbered[])];
    const after = massDownload(base + 30_000, 'bob', 120) as Numbered[];
    const ids = [...before, ...after].map(({ id }) => id);
    let api: Api = await signIn(scaled.apiUrl);
    for (let start = 0; start < before.length; start += 500) await send(scaled.ingestUrl, key, before.slice(start, start + 500));
    await until('the history is scored', async () => (await scored()) >= before.length);
    await quiet(api);
    const [first] = await alertsOf(api);
    await api('POST', `/v1/alerts/${first!.id}/acknowledge`, {});

    // 1 and 2 of the procedure: ClickHouse first, PostgreSQL afterwards.
    const since = new Date(Date.now() - 60_000).toISOString();
    await clickHouseRuns("BACKUP DATABASE wary TO Memory('before')");
    const dump = join(folder, 'wary.dump');
    postgresTool('pg_dump', '--format=custom', `--file=${dump}`, postgres.url);

    await send(scaled.ingestUrl, key, after);
    await until('what came after it is scored', async () => (await scored()) >= ids.length);
    await until('and stored', async () => (await storedOf(api, ids)).distinct === ids.length);
    await quiet(api);
    const golden = (await alertsOf(api)).map(lineOf).sort();
    expect(golden.some((line) => line.includes('user:bob'))).toBe(true);

    // Both databases are lost; the topics and the secret key are not.
    expect(await scaled.stop()).toEqual([0, 0, 0, 0, 0]);
    await clickHouseRuns('DROP DATABASE wary SYNC');
    postgresTool('psql', '--quiet', '-c', 'DROP SCHEMA public CASCADE; CREATE SCHEMA public', postgres.url);

    await clickHouseRuns("RESTORE DATABASE wary FROM Memory('before')");
    postgresTool('pg_restore', '--no-owner', `--dbname=${postgres.url}`, dump);
    for (const topic of ['wary.events', 'wary.findings', 'wary.deadletter']) replay(topic, 'store', since);
    replay('wary.findings', 'respond', since);
    scaled = await startScaled(servers, key, {}, {});
    api = await signIn(scaled.apiUrl);
    await until('every event is there again', async () => (await storedOf(api, ids)).distinct === ids.length);
    await until('and every alert', async () => (await alertsOf(api)).length >= golden.length);
    await quiet(api);
    expect((await alertsOf(api)).map(lineOf).sort()).toEqual(golden);
    expect(await storedOf(api, ids)).toEqual({ stored: ids.length, distinct: ids.length });
    // What people did before the backup is there, too.
    expect((await alertsOf(api)).find(({ id }) => id === first!.id)!.status).toBe('acknowledged');
  }, 900_000);
});
