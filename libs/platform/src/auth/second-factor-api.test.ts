import { SYSTEM_ACTOR } from '@wary/ports/workflow.port.js';
import { sql } from 'kysely';
import { generateSync } from 'otplib';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PUBLIC_URL, startApiApp, TENANT, type ApiApp } from '../testing/api-app.js';
import { cookieOf, signIn, withCookie, type ApiClient } from '../testing/api-client.js';
import { expectThrottled } from '../testing/expect-throttled.js';

const PASSWORD = 'a long enough secret';
const STEP_MS = 30_000;
let api: ApiApp;
let admin: ApiClient;
let people = 0;
beforeAll(async () => {
  api = await startApiApp({ authLimits: { addressFailuresMax: 10_000 } });
  admin = (await signIn(api)).client;
});
afterAll(() => api.close());

interface Person { readonly id: string; readonly email: string; readonly client: ApiClient; readonly secret: string; readonly recoveryCodes: readonly string[] }

const codeNow = (secret: string, from: ApiApp = api): string => generateSync({ secret, epoch: Math.floor(from.clock.now() / 1_000) });
/** A code of a step that nobody has used yet. */
function freshCode(secret: string, from: ApiApp = api): string {
  from.clock.forward(STEP_MS);
  return codeNow(secret, from);
}
const wrongCode = (secret: string): string => String((Number(codeNow(secret)) + 1) % 1_000_000).padStart(6, '0');

async function newPerson(from: ApiApp = api, role: 'viewer' | 'admin' = 'viewer'): Promise<{ id: string; email: string }> {
  people += 1;
  const { user } = await from.accounts.users.create(TENANT, { email: `person${people}@wary.local`, name: '', role, password: PASSWORD }, SYSTEM_ACTOR);
  return user;
}

async function enrolled(): Promise<Person> {
  const { id, email } = await newPerson();
  const { client } = await signIn(api, email, PASSWORD);
  const { body: begun } = await client.post('/v1/me/second-factor', { password: PASSWORD });
  const confirmed = await client.post('/v1/me/second-factor/confirm', { code: freshCode(begun.secret as string) });
  expect(confirmed.status).toBe(200);
  return { id, email, client, secret: begun.secret as string, recoveryCodes: confirmed.body.recoveryCodes as string[] };
}

const login = (email: string, password = PASSWORD) => request(api.url).post('/v1/auth/login').send({ email, password });
const secondStep = (challenge: string, code: string, headers: Record<string, string> = {}) => request(api.url).post('/v1/auth/login/second-factor').set(headers).send({ challenge, code });
async function challengeOf({ email }: Pick<Person, 'email'>): Promise<string> {
  const { status, body, headers } = await login(email);
  expect([status, body.code, headers['set-cookie']]).toEqual([401, 'second_factor_required', undefined]);
  return body.challenge as string;
}

