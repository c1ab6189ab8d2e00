import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Alert } from '@wary/model/alert.js';
import type { Backtest } from '@wary/model/backtest.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { massDownload, officeHistory } from './support/office-week.js';
import { startForTest, type TestWary } from './support/start-for-test.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PEOPLE = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank'];
const CLI = fileURLToPath(new URL('../../apps/cli/dist/main.js', import.meta.url));
const THRESHOLD = { id: 'personal_data_bulk', thresholds: { eventItemsMin: 5 } };

async function until<T>(what: string, check: () => Promise<T | undefined | false>, ms = 60_000): Promise<T> {
  for (const end = Date.now() + ms; Date.now() < end;) {
    const found = await check();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  throw new Error(`${what} did not happen in ${ms} ms`);
}

/** Addresses of so many people in one prompt. */
const paste = (id: string, time: number, who: string, items: number): object => ({
  id, time, kind: 'inference', action: 'chat', actor: { id: who, type: 'user', group: 'sales' }, source: { ip: '10.0.0.2' }, resource: { id: 'assistant', type: 'model' },
  gen_ai: { 'request.model': 'assistant', 'input.messages': [{ role: 'user', parts: [{ type: 'text', content: Array.from({ length: items }, (_, i) => `person${i}.${who}@mail.example`).join(', ') }] }] },
});

describe('backtests in the product', () => {
  const now = Date.now();
  const events = [
    ...officeHistory(now, 20, PEOPLE), paste('p1', now - 3 * DAY_MS, 'bob', 8), paste('p2', now - 2 * DAY_MS, 'carol', 40), paste('p3', now - DAY_MS, 'bob', 3), ...massDownload(now, 'alice', 200),
  ].sort((a, b) => (a as { time: number }).time - (b as { time: number }).time);
  let stands: TestWary;
  let raisedWhenChanged: Alert[];

  const fill = async (wary: TestWary): Promise<void> => {
    for (let start = 0; start < events.length; start += 2_000) await wary.send(events.slice(start, start + 2_000));
    await wary.scoreLane.drain();
  };
  const begin = async (body: object): Promise<string> => ((await stands.admin.post('/v1/backtests').send(body).expect(202)).body as Backtest).id;
  const ended = (id: string): Promise<Backtest> => until('the end of the backtest', async () => {
    const { body } = await stands.admin.get(`/v1/backtests/${id}`).expect(200) as { body: Backtest };
    return body.state !== 'running' && body;
  });
  const alertsOf = async (wary: TestWary): Promise<Alert[]> => ((await wary.admin.get('/v1/alerts?limit=200').expect(200)).body as { items: Alert[] }).items.filter(({ detector, firstSeen }) => !detector.id.startsWith('rule:') && firstSeen >= now - 7 * DAY_MS);

  beforeAll(async () => {
    // One after the other: the embedded engine is one for each process.
    const changed = await startForTest();
    await changed.admin.patch(`/v1/detectors/${THRESHOLD.id}`).send({ thresholds: THRESHOLD.thresholds }).expect(200);
    await fill(changed);
    raisedWhenChanged = await alertsOf(changed);
    await changed.dispose();
    stands = await startForTest();
    await fill(stands);
  }, 240_000);
  afterAll(() => stands?.dispose());

  it('raises what a service with the changed threshold has raised, and tells the difference to the one without', async () => {
    const { state, result, eventsRead, eventsTotal, error } = await ended(await begin({ days: 7, detectors: [THRESHOLD] }));
    expect([state, error]).toEqual(['done', null]);
    expect(eventsRead).toBe(events.length);
    expect(eventsTotal).toBe(events.length);
    const [before, after] = [await alertsOf(stands), raisedWhenChanged];
    expect(result!.current.alerts).toBe(before.length);
    expect(result!.proposed.alerts).toBe(after.length);
    const missing = after.filter(({ id }) => !before.some((alert) => alert.id === id));
    expect(missing.length).toBeGreaterThan(0);
    expect(result!.added.map(({ id, severity, title, firstSeen }) => ({ id, severity, title, firstSeen }))).toEqual(missing.map(({ id, severity, title, firstSeen }) => ({ id, severity, title, firstSeen })));
    expect(result!.removed).toEqual([]);
    expect(result!.timesLive).toBeGreaterThan(10);
  }, 120_000);

  it('compares with the verdicts that people gave', async () => {
    const alerts = await alertsOf(stands);
    const [bulk] = alerts.filter(({ detector }) => detector.id === 'personal_data_bulk');
    await stands.admin.post(`/v1/alerts/${bulk!.id}/resolve`).send({ verdict: 'true_positive', reason: 'It was a customer list.' }).expect(200);
    const { result } = await ended(await begin({ days: 7, detectors: [{ id: 'personal_data_bulk', enabled: false }] }));
    expect(result!.current.precision).toMatchObject({ confirmed: 1, judged: 1 });
    expect(result!.proposed.precision).toBeNull();
    expect(result!.removed.find(({ id }) => id === bulk!.id)).toMatchObject({ confirmed: true, detector: 'personal_data_bulk' });
  }, 120_000);

  it('is audited, runs one at a time, can be cancelled, and is refused what the detector would refuse', async () => {
    const id = await begin({ days: 90, budgetPerDay: 1, inject: true });
    await stands.admin.post('/v1/backtests').send({ days: 1, budgetPerDay: 1 }).expect(409);
    await stands.admin.delete(`/v1/backtests/${id}`).expect(200);
    expect(await ended(id)).toMatchObject({ state: 'cancelled', result: null });
    const { body } = await stands.admin.get('/v1/audit?action=backtest.').expect(200) as { body: { items: Array<{ action: string; target: string; after: unknown }> } };
    expect(body.items.filter(({ target }) => target === `backtest:${id}`).map(({ action }) => action).sort()).toEqual(['backtest.cancel', 'backtest.start']);
    expect(body.items.at(-1)!.after).toMatchObject({ days: 7, detectors: [THRESHOLD] });
    await stands.admin.post('/v1/backtests').send({ days: 7 }).expect(422);
    const { body: problem } = await stands.admin.post('/v1/backtests').send({ days: 7, detectors: [{ id: 'personal_data_bulk', thresholds: { eventItemsMin: 0 } }] }).expect(422);
    expect(problem.errors).toEqual([{ path: 'thresholds.eventItemsMin', message: 'must be from 1 to 10000' }]);
    await stands.admin.post('/v1/backtests').send({ days: 7, detectors: [{ id: 'nobody', enabled: false }] }).expect(404);
    await stands.admin.post('/v1/backtests').send({ days: 91, budgetPerDay: 1 }).expect(422);
  }, 120_000);

  it('does not hold up events that come meanwhile', async () => {
    const id = await begin({ days: 14, inject: true });
    let answered = 0;
    for (let i = 0; (await stands.admin.get(`/v1/backtests/${id}`)).body.state === 'running'; i += 1) {
      await stands.send([{ id: `meanwhile-${i}`, time: Date.now(), kind: 'access', action: 'read', actor: { id: 'erin', type: 'user', group: 'sales' }, resource: { id: 'doc/1', type: 'document' } }]);
      answered += 1;
    }
    await stands.scoreLane.drain();
    expect(answered).toBeGreaterThan(0);
    const { result } = await ended(id);
    expect(result!.difference).toMatchObject({ added: 0, removed: 0 });
    expect(result!.recall!.current!.injected).toBeGreaterThan(0);
    expect(result!.recall!.current).toEqual(result!.recall!.proposed);
  }, 120_000);

  it('by command: says the difference in words, and as JSON', async () => {
    const { body } = await stands.admin.post('/v1/api-keys').send({ name: 'tuner', scopes: ['admin'] }).expect(201);
    const run = (...args: string[]) => promisify(execFile)(process.execPath, [CLI, 'backtest', '--url', stands.url, '--days', '7', '--detector', 'personal_data_bulk', ...args], { env: { ...process.env, WARY_TOKEN: body.key as string } });
    const { stdout } = await run('--threshold', 'eventItemsMin=5');
    expect(stdout).toMatch(/^as proposed {4}\d+ alerts/m);
    expect(stdout).toMatch(/^ {15}1 more, 0 fewer, \d+ as before$/m);
    expect(stdout).toMatch(/^ {2}\+ \S+ {2}\w+ +user:bob {2}/m);
    const json = JSON.parse((await run('--off', '--json')).stdout) as Backtest;
    expect(json).toMatchObject({ state: 'done', change: { detectors: [{ id: 'personal_data_bulk', enabled: false }] } });
    expect(json.result!.difference.removed).toBe(1);
  }, 120_000);
});
