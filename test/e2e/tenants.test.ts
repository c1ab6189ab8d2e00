import { io, type Socket } from 'socket.io-client';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startForTest, type TestWary } from './support/start-for-test.js';

const MARK = 'marked';
const OTHER = { id: 'acme', adminEmail: 'admin@acme.test' } as const;
type Agent = ReturnType<typeof supertest.agent>;
type Answer = { status: number; body: Record<string, unknown>; text: string };

async function until<T>(what: string, check: () => Promise<T | undefined | false>, ms = 20_000): Promise<T> {
  for (const end = Date.now() + ms; Date.now() < end;) {
    const found = await check();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  throw new Error(`${what} did not happen in ${ms} ms`);
}

const touch = (id: string, actor: string): object => ({ id, time: Date.now(), kind: 'access', action: 'read', actor: { id: actor }, resource: { id: `${MARK}/pot`, type: 'file' } });

describe('two tenants in one service', () => {
  let wary: TestWary;
  let other: Agent;
  let otherKey: string;
  let otherIngest: string;
  let socket: Socket;
  const heard: object[] = [];
  /** What the tenant `default` has, by the first word of the route that leads to it. */
  const ids: Record<string, string> = {};

  const sendAsOther = async (events: readonly object[]): Promise<Answer> => supertest(wary.url).post('/v1/events').set('Authorization', `Bearer ${otherIngest}`).send(events);
  const firstOf = async (path: string): Promise<string> => until(`something in ${path}`, async () => ((await wary.admin.get(path)).body.items as Array<{ id: string }>)[0]?.id);

  beforeAll(async () => {
    wary = await startForTest({ WARY_TENANTS: `${OTHER.id}=${OTHER.adminEmail}` });
    const [made] = wary.generated.others;
    expect(made).toMatchObject({ tenant: OTHER.id, adminEmail: OTHER.adminEmail, adminPassword: expect.any(String), ingestKey: expect.stringMatching(/^wary_/) });
    other = await wary.signIn(OTHER.adminEmail, made!.adminPassword!);
    otherIngest = made!.ingestKey!;
    otherKey = (await other.post('/v1/api-keys').send({ name: 'all of ours', scopes: ['read', 'respond', 'admin'] }).expect(201)).body.key as string;
    socket = io(`${wary.url}/live`, { transports: ['websocket'], auth: { token: otherKey } });
    for (const kind of ['alert', 'incident']) socket.on(kind, (message: object) => { heard.push(message); });
    await until('the socket connects', async () => socket.connected);

    const { admin } = wary;
    await admin.patch('/v1/registers/canaries').send([{ id: `${MARK}-pot`, kind: 'resource', value: `${MARK}/pot` }]).expect(200);
    await admin.patch('/v1/detectors/volume').send({ weight: 2 }).expect(200);
    await wary.send(Array.from({ length: 40 }, (_, n) => touch(`${MARK}-${n}`, n < 20 ? `${MARK}-alice` : 'shared-bob')));
    await supertest(wary.url).post('/v1/events').set('Authorization', `Bearer ${wary.ingestKey}`).set('Content-Type', 'application/x-ndjson').send(`{"time":${Date.now()},"kind":"access","${MARK}":`);
    ids['alerts'] = await firstOf(`/v1/alerts?entity=user:${MARK}-alice`);
    ids['incidents'] = await firstOf(`/v1/incidents?entity=user:${MARK}-alice`);
    ids['findings'] = await firstOf(`/v1/findings?entity=user:${MARK}-alice`);
    ids['dead-letters'] = await firstOf('/v1/dead-letters');
    const user = (await admin.post('/v1/users').send({ email: `${MARK}@wary.test`, name: MARK, role: 'viewer' }).expect(201)).body as { id?: string; user?: { id: string } };
    ids['users'] = (user.user ?? user).id!;
    const key = (await admin.post('/v1/api-keys').send({ name: MARK, scopes: ['read'] }).expect(201)).body as { id?: string; apiKey?: { id: string } };
    ids['api-keys'] = (key.apiKey ?? key).id!;
    const hook = (await admin.post('/v1/webhooks').send({ url: `https://${MARK}.example/hook`, types: ['alert.created'] }).expect(201)).body as { id?: string; webhook?: { id: string } };
    ids['webhooks'] = (hook.webhook ?? hook).id!;
    await admin.post(`/v1/webhooks/${ids['webhooks']}/test`).send({});
    ids['deliveries'] = await firstOf(`/v1/webhooks/${ids['webhooks']}/deliveries`);
    await admin.patch(`/v1/webhooks/${ids['webhooks']}`).send({ enabled: false });
    await admin.post(`/v1/alerts/${await firstOf('/v1/alerts?entity=user:shared-bob')}/suppress`).send({ scope: { entity: { type: 'user', id: 'shared-bob' } }, until: Date.now() + 3_600_000, reason: MARK }).expect(200);
    ids['suppressions'] = await firstOf('/v1/suppressions');
    ids['rules'] = `${MARK}-rule`;
    await admin.post('/v1/rules').send({ text: `title: ${MARK}\nid: ${MARK}-rule\nlogsource: { product: wary }\ndetection:\n  s:\n    action: ${MARK}\n  condition: s\n` }).expect(201);
    ids['previews'] = ((await admin.post('/v1/rules/previews').send({ rule: ids['rules'], days: 1 }).expect(202)).body as { id: string }).id;
    ids['sessions'] = ((await admin.get('/v1/me/sessions').expect(200)).body.items as Array<{ id: string }>)[0]!.id;
  }, 120_000);
  afterAll(async () => {
    socket?.close();
    await wary?.dispose();
  });

  /** Everything of `default` that a stranger might have changed. */
  const standing = async (): Promise<unknown[]> => Promise.all([
    `/v1/alerts/${ids['alerts']}`, `/v1/incidents/${ids['incidents']}`, `/v1/users/${ids['users']}`, `/v1/api-keys/${ids['api-keys']}`, `/v1/webhooks/${ids['webhooks']}`, `/v1/webhooks/${ids['webhooks']}/deliveries/${ids['deliveries']}`,
    '/v1/suppressions', '/v1/dead-letters', '/v1/registers/canaries', `/v1/rules/${ids['rules']}`, '/v1/detectors/volume', '/v1/me',
  ].map(async (path) => {
    const { status, body } = await wary.admin.get(path);
    expect([path, status]).toEqual([path, 200]);
    return body as unknown;
  }));

  /** A body that the route takes, so that it is the tenant and not the shape that refuses. */
  const bodies: Record<string, () => object> = {
    assign: () => ({ assignee: null }), notes: () => ({ text: 'x' }), resolve: () => ({ verdict: 'false_positive', reason: 'x' }), transition: () => ({ to: 'triage' }), merge: () => ({ into: ids['incidents'] }),
    suppress: () => ({ scope: { entity: { type: 'user', id: 'x' } }, until: Date.now() + 60_000, reason: 'x' }), alerts: () => ({ add: [ids['alerts']] }), recover: () => ({ since: Date.now() - 1_000 }),
    'PATCH users': () => ({ role: 'admin' }), 'PATCH api-keys': () => ({ name: 'x' }), 'PATCH webhooks': () => ({ enabled: true }), 'PATCH rules': () => ({ enabled: false }), rollback: () => ({ version: 1 }),
  };

  it('answers 404 for whatever belongs to another tenant, to its administrator and to a key with every scope, and nothing is changed', async () => {
    const before = await standing();
    const wrong: string[] = [];
    let asked = 0;
    for (const [caller, agent] of [['administrator', other], ['key', supertest.agent(wary.url).set('Authorization', `Bearer ${otherKey}`)]] as const) {
      for (const { method, path } of wary.routes) {
        const [, , kind = ''] = path.split('/');
        if (!path.includes(':') || ['registers', 'detectors', 'entities'].includes(kind)) continue;
        if (caller === 'key' && path.startsWith('/v1/me')) continue;
        const own = path.replace(':deliveryId', ids['deliveries']!).replace(':previewId', ids['previews']!).replace(':version', '1').replace(':id', ids[path.startsWith('/v1/me/sessions') ? 'sessions' : kind] ?? 'no id is known for this route');
        const last = path.split('/').at(-1)!;
        const body = (bodies[last.startsWith(':') ? `${method} ${kind}` : last] ?? (() => ({})))();
        const call = (agent as unknown as Record<string, (to: string) => supertest.Test>)[method.toLowerCase()]!(own);
        const answer = (await (method === 'GET' || method === 'DELETE' ? call : call.send(body))) as Answer;
        asked += 1;
        if (answer.status !== 404 || answer.text.includes(MARK)) wrong.push(`${caller}: ${method} ${own} answered ${answer.status} ${answer.text.slice(0, 200)}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(50);
    expect(await standing()).toEqual(before);
  }, 60_000);

  it('takes no object of another tenant in a body', async () => {
    expect((await other.post('/v1/incidents').send({ title: 'x', alertIds: [ids['alerts']] })).status).toBe(404);
    const bulk = await other.post('/v1/alerts/actions').send({ ids: [ids['alerts']], action: { kind: 'acknowledge' } });
    expect(JSON.stringify(bulk.body)).not.toContain(MARK);
    expect((await wary.admin.get(`/v1/alerts/${ids['alerts']}`)).body.status).toBe('triggered');
    await other.post('/v1/dead-letters/replay').send({ ids: [ids['dead-letters']] });
    expect((await wary.admin.get('/v1/dead-letters')).body.items).toHaveLength(1);
    const claimed = await sendAsOther([{ ...touch('claimed', 'mallory'), tenant: 'default' }]);
    expect(claimed.body).toMatchObject({ rejected: [{ code: expect.any(String) }] });
    expect(claimed.status).toBe(400);
    expect((await wary.admin.get('/v1/events?entity=user:mallory')).body.items).toEqual([]);
  });

  it('lists, counts, searches, exports and explains nothing of another tenant', async () => {
    const hidden = Object.values(ids);
    const leaks: string[] = [];
    const gets = [
      ...wary.routes.filter(({ method, path }) => method === 'GET' && !path.includes(':') && path.startsWith('/v1/')).map(({ path }) => path),
      `/v1/alerts?q=${MARK}&historical=true`, `/v1/alerts?entity=user:${MARK}-alice`, `/v1/events?entity=user:${MARK}-alice`, `/v1/events?q=${MARK}`, `/v1/entities?q=${MARK}`, '/v1/entities?sort=risk', `/v1/incidents?q=${MARK}`,
      `/v1/entities/user/${MARK}-alice`, '/v1/entities/user/shared-bob', ...['canaries', 'people'].flatMap((name) => [`/v1/registers/${name}`, `/v1/registers/${name}/versions`]), '/v1/detectors/volume', `/v1/rules?q=${MARK}`,
    ];
    for (const path of gets) {
      for (const accept of ['application/json', 'text/csv', 'application/x-ndjson']) {
        const { text } = await other.get(path).set('Accept', accept);
        // What they asked for stands in some answers: a name that is not known, and in their own audit the letter that they tried to replay.
        const said = text.replaceAll(`Nothing is known of user ${MARK}-alice`, '').replaceAll(`"${MARK}-alice"`, '""');
        if (said.includes(MARK) || hidden.some((id) => text.includes(id) && !(path === '/v1/audit' && id === ids['dead-letters']))) leaks.push(`${path} as ${accept}: ${text.slice(0, 300)}`);
      }
    }
    expect(leaks).toEqual([]);
    expect((await other.get('/v1/alerts/counts')).body.total).toBe(0);
    expect((await other.get('/v1/detectors/volume')).body.weight.value).toBe(1);
    expect((await wary.admin.get('/v1/detectors/volume')).body.weight.value).toBe(2);
  }, 60_000);

  it('has registers, baselines and alerts of its own for the same names, and its socket hears those alone', async () => {
    // The same resource is no canary there until they say so; then it is theirs.
    expect((await sendAsOther([touch('theirs-1', 'shared-bob')])).body).toMatchObject({ accepted: 1 });
    await until('the event is stored', async () => ((await other.get('/v1/events?entity=user:shared-bob')).body.items as unknown[]).length === 1);
    expect(heard).toEqual([]);
    await other.patch('/v1/registers/canaries').send([{ id: 'ours', kind: 'resource', value: `${MARK}/pot` }]).expect(200);
    expect((await sendAsOther([touch(`${MARK}-0`, 'shared-bob')])).body).toMatchObject({ accepted: 1, duplicates: 0 });
    const alert = await until('their alert', async () => ((await other.get('/v1/alerts')).body.items as Array<{ id: string; tenant: string; entity: { id: string } }>)[0]);
    expect(alert).toMatchObject({ tenant: OTHER.id, entity: { id: 'shared-bob' } });
    await until('the socket hears it', async () => heard.length >= 2);
    expect(heard.map((message) => { const { alert: one, incident } = message as { alert?: { tenant: string }; incident?: { tenant: string } }; return (one ?? incident)!.tenant; }).filter((tenant) => tenant !== OTHER.id)).toEqual([]);
    const answer = (await socket.emitWithAck('resume', { seq: 0 })) as { messages: Array<{ alert?: { tenant: string }; incident?: { tenant: string } }> };
    expect(answer.messages.map(({ alert: one, incident }) => (one ?? incident)!.tenant).filter((tenant) => tenant !== OTHER.id)).toEqual([]);
    expect((await wary.admin.get(`/v1/alerts/${alert.id}`)).status).toBe(404);
  }, 60_000);
});
