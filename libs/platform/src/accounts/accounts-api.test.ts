import { SYSTEM_ACTOR } from '@wary/ports/workflow.port.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN, startApiApp, TENANT, type ApiApp } from '../testing/api-app.js';
import { newKey, signIn, withKey, type ApiClient } from '../testing/api-client.js';

const GOOD = 'a long enough secret';
let api: ApiApp;
let admin: ApiClient;
beforeAll(async () => {
  api = await startApiApp({ authLimits: { addressFailuresMax: 1_000 } });
  admin = (await signIn(api)).client;
});
afterAll(() => api.close());

const create = async (email: string, role = 'viewer'): Promise<{ id: string; email: string }> => (await admin.post('/v1/users', { email, role, password: GOOD })).body as { id: string; email: string };

describe('users', () => {
  it('a generated password is told once, and good for nothing but changing it', async () => {
    const created = await admin.post('/v1/users', { email: 'New@Wary.local', role: 'analyst', name: 'New' });
    expect(created.status).toBe(201);
    expect(created.headers['etag']).toBe('"1"');
    const { id, password } = created.body as { id: string; password: string };
    expect(created.body).toMatchObject({ email: 'new@wary.local', role: 'analyst', mustChangePassword: true, disabled: false, password: expect.stringMatching(/^[a-zA-Z2-9]{5}(-[a-zA-Z2-9]{5}){3}$/) });
    expect((await admin.get(`/v1/users/${id}`)).body).not.toHaveProperty('password');
    const { client } = await signIn(api, 'new@wary.local', password);
    expect((await client.get('/v1/me')).body).toMatchObject({ mustChangePassword: true, actions: ['self'] });
    expect((await client.get('/v1/detectors')).body).toMatchObject({ code: 'forbidden', mustChangePassword: true });
    expect((await client.post('/v1/me/password', { current: password, next: 'my own good secret' })).status).toBe(204);
    expect((await client.get('/v1/detectors')).status).toBe(200);
    expect((await admin.get(`/v1/users/${id}`)).body).toMatchObject({ mustChangePassword: false });
  });

  it('are unique by e-mail, and have good passwords and known roles', async () => {
    await create('twice@wary.local');
    expect((await admin.post('/v1/users', { email: 'TWICE@wary.local', role: 'viewer' })).body).toMatchObject({ status: 409, code: 'conflict' });
    for (const body of [{ email: 'x', role: 'viewer' }, { email: 'x@wary.local', role: 'root' }, { email: 'x@wary.local' }, { email: 'x@wary.local', role: 'viewer', password: 'short' }, { email: 'x@wary.local', role: 'viewer', password: 'x@wary.local' }, { email: 'x@wary.local', role: 'viewer', password: 'password1234' }]) {
      expect((await admin.post('/v1/users', body)).body).toMatchObject({ status: 422, code: 'validation_failed' });
    }
  });

  it('lose and gain rights at once, in sessions that are open', async () => {
    const { id } = await create('mia@wary.local', 'lead');
    const { client } = await signIn(api, 'mia@wary.local', GOOD);
    expect((await client.get('/v1/audit')).status).toBe(200);
    expect((await admin.patch(`/v1/users/${id}`, { role: 'viewer' })).body).toMatchObject({ role: 'viewer', version: 2 });
    expect((await client.get('/v1/audit')).status).toBe(403);
    expect((await admin.patch(`/v1/users/${id}`, { role: 'admin' })).status).toBe(200);
    expect((await client.get('/v1/users')).status).toBe(200);
    expect((await admin.patch(`/v1/users/${id}`, { disabled: true })).status).toBe(200);
    expect((await client.get('/v1/me')).status).toBe(401);
    expect((await signIn(api, 'mia@wary.local', GOOD)).response.status).toBe(401);
    await admin.patch(`/v1/users/${id}`, { disabled: false, role: 'viewer' });
    expect((await client.get('/v1/me')).status).toBe(401);
    expect((await signIn(api, 'mia@wary.local', GOOD)).response.status).toBe(200);
  });

  it('a reset gives a new password once and ends the sessions', async () => {
    const { id } = await create('rob@wary.local');
    const { client } = await signIn(api, 'rob@wary.local', GOOD);
    const { body } = await admin.patch(`/v1/users/${id}`, { reset: true });
    expect((await client.get('/v1/me')).status).toBe(401);
    expect((await signIn(api, 'rob@wary.local', GOOD)).response.status).toBe(401);
    expect((await signIn(api, 'rob@wary.local', (body as { password: string }).password)).response.body).toMatchObject({ mustChangePassword: true });
  });

  it('keep an administrator, also when two of them disable each other at the same moment', async () => {
    const me = (await admin.get('/v1/me')).body as { id: string };
    for (const change of [{ role: 'lead' }, { disabled: true }]) expect((await admin.patch(`/v1/users/${me.id}`, change)).body).toMatchObject({ status: 409, code: 'conflict' });
    for (let round = 0; round < 5; round += 1) {
      const second = await create(`second${round}@wary.local`, 'admin');
      const other = (await signIn(api, second.email, GOOD)).client;
      const [a, b] = await Promise.all([admin.patch(`/v1/users/${second.id}`, { disabled: true }), other.patch(`/v1/users/${me.id}`, { role: 'viewer' })]);
      expect([a.status, b.status].filter((status) => status === 200).length).toBe(1);
      await api.accounts.users.change(TENANT, me.id, { role: 'admin', disabled: false }, SYSTEM_ACTOR, undefined);
      await api.accounts.users.change(TENANT, second.id, { disabled: true }, SYSTEM_ACTOR, undefined);
    }
    const last = await api.postgres.db.selectFrom('users').select('email').where('role', '=', 'admin').where('disabled', '=', false).execute();
    expect(last.map(({ email }) => email)).toEqual([ADMIN.email]);
  });

  it('are changed from the version one has seen', async () => {
    const { id } = await create('ver@wary.local');
    expect((await admin.patch(`/v1/users/${id}`, { name: 'A' }).set('if-match', '"1"')).headers['etag']).toBe('"2"');
    expect((await admin.patch(`/v1/users/${id}`, { name: 'B' }).set('if-match', '"1"')).body).toMatchObject({ status: 412, code: 'stale_version', version: 2 });
    expect((await admin.patch(`/v1/users/${id}`, {})).status).toBe(422);
  });

  it('are listed page by page, of the own tenant alone', async () => {
    const { user } = await api.accounts.users.create('other', { email: 'foreign@wary.local', name: '', role: 'admin', password: GOOD }, SYSTEM_ACTOR);
    const all: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await admin.get(`/v1/users?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`);
      const page = body as { items: Array<{ email: string }>; next: string | null };
      expect(page.items.length).toBeLessThanOrEqual(3);
      all.push(...page.items.map(({ email }) => email));
      cursor = page.next;
    }
    expect(all).toEqual([...new Set(all)].sort());
    expect(all.length).toBeGreaterThan(6);
    expect(all).not.toContain('foreign@wary.local');
    for (const method of ['get', 'patch'] as const) expect((await admin[method](`/v1/users/${user.id}`, { name: 'x' })).status).toBe(404);
    const foreign = (await signIn(api, 'foreign@wary.local', GOOD)).client;
    expect(((await foreign.get('/v1/users')).body as { items: unknown[] }).items).toHaveLength(1);
    expect(((await foreign.get('/v1/api-keys')).body as { items: unknown[] }).items).toHaveLength(0);
    expect(JSON.stringify((await foreign.get('/v1/audit')).body)).not.toContain(ADMIN.email);
  });
});

