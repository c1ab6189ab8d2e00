import type { CorrelatedEvent } from '@wary/model/correlated-event.js';
import { EVENT_FLAG } from '@wary/model/event.js';
import type { Finding } from '@wary/model/finding.js';
import { HOUR_MS } from './engine-limits.js';
import type { ForwardedRecord, Frontier } from './forwarded-record.js';
import { HeldRecords } from './held-records.js';
import { RuleTeller, type CorrelationRunner, type RuleBook, type RuleMatch } from './rule-stage.js';
import { SignalBook } from './signal-book.js';
import { decodeState, encodeState } from './state-codec.js';

export type { ForwardedRecord, Frontier };

/** Raised when the layout of a snapshot changes. */
export const CORRELATION_STATE_VERSION = 2;
/** Events held back until all partitions have come as far; beyond, the earliest is taken at once. */
const HELD_RECORDS_MAX = 20_000;
const TENANTS_MAX = 1_000;

export interface CorrelationEngineOptions {
  /** Of the stream that the first stage runs over. */
  readonly partitions: number;
  readonly rulesOf: (tenant: string) => CorrelationRunner | null;
  readonly heldRecordsMax?: number;
}

export interface CorrelationStats {
  /** Records held back now. */
  readonly held: number;
  /** Records taken before all partitions had come as far, for there were too many. */
  readonly hurried: number;
  /** Records that were known: a partition that replays sends them again. */
  readonly skipped: number;
  /** Records and frontiers of tenants beyond the limit. */
  readonly overflow: number;
}

export interface CorrelationEngine {
  /** In the order in which each partition passed them on; how the partitions interleave does not matter. */
  take(record: ForwardedRecord): Finding[];
  /** The same of many, which cost less together. */
  takeAll(records: readonly ForwardedRecord[]): Finding[];
  frontier(frontier: Frontier): Finding[];
  /**
   * A partition had read everything that lay in it before the partitions of the stream had come to these sequences (one for each): what
   * they pass on up to there need not wait for it.
   */
  caughtUp(partition: number, read: readonly number[]): Finding[];
  /** Everything, events that are held back included. */
  dump(): Uint8Array;
  /** False: of another version, or of another number of partitions. Only for a fresh engine. */
  restore(bytes: Uint8Array): boolean;
  readonly stats: CorrelationStats;
}

const LANES = [false, true] as const;
interface LaneState { times: Float64Array; latest: number; passed: number; held: string[] }
interface TenantState { id: string; clock: number; seqs: Float64Array; reached: Float64Array; book: unknown; rules: unknown; lanes: LaneState[] }
interface EngineState { partitions: number; read: Float64Array; hurried: number; skipped: number; tenants: TenantState[] }

const NEVER = Number.NEGATIVE_INFINITY;

/** Events of the present, or of history, on their way to the correlations. */
class Lane {
  /** The newest event of each partition, and of all. */
  times: Float64Array;
  latest = NEVER;
  passed = NEVER;
  readonly held = new HeldRecords();

  constructor(partitions: number) {
    this.times = new Float64Array(partitions).fill(NEVER);
  }

  reach(partition: number, time: number): void {
    if (time > this.times[partition]!) this.times[partition] = time;
    if (time > this.latest) this.latest = time;
  }
}

/** One tenant's correlations, with a signal book and a clock of their own. */
class Correlations implements RuleBook {
  readonly book: SignalBook;
  readonly lanes: readonly Lane[];
  /** Event-time hour; closes the days of the book. */
  clock = NEVER;
  /** Of each partition the tenant's last sequence that it has spoken of, and how far it has come with the tenant's clock. */
  seqs: Float64Array;
  reached: Float64Array;
  private readonly teller = new RuleTeller();

  constructor(readonly id: string, readonly runner: CorrelationRunner, partitions: number, private readonly out: (finding: Finding) => void) {
    this.book = new SignalBook(id);
    this.lanes = LANES.map(() => new Lane(partitions));
    this.seqs = new Float64Array(partitions);
    this.reached = new Float64Array(partitions).fill(NEVER);
  }

