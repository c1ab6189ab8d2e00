import { Controller, Get, Inject, Post } from '@nestjs/common';
import { WaryError } from '@wary/model/errors.js';
import { SYSTEM_ACTOR } from '@wary/ports/workflow.port.js';
import request from 'supertest';
import { deriveKeys } from '@wary/protect/derive-keys.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN, PUBLIC_URL, ROOT_SECRET, startApiApp, TENANT, type ApiApp } from '../testing/api-app.js';
import { anonymous, cookieOf, newKey, signIn, withCookie, withKey } from '../testing/api-client.js';
import { expectThrottled } from '../testing/expect-throttled.js';
import { Allow } from './allow.js';
import { AUTH_LIMITS } from './auth-limits.js';
import { createAuthenticator } from './caching-authenticator.js';
import { AUTHENTICATOR, type Authenticator, type Revocation } from './authenticator.js';

const FAULTS = [
  () => new Error('relation "users" does not exist: select * from users where password_hash = $1'),
  () => Object.assign(new Error('duplicate key value violates unique constraint'), { code: '23505', detail: 'Key (email)=(eve@x.example)', table: 'users' }),
  () => new WaryError('store_unavailable', 'connect ECONNREFUSED 10.1.2.3:5432 password=hunter2'),
  () => new WaryError('internal', 'secret hunter2 in it', { stack: 'at hunter2', secret: 'hunter2' }),
  () => ({ message: 'thrown object with hunter2' }),
  () => 'hunter2',
  () => null,
];
let fault = 0;

@Controller('v1/broken')
class BrokenController {
  constructor(@Inject(AUTHENTICATOR) private readonly authenticator: Authenticator) {}

  @Get()
  @Allow('public')
  fail(): never {
    if (typeof this.authenticator.authenticate !== 'function') throw new Error('not injected');
    fault += 1;
    throw FAULTS[fault % FAULTS.length]!();
  }

  @Get('forgotten')
  forgotten(): string { return 'nobody said who may read this'; }

  @Post('moves')
  @Allow('public')
  moves(): never { throw new WaryError('illegal_transition', 'No', { allowed: ['triage', 'closed'] }); }

  @Post('busy')
  @Allow('public')
  busy(): never { throw new WaryError('overloaded', undefined, { retryAfterSeconds: 2.2 }); }
}

let api: ApiApp;
const revoked: Revocation[] = [];
beforeAll(async () => {
  // The controller with a route without a policy is only let in here; see route-policies.test.ts for the start that fails.
  Reflect.defineMetadata('wary:policy', ['registers.edit'], BrokenController.prototype.forgotten);
  api = await startApiApp({ controllers: [BrokenController], authLimits: { cacheMs: 60_000 } });
  Reflect.deleteMetadata('wary:policy', BrokenController.prototype.forgotten);
  api.accounts.authenticator.onRevoked((what) => { revoked.push(what); });
});
afterAll(() => api.close());

const login = (body: object, ip = '192.0.2.1') => request(api.url).post('/v1/auth/login').set('x-forwarded-for', ip).send(body);

