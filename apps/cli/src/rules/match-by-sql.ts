import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecordTable, type RecordTable, type StoredRecord } from '@wary/adapter-clickhouse/records/record-table.js';
import { parseExactJson, stringifyExactJson } from '@wary/rules/events/exact-json.js';
import type { SigmaRule } from '@wary/rules/language/rule-model.js';
import type { Destination, EventRouter } from '@wary/rules/pipeline/event-router.js';
import { laneOf, scanLane, type Lane, type LaneMatch, type ScanCounts } from '@wary/rules/sql/scan-lane.js';
import { jsonSource } from '@wary/rules/sql/sql-source.js';
import type { ReadEvent } from './read-events.js';

/** Events that are looked through together: in the table, and in one query. Every batch costs the planning of all rules. */
const BATCH_EVENTS_MAX = 200_000;
const BATCH_CHARS_MAX = 256 * 1024 * 1024;
const QUERY_EVENTS = 25_000;

export interface SqlMatch { readonly number: number; /** Of rules that carry their event. */ readonly event: Readonly<Record<string, unknown>> | null; readonly rules: readonly SigmaRule[] }

/** Rules over events through ClickHouse: the events are put into a table, batch by batch, and searched there. */
export class SqlMatcher {
  private batch: StoredRecord[] = [];
  private chars = 0;
  private readonly lanes = new Map<Destination, { readonly number: number; readonly lane: Lane; first: number; last: number; events: number; hasWhole: boolean }>();
  readonly counts: ScanCounts = { queries: 0, unreadable: 0, outside: 0 };

  private constructor(private readonly table: RecordTable, private readonly folder: string, private readonly rules: readonly SigmaRule[], private readonly router: EventRouter, private readonly carries: (rule: SigmaRule) => boolean) {}

  /** `url`: a ClickHouse server; unset: the engine in this process, in a folder of its own that goes in the end. */
  static async open(rules: readonly SigmaRule[], router: EventRouter, carries: (rule: SigmaRule) => boolean, url?: string): Promise<SqlMatcher> {
    const folder = mkdtempSync(join(tmpdir(), 'wary-rules-sql-'));
    try {
      return new SqlMatcher(await openRecordTable({ dataDir: folder, ...(url === undefined ? {} : { url }) }), folder, rules, router, carries);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Whether the batch is full; then `flush` is next. */
  add({ event, text, number }: ReadEvent): boolean {
    let { record, destination } = this.router.route(event);
    let lane = this.lanes.get(destination);
    if (lane === undefined) this.lanes.set(destination, (lane = { number: this.lanes.size, lane: laneOf(this.rules, destination), first: number, last: number, events: 0, hasWhole: false }));
    if (lane.lane.rules.length === 0) return false;
    if (lane.events === 0) lane.first = number;
    lane.last = number;
    lane.events += 1;
    const isFlat = record === event;
    if (!isFlat && /\d{16}/.test(text)) record = this.router.route(parseExactJson(text) as ReadEvent['event']).record;
    lane.hasWhole ||= !isFlat;
    const stored = { number, lane: lane.number, record: isFlat ? text : stringifyExactJson(record), whole: isFlat ? '' : text };
    this.batch.push(stored);
    this.chars += stored.record.length + stored.whole.length;
    return this.batch.length >= BATCH_EVENTS_MAX || this.chars >= BATCH_CHARS_MAX;
  }

  /** What matches in the batch, in the order of the events. */
  async flush(onProgress: (part: number) => void, signal: AbortSignal): Promise<SqlMatch[]> {
    if (this.batch.length === 0) return [];
    await this.table.insert(this.batch);
    const total = this.batch.length;
    this.batch = [];
    this.chars = 0;
    const found: SqlMatch[] = [];
    let done = 0;
    for (const each of this.lanes.values()) {
      if (each.events === 0) continue;
      const pieces = Math.ceil(each.events / QUERY_EVENTS);
      const width = Math.ceil((each.last - each.first + 1) / pieces);
      for (let piece = 0; piece < pieces; piece += 1) {
        const from = each.first + piece * width;
        const source = jsonSource({ from: this.table.name, column: 'record', ...(each.hasWhole ? { wholeColumn: 'whole' } : {}), keys: ['number'], where: `lane = ${each.number} AND number >= ${from} AND number < ${from + width}` });
        found.push(...(await scanLane(each.lane, source, this.table, { carries: this.carries, signal, counts: this.counts })).map((match) => this.matchOf(match)));
        onProgress((done + (each.events * (piece + 1)) / pieces) / total);
      }
      done += each.events;
      each.events = 0;
      each.hasWhole = false;
    }
    await this.table.clear();
    return found.sort((left, right) => left.number - right.number);
  }

  private matchOf({ keys: [number], carried: [record = '', whole = ''], rules }: LaneMatch): SqlMatch {
    const text = whole === '' ? record : whole;
    return { number: Number(number), event: text === '' || !rules.some(this.carries) ? null : JSON.parse(text) as SqlMatch['event'], rules };
  }

  async close(): Promise<void> {
    await this.table.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
