import { gzipSync } from 'node:zlib';
import { INGEST_LIMITS } from '@wary/model/limits.js';
import { grownMemoryMib } from '@wary/testkit/grown-memory.js';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startForTest, type TestWary } from './support/start-for-test.js';

const event = (over: object = {}): object => ({ time: Date.now(), kind: 'access', action: 'read', actor: { id: 'alice' }, resource: { id: 'doc/1' }, ...over });

describe('hostile and broken input', () => {
  let wary: TestWary;
  beforeAll(async () => { wary = await startForTest(); }, 120_000);
  afterAll(() => wary?.dispose());

  const post = (body: string | Buffer, headers: Record<string, string> = {}): supertest.Test =>
    supertest(wary.url).post('/v1/events').set({ authorization: `Bearer ${wary.ingestKey}`, 'content-type': 'application/x-ndjson', ...headers }).send(body);

  it('reports bad lines one by one, keeps the good ones, and keeps the bad ones as dead letters', async () => {
    const lines = [
      JSON.stringify(event({ id: 'good-1' })), '{broken', JSON.stringify(event({ actor: {} })), JSON.stringify({ ...event(), time: undefined }),
      `{"time":${Date.now()},"kind":"access","action":"x","actor":{"id":"a"},"__proto__":{"polluted":true}}`, `{"time":${Date.now()},"kind":"access","action":"x","actor":{"id":"a"},"bytes":1e400}`,
      JSON.stringify(event({ time: '1970-01-01T00:00:00Z' })), JSON.stringify(event({ tenant: 'somebody-else' })),
      `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`, JSON.stringify(event({ id: 'good-2', reason: '\ud800' })), JSON.stringify(event({ id: 'good-3', time: Date.now() + 3_600_000 })),
    ];
    const { status, body } = await post(lines.join('\n'));
    expect(status).toBe(202);
    expect(body.accepted).toBe(3);
    expect(Object.fromEntries((body.rejected as Array<{ line: number; code: string }>).map(({ line, code }) => [line, code]))).toEqual({
      1: 'malformed_json', 2: 'missing_actor', 3: 'missing_time', 4: 'forbidden_key', 5: 'number_out_of_range', 6: 'time_out_of_retention', 7: 'wrong_tenant', 8: 'too_deep',
    });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    const { body: letters } = await wary.admin.get('/v1/dead-letters?limit=50').expect(200);
    expect(letters.items).toHaveLength(8);
    expect(JSON.stringify(letters)).not.toContain('{broken');
    const { body: stored } = await wary.admin.get('/v1/events?ids=good-1,good-2,good-3').expect(200);
    expect(stored.items).toHaveLength(3);
  });

  it('replays dead letters, and what fails again stays', async () => {
    const { body: { items } } = await wary.admin.get('/v1/dead-letters?limit=50').expect(200);
    const ids = (items as Array<{ id: string }>).map(({ id }) => id);
    const { body } = await wary.admin.post('/v1/dead-letters/replay').send({ ids }).expect(200);
    expect(body).toMatchObject({ replayed: 0 });
    expect(body.rejected).toHaveLength(8);
    expect((await wary.admin.get('/v1/dead-letters?limit=50').expect(200)).body.items).toHaveLength(8);
  });

  it('answers 400 when nothing could be read, with the reasons', async () => {
    const { status, body } = await post('{nonsense\n{more');
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'bad_request', rejected: [{ line: 0, code: 'malformed_json' }, { line: 1, code: 'malformed_json' }] });
  });

  it('stops a gzip bomb without inflating it', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, 0x20));
    await post('{nonsense', {});
    expect(await grownMemoryMib(async () => {
      for (let i = 0; i < 5; i += 1) {
        const { status, body } = await post(bomb, { 'content-encoding': 'gzip' });
        expect([status, body.code]).toEqual([413, 'inflate_limit']);
      }
    }, 50)).toBeLessThan(50);
  }, 60_000);

  it('answers 100,000 brackets and keys, equal keys and lone surrogates line by line, and does not grow', async () => {
    const line = (fields: string): string => `{"time":${Date.now()},"kind":"access","action":"read","actor":{"id":"a"},${fields}}`;
    // What an ordinary body of this size costs at first is not what the hostile one adds.
    await post(Array.from({ length: 20_000 }, (_, i) => line(`"id":"warm-${i}"`)).join('\n'));
    const hostile = [
      // Not first: a body that begins with a bracket is an array.
      line('"id":"beside"'), '['.repeat(100_000), '{"a":'.repeat(100_000), `{${'"k":1,'.repeat(100_000)}"z":1}`, line(Array.from({ length: 100_000 }, (_, i) => `"${i.toString(36)}":1`).join(',')), line('"constructor":{"prototype":{"polluted":true}}'), line('"attributes":{"__proto__":{"polluted":true}}'),
      line('"bytes":-1e400'), line('"id":"first","id":"last"'), line('"id":"lone","reason":"\\ud800"'), line('"id":"lone-2","\\udfff":"\\udc00\\ud800"'),
    ].join('\n');
    const answers: Array<Awaited<ReturnType<typeof post>>> = [];
    const grownMib = await grownMemoryMib(async () => { answers.push(await post(hostile)); }, 50);
    const { status, body } = answers[0]!;
    expect(status).toBe(202);
    expect((body.rejected as Array<{ line: number; code: string }>).map(({ line: at, code }) => [at, code])).toEqual([[1, 'too_deep'], [2, 'too_deep'], [3, 'too_many_keys'], [4, 'too_many_keys'], [5, 'forbidden_key'], [6, 'forbidden_key'], [7, 'number_out_of_range']]);
    expect(body.accepted).toBe(4);
    expect((await wary.admin.get('/v1/events?ids=first,last,lone,lone-2').expect(200)).body.items.map(({ id }: { id: string }) => id).sort()).toEqual(['last', 'lone', 'lone-2']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(grownMib).toBeLessThan(50);
  }, 60_000);

  it.each<[name: string, time: () => string | number, code: string | null]>([
    ['a year ago', () => new Date(Date.now() - 365 * 86_400_000).toISOString(), null], ['a year ahead', () => new Date(Date.now() + 365 * 86_400_000).toISOString(), null], ['1970', () => '1970-01-01T00:00:00Z', 'time_out_of_retention'],
    ['zero', () => 0, 'time_out_of_retention'], ['the end of 32 bits', () => '2038-01-19T03:14:08Z', 'time_out_of_retention'], ['beyond 32 bits of milliseconds', () => 2 ** 53, 'time_out_of_retention'],
    ['the hour that summer time leaves out', () => '2026-03-29T02:30:00+01:00', null], ['the hour that comes twice, first', () => '2026-10-25T02:30:00+02:00', null], ['the hour that comes twice, second', () => '2026-10-25T02:30:00+01:00', null],
    ['a leap second', () => '2026-06-30T23:59:60Z', null], ['no time of the day', () => '2026-06-30T25:00:00Z', 'missing_time'],
  ])('clock: %s has its answer, and no baseline moves by what is in the future', async (name, time, code) => {
    const actor = { id: 'clockwise' };
    const baselines = async (): Promise<string> => {
      const { body } = await wary.admin.get('/v1/entities/user/clockwise');
      return JSON.stringify((body as { baselines?: unknown }).baselines ?? null);
    };
    const future = name.includes('ahead');
    if (future) for (let i = 0; i < 3; i += 1) await post(JSON.stringify(event({ id: `now-${i}`, actor })));
    const before = await baselines();
    const { status, body } = await post(`${JSON.stringify(event({ id: `clock-${name}`, actor, time: time() }))}\n${JSON.stringify(event({ id: `beside-${name}` }))}`);
    expect(status).toBe(202);
    expect((body.rejected as Array<{ code: string }>).map((one) => one.code)).toEqual(code === null ? [] : [code]);
    expect(body.accepted).toBe(code === null ? 2 : 1);
    if (future) expect(await baselines()).toBe(before);
  });

  it('refuses too large, unknown and empty bodies with their codes', async () => {
    expect((await post(Buffer.alloc(INGEST_LIMITS.bodyBytesMax + 1, 0x20))).status).toBe(413);
    expect((await post('x', { 'content-encoding': 'br' })).body.code).toBe('unsupported_media_type');
    expect((await post(JSON.stringify(event()), { 'content-type': 'application/pdf' })).status).toBe(415);
    expect((await post('')).status).toBe(400);
    expect((await post(JSON.stringify(event({ reason: 'x'.repeat(INGEST_LIMITS.stringCharsMax + 1) })))).body.rejected[0].code).toBe('string_too_long');
  }, 30_000);

  it('answers a path with a part that is too long as a problem too', async () => {
    // A GET falls through to the files of the dashboard, which know no such page; everything else ends in the router.
    const answer = await wary.admin.post(`/v1/alerts/${'x'.repeat(1_201)}/acknowledge`).send({});
    expect(answer.status, answer.text).toBe(414);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.body).toMatchObject({ code: 'uri_too_long', requestId: expect.stringMatching(/^\S{10,}$/) });
  });

  it('answers every kind of broken request with a problem document and without its insides', async () => {
    const tries: Array<Promise<supertest.Response>> = [
      wary.admin.post('/v1/alerts/actions').set('content-type', 'application/json').send('{"ids":'), wary.admin.get('/v1/alerts?limit=100000'), wary.admin.get('/v1/alerts?cursor=%00%ff'),
      wary.admin.get('/v1/events?entity=nonsense'), wary.admin.get('/v1/alerts/%27%3B%20drop%20table'), wary.admin.post('/v1/incidents').send({ title: 'x', alertIds: ['a'], severity: 'critical', id: 'mine' }),
      wary.admin.get(`/v1/alerts/${'x'.repeat(1_201)}`), wary.admin.get('/v1/alerts/%zz'), wary.admin.get('/v1/alerts/%ff%fe'),
      wary.admin.patch('/v1/users/none').send({ role: 'root' }), wary.admin.get('/v1/nowhere'), wary.admin.put('/v1/registers/people').set('content-type', 'application/json').send('[{"id":1}]'), wary.admin.get('/v1/findings?from=yesterday'),
    ].map(async (test) => test);
    for (const answer of await Promise.all(tries)) {
      expect(answer.status, answer.text).toBeGreaterThanOrEqual(400);
      expect(answer.status, answer.text).toBeLessThan(500);
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(answer.body).toMatchObject({ code: expect.any(String), status: answer.status, title: expect.any(String) });
      expect(answer.headers['content-security-policy'], answer.text).toBeDefined();
      expect(answer.text).not.toMatch(/node_modules|at \w+\.|select |insert |\/libs\/|kysely|stack/i);
    }
  });
});
