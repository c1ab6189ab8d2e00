import { parseExactJson } from '../events/exact-json.js';
import type { EventRecord } from '../events/field-values.js';
import { evaluateExpr } from '../evaluate/evaluate-expr.js';
import type { Expr } from '../language/expr.js';
import type { SigmaRule } from '../language/rule-model.js';
import { IndexedMatcher } from '../match/indexed-matcher.js';
import type { Destination } from '../pipeline/event-router.js';
import { conditionFor } from '../rule-engine.js';
import { compileScan, hardRows, matchingRows, type CompiledCondition, type CompiledScan } from './compile-scan.js';
import type { SqlSource } from './sql-source.js';

/** Whatever runs a SELECT of ClickHouse's: the engine in the process, or a server. Rows come as arrays, 64-bit integers as texts or numbers. */
export interface SqlRunner {
  rows(sql: string): Promise<readonly (readonly unknown[])[]>;
  /**
   * Keeps what a SELECT gives in a table, in memory, until it is dropped. Without it fields are read anew for each few rules, and
   * planning takes some five times as long.
   */
  stage?(select: string): Promise<StagedTable>;
}
export interface StagedTable { readonly name: string; drop(): Promise<void> }

/** Rules that are tried on the same events, with their conditions there. */
export interface Lane { readonly rules: readonly SigmaRule[]; readonly conditions: readonly Expr[] }
export function laneOf(rules: readonly SigmaRule[], destination: Destination): Lane {
  const lane: { rules: SigmaRule[]; conditions: Expr[] } = { rules: [], conditions: [] };
  for (const rule of rules) {
    const condition = conditionFor(rule, destination);
    if (condition === null) continue;
    lane.rules.push(rule);
    lane.conditions.push(condition);
  }
  return lane;
}

export interface ReadRecord { readonly record: EventRecord; readonly whole: unknown }
/** Gives the event of each row, or null where there is none (a text that is no JSON object). */
export type ReadRecords = (rows: readonly ScannedRow[]) => Promise<readonly (ReadRecord | null)[]>;
export interface ScannedRow { readonly keys: readonly unknown[]; readonly carried: readonly string[] }
export interface LaneMatch extends ScannedRow { /** Ascending. */ readonly rules: readonly SigmaRule[] }
export interface ScanCounts { queries: number; /** Rows whose JSON was read outside of SQL. */ unreadable: number; /** Rule and row pairs decided outside of SQL. */ outside: number }
export interface ScanOptions {
  /** Rules whose matches carry what their event is read from. */
  readonly carries?: (rule: SigmaRule) => boolean;
  readonly read?: ReadRecords;
  readonly signal?: AbortSignal;
  readonly counts?: ScanCounts;
}

/** What one query holds at most: servers refuse texts beyond 256 KiB. */
const RULES_MAX = 200;
const SQL_BYTES_MAX = 150_000;
const QUERY_BYTES_MAX = 240_000;
/** Without a table the fields are in the text of the query too. */
const UNSTAGED_RULES_MAX = 50;

/** What matches in a source: exactly what the stream matcher says of the same events. Rows of which nothing matches are left out. */
export async function scanLane(lane: Lane, source: SqlSource, runner: SqlRunner, options: ScanOptions = {}): Promise<LaneMatch[]> {
  const matches = new Map<string, Found>();
  for (const { start, scan: { fields, conditions } } of compiledParts(lane, source, runner.stage === undefined ? UNSTAGED_RULES_MAX : lane.conditions.length)) {
    const staged = await runner.stage?.(fields);
    try {
      await scanStaged({ lane, source, runner, options, matches, first: start, conditions, from: staged?.name ?? `(${fields})` });
    } finally {
      await staged?.drop();
    }
  }
  return [...matches.values()].map(({ row, rules }) => ({ ...row, rules: rules.sort((left, right) => left - right).map((index) => lane.rules[index]!) }));
}

/** Keys of the rows of which any condition may hold, each once: for conditions that are wider than what is asked. */
export async function scanCandidates(conditions: readonly Expr[], source: SqlSource, runner: SqlRunner, { signal, counts }: Pick<ScanOptions, 'signal' | 'counts'> = {}): Promise<(readonly unknown[])[]> {
  const found = new Map<string, readonly unknown[]>();
  const lane: Lane = { rules: [], conditions };
  for (const { scan } of compiledParts(lane, source, runner.stage === undefined ? UNSTAGED_RULES_MAX : conditions.length)) {
    const staged = await runner.stage?.(scan.fields);
    const from = staged?.name ?? `(${scan.fields})`;
    try {
      const parts = partsOf(scan.conditions.map(({ sql }) => Buffer.byteLength(sql)), RULES_MAX, roomBeside(from)).map(([start, end]) => matchingRows(scan.conditions.slice(start, end), source, from));
      for (const sql of [hardRows(source, from), ...parts]) {
        signal?.throwIfAborted();
        if (counts !== undefined) counts.queries += 1;
        for (const row of await runner.rows(sql)) {
          const keys = row.slice(0, source.keys.length);
          found.set(JSON.stringify(keys), keys);
        }
      }
    } finally {
      await staged?.drop();
    }
  }
  return [...found.values()];
}

