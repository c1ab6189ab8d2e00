import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { emptyEvent, emptyGenAi, type Event } from '@wary/model/event.js';
import type { Engine } from './engine/engine.js';
import { openEngine } from './engine/open-engine.js';
import { MIGRATIONS } from './migrations/all-migrations.js';
import { listMigrations, migrate } from './migrations/migrate.js';
import { openClickHouse, type ClickHouseHandle } from './open-clickhouse.js';
import { applyPolicy } from './schema/apply-policy.js';
import { assertColumns, assertIdempotentInserts } from './schema/assert-schema.js';
import { StringColumn } from './native/string-column.js';
import { accessEvent } from './testing/access-event.js';
import { hostileText } from './testing/arbitrary-event.js';
import { describeStore, orderedEvents } from './testing/store-contract.js';
import { storeOptions } from './testing/store-options.js';

// A real engine on a machine that others use too.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const DAY_MS = 86_400_000;
const root = mkdtempSync(join(tmpdir(), 'wary-clickhouse-'));
const dataDir = join(root, 'data');
let store: ClickHouseHandle;
/** A second connection to the same engine, for what the store does not offer. */
let engine: Engine;

beforeAll(async () => {
  store = await openClickHouse(storeOptions({ dataDir }));
  engine = await openEngine({ dataDir });
  await store.events.insertEvents(orderedEvents, 'ordered');
});
afterAll(async () => {
  await engine.close();
  await store.close();
  rmSync(root, { recursive: true, force: true });
});

// First, while the table is small: a change of retention is applied to all that is there.
describe('retention', () => {
  it('lets content go before the rest of the row', async () => {
    const now = Date.now();
    const at = (days: number): number => now - days * DAY_MS;
    const event = (id: string, time: number): Event => ({ ...emptyEvent('nginx'), tenant: 'old', id, seq: 6000, time, raw: 'GET /', genAi: { ...emptyGenAi(), inputMessages: ['hello'] } });
    await store.events.insertEvents([event('new', at(1)), event('middle', at(40)), event('old', at(500)), event('far', Date.UTC(2200, 0, 1))], 'old');
    await applyPolicy(engine, { retentionDays: 400, contentRetentionDays: 30, fsync: false });
    await engine.command('OPTIMIZE TABLE wary.events FINAL');
    const { items } = await store.events.find({ tenant: 'old', limit: 10 });
    expect(items.map(({ id, raw, genAi }) => [id, raw, genAi?.inputMessages])).toEqual([['far', 'GET /', ['hello']], ['new', 'GET /', ['hello']], ['middle', '', null]]);
    await applyPolicy(engine, { retentionDays: 30_000, contentRetentionDays: 30_000, fsync: false });
  });
});

describeStore(() => store, { runs: 8 });

it('binds any text as a value, whatever it holds', async () => {
  await fc.assert(fc.asyncProperty(hostileText, fc.array(hostileText, { maxLength: 3 }), async (text, list) => {
    expect(await engine.rows('SELECT {text:String}, {list:Array(String)}', { text, list })).toEqual([[text, list]]);
  }), { numRuns: 80 });
});

describe('snapshots that are not whole', () => {
  it('are passed over and reported, and go with the next save', async () => {
    const save = (seq: number): Promise<void> => store.snapshots.saveSnapshot('torn', { version: 1, seq, takenAt: 1000 + seq, bytes: Buffer.alloc(3_000_000, seq) });
    for (const seq of [1, 2, 3]) await save(seq);
    const table = engine.table('snapshots');
    await engine.command(`ALTER TABLE ${table} DELETE WHERE name = 'torn' AND seq = 3 AND chunk = 1 SETTINGS mutations_sync = 2`);
    await engine.command(`ALTER TABLE ${table} UPDATE bytes = concat('x', substring(bytes, 2)) WHERE name = 'torn' AND seq = 2 AND chunk = 2 SETTINGS mutations_sync = 2`);
    const reports: string[] = [];
    expect((await store.snapshots.latestSnapshot('torn', (detail) => { reports.push(detail); }))?.seq).toBe(1);
    expect(reports).toEqual([expect.stringContaining('2 of 3 chunks'), expect.stringContaining('checksum')]);
    await save(4);
    expect(await engine.rows(`SELECT DISTINCT seq FROM ${table} WHERE name = 'torn' ORDER BY seq`)).toEqual([[1], [2], [4]]);
  });
});

