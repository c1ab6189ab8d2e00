import type { EventRecord } from '../events/field-values.js';
import { and, mapFields, or, type Expr } from '../language/expr.js';
import type { SigmaRule } from '../language/rule-model.js';
import { createRouter, type Way } from '../pipeline/event-router.js';
import type { Pipeline } from '../pipeline/pipeline-model.js';
import { readPipeline } from '../pipeline/read-pipeline.js';
import { READY_PIPELINES } from '../pipeline/ready-pipelines.js';
import { conditionFor, isMeantFor } from '../rule-engine.js';
import { quoteText } from './quote-sql.js';
import { scanCandidates, scanLane, type Lane, type ReadRecords, type ScanCounts, type SqlRunner } from './scan-lane.js';
import { sliceCondition, storedRawSource, storedSource, type StoredSlice } from './stored-event.js';

/** Events that one slice holds at most, and how finely they are counted to cut the slices. */
const SLICE_EVENTS = 50_000;
const BUCKETS_MAX = 5_000;
const BUCKET_MS_MIN = 60_000;

/** The events table and what runs SQL over it. */
export interface StoredEvents extends SqlRunner { readonly table: string }
export interface StoredMatch { readonly id: string; /** Milliseconds. */ readonly time: number; readonly seq: number; /** In the order they were given. */ readonly rules: readonly SigmaRule[] }
export interface SearchProgress { readonly events: number; readonly eventsTotal: number; /** Everything before it is searched. */ readonly until: number; readonly matches: number }

/** Records of sources that rules know under the source's own names: which pipelines read them, and whether they are stored as JSON objects. */
export interface SourceRecords { readonly source: string; readonly pipelines: readonly Pipeline[]; readonly isJson: boolean }

export interface StoredSearch {
  readonly rules: readonly SigmaRule[];
  readonly tenant: string;
  /** Milliseconds; `from` is within, `to` is not. */
  readonly from: number;
  readonly to: number;
  /** Events by their ids, as the path has them; those that are gone are left out. Asked for rows that SQL leaves open. */
  readonly load: (ids: readonly string[], slice: { readonly from: number; readonly to: number }) => Promise<readonly (EventRecord & { readonly id: string })[]>;
  /**
   * Rules of other products see the source's own record. SQL then finds the events in question by any of the ways the source has, and
   * `match` (the live matcher) says of each what holds.
   */
  readonly foreign?: { readonly sources: readonly SourceRecords[]; readonly match: (event: EventRecord) => readonly SigmaRule[] };
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SearchProgress) => void;
  readonly counts?: ScanCounts;
}

/**
 * What rules match in the stored events of a tenant, slice by slice in the order of time (then ingest sequence): exactly what the live
 * matcher says of the same events. Ends with the signal's reason when it is aborted, between two queries.
 */
export async function* searchStored(events: StoredEvents, search: StoredSearch): AsyncGenerator<StoredMatch[]> {
  const { rules, tenant, from, to, signal } = search;
  const lane = ownLane(rules);
  const foreign = (search.foreign?.sources ?? []).map((each) => ({ ...each, conditions: widest(rules, each) })).filter(({ conditions }) => conditions.length > 0);
  const places = new Map(rules.map((rule, index) => [rule, index]));

  const slices = await slicesOf(events, tenant, from, to);
  const eventsTotal = slices.reduce((sum, { count }) => sum + count, 0);
  let done = 0;
  let matches = 0;
  for (const { count, ...range } of slices) {
    const slice: StoredSlice = { table: events.table, tenant, ...range };
    const found = new Map<string, { readonly id: string; readonly time: number; readonly seq: number; readonly rules: Set<SigmaRule> }>();
    const take = ([id, at, number]: readonly unknown[], held: readonly SigmaRule[]): void => {
      if (held.length === 0) return;
      const key = JSON.stringify([id, Number(at)]);
      const known = found.get(key);
      if (known === undefined) found.set(key, { id: String(id), time: Number(at), seq: Number(number), rules: new Set(held) });
      else for (const rule of held) known.rules.add(rule);
    };
    const load = async (rows: readonly (readonly unknown[])[]): Promise<(EventRecord | null)[]> => {
      const loaded = new Map((await search.load([...new Set(rows.map(([id]) => String(id)))], range)).map((event) => [`${event.id}\u0000${String(event['time'])}`, event]));
      return rows.map(([id, at]) => loaded.get(`${String(id)}\u0000${Number(at)}`) ?? null);
    };
    const read: ReadRecords = async (rows) => (await load(rows.map(({ keys }) => keys))).map((record) => (record === null ? null : { record, whole: record }));
    const options = { read, ...(signal === undefined ? {} : { signal }), ...(search.counts === undefined ? {} : { counts: search.counts }) };
    if (lane.rules.length > 0) for (const match of await scanLane(lane, storedSource(slice), events, options)) take(match.keys, match.rules);
    for (const { source, isJson, conditions } of foreign) {
      const where = `source = ${quoteText(source)}`;
      const candidates = isJson && conditions !== 'any' ? await scanCandidates(conditions, storedRawSource(slice, where), events, options) : await events.rows(`SELECT id, toUnixTimestamp64Milli(time), 9007199254740991 - rank FROM ${events.table} FINAL WHERE ${sliceCondition(slice)} AND ${where} AND raw != ''`);
      if (candidates.length === 0) continue;
      (await load(candidates)).forEach((event, index) => {
        if (event !== null) take(candidates[index]!, search.foreign!.match(event).filter((rule) => places.has(rule)));
      });
    }
    const ordered = [...found.values()].sort((left, right) => left.time - right.time || left.seq - right.seq).map((match): StoredMatch => ({ ...match, rules: [...match.rules].sort((left, right) => places.get(left)! - places.get(right)!) }));
    done += count;
    matches += ordered.reduce((sum, each) => sum + each.rules.length, 0);
    search.onProgress?.({ events: done, eventsTotal, until: range.to, matches });
    if (ordered.length > 0) yield ordered;
  }
}