  get held(): number {
    return this.lanes.reduce((sum, lane) => sum + lane.held.size, 0);
  }

  repeat: RuleBook['repeat'] = (...told) => this.book.repeat(...told);

  note: RuleBook['note'] = (signal, event) => {
    const raised: Finding[] = [];
    this.book.note(signal, event, this.clock, raised);
    for (const finding of raised) this.out(finding);
  };

  /** The first one that is held back. */
  observe(lane: Lane): void {
    const { event, rules } = lane.held.shift();
    this.tick(event.time);
    this.tell(this.runner.observe(event, rules), event, event.seq);
  }

  hear(partition: number, seq: number): void {
    if (seq > this.seqs[partition]!) this.seqs[partition] = seq;
  }

  /** Takes what all partitions have come to, in order. `read`: row by row, up to which sequence of each partition one had read everything that was there before. */
  release(read: Float64Array): void {
    const { seqs } = this;
    LANES.forEach((historical, index) => {
      const lane = this.lanes[index]!;
      const count = lane.times.length;
      const isAwaited = (record: ForwardedRecord): boolean => {
        for (let other = 0; other < count; other += 1) if (read[other * count + record.partition]! < record.seq && this.frontierOf(other, historical) <= record.event.time) return true;
        return false;
      };
      for (let first = lane.held.first; first !== undefined && !isAwaited(first); first = lane.held.first) this.observe(lane);
      // Beyond what is held back time has passed too, as far as everybody has come who may still have something before it.
      let least = lane.held.first?.event.time ?? Number.POSITIVE_INFINITY;
      for (let partition = 0; partition < count; partition += 1) {
        let hasAll = true;
        for (let other = 0; other < count && hasAll; other += 1) hasAll = read[partition * count + other]! >= seqs[other]!;
        if (!hasAll) least = Math.min(least, this.frontierOf(partition, historical));
      }
      const passed = Math.min(least, lane.latest);
      if (passed <= lane.passed) return;
      lane.passed = passed;
      this.tick(passed);
      this.tell(this.runner.pass(passed, historical), null, 0);
    });
  }

  /** History that comes after the present is before the tenant's clock: then only its own events say how far it has come. */
  private frontierOf(partition: number, historical: boolean): number {
    const [present, history] = this.lanes.map(({ times }) => times[partition]!) as [number, number];
    const reached = this.reached[partition]!;
    if (!historical) return Math.max(present, reached);
    return present === NEVER || history === NEVER ? Math.max(history, reached) : history;
  }

  private tell(matches: readonly RuleMatch[], event: CorrelatedEvent | null, seq: number): void {
    this.teller.tell(matches, event, seq, this);
  }

  private tick(time: number): void {
    const hour = Math.floor(time / HOUR_MS);
    if (hour <= this.clock) return;
    this.clock = hour;
    const closed: Finding[] = [];
    this.book.advance(hour, closed);
    for (const finding of closed) this.out(finding);
  }
}

/**
 * The second stage of rules: correlations, whose groups may be anything, over what the partitions of a stream pass on. Records are held
 * back and taken in the order of event time, up to what all partitions have come to, so that what is found does not depend on which of
 * them was faster; and it is found as one engine over the whole stream finds it, with the same ids.
 */
