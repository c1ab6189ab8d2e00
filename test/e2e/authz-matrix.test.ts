import { ROLE_ACTIONS, ROLES, SCOPE_ACTIONS, SCOPES, type Action } from '@wary/model/permissions.js';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startForTest, type TestWary } from './support/start-for-test.js';

type Send = (method: string, path: string) => Promise<{ status: number; body: { code?: string } }>;
interface Caller { readonly name: string; readonly actions: ReadonlySet<Action>; readonly known: boolean; readonly send: Send }

/** Routes whose allowed use would end the caller's own session. */
const ENDS_SESSION = new Set(['POST /v1/auth/logout', 'DELETE /v1/me/sessions', 'POST /v1/me/password']);
const PASSWORD = 'a quite long passphrase';

describe('who may do what (generated from the routes of the running service)', () => {
  let wary: TestWary;
  const callers: Caller[] = [];

  beforeAll(async () => {
    wary = await startForTest();
    const verb = (agent: ReturnType<typeof supertest.agent>, headers: Record<string, string>): Send => async (method, path) => {
      const test = (agent as unknown as Record<string, (path: string) => supertest.Test>)[method.toLowerCase()]!(path).set(headers);
      const { status, body } = await (method === 'GET' || method === 'DELETE' ? test : test.send({}));
      return { status, body: body as { code?: string } };
    };
    const withKey = (key: string): Send => verb(supertest.agent(wary.url), { authorization: `Bearer ${key}` });

    callers.push({ name: 'anonymous', actions: new Set(['public']), known: false, send: verb(supertest.agent(wary.url), {}) });
    for (const role of ROLES) {
      const email = `the-${role}@wary.test`;
      await wary.admin.post('/v1/users').send({ email, name: role, role, password: PASSWORD }).expect(201);
      const agent = supertest.agent(wary.url).set('Origin', wary.url);
      const signIn = await agent.post('/v1/auth/login').send({ email, password: PASSWORD });
      expect(signIn.status).toBe(200);
      if ((await agent.get('/v1/me')).body.mustChangePassword === true) {
        await agent.post('/v1/me/password').send({ current: PASSWORD, next: `${PASSWORD} 2` }).expect(204);
      }
      callers.push({ name: role, actions: new Set<Action>(['public', ...ROLE_ACTIONS[role]]), known: true, send: verb(agent, {}) });
    }
    for (const scope of SCOPES) {
      const { body } = await wary.admin.post('/v1/api-keys').send({ name: `key-${scope}`, scopes: [scope] }).expect(201);
      callers.push({ name: `key with scope ${scope}`, actions: new Set<Action>(['public', ...SCOPE_ACTIONS[scope]]), known: true, send: withKey(body.key as string) });
    }
    const { body: gone } = await wary.admin.post('/v1/api-keys').send({ name: 'gone', scopes: [...SCOPES] }).expect(201);
    const { id } = (gone.apiKey ?? gone) as { id: string };
    await wary.admin.delete(`/v1/api-keys/${id}`);
    callers.push({ name: 'revoked key', actions: new Set(['public']), known: false, send: withKey(gone.key as string) });
    callers.push({ name: 'made-up key', actions: new Set(['public']), known: false, send: withKey(`wary_${'A'.repeat(43)}`) });
  }, 240_000);
  afterAll(() => wary?.dispose());

  it('sees the whole API, and every route has a policy', async () => {
    expect(wary.routes.length).toBeGreaterThan(50);
    expect(wary.routes.filter(({ actions }) => actions === null)).toEqual([]);
    const { body: document } = await supertest(wary.url).get('/openapi.json').expect(200);
    expect(document.openapi).toMatch(/^3\.1/);
    const documented = new Set(Object.entries(document.paths as Record<string, object>).flatMap(([path, verbs]) => Object.keys(verbs).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`)));
    expect(wary.routes.map(({ method, path }) => `${method} ${path}`).filter((route) => !documented.has(route))).toEqual([]);
  });

  it('every caller gets through where its actions say so, and nowhere else', async () => {
    const wrong: string[] = [];
    for (const caller of callers) {
      for (const { method, path, actions } of wary.routes) {
        const allowed = actions!.some((action) => caller.actions.has(action));
        const route = `${method} ${path}`;
        if (allowed && caller.known && ENDS_SESSION.has(route)) continue;
        const { status, body } = await caller.send(method, path.replaceAll(/:(\w+)/g, (_, name: string) => (name === 'type' ? 'user' : name === 'name' || name === 'register' ? 'holidays' : 'nobody')));
        const refused = status === 401 || status === 403;
        const publicLogin = path === '/v1/auth/login';
        if (allowed ? refused && !publicLogin : status !== (caller.known ? 403 : 401)) wrong.push(`${caller.name}: ${route} answered ${status} ${body.code ?? ''}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 120_000);

  it('refuses a change that comes from another site, whatever the cookie', async () => {
    const agent = await wary.signIn('the-lead@wary.test', PASSWORD).catch(() => wary.signIn('the-lead@wary.test', `${PASSWORD} 2`));
    const answer = await agent.post('/v1/incidents').set('Origin', 'https://evil.example').send({ title: 'x', alertIds: ['a'] });
    expect(answer.status).toBe(403);
    expect(answer.body.code).toBe('origin_forbidden');
  });
});
