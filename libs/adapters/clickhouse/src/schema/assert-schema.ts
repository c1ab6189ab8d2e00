import { WaryError } from '@wary/model/errors.js';
import { WRITE_SETTINGS, type Engine } from '../engine/engine.js';
import type { Column } from '../native/column.js';
import { nativeBlock } from '../native/native-block.js';
import { WideColumn } from '../native/number-columns.js';

/** The encoders write bytes that only fit these types; anything else would be read as something else, in silence. */
export async function assertColumns(engine: Engine, table: string, columns: readonly Column[]): Promise<void> {
  const types = new Map(await engine.rows<[string, string]>('SELECT name, type FROM system.columns WHERE database = {database:String} AND table = {table:String}', { database: engine.database, table }));
  for (const { name, type } of columns) {
    const actual = types.get(name);
    if (actual !== type) throw new WaryError('internal', `${engine.table(table)}.${name} is ${actual ?? 'missing'} where ${type} is written: was the table changed by hand?`);
  }
}

/** Tables whose inserts may be repeated, and the least blocks each remembers. */
const WINDOWS: Readonly<Record<string, number>> = { events: 10_000, findings: 10_000, dead_letters: 10_000, snapshots: 1000 };

/**
 * Idempotence rests on settings that are off by default, so it is looked at before the first event is taken: the settings of the inserting
 * connection, the window of each table, and one insert made twice.
 */
export async function assertIdempotentInserts(engine: Engine, now: number): Promise<void> {
  const settings = await engine.writeSettings(Object.keys(WRITE_SETTINGS));
  for (const [name, wanted] of Object.entries(WRITE_SETTINGS)) {
    const value = settings.get(name);
    if (value !== String(wanted)) throw new WaryError('internal', `The ClickHouse setting ${name} must be ${wanted}, it is ${value ?? 'unknown'}: a profile of the server's user may pin it`);
  }
  const engines = new Map(await engine.rows<[string, string]>('SELECT name, engine_full FROM system.tables WHERE database = {database:String}', { database: engine.database }));
  for (const [table, least] of Object.entries(WINDOWS)) {
    const definition = engines.get(table) ?? '';
    // Replicated engines have a window of their own, on by default.
    const window = definition.startsWith('Replicated') ? least : Number(/non_replicated_deduplication_window = (\d+)/.exec(definition)?.[1] ?? 0);
    if (window < least) throw new WaryError('internal', `${engine.table(table)} remembers ${window} inserts where ${least} are needed: run ALTER TABLE ${engine.table(table)} MODIFY SETTING non_replicated_deduplication_window = ${least}`);
  }
  await assertSecondInsertDropped(engine, now);
}

async function assertSecondInsertDropped(engine: Engine, now: number): Promise<void> {
  const table = engine.table('insert_probe');
  const at = new WideColumn('at', 'UInt64');
  at.push(now);
  for (let i = 0; i < 2; i += 1) await engine.insert(table, nativeBlock([at], 1), { token: `probe-${now}` });
  const [count] = await engine.rows<[number]>(`SELECT count() FROM ${table} WHERE at = {at:UInt64}`, { at: now });
  if (Number(count?.[0]) !== 1) throw new WaryError('internal', 'The same insert made twice was stored twice: this ClickHouse does not honour insert_deduplication_token');
}
