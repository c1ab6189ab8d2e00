import { DETECTORS } from '@wary/detect/analytics.js';
import { REGISTER_NAMES, type Registers } from '@wary/model/registers.js';
import { SYSTEM_ACTOR } from '@wary/ports/workflow.port.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SettingsByDetector } from '../detectors/detector-service.js';
import { defaultWeight, thresholdsOf } from '../detectors/setting-bounds.js';
import { startApiApp, TENANT, type ApiApp } from '../testing/api-app.js';
import { newKey, signIn, type ApiClient } from '../testing/api-client.js';

let api: ApiApp;
let admin: ApiClient;
let lead: ApiClient;
let viewer: ApiClient;
const heard: Registers[] = [];
const tuned: SettingsByDetector[] = [];
let verdicts = { confirmed: 8, falsePositives: 2, judged: 10 };
beforeAll(async () => {
  api = await startApiApp({ precision: async () => ({ volume: verdicts }) });
  admin = (await signIn(api)).client;
  for (const role of ['lead', 'viewer'] as const) await api.accounts.users.create(TENANT, { email: `${role}@wary.local`, name: '', role, password: 'a long enough secret' }, SYSTEM_ACTOR);
  lead = (await signIn(api, 'lead@wary.local', 'a long enough secret')).client;
  viewer = (await signIn(api, 'viewer@wary.local', 'a long enough secret')).client;
  api.registers.onChange((registers) => { heard.push(registers); });
  api.detectors.onChange((settings) => { tuned.push(settings); });
});
afterAll(() => api.close());