describe('signing in', () => {
  it('gives a cookie that scripts cannot read and no foreign page can send, and says who one is', async () => {
    const { response, client } = await signIn(api);
    expect(response.status).toBe(200);
    expect(response.body).toMatchObject({ email: ADMIN.email, role: 'admin', mustChangePassword: false });
    expect(response.body.actions).toContain('users.manage');
    const [header] = response.headers['set-cookie'] as unknown as string[];
    expect(header).toMatch(/^wary_session=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict$/);
    expect((await client.get('/v1/me')).body).toEqual(response.body);
  });

  it('takes the address in any case, and refuses unknown fields', async () => {
    expect((await login({ email: ' Admin@WARY.local ', password: ADMIN.password })).status).toBe(200);
    expect((await login({ ...ADMIN, role: 'admin' })).body).toMatchObject({ code: 'validation_failed' });
    expect((await login({ email: ADMIN.email })).body).toMatchObject({ code: 'validation_failed', errors: [{ path: 'password' }] });
    expect((await login({ email: { $ne: null }, password: ['x'] })).status).toBe(422);
  });

  it('answers the same to a wrong password, an unknown and a disabled person', async () => {
    const { user } = await api.accounts.users.create(TENANT, { email: 'gone@wary.local', name: '', role: 'viewer', password: 'a long enough secret' }, SYSTEM_ACTOR);
    await api.accounts.users.change(TENANT, user.id, { disabled: true }, SYSTEM_ACTOR, undefined);
    const answers = await Promise.all([login({ email: ADMIN.email, password: 'wrong' }, '192.0.2.20'), login({ email: 'nobody@wary.local', password: 'wrong' }, '192.0.2.21'), login({ email: 'gone@wary.local', password: 'a long enough secret' }, '192.0.2.22')]);
    for (const { status, body, headers } of answers) {
      expect(status).toBe(401);
      expect(body).toEqual({ type: '/problems/bad_credentials', title: 'E-mail or password is wrong', status: 401, detail: 'E-mail or password is wrong', code: 'bad_credentials', requestId: expect.any(String) });
      expect(headers['set-cookie']).toBeUndefined();
    }
  });

  it('does the same work for an unknown person as for a wrong password', async () => {
    // Without the hash it would be a tenth; what is left of a difference, in milliseconds, `bench/sign-in.ts` measures on a quiet machine.
    const RATIO_MAX = 1.6;
    const PAIRS = 32;
    const TRIES_EACH = 4;
    const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!;
    const took: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
    let email = '';
    for (let i = 0; i < PAIRS; i += 1) {
      // Another account every few tries and another address each time, so that the throttle is not what is measured.
      if (i % TRIES_EACH === 0) email = (await api.accounts.users.create(TENANT, { email: `t${i}@wary.local`, name: '', role: 'viewer', password: 'a long enough secret' }, SYSTEM_ACTOR)).user.email;
      // Both kinds in turn, and each first as often as the other, so that the machine's load hits both.
      const pair = [['known', email], ['unknown', `u${Math.floor(i / TRIES_EACH)}@wary.local`]] as const;
      for (const [kind, address] of i % 2 === 0 ? pair : pair.toReversed()) {
        // Processor time of the hashing and all else, since other processes' load must not decide.
        const start = process.cpuUsage();
        expect((await login({ email: address, password: 'wrong' }, `198.51.${kind === 'known' ? 100 : 101}.${i}`)).status).toBe(401);
        const { user, system } = process.cpuUsage(start);
        took[kind].push((user + system) / 1_000);
      }
    }
    const ratio = median(took.known) / median(took.unknown);
    expect(Math.max(ratio, 1 / ratio), `known ${median(took.known).toFixed(1)} ms, unknown ${median(took.unknown).toFixed(1)} ms`).toBeLessThan(RATIO_MAX);
  });

  it('throttles an account after five failures, also when they come at once', async () => {
    await api.accounts.users.create(TENANT, { email: 'bob@wary.local', name: '', role: 'viewer', password: 'a long enough secret' }, SYSTEM_ACTOR);
    const tries = await Promise.all(Array.from({ length: 12 }, (_, i) => login({ email: 'bob@wary.local', password: `wrong ${i}` }, `203.0.113.${i}`)));
    expectThrottled(tries, 5);
    expect((await login({ email: 'bob@wary.local', password: 'a long enough secret' }, '203.0.113.99')).status).toBe(429);
  });

  it('throttles an address that tries many accounts, and nobody else', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 24; i += 1) statuses.push((await login({ email: `spray${i}@wary.local`, password: 'Summer2026!' }, '198.51.100.200')).status);
    expect(statuses.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 401));
    expect(statuses.slice(20)).toEqual([429, 429, 429, 429]);
    expect((await login(ADMIN, '198.51.100.201')).status).toBe(200);
  });

  it('makes a new session each time and ends the one before: nobody can plant one', async () => {
    const first = await signIn(api);
    const again = await request(api.url).post('/v1/auth/login').set({ cookie: first.cookie, origin: PUBLIC_URL }).send(ADMIN);
    expect(cookieOf(again)).not.toBe(first.cookie);
    expect((await first.client.get('/v1/me')).status).toBe(401);
    const planted = `wary_session=${'A'.repeat(43)}`;
    const answer = await request(api.url).post('/v1/auth/login').set({ cookie: planted }).send(ADMIN);
    expect(cookieOf(answer)).not.toBe(planted);
    expect((await withCookie(api, planted).get('/v1/me')).status).toBe(401);
  });

  it('signs out, also without a session', async () => {
    const { client } = await signIn(api);
    const out = await client.post('/v1/auth/logout');
    expect(out.status).toBe(204);
    expect((out.headers['set-cookie'] as unknown as string[])[0]).toMatch(/^wary_session=; Path=\/; Max-Age=0;/);
    expect((await client.get('/v1/me')).status).toBe(401);
    expect((await anonymous(api).post('/v1/auth/logout')).status).toBe(204);
  });
});