describe('schema', () => {
  it('does nothing when it is run again, and can be listed without running', async () => {
    expect(await migrate(engine, MIGRATIONS, Date.now)).toEqual([]);
    const more = [...MIGRATIONS, { number: MIGRATIONS.length + 1, name: 'more', statements: ['CREATE TABLE $db.more (a UInt8) ENGINE = $engine(MergeTree|) ORDER BY a'] }];
    const listed = await listMigrations(engine, more);
    expect(listed.map(({ appliedAt }) => appliedAt === null)).toEqual([...MIGRATIONS.map(() => false), true]);
    expect(listed.at(-1)!.statements).toEqual(['CREATE TABLE wary.more (a UInt8) ENGINE = MergeTree() ORDER BY a']);
    expect(await engine.rows("SELECT count() FROM system.tables WHERE database = 'wary' AND name = 'more'")).toEqual([[0]]);
  });

  it('stops at a migration that was changed, and at one it does not know', async () => {
    const [first, ...rest] = MIGRATIONS;
    await expect(migrate(engine, [{ ...first!, statements: [...first!.statements, 'SELECT 1'] }, ...rest], Date.now)).rejects.toThrow(/Migration 1 \(events\) was changed after it was applied/);
    await expect(migrate(engine, MIGRATIONS.slice(0, -1), Date.now)).rejects.toThrow(/written by a newer version/);
  });

  it('the version before goes on with what only adds, and refuses anything else it does not know', async () => {
    const number = MIGRATIONS.length + 1;
    // Records of before the mark was there.
    await engine.command('ALTER TABLE wary.migrations DROP COLUMN keeps_former');
    expect((await listMigrations(engine, MIGRATIONS)).every(({ appliedAt }) => appliedAt !== null)).toBe(true);
    const adds = { number, name: 'adds', statements: ['ALTER TABLE $db.snapshots ADD COLUMN IF NOT EXISTS added UInt8 DEFAULT 0'], keepsFormer: true };
    expect(await migrate(engine, [...MIGRATIONS, adds], Date.now)).toEqual([number]);
    // N − 1 starts on what N has made, and N again.
    expect(await migrate(engine, MIGRATIONS, Date.now)).toEqual([]);
    expect(await migrate(engine, [...MIGRATIONS, adds], Date.now)).toEqual([]);
    const changes = { number: number + 1, name: 'changes', statements: ['ALTER TABLE $db.snapshots DROP COLUMN IF EXISTS added'] };
    expect(await migrate(engine, [...MIGRATIONS, adds, changes], Date.now)).toEqual([number + 1]);
    await expect(migrate(engine, [...MIGRATIONS, adds], Date.now)).rejects.toThrow(/written by a newer version/);
    await engine.command(`ALTER TABLE wary.migrations DELETE WHERE number >= ${number} SETTINGS mutations_sync = 2`);
    expect(await migrate(engine, MIGRATIONS, Date.now)).toEqual([]);
  });

  it('refuses a table whose types are not what is written', async () => {
    await expect(assertColumns(engine, 'events', [new StringColumn('time')])).rejects.toThrow(/wary\.events\.time is DateTime64\(3, 'UTC'\) where String is written/);
    await expect(assertColumns(engine, 'events', [new StringColumn('nowhere')])).rejects.toThrow(/missing/);
  });

  it('refuses a table that forgets its inserts', async () => {
    await engine.command('ALTER TABLE wary.findings MODIFY SETTING non_replicated_deduplication_window = 0');
    await expect(assertIdempotentInserts(engine, Date.now())).rejects.toThrow(/wary\.findings remembers 0 inserts where 10000 are needed/);
    await engine.command('ALTER TABLE wary.findings MODIFY SETTING non_replicated_deduplication_window = 10000');
    await assertIdempotentInserts(engine, Date.now());
  });

  it('flushes to the disk when told so, and alters nothing when nothing changed', async () => {
    const flushes = async (): Promise<unknown> => (await engine.rows<[string]>("SELECT engine_full FROM system.tables WHERE database = 'wary' AND name = 'events'"))[0]![0].match(/fsync_after_insert = (\d)/)?.[1];
    const policy = { retentionDays: 30_000, contentRetentionDays: 30_000, fsync: true };
    await applyPolicy(engine, policy);
    expect(await flushes()).toBe('1');
    const version = async (): Promise<unknown> => engine.rows("SELECT metadata_modification_time, create_table_query FROM system.tables WHERE database = 'wary' AND name = 'events'");
    const before = await version();
    await applyPolicy(engine, policy);
    expect(await version()).toEqual(before);
    await applyPolicy(engine, { ...policy, fsync: false });
    expect(await flushes()).toBe('0');
  });

  it('names the parts of what is stored as JSON', async () => {
    const event: Event = { ...emptyEvent('otlp'), tenant: 'named', id: 'n1', seq: 5000, time: Date.now(), piiInput: { email: 3 }, genAi: { ...emptyGenAi(), requestModel: 'm', finishReasons: ['stop'], logprobs: true, inputMessages: [{ role: 'user' }] } };
    await store.events.insertEvents([event], 'named');
    expect(await engine.rows("SELECT gen_ai_finish_reasons, gen_ai_logprobs, gen_ai_input_messages, pii_input, seq, ml_confidence FROM wary.events_unique WHERE tenant = 'named'"))
      .toEqual([[['stop'], true, '[{"role":"user"}]', { email: 3 }, 5000, null]]);
  });
});