describe('registers', () => {
  it('are there from the start, empty, at version 0', async () => {
    expect((await viewer.get('/v1/registers')).body).toMatchObject({ version: 0, items: REGISTER_NAMES.map((register) => ({ register, rows: 0, version: 0, at: null, by: null })) });
    for (const name of REGISTER_NAMES) expect((await viewer.get(`/v1/registers/${name}`)).body).toEqual({ register: name, version: 0, total: 0, items: [], next: null });
    expect((await viewer.get('/v1/registers/secrets')).status).toBe(422);
  });

  it('are replaced whole by a CSV or JSON file, changed in part, versioned, heard of and audited', async () => {
    heard.length = 0;
    const csv = await lead.put('/v1/registers/canaries', 'id,kind,value,note\nc1,text,AKIAFAKEFAKEFAKE,bait\nc2,resource,ds/payroll-2019,\n');
    expect(csv.body).toEqual({ register: 'canaries', version: 1, added: 2, changed: 0, removed: 0, rows: 2 });
    expect(csv.headers['etag']).toBe('"1"');
    expect((await lead.put('/v1/registers/assets', [{ id: 'ds/a', criticality: 'high' }, { id: 'ds/b' }])).body).toMatchObject({ version: 2, added: 2 });
    expect((await lead.patch('/v1/registers/assets', { id: 'ds/b', criticality: 'critical' })).body).toMatchObject({ version: 3, added: 0, changed: 1, rows: 2 });
    expect((await lead.patch('/v1/registers/assets', [{ id: 'ds/c' }, { id: 'ds/b', criticality: 'critical' }])).body).toMatchObject({ version: 4, added: 1, changed: 0, rows: 3 });
    expect((await lead.delete('/v1/registers/assets?ids=ds/a,nobody')).body).toMatchObject({ version: 5, removed: 1, rows: 2 });
    expect((await lead.delete(`/v1/registers/assets/${encodeURIComponent('ds/c')}`)).body).toMatchObject({ version: 6, removed: 1, rows: 1 });
    expect((await lead.delete('/v1/registers/assets/nobody')).status).toBe(404);
    expect(heard.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(api.registers.current(TENANT)).toMatchObject({ version: 6, assets: [{ id: 'ds/b', criticality: 'critical' }], canaries: [{ id: 'c1' }, { id: 'c2' }] });

    expect((await viewer.get('/v1/registers/assets/versions')).body).toMatchObject({ items: [{ version: 6, by: 'lead@wary.local' }, { version: 5 }, { version: 4 }, { version: 3 }, { version: 2, added: 2 }], next: null });
    expect((await viewer.get('/v1/registers/assets?version=2')).body).toMatchObject({ items: [{ id: 'ds/a', criticality: 'high' }, { id: 'ds/b', criticality: 'medium' }] });
    expect((await viewer.get('/v1/registers/assets?version=4')).body).toMatchObject({ total: 3 });
    const { body } = await admin.get('/v1/audit?target=register:assets');
    expect((body as { items: unknown[] }).items[3]).toMatchObject({ action: 'register.upsert', actor: { name: 'lead@wary.local' }, before: { rows: [{ id: 'ds/b', criticality: 'medium' }] }, after: { changed: 1, rows: [{ id: 'ds/b', criticality: 'critical' }] } });
  });

  it('stay as they are when nothing changes or one row is wrong', async () => {
    const before = api.registers.current(TENANT);
    expect((await lead.put('/v1/registers/canaries', [{ id: 'c2', kind: 'resource', value: 'ds/payroll-2019' }, { note: 'bait', value: 'AKIAFAKEFAKEFAKE', kind: 'text', id: 'c1' }])).body).toMatchObject({ version: 1, added: 0, changed: 0, removed: 0 });
    const wrong = await lead.put('/v1/registers/canaries', 'id,kind,value\nc3,text,long enough\nc4,text,short\n');
    expect(wrong.body).toMatchObject({ status: 422, code: 'validation_failed', detail: '1 error; nothing was changed', errors: [{ line: 3, path: 'value' }] });
    expect(api.registers.current(TENANT)).toBe(before);
  });

  it('are changed by who may, from the version one has seen', async () => {
    expect((await viewer.put('/v1/registers/models', [])).status).toBe(403);
    expect((await (await newKey(api, 'respond')).client.patch('/v1/registers/models', [])).status).toBe(403);
    expect((await lead.put('/v1/registers/holidays', [{ id: 'h', date: '2026-12-25' }]).set('if-match', '"0"')).status).toBe(200);
    const { headers } = await viewer.get('/v1/registers/holidays');
    expect((await lead.patch('/v1/registers/holidays', [{ id: 'h2', date: '2026-12-26' }]).set('if-match', '"0"')).body).toMatchObject({ code: 'stale_version' });
    expect((await lead.patch('/v1/registers/holidays', [{ id: 'h2', date: '2026-12-26' }]).set('if-match', headers['etag'] as string)).status).toBe(200);
  });

  it('two changes at once are both made, with versions of their own', async () => {
    const { version } = api.registers.current(TENANT);
    await Promise.all(Array.from({ length: 8 }, (_, i) => lead.patch('/v1/registers/models', { id: `m${i}` })));
    expect(api.registers.current(TENANT).version).toBe(version + 8);
    expect(api.registers.current(TENANT).models).toHaveLength(8);
    expect(((await viewer.get('/v1/registers/models/versions')).body as { items: Array<{ version: number }> }).items.map((one) => one.version)).toEqual(Array.from({ length: 8 }, (_, i) => version + 8 - i));
  });

  it('page by id, search, and go out as a file that comes back in', async () => {
    const rows = Array.from({ length: 450 }, (_, i) => ({ id: `p${String(i).padStart(3, '0')}`, name: i === 77 ? '=HYPERLINK("x")' : `Name ${i}`, roles: ['a', 'b;c'] }));
    expect((await lead.put('/v1/registers/people', rows)).body).toMatchObject({ rows: 450 });
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await viewer.get(`/v1/registers/people?limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`);
      const page = body as { items: Array<{ id: string }>; next: string | null };
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.next;
    }
    expect(ids).toEqual(rows.map(({ id }) => id));
    expect((await viewer.get('/v1/registers/people?q=name 449')).body).toMatchObject({ items: [{ id: 'p449' }] });
    const file = await viewer.get('/v1/registers/people').set('accept', 'text/csv');
    expect(file.headers['content-disposition']).toBe('attachment; filename="people.csv"');
    expect(file.text).toContain(`"'=HYPERLINK(""x"")"`);
    expect((await lead.put('/v1/registers/people', file.text)).body).toMatchObject({ added: 0, changed: 0, removed: 0 });
    const lines = (await viewer.get('/v1/registers/people').set('accept', 'application/x-ndjson').buffer(true).parse((response, done) => { let text = ''; response.on('data', (part) => { text += String(part); }); response.on('end', () => { done(null, text); }); })).body as unknown as string;
    expect(lines.trim().split('\n')).toHaveLength(450);
  });

  it('what another process changed is there after reading again', async () => {
    const { version } = api.registers.current(TENANT);
    const { createRegisterStore } = await import('@wary/adapter-postgres/register-store.js');
    await createRegisterStore(api.postgres.db).changeRegister(TENANT, 'models', { kind: 'delete', ids: ['m0'] }, SYSTEM_ACTOR, 1);
    expect(api.registers.current(TENANT).version).toBe(version);
    await api.registers.load(TENANT);
    expect(api.registers.current(TENANT)).toMatchObject({ version: version + 1 });
  });
});