describe('API keys', () => {
  it('are told once, kept as a hash, and show when they were used', async () => {
    const created = await admin.post('/v1/api-keys', { name: 'collector', scopes: ['ingest', 'read', 'read'] });
    const { id, key } = created.body as { id: string; key: string };
    expect(created.body).toMatchObject({ status: 'active', scopes: ['ingest', 'read'], hint: key.slice(-4), lastUsedAt: null, key: expect.stringMatching(/^wary_[\w-]{43}$/), createdBy: ADMIN.email });
    expect((await withKey(api, key).get('/v1/me')).body).toMatchObject({ kind: 'key', email: 'key:collector', role: null, scopes: ['ingest', 'read'] });
    const shown = await admin.get(`/v1/api-keys/${id}`);
    expect(shown.text).not.toContain(key);
    expect(shown.body).toMatchObject({ lastUsedAt: expect.any(Number) });
  });

  it('are rotated, narrowed, expired and revoked; a revoked one stays so', async () => {
    const { id, client } = await newKey(api, 'read');
    const rotated = await admin.patch(`/v1/api-keys/${id}`, { rotate: true });
    const fresh = withKey(api, (rotated.body as { key: string }).key);
    expect((await client.get('/v1/me')).status).toBe(401);
    expect((await fresh.get('/v1/me')).status).toBe(200);
    expect((await admin.patch(`/v1/api-keys/${id}`, { scopes: ['ingest'] })).body).toMatchObject({ scopes: ['ingest'] });
    expect((await fresh.get('/v1/me')).status).toBe(403);
    expect((await admin.patch(`/v1/api-keys/${id}`, { expiresAt: Date.now() - 1 })).body).toMatchObject({ code: 'validation_failed', errors: [{ path: 'expiresAt' }] });
    expect((await admin.patch(`/v1/api-keys/${id}`, { graceSeconds: 5 })).status).toBe(422);
    expect((await admin.delete(`/v1/api-keys/${id}`)).status).toBe(204);
    expect((await fresh.get('/v1/me')).status).toBe(401);
    expect((await admin.delete(`/v1/api-keys/${id}`)).status).toBe(204);
    expect((await admin.patch(`/v1/api-keys/${id}`, { rotate: true })).body).toMatchObject({ code: 'conflict' });
    expect((await admin.get(`/v1/api-keys/${id}`)).body).toMatchObject({ status: 'revoked' });
  });

  it('the first ones are made only while there is none', async () => {
    expect(api.ingestKey).toMatch(/^wary_/);
    const first = { adminEmail: 'late@wary.local', adminPassword: undefined, ingestKey: undefined };
    expect(await Promise.all([api.accounts.bootstrap(TENANT, first), api.accounts.bootstrap(TENANT, first)])).toEqual([{ admin: null, ingestKey: null }, { admin: null, ingestKey: null }]);
    const made = await Promise.all([1, 2, 3].map(() => api.accounts.bootstrap('fresh', { ...first, adminEmail: 'fresh@wary.local', ingestKey: `wary_${'k'.repeat(43)}` })));
    // Another tenant has first ones of its own, however many start at once.
    expect(made.filter(({ admin }) => admin !== null)).toEqual([{ admin: { email: 'fresh@wary.local', password: expect.any(String) }, ingestKey: { id: expect.any(String), key: null } }]);
    expect(made.filter(({ ingestKey }) => ingestKey !== null)).toHaveLength(1);
  });
});