describe('sessions', () => {
  it('are listed, and ended one by one or all others at once, with their sockets told', async () => {
    await api.accounts.users.create(TENANT, { email: 'sam@wary.local', name: 'Sam', role: 'analyst', password: 'a long enough secret' }, SYSTEM_ACTOR);
    const [one, two, three] = await Promise.all([1, 2, 3].map(() => signIn(api, 'sam@wary.local', 'a long enough secret')));
    const { body } = await one!.client.get('/v1/me/sessions');
    expect(body.items).toHaveLength(3);
    expect(body.items.filter((session: { current: boolean }) => session.current)).toHaveLength(1);
    expect(JSON.stringify(body)).not.toMatch(/token|hash/i);
    const other = body.items.find((session: { current: boolean }) => !session.current) as { id: string };
    revoked.length = 0;
    expect((await one!.client.delete(`/v1/me/sessions/${other.id}`)).status).toBe(204);
    expect(revoked).toEqual([{ userId: expect.any(String), sessionId: other.id }]);
    expect((await one!.client.delete(`/v1/me/sessions/${other.id}`)).status).toBe(404);
    expect((await one!.client.delete('/v1/me/sessions')).body).toEqual({ ended: 1 });
    expect((await one!.client.get('/v1/me')).status).toBe(200);
    for (const ended of [two!, three!]) expect((await ended.client.get('/v1/me')).status).toBe(401);
    const admin = (await signIn(api)).client;
    const mine = ((await admin.get('/v1/me/sessions')).body.items as Array<{ id: string }>)[0]!;
    expect((await one!.client.delete(`/v1/me/sessions/${mine.id}`)).status).toBe(404);
  });

  it('the password is changed with the present one, and all other sessions end', async () => {
    await api.accounts.users.create(TENANT, { email: 'pat@wary.local', name: '', role: 'viewer', password: 'a long enough secret' }, SYSTEM_ACTOR);
    const here = await signIn(api, 'pat@wary.local', 'a long enough secret');
    const there = await signIn(api, 'pat@wary.local', 'a long enough secret');
    const change = (current: string, next: string) => here.client.post('/v1/me/password', { current, next });
    expect((await change('wrong', 'another long secret')).body).toMatchObject({ code: 'bad_credentials' });
    for (const weak of ['short', 'aaaaaaaaaaaaaaaa', 'pat@wary.local', 'a long enough secret']) expect((await change('a long enough secret', weak)).status).toBe(422);
    expect((await change('a long enough secret', 'another long secret')).status).toBe(204);
    expect((await here.client.get('/v1/me')).status).toBe(200);
    expect((await there.client.get('/v1/me')).status).toBe(401);
    expect((await signIn(api, 'pat@wary.local', 'a long enough secret')).response.status).toBe(401);
    expect((await signIn(api, 'pat@wary.local', 'another long secret')).response.status).toBe(200);
  });

  it('end when idle, and at their absolute end however busy', async () => {
    const { client, cookie } = await signIn(api);
    const key = await newKey(api, 'read');
    const principal = await api.accounts.authenticator.authenticate({ cookie, authorization: undefined, ip: '', now: api.clock.now() });
    for (let hour = 0; hour < 7 * 24 - 1; hour += 11) {
      expect((await client.get('/v1/me')).status).toBe(200);
      api.clock.forward(11 * 3_600_000);
    }
    expect(await api.accounts.authenticator.stillValid(principal!, api.clock.now())).toBe(false);
    expect((await client.get('/v1/me')).status).toBe(401);
    expect((await key.client.get('/v1/me')).status).toBe(200);
    const idle = await signIn(api);
    api.clock.forward(13 * 3_600_000);
    expect((await idle.client.get('/v1/me')).status).toBe(401);
    expect(await api.accounts.removeExpiredSessions(api.clock.now())).toBeGreaterThan(0);
  });
});

