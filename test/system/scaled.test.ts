import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { massDownload, officeHistory } from '../e2e/support/office-week.js';
import { newKey, startForTest, type TestWary } from '../e2e/support/start-for-test.js';
import { alertsOf, lineOf, quiet, send, signIn, startScaled, storedOf, until, type Api, type Scaled } from './support/scaled.js';
import { startServers, type Servers } from './support/servers.js';

const PEOPLE = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi'];
const THIEVES = ['alice', 'bob', 'carol'];
const BATCH = 500;

/** The same events, in the same order, whoever takes them. */
const base = Date.now();
const history = officeHistory(base, 14, PEOPLE).map((event, index) => ({ id: `history-${index}`, ...event })) as Array<{ id: string; time: number }>;
const live = THIEVES.flatMap((id) => massDownload(base, id, 120) as Array<{ id: string; time: number }>).sort((a, b) => a.time - b.time);
const events = [...history, ...live];
const batches = Array.from({ length: Math.ceil(events.length / BATCH) }, (_, index) => events.slice(index * BATCH, (index + 1) * BATCH));

describe('every app as a process of its own', () => {
  let golden: string[];

  beforeAll(async () => {
    const wary: TestWary = await startForTest();
    const api = await signIn(wary.url);
    for (const batch of batches) await send(wary.url, wary.ingestKey, batch);
    await quiet(api);
    golden = (await alertsOf(api)).map(lineOf).sort();
    await wary.dispose();
    expect(golden.filter((line) => THIEVES.some((thief) => line.includes(`user:${thief}`))).length).toBeGreaterThanOrEqual(THIEVES.length);
  }, 240_000);

  describe.each([[1, 1], [2, 2], [4, 2]])('%i partitions, %i detect processes', (partitions, detect) => {
    let servers: Servers;
    let scaled: Scaled;
    let api: Api;
    const key = newKey();

    beforeAll(async () => {
      servers = await startServers();
      scaled = await startScaled(servers.env, key, { detect }, { WARY_KAFKA_PARTITIONS: String(partitions) });
      api = await signIn(scaled.apiUrl);
    }, 300_000);
    afterAll(async () => {
      await scaled?.stop();
      await servers?.stop();
    }, 120_000);

    it('gives the same alerts as one process: ids, levels and numbers', async () => {
      for (const batch of batches) await send(scaled.ingestUrl, key, batch);
      await until('everything is scored', async () => {
        let scored = 0;
        for (const service of scaled.of('detect')) scored += await service.metric('wary_score_events_total');
        return scored >= events.length;
      });
      await until('the alerts are there', async () => (await alertsOf(api)).length >= golden.length);
      await quiet(api);
      expect((await alertsOf(api)).map(lineOf).sort()).toEqual(golden);
    }, 300_000);

    it('has every event once', async () => {
      const ids = events.map(({ id }) => id);
      await until('everything is stored', async () => (await storedOf(api, ids)).distinct === ids.length);
      expect(await storedOf(api, ids)).toEqual({ stored: ids.length, distinct: ids.length });
    }, 120_000);

    it('says what is usual for a principal, whichever process scores it', async () => {
      for (const person of PEOPLE) {
        const { baselines, baselineWindows, baselinesUnavailable } = (await api('GET', `/v1/entities/user/${person}`)) as { baselines: unknown[]; baselineWindows: number; baselinesUnavailable: string | null };
        expect({ person, learned: baselines.length > 0 && baselineWindows > 0, baselinesUnavailable }).toEqual({ person, learned: true, baselinesUnavailable: null });
      }
    }, 60_000);

    it('ends in order, with status 0', async () => {
      expect(await scaled.stop()).toEqual(scaled.services.map(() => 0));
      for (const { name, output } of scaled.services) expect(`${name}: ${output.split('\n').filter((line) => /"level":(50|60)/.test(line)).join('\n')}`).toBe(`${name}: `);
    }, 120_000);
  });
});