describe('what nobody may set', () => {
  const OWNED = { id: 'x', tenant: 'other', version: 99, createdAt: 1, createdBy: 'x', updatedAt: 1, passwordHash: 'x', hash: 'x', key: 'x', secret: 'x', lastUsedAt: 1, lastSignInAt: 1, revokedAt: 1, isAdmin: true, actions: ['users.manage'], sessionId: 'x', disabledReason: 'x', failingSince: 1, previousSecretUntil: 1, hint: 'x' };
  it('is refused in every body, field by field', async () => {
    const user = await create('mass@wary.local');
    const key = await newKey(api, 'read');
    const hook = (await admin.post('/v1/webhooks', { url: 'https://hooks.example.com/x' })).body as { id: string };
    const writes: ReadonlyArray<readonly ['post' | 'patch', string, object]> = [
      ['post', '/v1/users', { email: 'mass2@wary.local', role: 'viewer' }], ['patch', `/v1/users/${user.id}`, { name: 'x' }], ['post', '/v1/api-keys', { name: 'x', scopes: ['read'] }], ['patch', `/v1/api-keys/${key.id}`, { name: 'x' }],
      ['post', '/v1/webhooks', { url: 'https://hooks.example.com/y' }], ['patch', `/v1/webhooks/${hook.id}`, { description: 'x' }], ['post', `/v1/webhooks/${hook.id}/recover`, { since: 1 }], ['patch', '/v1/detectors/volume', { weight: 1 }],
      ['post', '/v1/me/password', { current: 'x', next: GOOD }], ['post', '/v1/auth/login', ADMIN], ['patch', '/v1/registers/assets', { id: 'a' }],
    ];
    for (const [method, path, body] of writes) {
      for (const [field, value] of Object.entries(OWNED)) {
        if (Object.hasOwn(body, field)) continue;
        const answer = await admin[method](path, { ...body, [field]: value });
        expect([path, field, answer.status]).toEqual([path, field, 422]);
      }
    }
    expect((await admin.get('/v1/users?limit=200')).text).not.toContain('mass2@wary.local');
  });

  it('and hostile ids and cursors find nothing and break nothing', async () => {
    for (const id of ['%00', 'a%00b', '%ED%A0%80', "'%20or%201=1--", '..%2f..%2fetc', 'x'.repeat(1_000), '%F0%9F%98%80']) {
      for (const path of [`/v1/users/${id}`, `/v1/api-keys/${id}`, `/v1/webhooks/${id}`, `/v1/webhooks/${id}/deliveries`, `/v1/detectors/${id}`]) expect([path, (await admin.get(path)).status]).toEqual([path, expect.toSatisfy((status) => status === 404 || status === 400)]);
    }
    for (const id of ['constructor', '__proto__', 'toString']) expect((await admin.get(`/v1/detectors/${id}`)).status).toBe(404);
    for (const cursor of ['x', 'bnVsbA', 'WzFd', 'WyJhIiwiYiJd', Buffer.from('["a\u0000"]').toString('base64url')]) expect([cursor, (await admin.get(`/v1/users?cursor=${cursor}`)).status < 500]).toEqual([cursor, true]);
    expect((await admin.get('/v1/users?cursor=WzFd')).body).toMatchObject({ code: 'bad_request' });
    expect((await admin.get('/v1/users?limit=201')).status).toBe(422);
    expect((await admin.get('/v1/users?limit=10&order=password_hash')).status).toBe(422);
    expect((await admin.post('/v1/users', { email: 'nul@wary.local', name: 'a\u0000b\ud800', role: 'viewer' })).body).toMatchObject({ email: 'nul@wary.local' });
  });
});

