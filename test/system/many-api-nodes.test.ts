import { createRuleStore } from '@wary/adapter-postgres/rule-store.js';
import { createChangeFeed } from '@wary/adapter-postgres/change-feed.js';
import { followSettings } from '@wary/platform/config/follow-settings.js';
import type { LiveChange, ResumeAnswer } from '@wary/model/live.js';
import { EMPTY_FOLDER } from '@wary/platform/rules/rule-folder.js';
import { createRuleService } from '@wary/platform/rules/rule-service.js';
import { startApiApp, TENANT, type ApiApp } from '@wary/platform/testing/api-app.js';
import { newKey, signIn, withCookie, withKey, type ApiClient } from '@wary/platform/testing/api-client.js';
import type { SettingsChange } from '@wary/ports/change-feed.port.js';
import { SYSTEM_ACTOR } from '@wary/ports/workflow.port.js';
import { makeFinding } from '@wary/testkit/make-finding.js';
import { startPostgresServer, type TestServer } from '@wary/testkit/start-postgres-server.js';
import { sql } from 'kysely';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

async function until(what: string, holds: () => boolean | Promise<boolean>, ms = 30_000): Promise<number> {
  const began = Date.now();
  for (const end = began + ms; !await holds(); await new Promise((resolve) => { setTimeout(resolve, 10); })) if (Date.now() > end) throw new Error(`${what} did not happen in ${ms} ms`);
  return Date.now() - began;
}
/** As long as a change may take to be seen everywhere (row 22 of the reliability table). */
const SEEN_MS_MAX = 5_000;
/** What a process remembers by itself is old after a minute: what is seen sooner was told. */
const authLimits = { cacheMs: 60_000 };