export function createCorrelationEngine({ partitions, rulesOf, heldRecordsMax = HELD_RECORDS_MAX }: CorrelationEngineOptions): CorrelationEngine {
  const tenants = new Map<string, Correlations | null>();
  let heardRead = new Float64Array(partitions * partitions);
  let out: Finding[] = [];
  let [hurried, skipped, overflow, held] = [0, 0, 0, 0];

  function tenantOf(id: string): Correlations | null {
    let tenant = tenants.get(id);
    if (tenant !== undefined) return tenant;
    if (tenants.size >= TENANTS_MAX) { overflow += 1; return null; }
    const runner = rulesOf(id);
    tenant = runner === null ? null : new Correlations(id, runner, partitions, (finding) => { out.push(finding); });
    tenants.set(id, tenant);
    return tenant;
  }

  function releaseAll(given: Iterable<Correlations | null>): Finding[] {
    for (const tenant of given) {
      if (tenant === null) continue;
      const before = tenant.held;
      tenant.release(heardRead);
      held += tenant.held - before;
    }
    const raised = out;
    out = [];
    return raised;
  }

  /** The tenant that may have something to release; null: the record is known, or of none. */
  function hold(record: ForwardedRecord): Correlations | null {
    const { partition, seq, event } = record;
    const tenant = tenantOf(event.tenant);
    if (tenant === null) return null;
    if (seq <= tenant.seqs[partition]!) { skipped += 1; return null; }
    tenant.hear(partition, seq);
    const lane = tenant.lanes[Number((event.flags & EVENT_FLAG.historical) !== 0)]!;
    lane.held.push(record);
    held += 1;
    lane.reach(partition, event.time);
    if (held > heldRecordsMax) { hurried += 1; held -= 1; tenant.observe(lane); }
    return tenant;
  }

  const engine: CorrelationEngine = {
    take(record) {
      const tenant = hold(record);
      return tenant === null ? [] : releaseAll([tenant]);
    },
    takeAll(records) {
      const touched = new Set<Correlations>();
      for (const record of records) {
        const tenant = hold(record);
        if (tenant !== null) touched.add(tenant);
      }
      return releaseAll(touched);
    },
    frontier({ tenant: id, partition, seq, time, historyTime, reachedTime }) {
      const tenant = tenantOf(id);
      if (tenant === null) return [];
      tenant.hear(partition, seq);
      if (time !== null) tenant.lanes[0]!.reach(partition, time);
      if (historyTime !== null) tenant.lanes[1]!.reach(partition, historyTime);
      tenant.reached[partition] = Math.max(tenant.reached[partition]!, reachedTime);
      return releaseAll([tenant]);
    },
    caughtUp(partition, read) {
      for (let other = 0; other < partitions; other += 1) heardRead[partition * partitions + other] = Math.max(heardRead[partition * partitions + other]!, read[other] ?? 0);
      return releaseAll(tenants.values());
    },
    dump() {
      const state: EngineState = {
        partitions, read: heardRead, hurried, skipped,
        tenants: [...tenants.values()].flatMap((tenant) => (tenant === null ? [] : [{
          id: tenant.id, clock: tenant.clock, seqs: tenant.seqs, reached: tenant.reached, book: tenant.book.dump(), rules: tenant.runner.dump(),
          // Events as text: their attributes may look like anything, and so like marks of the codec.
          lanes: tenant.lanes.map(({ times, latest, passed, held: records }) => ({ times, latest, passed, held: records.all().map((record) => JSON.stringify(record)) })),
        }])),
      };
      return encodeState(CORRELATION_STATE_VERSION, state);
    },
    restore(bytes) {
      const state = decodeState(CORRELATION_STATE_VERSION, bytes) as EngineState | null;
      if (state === null || state.partitions !== partitions) return false;
      heardRead = Float64Array.from(state.read);
      hurried = state.hurried;
      skipped = state.skipped;
      for (const saved of state.tenants) {
        const tenant = tenantOf(saved.id);
        if (tenant === null) continue;
        tenant.clock = saved.clock;
        tenant.seqs = Float64Array.from(saved.seqs);
        tenant.reached = Float64Array.from(saved.reached);
        tenant.book.load(saved.book);
        tenant.runner.load(saved.rules);
        saved.lanes.forEach(({ times, latest, passed, held: records }, index) => {
          const lane = tenant.lanes[index]!;
          Object.assign(lane, { times: Float64Array.from(times), latest, passed });
          for (const record of records) lane.held.push(JSON.parse(record) as ForwardedRecord);
          held += records.length;
        });
      }
      return true;
    },
    get stats() { return { held, hurried, skipped, overflow }; },
  };
  return engine;
}