describe('the audit', () => {
  it('says who, when, from where, before and after, newest first', async () => {
    const { id } = await create('aud@wary.local');
    await admin.patch(`/v1/users/${id}`, { role: 'lead' });
    await admin.patch(`/v1/users/${id}`, { disabled: true });
    const { body } = await admin.get(`/v1/audit?target=user:${id}`);
    expect((body as { items: unknown[] }).items).toMatchObject([
      { action: 'user.disable', actor: { name: ADMIN.email, kind: 'user', ip: '127.0.0.1', requestId: expect.stringMatching(/./) }, before: { disabled: false }, after: { disabled: true } },
      { action: 'user.change_role', before: { role: 'viewer' }, after: { role: 'lead' } },
      { action: 'user.create', before: null, after: { email: 'aud@wary.local', role: 'viewer' } },
    ]);
    expect(((await admin.get(`/v1/audit?action=user.&actor=${encodeURIComponent(ADMIN.email)}&limit=200`)).body as { items: Array<{ action: string }> }).items.every(({ action }) => action.startsWith('user.'))).toBe(true);
    expect(((await admin.get('/v1/audit?action=user.create&from=2999-01-01T00:00:00Z')).body as { items: unknown[] }).items).toEqual([]);
    const lead = (await newKey(api, 'read')).client;
    expect((await lead.get('/v1/audit')).status).toBe(403);
    const csv = await admin.get('/v1/audit').set('accept', 'text/csv');
    expect(csv.headers['content-type']).toMatch(/text\/csv/);
  });

  it('pages without losing or repeating an entry while new ones come', async () => {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await admin.get(`/v1/audit?limit=50${cursor === '' ? '' : `&cursor=${cursor}`}`);
      const page = body as { items: Array<{ id: string }>; next: string | null };
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next;
      await newKey(api, 'read');
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.map(Number)).toEqual(seen.map(Number).sort((a, b) => b - a));
    expect(seen.at(-1)).toBe('1');
  });

  it('and every table of the database are without a secret in clear', async () => {
    const { body: user } = await admin.post('/v1/users', { email: 'sec@wary.local', role: 'viewer' });
    const { key } = await newKey(api, 'read');
    const { body: hook } = await admin.post('/v1/webhooks', { url: 'https://hooks.example.com/services/T0/B0/urlsecret' });
    const { cookie } = await signIn(api);
    const { db } = api.postgres;
    const dump = JSON.stringify(await Promise.all((['users', 'sessions', 'api_keys', 'webhooks', 'audit'] as const).map((table) => db.selectFrom(table).selectAll().execute())));
    for (const secret of [(user as { password: string }).password, key, (hook as { secret: string }).secret, (hook as { secret: string }).secret.slice(6), cookie.split('=')[1]!, ADMIN.password, GOOD]) {
      expect(secret.length).toBeGreaterThan(10);
      expect(dump).not.toContain(secret);
      expect(api.log.join('\n')).not.toContain(secret);
    }
    expect(JSON.stringify(await db.selectFrom('audit').selectAll().execute())).not.toContain('urlsecret');
    expect(dump).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
  });
});