describe('the guard', () => {
  it('asks for a session or key, and for the right one', async () => {
    const { client: ingest } = await newKey(api, 'ingest');
    const { client: read } = await newKey(api, 'read');
    const { client: respond } = await newKey(api, 'respond');
    expect((await anonymous(api).get('/v1/users')).body).toMatchObject({ code: 'unauthenticated' });
    expect((await anonymous(api).get('/v1/users')).headers['www-authenticate']).toBe('Bearer realm="wary"');
    for (const [client, path, status] of [[ingest, '/v1/me', 403], [ingest, '/v1/users', 403], [read, '/v1/me', 200], [read, '/v1/me/sessions', 403], [read, '/v1/detectors', 200], [respond, '/v1/users', 403], [respond, '/v1/audit', 403], [respond, '/v1/webhooks', 403]] as const) expect([path, (await client.get(path)).status]).toEqual([path, status]);
    for (const path of ['/v1/api-keys', '/v1/users', '/v1/webhooks']) expect((await respond.post(path, {})).status).toBe(403);
    expect((await respond.patch('/v1/detectors/volume', { weight: 2 })).status).toBe(403);
  });

  it.each(['Bearer', 'Bearer wary_short', `Bearer wary_${'x'.repeat(43)}`, 'Basic YWRtaW46eA==', `bearer  wary_${'x'.repeat(400)}`, 'wary', 'Bearer wary_ü'.normalize('NFC').replace('ü', '%fc')])('is not opened by %j, not even with a good cookie beside it', async (authorization) => {
    const { cookie } = await signIn(api);
    expect((await request(api.url).get('/v1/me').set({ authorization, cookie })).status).toBe(401);
  });

  it('refuses a route without a policy at run time too', async () => {
    const { client } = await signIn(api);
    expect((await client.get('/v1/broken/forgotten')).body).toMatchObject({ code: 'forbidden', detail: 'This route has no policy' });
  });

  it.each([
    ['the own origin', { origin: PUBLIC_URL }, 200], ['a browser on the same origin', { 'sec-fetch-site': 'same-origin' }, 200], ['a script that has the cookie', {}, 200],
    ['a foreign origin', { origin: 'https://evil.example' }, 403], ['a foreign origin that looks alike', { origin: `${PUBLIC_URL}.evil.example` }, 403], ['no origin to speak of', { origin: 'null' }, 403], ['the other scheme', { origin: PUBLIC_URL.replace('http', 'https') }, 403],
    ['a foreign page', { 'sec-fetch-site': 'cross-site' }, 403], ['another site of the same domain', { 'sec-fetch-site': 'same-site' }, 403],
  ] as const)('by cookie, a change from %s', async (_name, headers, status) => {
    const { cookie } = await signIn(api);
    const answer = await request(api.url).patch('/v1/detectors/volume').set({ cookie, ...headers }).send({ weight: 1 });
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.body).toMatchObject({ code: 'origin_forbidden' });
    expect((await request(api.url).get('/v1/me').set({ cookie, ...headers })).status).toBe(200);
  });

  it('lets a key change things from anywhere, and no foreign page sign anybody in', async () => {
    const { key } = await newKey(api, 'admin');
    expect((await request(api.url).patch('/v1/detectors/volume').set({ authorization: `Bearer ${key}`, origin: 'https://evil.example' }).send({ weight: 1 })).status).toBe(200);
    expect((await request(api.url).post('/v1/auth/login').set({ origin: 'https://evil.example' }).send(ADMIN)).body).toMatchObject({ code: 'origin_forbidden' });
  });

  it('an ingest key costs one look-up for many requests', async () => {
    const { key } = await newKey(api, 'ingest');
    let reads = 0;
    const { store } = api.accounts;
    const authenticator = createAuthenticator({ store: { ...store, findApiKeyByHash: (hash) => { reads += 1; return store.findApiKeyByHash(hash); } }, keys: deriveKeys(ROOT_SECRET), limits: AUTH_LIMITS, policy: { requireSecondFactor: false }, onTouchFailed: () => {} });
    const now = api.clock.now();
    for (let i = 0; i < 1_000; i += 1) expect(await authenticator.authenticate({ cookie: undefined, authorization: `Bearer ${key}`, ip: '', now: now + i })).toMatchObject({ kind: 'key', scopes: ['ingest'] });
    expect(reads).toBe(1);
    authenticator.revoke({});
    await authenticator.authenticate({ cookie: undefined, authorization: `Bearer ${key}`, ip: '', now });
    expect(reads).toBe(2);
  });
});