describe('detectors', () => {
  it('are all listed with defaults, bounds and precision', async () => {
    const { body } = await viewer.get('/v1/detectors');
    const { items } = body as { items: Array<Record<string, any>> };
    expect(items.map(({ id }) => id as string)).toEqual(DETECTORS.map(({ id }) => id));
    expect(items.find(({ id }) => id === 'volume')).toMatchObject({ enabled: true, type: 'behavioral', weight: { value: 1, default: 1, min: 0, max: 10, learned: Math.exp(0.75) }, precision: { value: 0.8, confirmed: 8, judged: 10 } });
    expect(items.find(({ id }) => id === 'canary')).toMatchObject({ precision: null, thresholds: [] });
    const { low, high } = items.find(({ id }) => id === 'volume')!['precision'] as { low: number; high: number };
    // Wilson interval of 8 in 10, 95 %.
    expect(low).toBeCloseTo(0.4902, 3);
    expect(high).toBeCloseTo(0.9433, 3);
  });

  it('have defaults within their bounds', () => {
    for (const detector of DETECTORS) {
      expect(defaultWeight(detector)).toBeGreaterThan(0);
      for (const { name, value, bounds } of thresholdsOf(detector)) expect([detector.id, name, value >= bounds.min && value <= bounds.max]).toEqual([detector.id, name, true]);
    }
  });

  it('are tuned by who may, within bounds, audited, and heard of', async () => {
    tuned.length = 0;
    expect((await viewer.patch('/v1/detectors/volume', { enabled: false })).status).toBe(403);
    const changed = await lead.patch('/v1/detectors/personal_data_bulk', { weight: 2.5, thresholds: { eventItemsMin: 40 } });
    expect(changed.body).toMatchObject({ settingsVersion: 1, updatedBy: 'lead@wary.local', weight: { value: 2.5 }, thresholds: [{ name: 'eventItemsMin', value: 40, default: 25 }, { name: 'hourItemsMin', value: 100 }] });
    expect(changed.headers['etag']).toBe('"1"');
    expect(tuned.at(-1)).toMatchObject({ personal_data_bulk: { enabled: true, weight: 2.5, thresholds: { eventItemsMin: 40, hourItemsMin: 100 } }, volume: { enabled: true } });
    expect((await lead.patch('/v1/detectors/personal_data_bulk', { enabled: false, thresholds: { eventItemsMin: null } }).set('if-match', '"1"')).body).toMatchObject({ enabled: false, weight: { value: 2.5 }, settingsVersion: 2 });
    expect((await lead.patch('/v1/detectors/personal_data_bulk', { enabled: true }).set('if-match', '"1"')).status).toBe(412);
    expect(await api.detectors.settings(TENANT)).toMatchObject({ personal_data_bulk: { enabled: false, thresholds: { eventItemsMin: 25 } } });
    const { body } = await admin.get('/v1/audit?action=detector.tune');
    expect((body as { items: unknown[] }).items[1]).toMatchObject({ target: 'detector:personal_data_bulk', before: { weight: 1, thresholds: { eventItemsMin: 25 } }, after: { weight: 2.5, thresholds: { eventItemsMin: 40 } } });
    expect((await lead.patch('/v1/detectors', { items: [{ id: 'volume', weight: 2 }, { id: 'breadth', enabled: false }] })).body).toMatchObject({ items: [{ id: 'volume', weight: { value: 2 } }, { id: 'breadth', enabled: false }] });
  });

  it('learn from verdicts, within bounds, and forget one that is taken back', async () => {
    const weight = (): number => tuned.at(-1)!['volume']!.weight;
    await api.detectors.refreshVerdicts(TENANT);
    tuned.length = 0;
    await api.detectors.refreshVerdicts(TENANT);
    expect(tuned).toEqual([]);
    verdicts = { confirmed: 8, falsePositives: 3, judged: 11 };
    await api.detectors.refreshVerdicts(TENANT);
    const less = weight();
    verdicts = { confirmed: 8, falsePositives: 2, judged: 10 };
    // Somebody else asks in between: who listens is told all the same.
    await api.detectors.settings(TENANT);
    await api.detectors.refreshVerdicts(TENANT);
    expect(weight()).toBeCloseTo(less * Math.exp(0.125), 9);
    expect(tuned).toHaveLength(2);
    expect(tuned.at(-1)!['canary']).toMatchObject({ weight: 1 });
    verdicts = { confirmed: 0, falsePositives: 500, judged: 500 };
    const { body } = await viewer.get('/v1/detectors/volume');
    expect((body as { weight: object }).weight).toMatchObject({ value: 2, learned: 0.25 });
    verdicts = { confirmed: 8, falsePositives: 2, judged: 10 };
  });

  it('hold entities against whom the tenant says: audited, heard of, versioned', async () => {
    expect((await viewer.get('/v1/peer-groups')).body).toEqual({ source: 'both', default: 'both', settingsVersion: 0, updatedAt: null, updatedBy: null });
    expect((await viewer.put('/v1/peer-groups', { source: 'declared' })).status).toBe(403);
    expect((await lead.put('/v1/peer-groups', { source: 'friends' })).body).toMatchObject({ status: 422, code: 'validation_failed', errors: [{ path: 'source' }] });
    tuned.length = 0;
    const changed = await lead.put('/v1/peer-groups', { source: 'declared' });
    expect(changed.body).toMatchObject({ source: 'declared', default: 'both', settingsVersion: 1, updatedBy: 'lead@wary.local' });
    expect(changed.headers['etag']).toBe('"1"');
    expect(tuned.at(-1)).toMatchObject({ peer_groups: { thresholds: { mode: 0 } }, volume: { enabled: true } });
    expect((await lead.put('/v1/peer-groups', { source: 'behaviour' }).set('if-match', '"0"')).status).toBe(412);
    const { body } = await admin.get('/v1/audit?action=detector.tune');
    expect((body as { items: unknown[] }).items[0]).toMatchObject({ target: 'peer_groups', before: { source: 'both' }, after: { source: 'declared' } });
    expect((await lead.put('/v1/peer-groups', { source: 'both' })).body).toMatchObject({ source: 'both', settingsVersion: 2 });
  });

  it.each([
    ['volume', { weight: 11 }, 'weight'], ['volume', { weight: -1 }, 'weight'], ['volume', { thresholds: { anything: 1 } }, 'thresholds.anything'], ['personal_data_bulk', { thresholds: { eventItemsMin: 0 } }, 'thresholds.eventItemsMin'],
    ['impossible_travel', { thresholds: { speedKmPerHourMax: 1e9 } }, 'thresholds.speedKmPerHourMax'], ['volume', { thresholds: { weight: 3 } }, 'thresholds.weight'], ['volume', { weight: '2' }, 'weight'],
  ] as const)('%s refuses %j', async (id, change, path) => {
    expect((await lead.patch(`/v1/detectors/${id}`, change)).body).toMatchObject({ status: 422, code: 'validation_failed', errors: [{ path }] });
  });
});
