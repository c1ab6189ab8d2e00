import { randomUUID } from 'node:crypto';
import { openEngine } from '../engine/open-engine.js';
import { nativeBlock } from '../native/native-block.js';
import { NumberColumn } from '../native/number-columns.js';
import { StringColumn } from '../native/string-column.js';
import { RECORDS_PREFIX, stageTable } from './stage-table.js';

/** An event as JSON: `number` names it, `lane` says with which others it is looked through, `whole` is empty when it is the record. */
export interface StoredRecord { readonly number: number; readonly lane: number; readonly record: string; readonly whole: string }

/** JSON texts in a table of their own, to be searched with SQL; it goes when it is closed. */
export interface RecordTable {
  /** For the text of a query: `database.table`. */
  readonly name: string;
  insert(records: readonly StoredRecord[]): Promise<void>;
  rows(sql: string): Promise<unknown[][]>;
  /** Keeps what a SELECT gives, in memory. */
  stage(select: string): Promise<{ readonly name: string; drop(): Promise<void> }>;
  /** Takes everything out. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

const BLOCK_CHARS_MAX = 32 * 1024 * 1024;

/** In the engine of this process (its files in `dataDir`), or on a server. */
export async function openRecordTable(options: { readonly url?: string; readonly dataDir: string }): Promise<RecordTable> {
  const engine = await openEngine(options);
  const name = engine.table(`${RECORDS_PREFIX}${randomUUID().replaceAll('-', '')}`);
  let blocks = 0;
  try {
    await engine.command(`CREATE TABLE ${name} (number UInt32, lane UInt32, record String CODEC(ZSTD(1)), whole String CODEC(ZSTD(1))) ENGINE = MergeTree ORDER BY (lane, number)`);
  } catch (error) {
    await engine.close();
    throw error;
  }
  const insert = async (records: readonly StoredRecord[]): Promise<void> => {
    const number = new NumberColumn('number', 'UInt32');
    const lane = new NumberColumn('lane', 'UInt32');
    const record = new StringColumn('record');
    const whole = new StringColumn('whole');
    for (const each of records) {
      number.push(each.number);
      lane.push(each.lane);
      record.push(each.record);
      whole.push(each.whole);
    }
    await engine.insert(name, nativeBlock([number, lane, record, whole], records.length), { token: `records/${blocks++}`, lane: 'background' });
  };
  return {
    name,
    async insert(records) {
      let start = 0;
      let chars = 0;
      for (let at = 0; at < records.length; at += 1) {
        chars += records[at]!.record.length + records[at]!.whole.length;
        if (chars < BLOCK_CHARS_MAX && at + 1 < records.length) continue;
        await insert(records.slice(start, at + 1));
        start = at + 1;
        chars = 0;
      }
    },
    rows: (sql) => engine.rows<unknown[]>(sql),
    stage: (select) => stageTable(engine, select),
    clear: () => engine.command(`TRUNCATE TABLE ${name}`),
    async close() {
      await engine.command(`DROP TABLE IF EXISTS ${name} SYNC`).catch(() => {});
      await engine.close();
    },
  };
}