interface Found { row: ScannedRow; readonly rules: number[] }
interface Scan {
  readonly lane: Lane; readonly source: SqlSource; readonly runner: SqlRunner; readonly options: ScanOptions; readonly matches: Map<string, Found>;
  /** The place of the first condition in the lane. */
  readonly first: number;
  readonly conditions: readonly CompiledCondition[];
  readonly from: string;
}

async function scanStaged({ lane, source, runner, options: { carries = () => false, read = readCarried, signal, counts }, matches, first, conditions, from }: Scan): Promise<void> {
  const width = source.keys.length;
  const take = (row: ScannedRow, rules: readonly number[]): void => {
    if (rules.length === 0) return;
    const key = JSON.stringify(row.keys);
    const known = matches.get(key);
    if (known === undefined) matches.set(key, { row, rules: [...rules] });
    else {
      known.rules.push(...rules);
      // What carries its event is kept rather than what does not.
      if (known.row.carried.every((text) => text === '')) known.row = row;
    }
  };
  const query = async (sql: string): Promise<readonly (readonly unknown[])[]> => {
    signal?.throwIfAborted();
    if (counts !== undefined) counts.queries += 1;
    return runner.rows(sql);
  };

  const hard = (await query(hardRows(source, from))).map((row): ScannedRow => ({ keys: row.slice(0, width), carried: row.slice(width) as string[] }));
  if (hard.length > 0) {
    if (counts !== undefined) counts.unreadable += hard.length;
    const matcher = new IndexedMatcher(lane.conditions.slice(first, first + conditions.length));
    (await read(hard)).forEach((event, index) => {
      if (event !== null) take(hard[index]!, matcher.match(event.record, event.whole).map((each) => first + each));
    });
  }

  for (const [start, end] of partsOf(conditions.map(({ sql }) => Buffer.byteLength(sql)), RULES_MAX, roomBeside(from))) {
    const part = conditions.slice(start, end);
    const carried = lane.rules.slice(first + start, first + end).flatMap((rule, index) => (carries(rule) ? [index] : []));
    const outside: { readonly row: ScannedRow; readonly doubts: readonly number[] }[] = [];
    for (const row of await query(matchingRows(part, source, from, carried))) {
      const [hits, left, open] = row.slice(width, width + 3) as [number[], number[], number[]];
      const scanned: ScannedRow = { keys: row.slice(0, width), carried: row.slice(width + 3) as string[] };
      const doubts = open.length === 0 ? left : part.flatMap(({ fields }, index) => (left.includes(index) || fields.some((field) => open.includes(field)) ? [index] : []));
      const place = (each: number): number => first + start + each;
      take(scanned, (doubts.length === 0 ? hits : hits.filter((each) => !doubts.includes(each))).map(place));
      if (doubts.length > 0) outside.push({ row: scanned, doubts: doubts.map(place) });
    }
    if (outside.length === 0) continue;
    (await read(outside.map(({ row }) => row))).forEach((event, index) => {
      const { row, doubts } = outside[index]!;
      if (counts !== undefined) counts.outside += doubts.length;
      if (event !== null) take(row, doubts.filter((each) => evaluateExpr(lane.conditions[each]!, event.record, event.whole)));
    });
  }
}

/** From the JSON texts that a source carries. */
const readCarried: ReadRecords = (rows) => Promise.resolve(rows.map(({ carried: [record, whole] }) => readTexts(record ?? '', whole)));
export function readTexts(record: string, whole?: string): ReadRecord | null {
  try {
    const value = parseExactJson(record);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    return { record: value as EventRecord, whole: whole === undefined || whole === '' || whole === record ? value : parseExactJson(whole) };
  } catch {
    return null;
  }
}

/** The lane as a whole where the text that reads its fields is not too long, else in halves. */
function* compiledParts(lane: Lane, source: SqlSource, countMax: number): Generator<{ readonly start: number; readonly scan: CompiledScan }> {
  for (let start = 0, count = countMax; start < lane.conditions.length;) {
    const scan = compileScan(lane.conditions.slice(start, start + count), source);
    if (Buffer.byteLength(scan.fields) > SQL_BYTES_MAX && count > 1) {
      count = Math.ceil(Math.min(count, lane.conditions.length - start) / 2);
      continue;
    }
    yield { start, scan };
    start += count;
  }
}

/** For conditions in a query that reads from a table, or from the text that reads the fields. */
const roomBeside = (from: string): number => Math.min(SQL_BYTES_MAX, QUERY_BYTES_MAX - Buffer.byteLength(from));

/** Neighbours that go into one query together, by what each takes of it. */
function partsOf(bytes: readonly number[], countMax: number, bytesMax: number): (readonly [number, number])[] {
  const parts: (readonly [number, number])[] = [];
  let start = 0;
  let sum = 0;
  bytes.forEach((each, index) => {
    if (index > start && (index - start >= countMax || sum + each > bytesMax)) {
      parts.push([start, index]);
      start = index;
      sum = 0;
    }
    sum += each;
  });
  if (start < bytes.length) parts.push([start, bytes.length]);
  return parts;
}
