import { createHash } from 'node:crypto';
import { Buffer } from 'node:buffer';
import type { DeadLetter } from '@wary/model/dead-letter.js';
import type { ErrorCode } from '@wary/model/error-codes.js';
import type { SourceName } from '@wary/model/sources.js';
import type { Cipher } from '@wary/ports/cipher.port.js';
import type { DeadLetterStore } from '@wary/ports/dead-letter-store.port.js';
import { decodeCursor, encodeCursor } from '../events/cursor.js';
import { joinConditions, tenantCondition } from '../events/event-filter.js';
import { splitByPartition } from '../events/event-parts.js';
import type { Engine } from '../engine/engine.js';
import type { Column } from '../native/column.js';
import { DictionaryColumn } from '../native/dictionary-column.js';
import { nativeBlock } from '../native/native-block.js';
import { NumberColumn, WideColumn } from '../native/number-columns.js';
import { StringColumn } from '../native/string-column.js';

/** `offset` and `payload` are the caller's; the payload leaves this process encrypted. */
class LetterColumns {
  readonly tenant = new DictionaryColumn('tenant');
  readonly id = new StringColumn('id');
  readonly source = new DictionaryColumn('source');
  readonly offset = new NumberColumn('offset', 'Float64');
  readonly code = new DictionaryColumn('code');
  readonly message = new StringColumn('message');
  readonly receivedAt = new WideColumn('received_at', "DateTime64(3, 'UTC')");
  readonly payload = new StringColumn('payload');
  readonly payloadBytes = new NumberColumn('payload_bytes', 'UInt32');
  readonly all: readonly Column[] = [this.tenant, this.id, this.source, this.offset, this.code, this.message, this.receivedAt, this.payload, this.payloadBytes];

  add(letter: DeadLetter, cipher: Cipher): void {
    this.tenant.push(letter.tenant);
    this.id.push(letter.id);
    this.source.push(letter.source);
    this.offset.push(letter.offset);
    this.code.push(letter.code);
    this.message.push(letter.message);
    this.receivedAt.push(letter.receivedAt);
    this.payload.push(cipher.encrypt(letter.payload));
    this.payloadBytes.push(Buffer.byteLength(letter.payload));
  }
}

type LetterRow = readonly [tenant: string, id: string, source: string, offset: number, code: string, message: string, receivedAt: number | string];
const SUMMARY = 'tenant, id, source, offset, code, message, toUnixTimestamp64Milli(received_at)';
const letterOf = ([tenant, id, source, offset, code, message, receivedAt]: LetterRow): Omit<DeadLetter, 'payload'> =>
  ({ tenant, id, source: source as SourceName, offset, code: code as ErrorCode, message, receivedAt: Number(receivedAt) });

const tokenOf = (parts: readonly unknown[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex');

export const letterColumns = (): readonly Column[] => new LetterColumns().all;

export function createDeadLetterStore(engine: Engine, cipher: Cipher, partitionsMax: number): DeadLetterStore {
  const table = engine.table('dead_letters');
  const replays = engine.table('dead_letter_replays');

  return {
    async insertDeadLetters(letters) {
      if (letters.length === 0) return;
      const name = tokenOf(letters.map(({ tenant, id }) => [tenant, id]));
      const timed = letters.map((letter) => ({ time: letter.receivedAt, letter }));
      for (const [piece, part] of splitByPartition(timed, partitionsMax).entries()) {
        const columns = new LetterColumns();
        for (const { letter } of part) columns.add(letter, cipher);
        await engine.insert(table, nativeBlock(columns.all, part.length), { token: `${name}/${piece}` });
      }
    },

    async listDeadLetters(tenant, limit, cursor) {
      const conditions = [tenantCondition(tenant)];
      if (cursor !== undefined) {
        const [receivedAt, id] = decodeCursor(cursor, ['number', 'string']);
        conditions.push({ where: '(received_at, id) < (fromUnixTimestamp64Milli({cursor_time:Int64}), {cursor_id:String})', params: { cursor_time: receivedAt, cursor_id: id } });
      }
      const { where, params } = joinConditions(conditions);
      const rows = await engine.rows<[...LetterRow, number, number | string]>(
        `SELECT ${SUMMARY}, payload_bytes, ifNull(toUnixTimestamp64Milli(mark), 0) FROM (SELECT * FROM ${table} FINAL WHERE ${where} ORDER BY received_at DESC, id DESC LIMIT 1 BY id LIMIT {limit:UInt32}) AS letters
LEFT JOIN (SELECT id AS marked, max(replayed_at) AS mark FROM ${replays} WHERE tenant = {tenant:String} GROUP BY marked) AS marks ON letters.id = marks.marked ORDER BY received_at DESC, id DESC`,
        { ...params, limit: limit + 1 },
      );
      const page = rows.slice(0, limit);
      const last = rows.length > limit ? page.at(-1) : undefined;
      const items = page.map((row) => ({ ...letterOf(row as unknown as LetterRow), payloadBytes: row[7], replayedAt: Number(row[8]) === 0 ? null : Number(row[8]) }));
      return { items, next: last === undefined ? null : encodeCursor([Number(last[6]), last[1]]) };
    },

    async loadDeadLetters(tenant, ids) {
      if (ids.length === 0) return [];
      const rows = await engine.rows<[...LetterRow, string]>(`SELECT ${SUMMARY}, payload FROM ${table} FINAL WHERE tenant = {tenant:String} AND id IN {ids:Array(String)} ORDER BY received_at, id LIMIT 1 BY id`, { tenant, ids });
      return rows.map((row) => ({ ...letterOf(row as unknown as LetterRow), payload: cipher.decrypt(row[7]) }));
    },

    async markReplayed(tenant, ids, at) {
      if (ids.length === 0) return;
      const tenants = new DictionaryColumn('tenant');
      const names = new StringColumn('id');
      const times = new WideColumn('replayed_at', "DateTime64(3, 'UTC')");
      for (const id of ids) {
        tenants.push(tenant);
        names.push(id);
        times.push(at);
      }
      await engine.insert(replays, nativeBlock([tenants, names, times], ids.length), { token: tokenOf([tenant, ids, at]) });
    },
  };
}