describe('setting up a second factor', () => {
  it('takes the password, shows the secret once, and guards nothing before a code has confirmed it', async () => {
    const { email } = await newPerson();
    const { client } = await signIn(api, email, PASSWORD);
    const elsewhere = await signIn(api, email, PASSWORD);
    expect((await client.get('/v1/me/second-factor')).body).toEqual({ enabled: false, enabledAt: null, recoveryCodesLeft: 0, required: false });
    expect((await client.post('/v1/me/second-factor/confirm', { code: '123456' })).body).toMatchObject({ code: 'conflict' });
    expect((await client.post('/v1/me/second-factor', { password: 'wrong' })).body).toMatchObject({ status: 401, code: 'bad_credentials' });
    const begun = await client.post('/v1/me/second-factor', { password: PASSWORD });
    const secret = begun.body.secret as string;
    expect(begun.body.uri).toBe(`otpauth://totp/Wary:${encodeURIComponent(email)}?secret=${secret}&issuer=Wary`);
    expect((await login(email)).status).toBe(200);
    expect((await client.post('/v1/me/second-factor/confirm', { code: wrongCode(secret) })).body).toMatchObject({ status: 401, code: 'bad_second_factor' });
    expect((await client.get('/v1/me')).body).toMatchObject({ secondFactor: false });

    const confirmed = await client.post('/v1/me/second-factor/confirm', { code: ` ${codeNow(secret).replace(/^.../, '$& ')} ` });
    expect(confirmed.body.recoveryCodes).toHaveLength(10);
    expect((await client.get('/v1/me')).body).toMatchObject({ secondFactor: true });
    const status = (await client.get('/v1/me/second-factor')).body;
    expect(status).toEqual({ enabled: true, enabledAt: expect.any(Number), recoveryCodesLeft: 10, required: false });
    expect((await elsewhere.client.get('/v1/me')).status).toBe(401);
    expect((await client.post('/v1/me/second-factor', { password: PASSWORD })).body).toMatchObject({ status: 409, code: 'conflict' });
    expect((await client.post('/v1/me/second-factor/confirm', { code: freshCode(secret) })).body).toMatchObject({ code: 'conflict' });
  });

  it('keeps the secret encrypted, for its owner alone, and only hashes of the recovery codes', async () => {
    const one = await enrolled();
    const two = await enrolled();
    const dump = JSON.stringify([
      (await sql`select * from users`.execute(api.postgres.db)).rows, (await sql`select * from recovery_codes`.execute(api.postgres.db)).rows, (await sql`select * from audit`.execute(api.postgres.db)).rows, api.log,
    ]);
    for (const { secret, recoveryCodes } of [one, two]) for (const text of [secret, ...recoveryCodes]) expect(dump).not.toContain(text);
    // A row copied onto somebody else's: the other's app must not open it.
    await sql`update users set second_factor_secret = (select second_factor_secret from users where id = ${two.id}), second_factor_step = 0 where id = ${one.id}`.execute(api.postgres.db);
    expect((await secondStep(await challengeOf(one), freshCode(two.secret))).status).toBe(500);
    expect((await secondStep(await challengeOf(one), one.recoveryCodes[0]!)).status).toBe(200);
  });
});

