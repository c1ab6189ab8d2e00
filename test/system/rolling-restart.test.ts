import { recordResult } from '@wary/testkit/record-result.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { massDownload, officeHistory } from '../e2e/support/office-week.js';
import { newKey, startForTest } from '../e2e/support/start-for-test.js';
import { alertsOf, lineOf, quiet, signIn, startScaled, storedOf, until, type Api, type Scaled, type ServiceName } from './support/scaled.js';
import { startServers, type Servers } from './support/servers.js';

const PEOPLE = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi'];
const BATCH = 40;
/** docs/upgrades.md: those that read before those that write. */
const ORDER: readonly ServiceName[] = ['store', 'detect', 'respond', 'api', 'ingest'];
type Numbered = { id: string; time: number };

// Minutes long: when there is time for it, and with every measurement (`npm run reliability`).
describe.skipIf(process.env['WARY_TEST_LONG'] === undefined)('a rolling restart of every process under load', () => {
  const key = newKey();
  const base = Date.now();
  const events = [...(officeHistory(base, 7, PEOPLE) as Numbered[]).map((event, index) => ({ ...event, id: `history-${index}` })), ...['alice', 'bob'].flatMap((id) => massDownload(base, id, 120) as Numbered[]).sort((a, b) => a.time - b.time)];
  const batches = Array.from({ length: Math.ceil(events.length / BATCH) }, (_, index) => events.slice(index * BATCH, (index + 1) * BATCH));
  let golden: string[];
  let servers: Servers;
  let scaled: Scaled;
  let api: Api;

  /** A sender that keeps to what docs/operations.md says: again, in order, until it is taken. */
  async function sendPatiently(url: () => string, batch: readonly object[]): Promise<number> {
    for (let tries = 1; ; tries += 1) {
      const answer = await fetch(`${url()}/v1/events`, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' }, body: batch.map((event) => JSON.stringify(event)).join('\n') }).catch(() => null);
      const text = await answer?.text().catch(() => null);
      if (answer?.status === 202 && text !== null) return tries;
      if (answer !== null && ![429, 503].includes(answer.status)) throw new Error(`${answer.status}: ${text}`);
      await new Promise((resolve) => { setTimeout(resolve, 250); });
    }
  }

  beforeAll(async () => {
    const wary = await startForTest();
    const one = await signIn(wary.url);
    for (const batch of batches) expect((await wary.send(batch)).accepted).toBe(batch.length);
    await quiet(one);
    golden = (await alertsOf(one)).map(lineOf).sort();
    await wary.dispose();
    expect(golden.length).toBeGreaterThanOrEqual(2);
    servers = await startServers();
    scaled = await startScaled(servers.env, key, { detect: 2 }, { WARY_KAFKA_PARTITIONS: '2', WARY_SNAPSHOT_SECONDS: '5' });
    api = await signIn(scaled.apiUrl);
  }, 600_000);
  afterAll(async () => {
    await scaled?.stop();
    await servers?.stop();
  }, 180_000);

  it('each ends with 0 and comes back; no event and no alert is lost or doubled', async () => {
    let sent = 0;
    let repeats = 0;
    let restarts = 0;
    let begun = 0;
    const services = ORDER.flatMap((name) => scaled.of(name));
    const load = (async () => {
      for (const [index, batch] of batches.entries()) {
        // A share of the load falls into each restart: it is let go when the restart begins.
        await until('its restart begins', () => begun > Math.floor((index * services.length) / batches.length), 600_000);
        repeats += (await sendPatiently(() => scaled.ingestUrl, batch)) - 1;
        sent += batch.length;
      }
    })();
    for (const service of services) {
      const before = sent;
      begun += 1;
      if (service.name !== 'ingest') await until('the load goes on', () => sent > before);
      expect(await service.stop(), service.output).toBe(0);
      service.start();
      await service.ready();
      restarts += 1;
    }
    await load;
    // Nobody was there to take it while ingest was away.
    expect(repeats).toBeGreaterThan(0);
    const ids = events.map(({ id }) => id);
    await until('everything is stored', async () => (await storedOf(api, ids)).distinct === ids.length, 240_000);
    await until('every alert is there', async () => (await alertsOf(api)).length >= golden.length, 240_000);
    await quiet(api);
    const { stored, distinct } = await storedOf(api, ids);
    const alerts = (await alertsOf(api)).map(lineOf).sort();
    recordResult({ row: 17, name: 'rolling-restart', faults: { 'orderly restart': restarts }, runs: 1, events: ids.length, lost: ids.length - distinct, doubled: stored - distinct, figures: { alerts: alerts.length, alerts_missing: golden.filter((line) => !alerts.includes(line)).length, alerts_too_many: alerts.length - golden.length, requests_sent_again: repeats } });
    expect({ stored, distinct }).toEqual({ stored: ids.length, distinct: ids.length });
    expect(alerts).toEqual(golden);
  }, 900_000);
});
