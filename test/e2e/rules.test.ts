import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CAPABILITIES } from '@wary/model/catalogue/capabilities.js';
import type { Alert } from '@wary/model/alert.js';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startForTest, type TestWary } from './support/start-for-test.js';

async function until<T>(what: string, check: () => Promise<T | undefined | false>, ms = 20_000): Promise<T> {
  for (const end = Date.now() + ms; Date.now() < end;) {
    const found = await check();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => { setTimeout(resolve, 30); });
  }
  throw new Error(`${what} did not happen in ${ms} ms`);
}

const ROWS = { id: 'aaaaaaaa-0000-4000-8000-000000000001', title: 'A Great Many Rows' };
const rows = (least: number, title = ROWS.title): string => `title: ${title}
id: ${ROWS.id}
status: test
description: More rows than anybody asks for.
author: somebody
tags: [attack.t1530, owasp.llm02-2025]
logsource: { product: wary, category: access }
detection:
  many:
    rows|gte: ${least}
  batch:
    purpose: nightly-batch
  condition: many and not batch
level: medium
runbook: Ask the owner of the data set.
`;
const SERIES = 'aaaaaaaa-0000-4000-8000-000000000002';
const series = (count: number, title = 'Doors Tried In A Row'): string => `title: ${title}
id: ${SERIES}
level: high
correlation:
  type: event_count
  rules: [door_closed]
  group-by: [actor.id]
  timespan: 10m
  condition: { gte: ${count} }
---
title: Door Closed
name: door_closed
id: aaaaaaaa-0000-4000-8000-000000000003
level: informational
logsource: { product: wary, category: access }
detection:
  s:
    outcome: denied
    resource.id|startswith: door/
  condition: s
`;

let made = 0;
const event = (actor: string, change: object): object => ({ id: `rules-${made += 1}`, time: Date.now() + made, kind: 'access', action: 'read', actor: { id: actor, type: 'user' }, resource: { id: 'ds/customers', type: 'dataset' }, ...change });
const knock = (actor: string): object => event(actor, { outcome: 'denied', resource: { id: `door/${actor}`, type: 'file' } });

