import type { Engine } from '../engine/engine.js';

export interface Policy { readonly retentionDays: number; readonly contentRetentionDays: number; readonly fsync: boolean }

const DATE_TIME_END_MS = Date.UTC(2106, 0, 1);

/** A DateTime ends in February 2106 and begins again in 1970: what would expire later expires then, instead of at once. */
function expiry(column: string, days: number): string {
  const last = new Date(DATE_TIME_END_MS - days * 86_400_000).toISOString().slice(0, 19).replace('T', ' ');
  return `toDateTime(least(${column}, toDateTime64('${last}', 3, 'UTC'))) + toIntervalDay(${days})`;
}

/**
 * Settings of the tables that are ours to choose at every start, not part of the schema. Those an engine does not know are left out.
 * - Parts stay in one file up to 256 MB, without statistics and without a stream of lengths beside each string: a part of sixty columns in a
 *   file each takes a quarter of a merge's time for creating files alone (profiled).
 * - The last 256 MB of the disk are not for events: an insert is refused whole before it fails half-way.
 */
const TUNING: Readonly<Record<string, string>> = {
  min_bytes_for_wide_part: '268435456',
  auto_statistics_types: "''",
  string_serialization_version: "'single_stream'",
  min_free_disk_bytes_to_perform_insert: '268435456',
};
const TABLES = ['events', 'entities', 'findings', 'dead_letters', 'dead_letter_replays', 'snapshots'] as const;

/** Retention and durability as configured; alters only what differs. */
export async function applyPolicy(engine: Engine, policy: Policy): Promise<void> {
  const definitions = new Map(await engine.rows<[string, string]>('SELECT name, create_table_query FROM system.tables WHERE database = {database:String}', { database: engine.database }));
  const known = new Set((await engine.rows<[string]>('SELECT name FROM system.merge_tree_settings')).map(([name]) => name));
  const flush = policy.fsync ? '1' : '0';
  const settings: Record<string, string> = { ...TUNING, fsync_after_insert: flush, fsync_part_directory: flush };
  for (const table of TABLES) {
    const definition = definitions.get(table) ?? '';
    const changes = Object.entries(settings).filter(([name, value]) => known.has(name) && !definition.includes(`${name} = ${value}`)).map(([name, value]) => `${name} = ${value}`);
    if (changes.length > 0) await engine.command(`ALTER TABLE ${engine.table(table)} MODIFY SETTING ${changes.join(', ')}`);
  }
  const row = expiry('time', policy.retentionDays);
  const content = expiry('time', policy.contentRetentionDays);
  for (const column of ['content', 'raw']) {
    if (columnTtl(definitions.get('events'), column) !== content) await engine.command(`ALTER TABLE ${engine.table('events')} MODIFY COLUMN ${column} TTL ${content}`);
  }
  const letters = expiry('received_at', policy.contentRetentionDays);
  const wanted = { events: row, findings: row, dead_letters: letters, dead_letter_replays: expiry('replayed_at', policy.contentRetentionDays) };
  for (const [table, ttl] of Object.entries(wanted)) {
    if (tableTtl(definitions.get(table)) !== ttl) await engine.command(`ALTER TABLE ${engine.table(table)} MODIFY TTL ${ttl}`);
  }
}

const TTL = /TTL (toDateTime\(.*?toIntervalDay\(\d+\))/;
/** As the engine writes a definition: columns in back-quotes, one after another; the table's own TTL after its ORDER BY. */
const columnTtl = (definition = '', column: string): string | undefined => TTL.exec(definition.split(`\`${column}\` `)[1]?.split('`')[0] ?? '')?.[1];
const tableTtl = (definition = ''): string | undefined => TTL.exec(definition.slice(definition.lastIndexOf(' ORDER BY ')))?.[1];
