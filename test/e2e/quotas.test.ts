import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startForTest, type TestWary } from './support/start-for-test.js';

/** So slow that no wait of a test fills it up again. */
const PER_SECOND = 1;
const BURST_SECONDS = 20;

const events = (name: string, count: number): object[] => Array.from({ length: count }, (_, index) => ({ id: `${name}-${index}`, time: Date.now(), kind: 'access', action: 'read', actor: { id: 'alice' }, resource: { id: 'ds/a', type: 'dataset' } }));

describe('quotas of tenants over HTTP', () => {
  let wary: TestWary;
  let keys: Record<string, string>;
  const send = (tenant: string, body: readonly object[]) => supertest(wary.url).post('/v1/events').set('Authorization', `Bearer ${keys[tenant]}`).send(body);
  beforeAll(async () => {
    wary = await startForTest({ WARY_TENANTS: 'greedy=boss@greedy.test,calm=boss@calm.test,free=boss@free.test', WARY_TENANT_QUOTA_EVENTS_PER_SECOND: String(PER_SECOND), WARY_TENANT_QUOTA_BURST_SECONDS: String(BURST_SECONDS), WARY_TENANT_QUOTAS: 'free=0' });
    keys = Object.fromEntries(wary.generated.others.map(({ tenant, ingestKey }) => [tenant, ingestKey!]));
  }, 120_000);
  afterAll(async () => { await wary?.dispose(); });

  it('answers 429 quota_exceeded with Retry-After, stores nothing of it, and keeps to what it says', async () => {
    await send('greedy', events('first', BURST_SECONDS)).expect(202);
    const refused = await send('greedy', events('more', 10)).expect(429);
    expect(refused.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(refused.body).toMatchObject({ code: 'quota_exceeded', status: 429, eventsPerSecond: PER_SECOND });
    const waitSeconds = Number(refused.headers['retry-after']);
    expect(waitSeconds).toBeGreaterThan(0);
    expect(waitSeconds).toBeLessThanOrEqual(10);
    await new Promise((resolve) => { setTimeout(resolve, waitSeconds * 1_000); });
    expect((await send('greedy', events('more', 10)).expect(202)).body).toMatchObject({ accepted: 10, duplicates: 0 });
    const metrics = await wary.registry.metrics();
    expect(metrics).toMatch(/^wary_ingest_quota_refused_records_total\{tenant="greedy"\} 10$/m);
  }, 60_000);

  it('one tenant over its quota keeps nobody else from sending, and a tenant may have no quota', async () => {
    for (let round = 0; round < 10; round += 1) await send('greedy', events(`flood-${round}`, 50)).expect(429);
    expect((await send('calm', events('calm', BURST_SECONDS)).expect(202)).body).toMatchObject({ accepted: BURST_SECONDS });
    for (let round = 0; round < 5; round += 1) expect((await send('free', events(`free-${round}`, 100)).expect(202)).body).toMatchObject({ accepted: 100 });
  }, 60_000);

  it('OTLP is counted too, and answered so that exporters try again', async () => {
    const span = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', name: 'chat', kind: 3, startTimeUnixNano: String(BigInt(Date.now()) * 1_000_000n), endTimeUnixNano: String(BigInt(Date.now()) * 1_000_000n), attributes: [{ key: 'gen_ai.operation.name', value: { stringValue: 'chat' } }] };
    const body = { resourceSpans: [{ scopeSpans: [{ spans: Array.from({ length: 60 }, () => span) }] }] };
    const answer = await supertest(wary.url).post('/v1/traces').set('Authorization', `Bearer ${keys['greedy']}`).set('Content-Type', 'application/json').send(body).expect(429);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });
});
