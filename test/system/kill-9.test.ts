import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@wary/testkit/free-port.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { massDownload, officeHistory } from '../e2e/support/office-week.js';
import { ADMIN, newKey } from '../e2e/support/start-for-test.js';
import { CRASHING_WARY, startChild, stopChild, type Child } from './support/child.js';
import { alertsOf, lineOf, quiet, send, signIn, storedOf } from './support/scaled.js';

/** Kills a run; every seed kills at another pass of the point. */
const SEEDS = Number(process.env['WARY_TEST_KILL_SEEDS'] ?? 2);
const POINTS = ['received', 'inserted', 'alert-written', 'webhook-pending'] as const;
const PEOPLE = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi'];
const BATCH = 150;
/** Its windows fill over several batches: killed between them, they must go on where they were. */
const SERIES = `title: Many Downloads In A Row
id: cccccccc-0000-4000-8000-000000000001
level: medium
correlation:
  type: event_count
  rules: [one_download]
  group-by: [actor.id]
  timespan: 1h
  condition: { gte: 250 }
---
title: A Download
name: one_download
id: cccccccc-0000-4000-8000-000000000002
level: informational
logsource: { product: wary, category: access }
detection:
  s:
    action: download
    resource.labels: pii
  condition: s
`;

interface Outcome { events: number; distinct: number; stored: number; alerts: string[]; delivered: Set<string>; created: string[] }

describe('kill -9', () => {
  const root = mkdtempSync(join(tmpdir(), 'wary-kill-'));
  const template = join(root, 'template');
  const rules = join(root, 'rules');
  const key = newKey();
  const base = Date.now();
  const batches: object[][] = [];
  let receiver: Server;
  let hookUrl = '';
  let deliveries: Array<{ id: string; type: string; subject: string }> = [];
  let golden: Outcome;

  beforeAll(async () => {
    receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => { body += chunk.toString(); });
      request.on('end', () => {
        const { type, data } = JSON.parse(body) as { type: string; data: { id: string } };
        deliveries.push({ id: String(request.headers['webhook-id']), type, subject: data.id });
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => { receiver.listen(0, '127.0.0.1', resolve); });
    hookUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;

    mkdirSync(rules);
    writeFileSync(join(rules, 'series.yml'), SERIES);
    const attacks = ['alice', 'bob', 'carol', 'dave'].map((id) => massDownload(base, id, 300) as Array<{ time: number }>);
    const live = attacks.flat().sort((a, b) => a.time - b.time);
    for (let start = 0; start < live.length; start += BATCH) batches.push(live.slice(start, start + BATCH));

    const child = await startWary(template, 'never', 0);
    const api = await signIn(child.url);
    const history = officeHistory(base, 14, PEOPLE);
    for (let start = 0; start < history.length; start += 2_000) await send(child.url, key, history.slice(start, start + 2_000));
    await api('POST', '/v1/webhooks', { url: hookUrl, types: ['alert.created'] });
    await quiet(api, 3);
    expect(await stopChild(child)).toBe(0);
    golden = await run('golden', 'never', 0);
    expect(golden.alerts.length).toBeGreaterThanOrEqual(4);
    expect(golden.alerts.filter((alert) => alert.includes(' rule:cccccccc-0000-4000-8000-000000000001 false 1 '))).toHaveLength(4);
  }, 180_000);
  afterAll(() => {
    receiver?.close();
    rmSync(root, { recursive: true, force: true });
  });

  it.each(POINTS.flatMap((point) => Array.from({ length: SEEDS }, (_, seed) => [point, seed] as const)))('at "%s", seed %i: nothing acknowledged is lost, nothing is there twice, the alerts are those of the uninterrupted run', async (point, seed) => {
    const outcome = await run(`${point}-${seed}`, point, seed + 1);
    expect({ lost: outcome.events - outcome.stored, twice: outcome.stored - outcome.distinct }).toEqual({ lost: 0, twice: 0 });
    expect(outcome.alerts).toEqual(golden.alerts);
    expect([...outcome.delivered].sort()).toEqual(outcome.created);
  }, 120_000);

  /** One run over a copy of the template: send everything like a client that resends what was not acknowledged; restart what was killed. */
  async function run(name: string, point: string, nth: number): Promise<Outcome> {
    const dataDir = join(root, name);
    cpSync(template, dataDir, { recursive: true });
    deliveries = [];
    let child = await startWary(dataDir, point, nth);
    let kills = 0;
    const revive = async (): Promise<void> => {
      await child.exited();
      kills += 1;
      child = await startWary(dataDir, 'never', 0);
    };
    let events = 0;
    for (const batch of batches) {
      for (let attempt = 0; ; attempt += 1) {
        try {
          await send(child.url, key, batch);
          break;
        } catch (error) {
          if (attempt > 3) throw error;
          await revive();
        }
      }
      events += batch.length;
    }
    for (let attempt = 0; ; attempt += 1) {
      try {
        const api = await signIn(child.url);
        await quiet(api, 3);
        const items = await alertsOf(api, '&historical=false');
        const { stored, distinct } = await storedOf(api, batches.flat().map((event) => (event as { id: string }).id));
        const created = items.map(({ id }) => id).sort();
        for (let waited = 0; waited < 100 && new Set(deliveries.map(({ subject }) => subject)).size < created.length; waited += 1) await new Promise((resolve) => { setTimeout(resolve, 100); });
        expect(await stopChild(child)).toBe(0);
        if (point !== 'never') expect(kills).toBe(1);
        rmSync(dataDir, { recursive: true, force: true });
        return {
          events, stored, distinct, created, delivered: new Set(deliveries.map(({ subject }) => subject)),
          alerts: items.map(lineOf).sort(),
        };
      } catch (error) {
        // The connection is gone a moment before the process is known to be.
        const gone = await Promise.race([child.exited().then(() => true), new Promise<boolean>((resolve) => { setTimeout(resolve, 2_000, false); })]);
        if (attempt > 0 || !gone) throw error;
        await revive();
      }
    }
  }

  async function startWary(dataDir: string, point: string, nth: number): Promise<Child & { url: string }> {
    const port = await freePort();
    const child = await startChild(CRASHING_WARY, [point, String(nth)], {
      WARY_DATA_DIR: dataDir, WARY_PORT: String(port), WARY_OPS_PORT: String(await freePort()), WARY_ADMIN_EMAIL: ADMIN.email, WARY_ADMIN_PASSWORD: ADMIN.password,
      WARY_INGEST_KEY: key, WARY_LOG_LEVEL: 'error', WARY_WEBHOOK_ALLOW: '127.0.0.1', WARY_RULES_DIR: rules,
    });
    return { ...child, url: `http://127.0.0.1:${port}` };
  }
});