describe('rules in the product', () => {
  let wary: TestWary;
  const folder = mkdtempSync(join(tmpdir(), 'wary-rules-'));
  const file = join(folder, 'own', 'series.yml');
  const alertsOf = async (rule: string, actor: string): Promise<Alert[]> => ((await wary.admin.get(`/v1/alerts?detector=rule:${rule}&entity=user:${actor}`).expect(200)).body as { items: Alert[] }).items;
  const alertOf = (rule: string, actor: string): Promise<Alert> => until(`an alert of ${rule} on ${actor}`, async () => (await alertsOf(rule, actor))[0]);
  /** Everything that was sent before is scored when this is there. */
  const settled = async (): Promise<void> => { await wary.scoreLane.drain(); };
  const upload = (text: string): supertest.Test => wary.admin.post('/v1/rules').send({ text, note: 'tried out' });

  beforeAll(async () => {
    mkdirSync(join(folder, 'own'));
    writeFileSync(file, series(3));
    wary = await startForTest({ WARY_RULES_DIR: folder, WARY_TENANTS: 'acme=admin@acme.test' });
  }, 120_000);
  afterAll(async () => {
    await wary?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  it('an upload is a rule, and what it matches an alert that says why', async () => {
    const { body } = await upload(rows(1_000)).expect(201);
    expect(body).toMatchObject({ items: [{ id: ROWS.id, title: ROWS.title, version: 1, enabled: true, running: true, origin: 'upload', level: 'medium', techniques: [{ framework: 'ATT&CK', id: 'T1530' }, { framework: 'OWASP-LLM' }] }] });
    await wary.send([event('mia', { rows: 999 }), event('mia', { rows: 5_000, purpose: 'nightly-batch' }), event('mia', { rows: 5_000 })]);
    const alert = await alertOf(ROWS.id, 'mia');
    expect(alert).toMatchObject({ severity: 'medium', title: ROWS.title, detector: { id: `rule:${ROWS.id}`, version: 1 }, findingCount: 1 });
    expect(alert.explanation).toMatchObject({
      observed: null, expected: null, unlikely: null, calibration: 'deterministic', runbook: 'Ask the owner of the data set.', duties: ['GDPR 32', 'GDPR 33'],
      matched: [{ selection: 'many', field: 'rows', value: '5000', pattern: 'gte 1000' }],
    });
    expect(alert.explanation.summary).toContain('More rows than anybody asks for.');
    expect(alert.explanation.eventIds).toEqual([`rules-${made}`]);
    const { body: rule } = await wary.admin.get(`/v1/rules/${ROWS.id}`).expect(200);
    expect(rule).toMatchObject({ text: rows(1_000), health: { matches: 1, errors: 0 }, documents: [{ id: ROWS.id, matches: 1 }] });
    const { body: entity } = await wary.admin.get('/v1/entities/user/mia').expect(200);
    expect(entity.risk).toMatchObject({ now: expect.any(Number), entries: [{ alertId: alert.id, title: ROWS.title }] });
    expect(entity.risk.now).toBeGreaterThan(0);
  });

  it('says of a wrong upload which line and column, why, and what to do, and changes nothing', async () => {
    const { body, status } = await upload(rows(1_000).replace('many and not batch', 'many and not bach'));
    expect(status).toBe(422);
    expect(body).toMatchObject({ code: 'validation_failed', errors: [{ line: 13, path: '13:27', message: expect.stringContaining('bach') }] });
    expect((await upload('title: x\n')).body.errors[0].message).toContain('rule-id');
    expect((await upload(series(3).replace(SERIES, 'aaaaaaaa-0000-4000-8000-00000000000f'))).status).toBe(409);
    expect((await wary.admin.get(`/v1/rules/${ROWS.id}`)).body.version).toBe(1);
    const yaml = await wary.admin.post('/v1/rules').set('Content-Type', 'application/yaml').send(rows(1_000));
    expect([yaml.status, yaml.body.items[0].version]).toEqual([201, 1]);
  });

  it('a changed file runs within moments and half-full windows go on; a broken one is named and what ran runs on', async () => {
    await wary.send([knock('half'), knock('half')]);
    await settled();
    writeFileSync(file, series(3, 'Doors Tried, Renamed'));
    await until('the new title', async () => (await wary.admin.get(`/v1/rules/${SERIES}`)).body.title === 'Doors Tried, Renamed');
    await wary.send([knock('half')]);
    expect((await alertOf(SERIES, 'half')).explanation.eventIds).toHaveLength(3);

    writeFileSync(file, series(3, 'Doors Tried, Broken').replace('gte: 3', 'gte: many'));
    const health = await until('the problem', async () => { const { body } = await wary.admin.get('/v1/rules/health'); return body.problems.length > 0 && body; });
    expect(health).toMatchObject({ problems: [{ file: 'own/series.yml', line: 9, column: expect.any(Number), code: 'correlation-condition', message: expect.any(String) }], broken: 0 });
    expect((await supertest(wary.opsUrl).get('/metrics')).text).toMatch(/^wary_rules_refused_files 1$/m);
    await wary.send([knock('still'), knock('still'), knock('still')]);
    expect((await alertOf(SERIES, 'still')).title).toBe('Doors Tried, Renamed');
    writeFileSync(file, series(3));
    await until('the mended file', async () => (await wary.admin.get('/v1/rules/health')).body.problems.length === 0);
    const { body: versions } = await wary.admin.get(`/v1/rules/${SERIES}/versions`).expect(200);
    expect(versions.items.map(({ version, kind, by }: { version: number; kind: string; by: string }) => [version, kind, by])).toEqual([[3, 'folder', 'rules folder'], [2, 'folder', 'rules folder'], [1, 'folder', 'rules folder']]);
  }, 60_000);

  it('an exclusion hides what it says and nothing else, after a preview said what that would be', async () => {
    await wary.send([event('ned', { rows: 7_000, resource: { id: 'ds/reports', type: 'dataset' } }), event('olga', { rows: 8_000 })]);
    await alertOf(ROWS.id, 'olga');
    const exclusions = [{ fields: { 'resource.id|startswith': 'ds/reports' }, note: 'reports are large' }];
    const { body: started } = await wary.admin.post('/v1/rules/previews').send({ rule: ROWS.id, exclusions, days: 2 }).expect(202);
    const preview = await until('the preview', async () => { const { body } = await wary.admin.get(`/v1/rules/previews/${started.id}`).expect(200); return body.state !== 'running' && body; });
    expect(preview).toMatchObject({ state: 'done', matches: { before: 3, after: 2, hidden: 1 }, entities: 2, truncated: false, samples: { hidden: [{ entity: { type: 'user', id: 'ned' } }] } });
    expect(preview.eventsRead).toBe(preview.eventsTotal);
    expect(preview.eventsRead).toBe((await wary.admin.get('/v1/events?limit=200')).body.items.length);

    await wary.admin.patch(`/v1/rules/${ROWS.id}`).set('If-Match', '"9"').send({ exclusions }).expect(412);
    expect((await wary.admin.patch(`/v1/rules/${ROWS.id}`).send({ exclusions: [{ fields: { 'rows|nonsense': 1 } }] })).body.errors[0].path).toBe('exclusions.0');
    const { body: tuned } = await wary.admin.patch(`/v1/rules/${ROWS.id}`).set('If-Match', '"1"').send({ exclusions, level: 'low', note: 'too loud' }).expect(200);
    expect(tuned).toMatchObject({ version: 2, level: 'low', ownLevel: 'medium', exclusions: 1, tuning: { level: 'low', exclusions } });
    await wary.send([event('pia', { rows: 7_000, resource: { id: 'ds/reports-2026', type: 'dataset' } }), event('quinn', { rows: 7_000 })]);
    expect(await alertOf(ROWS.id, 'quinn')).toMatchObject({ severity: 'low', detector: { version: 2 } });
    expect(await alertsOf(ROWS.id, 'pia')).toEqual([]);

    await wary.admin.patch(`/v1/rules/${ROWS.id}`).send({ enabled: false }).expect(200);
    await wary.send([event('rob', { rows: 9_000 })]);
    await settled();
    expect(await alertsOf(ROWS.id, 'rob')).toEqual([]);
  }, 60_000);

  it('every version can be seen with its difference and had back, and the audit knows', async () => {
    await upload(rows(2_000, 'More Rows')).expect(201);
    const { body: version } = await wary.admin.get(`/v1/rules/${ROWS.id}/versions/4`).expect(200);
    expect(version).toMatchObject({ version: 4, kind: 'upload', note: 'tried out', by: 'admin@wary.test', enabled: false });
    expect(version.diff).toContain('-title: A Great Many Rows\n+title: More Rows\n');
    expect(version.diff).toContain('-    rows|gte: 1000\n+    rows|gte: 2000\n');
    const { body: back } = await wary.admin.post(`/v1/rules/${ROWS.id}/rollback`).send({ version: 1 }).expect(200);
    expect(back).toMatchObject({ version: 5, title: ROWS.title, enabled: true, level: 'medium', exclusions: 0, text: rows(1_000) });
    await wary.send([event('sue', { rows: 1_500 })]);
    expect((await alertOf(ROWS.id, 'sue')).detector.version).toBe(5);
    const audit = (await wary.admin.get('/v1/audit?action=rule.').expect(200)).body.items as Array<{ action: string; target: string }>;
    expect(audit.filter(({ target }) => target === `rule:${ROWS.id}`).map(({ action }) => action)).toEqual(['rule.rollback', 'rule.upload', 'rule.tune', 'rule.tune', 'rule.upload']);
    await wary.admin.post(`/v1/rules/${ROWS.id}/rollback`).send({ version: 77 }).expect(404);
  });

  it('lists as JSON, CSV and NDJSON, filters, pages, and shows what is covered and what is not', async () => {
    const { body: all } = await wary.admin.get('/v1/rules').expect(200);
    expect(all.items.map(({ id }: { id: string }) => id)).toEqual([ROWS.id, SERIES]);
    const { body: first } = await wary.admin.get('/v1/rules?limit=1');
    expect((await wary.admin.get(`/v1/rules?limit=1&cursor=${first.next}`)).body.items[0].id).toBe(SERIES);
    expect((await wary.admin.get('/v1/rules?origin=folder')).body.items).toHaveLength(1);
    expect((await wary.admin.get('/v1/rules?q=t1530')).body.items).toHaveLength(1);
    expect((await wary.admin.get('/v1/rules').set('Accept', 'text/csv')).text.split('\r\n')).toHaveLength(4);
    expect((await wary.admin.get('/v1/rules').set('Accept', 'application/x-ndjson')).text.trim().split('\n')).toHaveLength(2);
    const { body: coverage } = await wary.admin.get('/v1/rules/coverage').expect(200);
    const [attack, atlas] = coverage.items as Array<{ framework: string; covered: number; techniques: number; tactics: Array<{ techniques: Array<{ id: string; rules: string[] }> }> }>;
    expect([attack!.framework, atlas!.framework]).toEqual(['ATT&CK', 'ATLAS']);
    expect(attack!.covered).toBeLessThan(attack!.techniques);
    expect(attack!.tactics.flatMap(({ techniques }) => techniques).find(({ id }) => id === 'T1530')!.rules).toContain(ROWS.id);
    expect(attack!.tactics.flatMap(({ techniques }) => techniques).find(({ id }) => id === 'T1486')!.rules).toEqual([]);
  });

  it('shows the catalogue: what each capability is composed of and what of it runs, with the names of techniques', async () => {
    const { body } = await wary.admin.get('/v1/catalogue').expect(200);
    const items = body.items as Array<{ id: string; running: number; parts: Array<{ kind: string; id: string; running: boolean }>; techniques: Array<{ id: string; version: string }>; runbook: string; scenario: string }>;
    expect(items.map(({ id }) => id)).toEqual(CAPABILITIES.map(({ id }) => id));
    // The folder of this test has none of the product's rules; its detectors run.
    expect(items.flatMap(({ parts }) => parts).filter(({ kind, running }) => running !== (kind === 'detector'))).toEqual([]);
    const taken = items.find(({ id }) => id === 'IN-1')!;
    expect(taken).toMatchObject({ running: taken.parts.filter(({ kind }) => kind === 'detector').length, scenario: 'mass_download', techniques: expect.arrayContaining([expect.objectContaining({ id: 'T1213', framework: 'ATT&CK' })]) });
    await wary.admin.patch('/v1/detectors/growth').send({ enabled: false }).expect(200);
    const { body: without } = await wary.admin.get('/v1/catalogue').expect(200);
    expect(without.items[0].running).toBe(taken.running - 1);
    await wary.admin.patch('/v1/detectors/growth').send({ enabled: true }).expect(200);
  });

  it('of one tenant are not those of another; those of the folder are everybody’s', async () => {
    const [other] = wary.generated.others;
    const acme = await wary.signIn('admin@acme.test', other!.adminPassword!);
    expect((await acme.get('/v1/rules')).body.items.map(({ id }: { id: string }) => id)).toEqual([SERIES]);
    for (const path of [`/v1/rules/${ROWS.id}`, `/v1/rules/${ROWS.id}/versions`, `/v1/rules/${ROWS.id}/versions/1`]) expect([path, (await acme.get(path)).status]).toEqual([path, 404]);
    await acme.patch(`/v1/rules/${SERIES}`).send({ enabled: false }).expect(200);
    const send = (events: readonly object[]): supertest.Test => supertest(wary.url).post('/v1/events').set('Authorization', `Bearer ${other!.ingestKey}`).send(events as object[]);
    await send([event('theirs', { rows: 50_000 }), knock('theirs'), knock('theirs'), knock('theirs')]).expect(202);
    await settled();
    expect((await acme.get('/v1/alerts')).body.items).toEqual([]);
    await wary.send([knock('ours'), knock('ours'), knock('ours')]);
    await alertOf(SERIES, 'ours');
    const { body: preview } = await wary.admin.post('/v1/rules/previews').send({ rule: ROWS.id, days: 1 }).expect(202);
    expect((await acme.get(`/v1/rules/previews/${preview.id}`)).status).toBe(404);
    expect((await wary.admin.delete(`/v1/rules/previews/${preview.id}`).expect(200)).body.state).toMatch(/cancelled|done/);
  });

  it('keep their windows, versions and counts over a restart', async () => {
    await wary.send([knock('over'), knock('over')]);
    await settled();
    const { body: before } = await wary.admin.get(`/v1/rules/${ROWS.id}`);
    await wary.stop();
    const { dataDir } = wary;
    wary = await startForTest({ ...wary.env }, dataDir);
    await wary.send([knock('over')]);
    expect((await alertOf(SERIES, 'over')).explanation.eventIds).toHaveLength(3);
    const { body: after } = await wary.admin.get(`/v1/rules/${ROWS.id}`);
    expect(after).toMatchObject({ version: before.version, text: before.text, health: { matches: before.health.matches } });
    expect(before.health.matches).toBeGreaterThan(3);
  }, 60_000);

  it('an uploaded rule can be removed, one of the folder goes with its file, and its versions stay', async () => {
    await wary.admin.delete(`/v1/rules/${ROWS.id}`).expect(204);
    await wary.admin.get(`/v1/rules/${ROWS.id}`).expect(404);
    expect((await wary.admin.get(`/v1/rules/${ROWS.id}/versions`).expect(200)).body.items[0]).toMatchObject({ kind: 'remove', removed: true });
    expect((await wary.admin.delete(`/v1/rules/${SERIES}`)).status).toBe(409);
    const copy = readFileSync(file, 'utf8');
    rmSync(file);
    await until('the rule is gone', async () => (await wary.admin.get(`/v1/rules/${SERIES}`)).status === 404);
    mkdirSync(join(folder, 'again'));
    writeFileSync(join(folder, 'again', 'series.yml'), copy);
    await until('the rule is back', async () => (await wary.admin.get(`/v1/rules/${SERIES}`)).status === 200);
  }, 60_000);

  it('a suppression holds for what a rule finds as for anything else', async () => {
    const id = 'aaaaaaaa-0000-4000-8000-000000000009';
    await upload(rows(1_000, 'Rows Again').replace(ROWS.id, id)).expect(201);
    await wary.send([event('sue', { rows: 5_000 })]);
    const alert = await alertOf(id, 'sue');
    await wary.admin.post(`/v1/alerts/${alert.id}/suppress`).send({ scope: { entity: { type: 'user', id: 'sue' }, detector: `rule:${id}` }, until: Date.now() + 3_600_000, reason: 'a planned export' }).expect(200);
    await wary.send([event('sue', { rows: 6_000 }), event('sam', { rows: 6_000 })]);
    await settled();
    expect((await alertOf(id, 'sam')).status).toBe('triggered');
    expect((await alertsOf(id, 'sue')).map(({ status }) => status)).toEqual(['suppressed']);
  });
});

describe('the rules that come with the product', () => {
  it('run from the first start on, all of them', async () => {
    const wary = await startForTest();
    try {
      const { body } = await wary.admin.get('/v1/rules/health').expect(200);
      expect(body).toMatchObject({ disabled: 0, broken: 0, problems: [], errors: 0 });
      expect(body.running).toBe(body.rules);
      expect(body.rules).toBeGreaterThan(100);
      await wary.send([event('admin-eva', { kind: 'identity', action: 'mfa_disable', resource: { id: 'user/x', type: 'user' } })]);
      expect((await wary.admin.get('/v1/rules/coverage')).body.items[1].covered).toBeGreaterThan(30);
    } finally {
      await wary.dispose();
    }
  }, 120_000);
});
