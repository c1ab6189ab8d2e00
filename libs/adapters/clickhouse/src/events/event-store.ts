import type { Event } from '@wary/model/event.js';
import type { EventQuery, EventStore, Page } from '@wary/ports/event-store.port.js';
import type { Engine } from '../engine/engine.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { eventCondition, joinConditions, tenantCondition, type Condition } from './event-filter.js';
import { EVENT_COLUMNS, eventOfRow, type EventRow } from './event-row.js';
import type { EventWriter } from './event-writer.js';
import { rankOf, seqOf } from './rank.js';
import { readInOrder, readPacked } from './read-in-order.js';

const COPIES_EXPECTED = 10;
/** Where a row lies in the table: enough to read it without looking anywhere else. */
type Key = readonly [principalType: string, principalId: string, time: number | string, id: string];

export function createEventStore(engine: Engine, writer: EventWriter): EventStore {
  const table = engine.table('events');
  const view = engine.table('events_unique');

  /**
   * Newest first. First the narrow columns find the page in the table itself, which is cheap because nothing has to be made unique;
   * copies of an event have its time and id, so they are neighbours here. Then only the page's rows are read whole, through the view.
   */
  async function findKeys(condition: Condition, limit: number): Promise<Key[]> {
    for (let rows = limit + COPIES_EXPECTED; ; rows *= 4) {
      const found = await engine.rows<Key>(
        `SELECT principal_type, principal_id, toUnixTimestamp64Milli(time), id FROM ${table} WHERE ${condition.where} ORDER BY time DESC, id DESC LIMIT {limit:UInt32}`,
        { ...condition.params, limit: rows },
      );
      const keys = found.filter((key, index) => index === 0 || key[3] !== found[index - 1]![3]);
      if (keys.length >= limit || found.length < rows) return keys.slice(0, limit);
    }
  }

  async function loadKeys(tenant: string, keys: readonly Key[]): Promise<Event[]> {
    if (keys.length === 0) return [];
    const times = keys.map((key) => Number(key[2]));
    const condition = joinConditions([tenantCondition(tenant), {
      where: 'principal_type IN {types:Array(String)} AND principal_id IN {principals:Array(String)} AND time >= fromUnixTimestamp64Milli({first:Int64}) AND time <= fromUnixTimestamp64Milli({last:Int64}) AND id IN {ids:Array(String)}',
      params: { types: unique(keys.map((key) => key[0])), principals: unique(keys.map((key) => key[1])), first: Math.min(...times), last: Math.max(...times), ids: keys.map((key) => key[3]) },
    }]);
    const rows = await engine.rows<EventRow>(`SELECT ${EVENT_COLUMNS} FROM ${view} WHERE ${condition.where}`, condition.params);
    const byId = new Map(rows.map((row) => {
      const event = eventOfRow(row);
      return [event.id, event];
    }));
    return keys.flatMap((key) => byId.get(key[3]) ?? []);
  }

  /** Snapshots are asked too: what they have scored may have expired here, and its numbers must not be given again. */
  async function lastSeq(): Promise<number> {
    const [row] = await engine.rows<[number | string, number | string, number | string]>(`SELECT min(rank), count(), (SELECT max(seq) FROM ${engine.table('snapshots')}) FROM ${table}`);
    if (row === undefined) return 0;
    const stored = Number(row[1]) === 0 ? 0 : seqOf(Number(row[0]));
    return Math.max(stored, Number(row[2] ?? 0));
  }

  return {
    insertEvents: (events, token) => writer.insert(events, token),

    lastSeq,

    readAfter: (after, chunkRows) => readInOrder(engine, after, chunkRows),

    readPacked: (range, chunkRows) => readPacked(engine, range, chunkRows),

    async recentIds(limit) {
      // Ranks are dense, so the newest `limit` ranks hold almost `limit` rows and the index keeps the rest unread.
      const newest = rankOf(await lastSeq());
      for (let span = limit * 2; ; span *= 8) {
        const bound = Math.min(newest + span, rankOf(0));
        const rows = await engine.rows<[string, string]>(`SELECT tenant, id FROM ${table} WHERE rank < {bound:UInt64} ORDER BY rank LIMIT {limit:UInt32}`, { bound, limit });
        if (rows.length === limit || bound === rankOf(0)) return rows.reverse().map(([tenant, id]) => ({ tenant, id }));
      }
    },

    async find(query: EventQuery): Promise<Page<Event>> {
      const conditions = [eventCondition(query)];
      if (query.cursor !== undefined) {
        const [time, id] = decodeCursor(query.cursor, ['number', 'string']);
        conditions.push({ where: '(time, id) < (fromUnixTimestamp64Milli({cursor_time:Int64}), {cursor_id:String})', params: { cursor_time: time, cursor_id: id } });
        // Said apart as well: the comparison of pairs alone keeps no granule unread.
        conditions.push({ where: 'time <= fromUnixTimestamp64Milli({cursor_time:Int64})', params: { cursor_time: time } });
      }
      const keys = await findKeys(joinConditions(conditions), query.limit + 1);
      const page = keys.slice(0, query.limit);
      const last = keys.length > query.limit ? page.at(-1) : undefined;
      return { items: await loadKeys(query.tenant, page), next: last === undefined ? null : encodeCursor([Number(last[2]), last[3]]) };
    },

    async count(query) {
      const { where, params } = eventCondition(query);
      const [row] = await engine.rows<[number | string]>(`SELECT count() FROM ${view} WHERE ${where}`, params);
      return Number(row?.[0] ?? 0);
    },
  };
}

const unique = (values: readonly string[]): string[] => [...new Set(values)];