describe('lastSeq', () => {
  it('never goes back behind what a snapshot has scored, even when those events are gone', async () => {
    const last = await store.events.lastSeq();
    await store.snapshots.saveSnapshot('ahead', { version: 1, seq: last + 50, takenAt: 1, bytes: Buffer.from('x') });
    expect(await store.events.lastSeq()).toBe(last + 50);
  });
});

describe('a store that cannot take data', () => {
  it('refuses the whole batch when the disk is full, and takes the same batch later', async () => {
    const events = Array.from({ length: 50 }, (_, index) => accessEvent({ ...emptyEvent('native'), tenant: 'full' }, index, Date.now()));
    await engine.command('ALTER TABLE wary.events MODIFY SETTING min_free_disk_bytes_to_perform_insert = 1000000000000000');
    await expect(store.events.insertEvents(events, 'full')).rejects.toMatchObject({ code: 'store_unavailable', retryable: true });
    expect(await store.events.count({ tenant: 'full' })).toBe(0);
    await engine.command('ALTER TABLE wary.events MODIFY SETTING min_free_disk_bytes_to_perform_insert = 0');
    await store.events.insertEvents(events, 'full');
    expect(await store.events.count({ tenant: 'full' })).toBe(50);
  });

  it('does not hold the event loop while the engine works', async () => {
    let turns = 0;
    const timer = setInterval(() => { turns += 1; }, 1);
    await engine.rows('SELECT sum(sipHash64(number)) FROM numbers(20000000)');
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
  });
});

describe('backup', () => {
  it('is a copy of the folder while stopped', async () => {
    const before = { count: await store.events.count({ tenant: 'people' }), last: await store.events.lastSeq(), totals: await store.events.totals('pages') };
    await engine.command('CREATE TABLE wary.replay_left_behind (seq UInt64) ENGINE = MergeTree ORDER BY seq');
    await engine.close();
    await store.close();
    await expect(store.events.lastSeq()).rejects.toMatchObject({ code: 'store_unavailable' });
    await expect(store.events.insertEvents(orderedEvents, 'closed')).rejects.toMatchObject({ code: 'store_unavailable' });
    const restored = join(root, 'restored');
    cpSync(dataDir, restored, { recursive: true });
    rmSync(dataDir, { recursive: true });
    store = await openClickHouse(storeOptions({ dataDir: restored }));
    engine = await openEngine({ dataDir: restored });
    expect({ count: await store.events.count({ tenant: 'people' }), last: await store.events.lastSeq(), totals: await store.events.totals('pages') }).toEqual(before);
    expect((await store.snapshots.latestSnapshot('engine'))?.seq).toBe(500);
    expect(await engine.rows("SELECT name FROM system.tables WHERE database = 'wary' AND startsWith(name, 'replay_')")).toEqual([]);
    await store.ping();
  });
});