describe('several api nodes over one PostgreSQL', () => {
  let server: TestServer;
  let here: ApiApp;
  let there: ApiApp;
  let admin: ApiClient;
  const sockets: Socket[] = [];
  const connect = async (node: ApiApp, options: object): Promise<Socket> => {
    const socket = io(`${node.url}/live`, { transports: ['websocket'], reconnection: false, forceNew: true, ...options });
    sockets.push(socket);
    await new Promise<void>((resolve, reject) => { socket.once('connect', resolve); socket.once('connect_error', reject); });
    return socket;
  };

  beforeAll(async () => {
    server = await startPostgresServer();
    // Together: one of them migrates and makes the first administrator, the other waits.
    [here, there] = await Promise.all([startApiApp({ sharedUrl: server.url, authLimits }), startApiApp({ sharedUrl: server.url, authLimits })]);
    admin = (await signIn(here)).client;
  }, 180_000);
  afterAll(async () => {
    for (const socket of sockets) socket.close();
    await here?.close();
    await there?.close();
    await server?.stop();
  });

  it('start together: the schema, the first administrator and the first key are made once', async () => {
    expect((await here.postgres.db.selectFrom('users').selectAll().execute())).toHaveLength(1);
    expect((await here.postgres.db.selectFrom('api_keys').selectAll().execute())).toHaveLength(1);
    expect([here.ingestKey, there.ingestKey].filter((key) => key !== '')).toHaveLength(1);
  });

  it('a key that is revoked at one is refused by the other, and its socket there closes', async () => {
    const { key, id } = await newKey(here, 'read');
    await withKey(there, key).get('/v1/registers/people').expect(200);
    const socket = await connect(there, { auth: { token: key } });
    await admin.delete(`/v1/api-keys/${id}`);
    expect(await until('the socket closes', () => !socket.connected)).toBeLessThan(SEEN_MS_MAX);
    await withKey(there, key).get('/v1/registers/people').expect(401);
  });

  it('a person who is disabled, or gets another role, at one is out at the other', async () => {
    const { body } = await admin.post('/v1/users', { email: 'vera@wary.local', name: 'Vera', role: 'lead', password: 'a-long-enough-password-1' }).expect(201);
    const { id } = (body.user ?? body) as { id: string };
    const vera = await signIn(there, 'vera@wary.local', 'a-long-enough-password-1');
    await vera.client.get('/v1/registers/people').expect(200);
    const socket = await connect(there, { extraHeaders: { cookie: vera.cookie } });
    await admin.patch(`/v1/users/${id}`, { role: 'viewer' }).expect(200);
    expect(await until('the socket of the other role closes', () => !socket.connected)).toBeLessThan(SEEN_MS_MAX);
    await vera.client.patch('/v1/registers/people', []).expect(403);
    const again = await connect(there, { extraHeaders: { cookie: vera.cookie } });
    await admin.patch(`/v1/users/${id}`, { disabled: true }).expect(200);
    expect(await until('the socket of the disabled closes', () => !again.connected)).toBeLessThan(SEEN_MS_MAX);
    await vera.client.get('/v1/registers/people').expect(401);
  });

  it('a session works at every node, and ends at every node', async () => {
    const { client, cookie } = await signIn(here);
    const elsewhere = withCookie(there, cookie);
    await elsewhere.get('/v1/me').expect(200);
    await client.post('/v1/auth/logout').expect(204);
    expect(await until('the other refuses it', async () => (await elsewhere.get('/v1/me')).status === 401)).toBeLessThan(SEEN_MS_MAX);
  });

  it('registers and settings of detectors reach the other', async () => {
    const told: unknown[] = [];
    there.detectors.onChange((settings, tenant) => { told.push([tenant, settings['volume']!.enabled]); });
    await admin.put('/v1/registers/people', [{ id: 'zoe', type: 'user', name: 'Zoe' }]).expect(200);
    expect(await until('the register is there', () => there.registers.current(TENANT).people.some((row) => row.id === 'zoe'))).toBeLessThan(SEEN_MS_MAX);
    await admin.patch('/v1/detectors/volume', { enabled: false }).expect(200);
    expect(await until('the settings are there', () => told.length > 0)).toBeLessThan(SEEN_MS_MAX);
    expect(told[0]).toEqual([TENANT, false]);
  });

  it('rules reach a process that scores, and both run the same', async () => {
    const rule = (id: string, title: string): string => `title: ${title}\nid: ${id}\nstatus: test\nlogsource: { product: wary }\ndetection: { selection: { action: read }, condition: selection }\nlevel: low\n`;
    const [one, other] = [here, there].map((node) => createRuleService({ store: createRuleStore(node.postgres.db), clock: node.clock, now: () => performance.now() }));
    await Promise.all([one!, other!].map((service) => service.start([TENANT], EMPTY_FOLDER)));
    const feed = createChangeFeed(there.postgres, () => {});
    await feed.start();
    const unfollow = followSettings({ feed, rules: other!, onTrouble: () => {} });
    await one!.upload(TENANT, rule('b0000000-0000-4000-8000-000000000002', 'Second'), '', SYSTEM_ACTOR);
    await one!.upload(TENANT, rule('a0000000-0000-4000-8000-000000000001', 'First'), '', SYSTEM_ACTOR);
    const idsOf = (service: typeof one): string[] => service!.of(TENANT).compiled.compiled.rules.map(({ id }) => id);
    expect(await until('both rules are there', () => idsOf(other).length === 2)).toBeLessThan(SEEN_MS_MAX);
    // Not in the order in which they came, which differs between processes.
    expect(idsOf(other)).toEqual(idsOf(one));
    await one!.tune(TENANT, 'a0000000-0000-4000-8000-000000000001', { enabled: false, note: '' }, SYSTEM_ACTOR);
    await until('it is off', () => idsOf(other).length === 1);
    await feed.stop();
    await unfollow();
  });

  it('failed sign-ins at one count at the other', async () => {
    for (let index = 0; index < 5; index += 1) expect((await signIn(index % 2 === 0 ? here : there, 'nobody@wary.local', 'wrong-password-of-somebody')).response.status).toBe(401);
    for (const node of [here, there]) expect((await signIn(node, 'nobody@wary.local', 'wrong-password-of-somebody')).response.status).toBe(429);
  });

  it('every socket gets every message in the order of the commits, and resumes at another node', async () => {
    const { key } = await newKey(here, 'read');
    const listen = async (node: ApiApp): Promise<{ socket: Socket; seen: number[] }> => {
      const socket = await connect(node, { auth: { token: key } });
      const seen: number[] = [];
      for (const name of ['alert', 'incident']) socket.on(name, ({ seq }: { seq: number }) => { seen.push(seq); });
      return { socket, seen };
    };
    const start = await here.workflow!.lastChangeSeq();
    const [atHere, atThere] = [await listen(here), await listen(there)];
    const apply = async (node: ApiApp, from: number, count: number): Promise<void> => {
      for (let index = from; index < from + count; index += 1) {
        await node.workflow!.applyFindings([{ ...makeFinding({ id: `live-${index}`, reason: `live-${index}`, severity: index % 5 === 0 ? 'high' : 'low' }), tenant: TENANT }], Date.now());
        await node.workflow!.relay(Date.now());
      }
    };
    await Promise.all([apply(here, 0, 30), apply(there, 100, 30)]);
    await until('everything is numbered', async () => (await here.workflow!.relay(Date.now())).length === 0);
    const middle = await here.workflow!.lastChangeSeq();
    const expected = Array.from({ length: middle - start }, (_, index) => start + 1 + index);
    await until('both have everything', () => atHere.seen.length === expected.length && atThere.seen.length === expected.length);
    expect(atHere.seen).toEqual(expected);
    expect(atThere.seen).toEqual(expected);

    atHere.socket.close();
    await apply(there, 200, 20);
    const next = await listen(there);
    const answer = (await next.socket.emitWithAck('resume', { seq: atHere.seen.at(-1) })) as ResumeAnswer & { messages: LiveChange[] };
    const end = await here.workflow!.lastChangeSeq();
    expect(answer.messages.map(({ seq }) => seq)).toEqual(Array.from({ length: end - middle }, (_, index) => middle + 1 + index));
  });

  it('hears of a change by the versions when the notice was lost, and of one that was left out', async () => {
    const heard: SettingsChange[] = [];
    const deaf = createChangeFeed({ db: there.postgres.db, notices: { listen: () => () => {}, close: () => Promise.resolve() } }, () => {}, 100);
    deaf.subscribe((change) => { heard.push(change); });
    await deaf.start();
    const { id } = await newKey(here, 'read');
    await admin.patch(`/v1/api-keys/${id}`, { name: 'another name' }).expect(200);
    await until('it is found', () => heard.length === 1);
    expect(heard).toEqual([{ kind: 'access', tenant: '', whom: null }]);
    await new Promise((resolve) => { setTimeout(resolve, 400); });
    expect(heard).toHaveLength(1);
    await deaf.stop();

    const early = createChangeFeed(there.postgres, () => {}, 100);
    await early.start();
    await admin.patch(`/v1/api-keys/${id}`, { name: 'before anybody listened' }).expect(200);
    await new Promise((resolve) => { setTimeout(resolve, 500); });
    const late: SettingsChange[] = [];
    early.subscribe((change) => { late.push(change); });
    expect(late.length).toBe(1);
    await early.stop();

    const sharp: SettingsChange[] = [];
    const feed = createChangeFeed(there.postgres, () => {}, 600_000);
    feed.subscribe((change) => { sharp.push(change); });
    await feed.start();
    await until('it listens', async () => {
      await admin.patch(`/v1/api-keys/${id}`, { name: `name ${sharp.length}` }).expect(200);
      return sharp.length > 1;
    });
    expect(sharp.at(-1)).toEqual({ kind: 'access', tenant: '', whom: { keyId: id } });
    const count = sharp.length;
    await sql`update settings_versions set version = version + 1 where kind = 'access'`.execute(here.postgres.db);
    await admin.patch(`/v1/api-keys/${id}`, { name: 'after one that nobody heard' }).expect(200);
    await until('it is told', () => sharp.length > count);
    expect(sharp.at(-1)).toEqual({ kind: 'access', tenant: '', whom: null });
    await feed.stop();
  });

  it('goes on when the server was away: what changed meanwhile comes in', async () => {
    await server.kill();
    await until('the node says that the store is away', async () => (await withKey(there, here.ingestKey || there.ingestKey).get('/v1/me')).status !== 200);
    expect((await signIn(there)).response.status).toBe(503);
    await server.restart();
    await until('the other writes again', async () => (await signIn(here)).response.status === 200);
    await admin.put('/v1/registers/people', [{ id: 'yan', type: 'user', name: 'Yan' }]).expect(200);
    await until('the register is there', () => there.registers.current(TENANT).people.some((row) => row.id === 'yan'), 15_000);
  }, 60_000);
});