describe('signing in with a second factor', () => {
  it('takes both steps, and makes a session under a new token that ends the one before', async () => {
    const person = await enrolled();
    const challenge = await challengeOf(person);
    const planted = `wary_session=${'A'.repeat(43)}`;
    const answer = await secondStep(challenge, freshCode(person.secret), { cookie: planted });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ email: person.email, secondFactor: true });
    expect((answer.headers['set-cookie'] as unknown as string[])[0]).toMatch(/^wary_session=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict$/);
    expect(cookieOf(answer)).not.toBe(planted);
    expect((await withCookie(api, planted).get('/v1/me')).status).toBe(401);
    const again = await secondStep(await challengeOf(person), freshCode(person.secret), { cookie: cookieOf(answer), origin: PUBLIC_URL });
    expect((await withCookie(api, cookieOf(answer)).get('/v1/me')).status).toBe(401);
    expect((await withCookie(api, cookieOf(again)).get('/v1/me')).status).toBe(200);
  });

  it('the challenge is no session, and none from another site may answer it', async () => {
    const person = await enrolled();
    const challenge = await challengeOf(person);
    expect((await withCookie(api, `wary_session=${challenge}`).get('/v1/me')).status).toBe(401);
    expect((await request(api.url).get('/v1/me').set({ authorization: `Bearer ${challenge}` })).status).toBe(401);
    expect((await secondStep(challenge, freshCode(person.secret), { origin: 'https://evil.example' })).body).toMatchObject({ code: 'origin_forbidden' });
    expect((await secondStep(challenge, codeNow(person.secret))).status).toBe(200);
  });

  it('refuses every replay: of the code, of an older one, and of all but one that come at the same moment', async () => {
    const person = await enrolled();
    const older = codeNow(person.secret);
    let accepted = 0;
    for (let round = 0; round < 3; round += 1) {
      const code = freshCode(person.secret);
      const challenge = await challengeOf(person);
      const atOnce = await Promise.all(Array.from({ length: 4 }, () => secondStep(challenge, code)));
      expect(atOnce.filter(({ status }) => status === 200)).toHaveLength(1);
      accepted += 1;
      for (const { status, body } of atOnce) if (status !== 200) expect(body).toMatchObject({ status: 401, code: 'bad_second_factor' });
      const next = freshCode(person.secret);
      expect((await secondStep(challenge, next)).status).toBe(200);
      accepted += 1;
      // Still within its tolerance, but the step after it was used.
      for (const used of [code, next, older]) expect((await secondStep(await challengeOf(person), used)).status).toBe(401);
      expect((await secondStep(challenge, freshCode(person.secret))).status).toBe(200);
      accepted += 1;
    }
    const { rows } = await sql<{ count: number }>`select count(*)::int as count from audit where action = 'session.sign_in' and actor_id = ${person.id} and after->>'secondFactor' = 'totp'`.execute(api.postgres.db);
    expect(rows[0]!.count).toBe(accepted);
  });

  it('throttles after five wrong codes, also when they come at once, and a right password does not reset it', async () => {
    const person = await enrolled();
    const challenge = await challengeOf(person);
    const wrong = wrongCode(person.secret);
    const tries = await Promise.all(Array.from({ length: 12 }, () => secondStep(challenge, wrong)));
    expectThrottled(tries, 5);
    expect((await secondStep(await challengeOf(person), freshCode(person.secret))).status).toBe(429);
    expect((await secondStep(await challengeOf(person), person.recoveryCodes[0]!)).status).toBe(429);
    expect(api.log.some((line) => line.includes('auth.second_factor.failed') && line.includes(person.id))).toBe(true);
  });

  it('gives each recovery code one use, however it is typed', async () => {
    const person = await enrolled();
    const [first, second] = person.recoveryCodes as [string, string];
    const challenge = await challengeOf(person);
    const atOnce = await Promise.all([secondStep(challenge, first), secondStep(challenge, first)]);
    expect(atOnce.map(({ status }) => status).sort()).toEqual([200, 401]);
    expect((await secondStep(challenge, first.toUpperCase().replaceAll('-', ' '))).status).toBe(401);
    const signedIn = await secondStep(challenge, ` ${second.toUpperCase().replaceAll('-', '')}`);
    expect(signedIn.status).toBe(200);
    expect((await withCookie(api, cookieOf(signedIn)).get('/v1/me/second-factor')).body).toMatchObject({ recoveryCodesLeft: 8 });
    const other = await enrolled();
    expect((await secondStep(await challengeOf(other), person.recoveryCodes[2]!)).status).toBe(401);
  });

  it('a challenge ends: after five minutes, with another password, with the person, and when it is forged', async () => {
    const person = await enrolled();
    const stale = await challengeOf(person);
    api.clock.forward(5 * 60_000);
    const current = await challengeOf(person);
    const expired = { status: 401, code: 'challenge_expired' };
    expect((await secondStep(stale, freshCode(person.secret))).body).toMatchObject(expired);
    const forged = Buffer.from(JSON.stringify([person.id, api.clock.now() + 60_000, 'x'])).toString('base64url');
    for (const challenge of [forged, `${forged}.`, `${forged}.AAAA`, `${forged}.${current.split('.')[1]}`]) expect((await secondStep(challenge, codeNow(person.secret))).body).toMatchObject(expired);
    await admin.patch(`/v1/users/${person.id}`, { password: 'another long secret' });
    expect((await secondStep(current, codeNow(person.secret))).body).toMatchObject(expired);
    const { body } = await login(person.email, 'another long secret');
    await admin.patch(`/v1/users/${person.id}`, { disabled: true });
    expect((await secondStep(body.challenge as string, codeNow(person.secret))).body).toMatchObject(expired);
  });
});

