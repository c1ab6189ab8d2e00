import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { Event } from '@wary/model/event.js';
import type { PackedEvents, StoredOrder, StoredRange } from '@wary/ports/event-store.port.js';
import type { Engine } from '../engine/engine.js';
import { RECORDS_PREFIX, STAGED_PREFIX } from '../records/stage-table.js';
import { EVENT_COLUMNS, STORED_COLUMNS } from './event-row.js';
import { unpackEvents } from './packed-events.js';
import { rankOf } from './rank.js';

const TABLE_PREFIX = 'replay_';
/** On a server, where others may be reading theirs, a copy that old belongs to nobody. */
const STALE_SECONDS = 86_400;
/** Bytes of JSON that one query should answer with: rows with content in them are read fewer at a time. */
const ANSWER_BYTES = 16 * 1024 * 1024;
const FIRST_ROWS = 500;

/**
 * Events with seq > after in the order of seq. The table lies in another order, so what is asked for is first copied into one that is
 * sorted by seq, compressed, on the disk: one pass, then each chunk is a range of its primary key. The engine does it beside the event
 * loop and memory stays flat; sorting in the query would need a cursor, whose start blocks the loop until all is sorted (measured: 19 s
 * for a million rows under load).
 */
export async function* readInOrder(engine: Engine, after: number, chunkRows: number): AsyncGenerator<Event[]> {
  // A rank is an integer of ours: DDL takes no parameters.
  const where = after > 0 ? `WHERE rank < ${rankOf(after)} SETTINGS use_skip_indexes_if_final = 1, use_skip_indexes_if_final_exact_mode = 0` : '';
  for await (const { bytes } of readCopy(engine, where, after, chunkRows)) yield unpackEvents(bytes);
}

/** The same for one tenant and span of event time, left unread. */
export async function* readPacked(engine: Engine, { tenant, from, to, order }: StoredRange, chunkRows: number): AsyncGenerator<PackedEvents> {
  const time = (at: number): string => `fromUnixTimestamp64Milli(${Math.ceil(at)})`;
  yield* readCopy(engine, `WHERE tenant = unhex('${Buffer.from(tenant, 'utf8').toString('hex')}') AND time >= ${time(from)} AND time < ${time(to)}`, 0, chunkRows, order);
}

/** What a copy is sorted by, as numbers: a place in it is one of each. */
const SORTED_BY: { readonly [O in StoredOrder]: readonly [string, string] } = { seq: ['0', 'seq'], received: ['toUnixTimestamp64Milli(received_at)', 'seq'] };

async function* readCopy(engine: Engine, where: string, after: number, chunkRows: number, order: StoredOrder = 'seq'): AsyncGenerator<PackedEvents> {
  const copy = engine.table(`${TABLE_PREFIX}${randomUUID().replaceAll('-', '')}`);
  const sorted = order === 'seq' ? 'seq' : 'received_at, seq';
  const place = `(${SORTED_BY[order].join(', ')})`;
  // The lone column keeps the index in use; a comparison of pairs alone would not.
  const beyond = order === 'seq' ? 'seq > {seq:UInt64}' : `received_at >= fromUnixTimestamp64Milli({at:Int64}) AND ${place} > ({at:Int64}, {seq:UInt64})`;
  const upTo = order === 'seq' ? 'seq <= {endSeq:UInt64}' : `received_at <= fromUnixTimestamp64Milli({endAt:Int64}) AND ${place} <= ({endAt:Int64}, {endSeq:UInt64})`;
  try {
    await engine.command(`CREATE TABLE ${copy} ENGINE = MergeTree ORDER BY (${sorted}) AS SELECT ${STORED_COLUMNS.join(', ')}, seq FROM ${engine.table('events_unique')} ${where}`);
    let last = { at: 0, seq: after };
    let rows = Math.min(chunkRows, FIRST_ROWS);
    for (;;) {
      const [end] = await engine.rows<[number | string, number | string, number | string]>(`SELECT max(${place}).1, max(${place}).2, count() FROM (SELECT received_at, seq FROM ${copy} WHERE ${beyond} ORDER BY ${sorted} LIMIT {rows:UInt32})`, { ...last, rows });
      const found = Number(end?.[2] ?? 0);
      if (found === 0) return;
      const [endAt, endSeq] = [Number(end![0]), Number(end![1])];
      const bytes = await engine.bytes(`SELECT ${EVENT_COLUMNS} FROM ${copy} WHERE ${beyond} AND ${upTo} ORDER BY ${sorted} FORMAT JSONCompactEachRow`, { ...last, endAt, endSeq });
      last = { at: endAt, seq: endSeq };
      yield { bytes, rows: found };
      rows = Math.max(1, Math.min(chunkRows, Math.floor((rows * ANSWER_BYTES) / Math.max(bytes.length, 1)), rows * 4));
    }
  } finally {
    await engine.command(`DROP TABLE IF EXISTS ${copy} SYNC`);
  }
}

/** At start: what a process that died left behind. Embedded, no other process can have one. */
export async function dropStaleCopies(engine: Engine): Promise<void> {
  const stale = await engine.rows<[string]>(
    'SELECT name FROM system.tables WHERE database = {database:String} AND (startsWith(name, {prefix:String}) OR startsWith(name, {staged:String}) OR startsWith(name, {records:String})) AND metadata_modification_time < now() - {age:Int32}',
    { database: engine.database, prefix: TABLE_PREFIX, staged: STAGED_PREFIX, records: RECORDS_PREFIX, age: engine.kind === 'embedded' ? -1 : STALE_SECONDS },
  );
  for (const [name] of stale) await engine.command(`DROP TABLE IF EXISTS ${engine.table(name)} SYNC`);
}
