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
/** Doors that are closed: a rule reads each, and a correlation all of them. */
const refused = Array.from({ length: 12 }, (_, index) => ({ id: `refused-${index}`, time: base - 60_000 + index * 1_000, kind: 'access', action: 'read', outcome: 'denied', actor: { id: 'grace', type: 'user', group: 'sales' }, resource: { id: `ds/closed-${index}`, type: 'dataset' } }));
const events = [...history, ...[...live, ...refused].sort((a, b) => a.time - b.time)];
const batches = Array.from({ length: Math.ceil(events.length / BATCH) }, (_, index) => events.slice(index * BATCH, (index + 1) * BATCH));

interface RuleRow { readonly id: string; readonly health: { readonly matches: number; readonly lastMatchAt: number | null; readonly errors: number } }
/** Of the rules that held: how often, and when last. */
async function ruleHealth(api: Api): Promise<string[]> {
  const { items } = (await api('GET', '/v1/rules?limit=200')) as { items: RuleRow[] };
  return items.filter(({ health }) => health.matches > 0).map(({ id, health: { matches, lastMatchAt, errors } }) => `${id} ${matches} ${lastMatchAt} ${errors}`).sort();
}

describe('every app as a process of its own', () => {
  let golden: string[];
  let goldenRules: string[];

  beforeAll(async () => {
    const wary: TestWary = await startForTest();
    const api = await signIn(wary.url);
    for (const batch of batches) await send(wary.url, wary.ingestKey, batch);
    await quiet(api);
    golden = (await alertsOf(api)).map(lineOf).sort();
    goldenRules = await ruleHealth(api);
    expect(goldenRules.some((line) => line.includes(' 1 '))).toBe(true);
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

    it('says how rules fare over all processes as one process does', async () => {
      await until('every process has counted', async () => (await ruleHealth(api)).join() === goldenRules.join(), 30_000).catch(() => {});
      expect(await ruleHealth(api)).toEqual(goldenRules);
    }, 60_000);

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
