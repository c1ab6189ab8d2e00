import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWary, type RunningWary } from '@wary/app-wary/start-wary.js';
import { readConfig } from '@wary/platform/config/read-config.js';
import { createLogger } from '@wary/platform/logging/create-logger.js';
import { recordResult } from '@wary/testkit/record-result.js';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '@wary/testkit/free-port.js';
import { ADMIN, newKey } from './support/start-for-test.js';

const QUEUE_MAX = 1_000;
const BATCH = 100;
const TIMES_OVER = 5;
const ACCEPTED_MIN = 2_000;

interface Answer { readonly status: number; readonly body: string; readonly retryAfter: string | null; readonly replayed: string | null }

describe('five times more than the store can take, over HTTP', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wary-overload-'));
  const key = newKey();
  let wary: RunningWary;
  let slow = true;
  let offered = 0;
  let written = 0;
  let queuedMost = 0;
  beforeAll(async () => {
    const config = readConfig({ WARY_DATA_DIR: folder, WARY_PORT: String(await freePort()), WARY_OPS_PORT: String(await freePort()), WARY_ADMIN_EMAIL: ADMIN.email, WARY_ADMIN_PASSWORD: ADMIN.password, WARY_INGEST_KEY: key, WARY_LOG_LEVEL: 'silent', WARY_INGEST_QUEUE_RECORDS_MAX: String(QUEUE_MAX) });
    wary = await startWary(config, createLogger('silent'), {
      wrap: (ports) => ({
        ...ports,
        events: Object.assign(Object.create(Object.getPrototypeOf(ports.events) as object), ports.events, {
          insertEvents: async (...args: Parameters<typeof ports.events.insertEvents>) => {
            // A store that takes one event for every five that are offered, however fast the machine is.
            while (slow && offered < TIMES_OVER * (written + args[0].length)) await new Promise((resolve) => { setTimeout(resolve, 5); });
            written += args[0].length;
            await ports.events.insertEvents(...args);
          },
        }),
      }),
    });
  }, 120_000);
  afterAll(async () => {
    await wary?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const bodyOf = (batch: number): string => Array.from({ length: BATCH }, (_, index) => JSON.stringify({ id: `o-${batch}-${index}`, time: Date.now() - 60_000, kind: 'access', action: 'read', actor: { id: `user-${index % 7}` }, resource: { id: 'ds/a', type: 'dataset' } })).join('\n');
  async function post(body: string, idempotencyKey: string): Promise<Answer> {
    const answer = await fetch(`${wary.url}/v1/events`, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson', 'idempotency-key': idempotencyKey }, body });
    return { status: answer.status, body: await answer.text(), retryAfter: answer.headers.get('retry-after'), replayed: answer.headers.get('idempotent-replayed') };
  }
  const queued = async (): Promise<number> => Number(/^wary_store_queue_records (\d+)/m.exec(await wary.registry.getSingleMetricAsString('wary_store_queue_records'))![1]);

  it('is refused with 429 and Retry-After, what is accepted is all there once, and a repeat gets its first answer', async () => {
    const bodies = new Map<string, string>();
    const accepted = new Map<string, Answer>();
    const refused: Answer[] = [];
    let next = 0;
    let timesOver = 0;
    // Open loop: senders that do not wait, until five times what was taken has been offered.
    const over = (): boolean => accepted.size * BATCH >= ACCEPTED_MIN;
    await Promise.all(Array.from({ length: 40 }, async () => {
      while (!over()) {
        const batch = next++;
        const name = `batch-${batch}`;
        bodies.set(name, bodyOf(batch));
        offered += BATCH;
        const answer = await post(bodies.get(name)!, name);
        if (answer.status === 202) accepted.set(name, answer);
        else refused.push(answer);
        queuedMost = Math.max(queuedMost, await queued());
      }
      // Who is still waiting gets in.
      if (slow) timesOver = offered / written;
      slow = false;
    }));
    expect(timesOver).toBeGreaterThanOrEqual(TIMES_OVER);
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([429]));
    expect(refused.every(({ retryAfter, body }) => Number(retryAfter) >= 1 && (JSON.parse(body) as { code: string }).code === 'overloaded')).toBe(true);
    expect(refused.length).toBeGreaterThan(2 * accepted.size);
    // One request may be larger than the room that is left.
    expect(queuedMost).toBeLessThanOrEqual(QUEUE_MAX + BATCH);

    const first = [...accepted].map(([name, { body }]) => [name, body]);
    const again = await Promise.all([...accepted.keys()].map(async (name) => [name, await post(bodies.get(name)!, name)] as const));
    expect(again.every(([, { status, replayed }]) => status === 202 && replayed === 'true')).toBe(true);
    expect(again.map(([name, { body }]) => [name, body])).toEqual(first);
    expect((JSON.parse(accepted.values().next().value!.body) as { accepted: number }).accepted).toBe(BATCH);
    const [name] = accepted.keys();
    const other = await post(bodyOf(1_000_000), name!);
    expect([other.status, (JSON.parse(other.body) as { code: string }).code]).toEqual([422, 'idempotency_key_reused']);

    const agent = supertest.agent(wary.url).set('Origin', wary.url);
    await agent.post('/v1/auth/login').send(ADMIN).expect(200);
    const idsOf = (batch: string): string[] => Array.from({ length: BATCH }, (_, index) => `o-${batch.slice('batch-'.length)}-${index}`);
    const stored = async (batch: string): Promise<string[]> => ((await agent.get(`/v1/events?limit=200&ids=${idsOf(batch).join(',')}`).expect(200)).body.items as Array<{ id: string }>).map(({ id }) => id);
    let lost = 0;
    let doubled = 0;
    for (const batch of accepted.keys()) {
      const found = await stored(batch);
      lost += BATCH - new Set(found).size;
      doubled += found.length - new Set(found).size;
    }
    // A refusal took nothing.
    for (const batch of [...bodies.keys()].filter((each) => !accepted.has(each)).slice(0, 20)) expect(await stored(batch)).toEqual([]);
    // Who comes back gets in.
    for (const batch of [...bodies.keys()].filter((each) => !accepted.has(each)).slice(0, 5)) expect((await post(bodies.get(batch)!, batch)).status).toBe(202);
    recordResult({ row: 47, name: 'http-overload', faults: { 'requests refused': refused.length }, runs: 1, events: accepted.size * BATCH, lost, doubled, figures: { offered_events: offered, times_over: Number(timesOver.toFixed(1)), queue_records_most: queuedMost, repeats_with_the_same_answer: again.length } });
    expect({ lost, doubled }).toEqual({ lost: 0, doubled: 0 });
  }, 240_000);
});