describe('changing it', () => {
  it('new recovery codes and turning it off take password and code, and the old codes are good no more', async () => {
    const person = await enrolled();
    const send = (path: string, body: object) => person.client.post(`/v1/me/second-factor/${path}`, body);
    for (const path of ['recovery-codes', 'disable']) {
      expect((await send(path, { password: 'wrong', code: freshCode(person.secret) })).body).toMatchObject({ code: 'bad_credentials' });
      expect((await send(path, { password: PASSWORD, code: wrongCode(person.secret) })).body).toMatchObject({ code: 'bad_second_factor' });
      expect((await send(path, { password: PASSWORD })).status).toBe(422);
    }
    const renewed = await send('recovery-codes', { password: PASSWORD, code: freshCode(person.secret) });
    const fresh = renewed.body.recoveryCodes as string[];
    expect(new Set([...fresh, ...person.recoveryCodes]).size).toBe(20);
    const elsewhere = await secondStep(await challengeOf(person), fresh[0]!);
    expect((await secondStep(await challengeOf(person), person.recoveryCodes[3]!)).status).toBe(401);
    expect((await send('disable', { password: PASSWORD, code: fresh[1]! })).status).toBe(204);
    expect((await person.client.get('/v1/me')).body).toMatchObject({ secondFactor: false });
    expect((await withCookie(api, cookieOf(elsewhere)).get('/v1/me')).status).toBe(401);
    expect((await login(person.email)).status).toBe(200);
    expect((await send('disable', { password: PASSWORD, code: codeNow(person.secret) })).body).toMatchObject({ code: 'conflict' });
    expect((await sql`select * from recovery_codes where user_id = ${person.id}`.execute(api.postgres.db)).rows).toEqual([]);
  });

  it('an administrator sees who has one and takes it away, which ends the sessions; all of it is in the audit', async () => {
    const person = await enrolled();
    expect((await admin.get(`/v1/users/${person.id}`)).body).toMatchObject({ secondFactor: true, version: 2 });
    expect((await person.client.patch(`/v1/users/${person.id}`, { resetSecondFactor: true })).status).toBe(403);
    expect((await admin.patch(`/v1/users/${person.id}`, { resetSecondFactor: true })).body).toMatchObject({ secondFactor: false, version: 3 });
    expect((await person.client.get('/v1/me')).status).toBe(401);
    expect((await login(person.email)).status).toBe(200);
    const { body } = await admin.get(`/v1/audit?target=${encodeURIComponent(`user:${person.id}`)}`);
    const [reset, enable] = body.items as Array<{ action: string; before: object; after: object; actor: { id: string } }>;
    expect(reset).toMatchObject({ action: 'user.reset_second_factor', before: { secondFactor: true }, after: { secondFactor: false } });
    expect(enable).toMatchObject({ action: 'user.enable_second_factor', before: { secondFactor: false }, after: { secondFactor: true }, actor: { id: person.id } });
  });
});

describe('where the configuration requires it', () => {
  it('people without one may only set one up, and nobody can turn theirs off', async () => {
    const strict = await startApiApp({ requireSecondFactor: true });
    try {
      const { email } = await newPerson(strict, 'admin');
      const { client } = await signIn(strict, email, PASSWORD);
      expect((await client.get('/v1/me')).body).toMatchObject({ mustSetUpSecondFactor: true, actions: ['self'] });
      expect((await client.get('/v1/detectors')).body).toMatchObject({ code: 'forbidden', mustSetUpSecondFactor: true, detail: expect.stringContaining('second-factor') });
      expect((await client.get('/v1/users')).body).toMatchObject({ code: 'forbidden', detail: expect.stringContaining('second factor') });
      const secret = (await client.post('/v1/me/second-factor', { password: PASSWORD })).body.secret as string;
      expect((await client.post('/v1/me/second-factor/confirm', { code: codeNow(secret, strict) })).status).toBe(200);
      expect((await client.get('/v1/me')).body).toMatchObject({ mustSetUpSecondFactor: false });
      expect((await client.get('/v1/users')).status).toBe(200);
      expect((await client.get('/v1/me/second-factor')).body).toMatchObject({ required: true });
      expect((await client.post('/v1/me/second-factor/disable', { password: PASSWORD, code: freshCode(secret, strict) })).body).toMatchObject({ status: 409, code: 'conflict' });
    } finally {
      await strict.close();
    }
  });
});