/** Rules with their conditions on the events as the path has them. One scan takes all kinds of events: what a rule asks of the kind is a part of its condition. */
export function ownLane(rules: readonly SigmaRule[]): Lane {
  const pipeline = readPipeline(READY_PIPELINES['wary']!, 'wary');
  const router = createRouter([{ ...pipeline, accepts: [] }]);
  const kinds = pipeline.routes.flatMap(({ when }) => (when['kind'] === undefined || when['kind'] === true ? [] : when['kind']));
  const destinations = kinds.map((kind) => ({ kind, destination: router.route({ kind, action: '', actor: { id: '' } }).destination }));
  const lane: { rules: SigmaRule[]; conditions: Expr[] } = { rules: [], conditions: [] };
  for (const rule of rules) {
    const byFields = new Map<string, { readonly kinds: string[]; readonly condition: Expr }>();
    for (const { kind, destination } of destinations) {
      const way = destination.ways.find((each) => isMeantFor(rule.logsource, each));
      if (way === undefined) continue;
      const key = JSON.stringify(way.fields);
      const known = byFields.get(key);
      if (known === undefined) byFields.set(key, { kinds: [kind], condition: conditionFor(rule, destination)! });
      else known.kinds.push(kind);
    }
    if (byFields.size === 0) continue;
    lane.rules.push(rule);
    lane.conditions.push(or([...byFields.values()].map((each) => (each.kinds.length === kinds.length ? each.condition : and([or(each.kinds.map((kind): Expr => ({ op: 'test', field: 'kind', test: { kind: 'text', pattern: [kind], cased: true } }))), each.condition])))));
  }
  return lane;
}

/**
 * Conditions of rules over a source's record, each by every way that an event of the source may come: at least what the rule matches.
 * `any`: the record is rewritten before rules see it, so that every event is in question.
 */
function widest(rules: readonly SigmaRule[], { pipelines, isJson }: SourceRecords): readonly Expr[] | 'any' {
  const ways = pipelines.flatMap(({ routes, unknown, fields }): Way[] => [...routes.map((route) => ({ source: route.source, isOpen: false, fields: { ...fields, ...route.fields } })), { source: unknown, isOpen: true, fields }]);
  const meant = rules.filter((rule) => rule.logsource.product !== 'wary').flatMap((rule) => {
    const own = ways.filter((way) => isMeantFor(rule.logsource, way));
    return own.length === 0 ? [] : [{ rule, own }];
  });
  if (meant.length === 0) return [];
  if (!isJson || pipelines.some(({ flatten }) => flatten !== 'none')) return 'any';
  return meant.map(({ rule: { condition }, own }) => {
    const mapped = new Map(own.map(({ fields }) => [JSON.stringify(fields), mapFields(condition, (field) => (Object.hasOwn(fields, field) ? fields[field]! : [field]))]));
    return or([...mapped.values()]);
  });
}

interface Slice { readonly from: number; readonly to: number; readonly count: number }
/** Neighbouring stretches of time with few enough events; a single stretch may hold more. */
async function slicesOf({ table, rows }: StoredEvents, tenant: string, from: number, to: number): Promise<Slice[]> {
  if (!(to > from)) return [];
  const width = Math.max(BUCKET_MS_MIN, Math.ceil((to - from) / BUCKETS_MAX));
  const counted = await rows(`SELECT intDiv(toUnixTimestamp64Milli(time) - toInt64(${Math.floor(from)}), ${width}) AS bucket, toUInt32(count()) FROM ${table} WHERE ${sliceCondition({ tenant, from, to })} GROUP BY bucket ORDER BY bucket`);
  const slices: { from: number; to: number; count: number }[] = [];
  for (const [bucket, count] of counted) {
    const start = Math.floor(from) + Number(bucket) * width;
    const last = slices.at(-1);
    const end = Math.min(Math.ceil(to), start + width);
    if (last !== undefined && last.count + Number(count) <= SLICE_EVENTS) {
      last.to = end;
      last.count += Number(count);
    } else slices.push({ from: Math.max(Math.ceil(from), start), to: end, count: Number(count) });
  }
  return slices;
}