describe('errors', () => {
  it('of every kind become problems without a word of what is inside; the log has it with the request id', async () => {
    for (let i = 0; i < 500; i += 1) {
      const { statusCode: status, body: text, headers } = await api.app.inject({ method: 'GET', url: '/v1/broken?q=hunter2' });
      const body: object = JSON.parse(text) as object;
      expect([500, 503]).toContain(status);
      expect(headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(Object.keys(body).sort()).toEqual(['code', 'detail', 'requestId', 'status', 'title', 'type']);
      expect(text).not.toMatch(/hunter2|select |\bat |users|ECONN|node_modules/i);
      if (status === 503) expect(headers['retry-after']).toBe('5');
    }
    const { body } = await request(api.url).get('/v1/broken');
    const line = api.log.map((text) => JSON.parse(text) as { requestId?: string; path?: string }).find(({ requestId }) => requestId === (body as { requestId: string }).requestId);
    expect(line).toMatchObject({ path: '/v1/broken' });
    expect(api.log.join('\n')).not.toContain('q=hunter2');
  });

  it('of the framework are problems too', async () => {
    expect((await anonymous(api).get('/v1/nothing/here')).body).toMatchObject({ status: 404, code: 'not_found', type: '/problems/not_found' });
    const malformed = await request(api.url).post('/v1/auth/login').set('content-type', 'application/json').send('{"email":"a","password":"hunter2"');
    expect(malformed.body).toMatchObject({ status: 400, code: 'bad_request' });
    expect(malformed.text).not.toContain('hunter2');
    expect((await request(api.url).post('/v1/auth/login').set('content-type', 'text/xml').send('<a/>')).body).toMatchObject({ status: 415, code: 'unsupported_media_type' });
    expect((await request(api.url).post('/v1/auth/login').set('content-type', 'application/json').send(`{"email":"${'x'.repeat(2_000_000)}"}`)).body).toMatchObject({ status: 413, code: 'body_too_large' });
    expect((await anonymous(api).post('/v1/auth/login', JSON.parse('{"__proto__":{"role":"admin"},"email":"a","password":"b"}') as object)).status).toBeGreaterThanOrEqual(400);
  });

  it('say which moves are allowed, and how long to wait', async () => {
    expect((await anonymous(api).post('/v1/broken/moves')).body).toMatchObject({ status: 409, code: 'illegal_transition', allowed: ['triage', 'closed'] });
    expect((await anonymous(api).post('/v1/broken/busy')).headers['retry-after']).toBe('3');
  });
});

describe('open sockets', () => {
  it('hear at once of every change that concerns them, and see what other processes changed within seconds', async () => {
    const { user } = await api.accounts.users.create(TENANT, { email: 'eve@wary.local', name: '', role: 'lead', password: 'a long enough secret' }, SYSTEM_ACTOR);
    const { cookie } = await signIn(api, 'eve@wary.local', 'a long enough secret');
    const authenticate = () => api.accounts.authenticator.authenticate({ cookie, authorization: undefined, ip: '', now: api.clock.now() });
    const socket = (await authenticate())!;
    expect(await api.accounts.authenticator.stillValid(socket, api.clock.now())).toBe(true);
    revoked.length = 0;
    await api.accounts.users.change(TENANT, user.id, { role: 'viewer' }, SYSTEM_ACTOR, undefined);
    expect(revoked).toEqual([{ userId: user.id }]);
    expect(await api.accounts.authenticator.stillValid(socket, api.clock.now())).toBe(false);
    const asViewer = (await authenticate())!;
    expect(asViewer.role).toBe('viewer');
    await api.postgres.db.updateTable('users').set({ disabled: true }).where('id', '=', user.id).execute();
    expect(await api.accounts.authenticator.stillValid(asViewer, api.clock.now())).toBe(true);
    api.clock.forward(60_001);
    expect(await api.accounts.authenticator.stillValid(asViewer, api.clock.now())).toBe(false);
    expect(await api.accounts.authenticator.stillValid({ ...asViewer }, api.clock.now())).toBe(false);
  });

  it('keys: expiry, revocation and rotation', async () => {
    const { key, id } = await newKey(api, 'read');
    const authenticate = (token: string) => api.accounts.authenticator.authenticate({ cookie: undefined, authorization: `Bearer ${token}`, ip: '', now: api.clock.now() });
    const principal = (await authenticate(key))!;
    revoked.length = 0;
    const rotated = await api.accounts.apiKeys.change(TENANT, id, { rotate: true, graceSeconds: 60 }, SYSTEM_ACTOR, undefined);
    expect(revoked).toEqual([{ keyId: id }]);
    expect(await authenticate(key)).not.toBeNull();
    expect(await authenticate(rotated.secret!)).not.toBeNull();
    api.clock.forward(61_000);
    expect(await authenticate(key)).toBeNull();
    expect(await authenticate(rotated.secret!)).not.toBeNull();
    await api.accounts.apiKeys.change(TENANT, id, { expiresAt: api.clock.now() + 1_000 }, SYSTEM_ACTOR, undefined);
    expect(await authenticate(rotated.secret!)).not.toBeNull();
    api.clock.forward(1_000);
    expect(await authenticate(rotated.secret!)).toBeNull();
    expect(await api.accounts.authenticator.stillValid(principal, api.clock.now())).toBe(false);
    expect((await withKey(api, rotated.secret!).get('/v1/me')).status).toBe(401);
  });
});
