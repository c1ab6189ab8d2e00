import { randomUUID } from 'node:crypto';
import type { Event } from '@wary/model/event.js';
import type { Engine } from '../engine/engine.js';
import { parseRows } from '../engine/json-rows.js';
import { EVENT_COLUMNS, STORED_COLUMNS, eventOfRow, type EventRow } from './event-row.js';
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
  const copy = engine.table(`${TABLE_PREFIX}${randomUUID().replaceAll('-', '')}`);
  try {
    // A rank is an integer of ours: DDL takes no parameters.
    const where = after > 0 ? `WHERE rank < ${rankOf(after)} SETTINGS use_skip_indexes_if_final = 1, use_skip_indexes_if_final_exact_mode = 0` : '';
    await engine.command(`CREATE TABLE ${copy} ENGINE = MergeTree ORDER BY seq AS SELECT ${STORED_COLUMNS.join(', ')}, seq FROM ${engine.table('events_unique')} ${where}`);
    let last = after;
    let rows = Math.min(chunkRows, FIRST_ROWS);
    for (;;) {
      const { found, bytes } = await readChunk(engine, copy, last, rows);
      if (found.length === 0) return;
      last = found.at(-1)!.seq;
      yield found;
      rows = Math.max(1, Math.min(chunkRows, Math.floor((rows * ANSWER_BYTES) / Math.max(bytes, 1)), rows * 4));
    }
  } finally {
    await engine.command(`DROP TABLE IF EXISTS ${copy} SYNC`);
  }
}

async function readChunk(engine: Engine, copy: string, last: number, rows: number): Promise<{ found: Event[]; bytes: number }> {
  const answer = await engine.bytes(`SELECT ${EVENT_COLUMNS} FROM ${copy} WHERE seq > {last:UInt64} ORDER BY seq LIMIT {rows:UInt32} FORMAT JSONCompactEachRow`, { last, rows });
  return { found: parseRows<EventRow>(answer.toString('utf8')).map(eventOfRow), bytes: answer.length };
}

/** At start: what a process that died left behind. Embedded, no other process can have one. */
export async function dropStaleCopies(engine: Engine): Promise<void> {
  const stale = await engine.rows<[string]>(
    'SELECT name FROM system.tables WHERE database = {database:String} AND startsWith(name, {prefix:String}) AND metadata_modification_time < now() - {age:Int32}',
    { database: engine.database, prefix: TABLE_PREFIX, age: engine.kind === 'embedded' ? -1 : STALE_SECONDS },
  );
  for (const [name] of stale) await engine.command(`DROP TABLE IF EXISTS ${engine.table(name)} SYNC`);
}
