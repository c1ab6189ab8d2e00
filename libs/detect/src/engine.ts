import type { Forwarded } from '@wary/model/correlated-event.js';
import type { Entity } from '@wary/model/entity.js';
import { EVENT_FLAG, hasFlag, type Event } from '@wary/model/event.js';
import type { Finding } from '@wary/model/finding.js';
import { RecentIds } from '@wary/pipeline/recent-ids.js';
import { AwakeRing } from './awake-ring.js';
import { behaviourShares } from './behaviour-weights.js';
import { EMPTY_HOUR, type HourGate } from './hour-gate.js';
import type { Blocked, ClosedHour, Offered, Partition } from './closed-hour.js';
import type { Core, DayScore, JudgedWindow } from './core.js';
import { describeEntity } from './describe-entity.js';
import { DEFAULT_ENGINE_LIMITS, HOUR_MS, type EngineLimits } from './engine-limits.js';
import { dumpEngine, restoreEngine, takeSnapshot, type EngineSnapshot } from './engine-state.js';
import type { EngineStats } from './engine-stats.js';
import type { EntityBaselines } from './entity-baselines.js';
import { ENTITY_BYTES, WINDOW_BYTES } from './entity-layout.js';
import type { Frontier } from './forwarded-record.js';
import { RecordStore } from './record-store.js';
import type { RuleRunner } from './rule-stage.js';
import { ScoringPath } from './scoring-path.js';
import { peerModeFrom } from './peers/peer-mode.js';
import { Slab } from './slab.js';
import { TenantState } from './tenant-state.js';
import { ValueNames } from './value-names.js';
import { newestOf } from './watch/system-watch.js';

export type { Blocked, ClosedHour, EngineLimits, EngineSnapshot, EngineStats, EntityBaselines, Offered, Partition };

export interface PartScore {
  readonly findings: Finding[];
  /** What correlations behind all partitions need of the events scored, in order. */
  readonly forwarded: Forwarded[];
  /** Index of the first event not scored. */
  readonly next: number;
  readonly blocked: Blocked | null;
}
export interface Reached { readonly findings: Finding[]; readonly blocked: Blocked | null }
export interface Followed { readonly findings: Finding[]; readonly blocked: readonly Blocked[] }

export interface DetectorSettings { readonly enabled: boolean; readonly weight: number; readonly thresholds: Readonly<Record<string, number>> }

export interface EngineOptions {
  /** False alarms a tenant accepts per day. */
  readonly budgetPerDay: number;
  readonly seed: number;
  /** Of every tenant that has none of its own. */
  readonly settings?: Readonly<Record<string, DetectorSettings>>;
  readonly tenantSettings?: ReadonlyMap<string, Readonly<Record<string, DetectorSettings>>>;
  readonly limits?: Partial<EngineLimits>;
  /** The rules a tenant runs, asked once when its first event or its state comes; the runner may change its rules between events. */
  readonly rulesOf?: (tenant: string) => RuleRunner | null;
  /** This engine has one partition of the stream, keyed by `partitionOf(shardOf(…))`. Absent: the whole stream. */
  readonly partition?: Partition;
  /** Keep a score for each entity and closed day until `dayScores` takes it; live nobody does. */
  readonly keepDayScores?: boolean;
  /**
   * Guarded learning, on unless told: what is under suspicion teaches late and no more than is usual. Off it teaches at once, like anything else: for measuring what the guard is worth, never live.
   */
  readonly guard?: boolean;
  /** Told of every behaviour of every closed window that had a level; live nobody is. */
  readonly onJudged?: (judged: JudgedWindow) => void;
}

export interface Engine {
  /** In seq order; ids already seen are skipped; returns finding revisions in order. `event.flags` historical → finding.historical. */
  scoreEvents(events: readonly Event[]): Finding[];
  /**
   * The same for one partition of a stream, beginning at index `from`: up to the end, or to an event (`next`) of an hour that is not open yet.
   * Nothing of that event has happened then. Events of other tenants need not wait for it: tenants know nothing of each other.
   */
  scorePart(events: readonly Event[], from: number): PartScore;
  /** Own hours to be published, each once; after a restore also those that were given out before and have not come back from the log. */
  closedHours(): ClosedHour[];
  /**
   * A published hour of any partition, this one's own too, in the order of the log: all of it, from before the first event that is scored.
   * After a restore own hours come before the replay begins.
   */
  offerClosed(closed: ClosedHour): Offered;
  /** A partition without events is told that a tenant has come to an hour elsewhere; without partitions it goes there at once. */
  reach(tenant: string, hour: number): Reached;
  /**
   * `reach` for every tenant that other partitions want further than this one is, and for what was wanted before and waited. For a partition
   * without anything to read; or for one that waits at an hour, up to there: what it has still to read is not before that hour where the
   * stream is in order of time, and of all that wait the one at the earliest hour has its way.
   */
  follow(upTo?: number): Followed;
  /** How far this partition has come with each tenant, where that has changed: for the correlations behind all partitions. Said after what was forwarded before. */
  frontiers(): Frontier[];
  /** Of each tenant the hour that other partitions want it to come to, as far as this engine has heard, in a snapshot too. */
  wantedElsewhere(): Array<[tenant: string, hour: number]>;
  /** The event-time hour that a tenant has come to here; −∞ before its first event. */
  hourOf(tenant: string): number;
  readonly lastSeq: number;
  /** Judges and learns every open window (end of a file for `wary detect`; never called live). */
  finish(): Finding[];
  /** Versioned; everything, `lastSeq` and the recent ids included. */
  dump(): Uint8Array;
  /** The same state, as it is at this call, in steps: events may be scored between them. */
  snapshot(): EngineSnapshot;
  /** False: another version; the caller rebuilds from history. Only for a fresh engine of the same options. */
  restore(bytes: Uint8Array): boolean;
  describeEntity(tenant: string, entity: Entity): EntityBaselines | null;
  /**
   * Tenants of which nothing comes any more, by the wall clock: no event time passes then. Changes nothing. `since`: when the service began
   * to be there. `elsewhere`: of each tenant the newest hour in which other partitions have something, as `lastHeard` gives it there.
   */
  silences(now: number, since: number, elsewhere?: ReadonlyMap<string, number>): Finding[];
  /** Of each tenant the newest event-time hour, not known to all partitions yet, of which something came here. */
  lastHeard(): Array<[tenant: string, hour: number]>;
  /** Closed days, for `--scores`; drained at each call. */
  dayScores(): DayScore[];
  /** A tenant's weights and switches hold for what is judged from now on; the levels of a day still sum to the budget. */
  applySettings(settings: Readonly<Record<string, DetectorSettings>>, tenant: string): void;
  readonly stats: EngineStats;
}

export function createEngine({ budgetPerDay, seed, settings = {}, tenantSettings = new Map(), limits: given = {}, keepDayScores = false, guard = true, rulesOf = () => null, onJudged, partition }: EngineOptions): Engine {
  const limits: EngineLimits = { ...DEFAULT_ENGINE_LIMITS, ...given };
  const core: Core = {
    rulesOf, limits, partition: partition ?? null, entities: new Slab(ENTITY_BYTES), windows: new Slab(WINDOW_BYTES), entityOfRow: [], windowOfRow: [], awake: new AwakeRing(limits.awakeEntitiesMax), records: new RecordStore(), shares: behaviourShares(settings), out: [], forwarded: [], seq: 0, names: new ValueNames(limits.valueNamesMax), dayScores: [], keepDayScores, isGuarded: guard, onJudged: onJudged ?? null,
    stats: { entities: 0, entitiesEvicted: 0, lateEvents: 0, futureEvents: 0, overflow: 0, bytesEstimate: 0, divergedHours: 0 },
  };
  const path = new ScoringPath(core);
  const tenants = new Map<string, TenantState>();
  let recent = new RecentIds(limits.recentIdsMax, seed);
  let lastSeq = 0;
  /** Hours of tenants beyond the limit, to be published as empty. */
  const refused: ClosedHour[] = [];
  const standard = holding(settings);
  const own = new Map([...tenantSettings].map(([id, of]) => [id, holding(of)] as const));

  function tenantOf(id: string): TenantState | undefined {
    const known = tenants.get(id);
    if (known !== undefined) return known;
    if (tenants.size >= limits.tenantsMax) { core.stats.overflow += 1; return undefined; }
    const tenant = new TenantState(core, id, budgetPerDay);
    configure(tenant, own.get(id) ?? standard);
    tenants.set(id, tenant);
    return tenant;
  }

  /** Makes the shared parts those of the tenant whose event is next. */
  function turnTo(tenant: TenantState): void {
    const { shares, disabled } = own.get(tenant.id) ?? standard;
    core.shares = shares;
    path.disabled = disabled;
  }

  function take(): Finding[] {
    const raised = core.out;
    core.out = [];
    return raised;
  }

  /** Goes as far as is wanted and open. */
  function goOn(tenant: TenantState, gate: HourGate): boolean {
    turnTo(tenant);
    for (;;) {
      const { nextIdle } = tenant;
      gate.close(nextIdle);
      // No further than to what may add to an hour: that is closed before it is folded.
      const to = Math.min(gate.wanted, gate.openTo, nextIdle);
      if (to <= tenant.population.current) return tenant.population.current >= gate.wanted;
      path.advance(tenant, to);
    }
  }

  /** To where the other partitions want the tenant. */
  function followOthers(tenant: TenantState, gate: HourGate, upTo: number): boolean {
    gate.wantRecorded(lastSeq + 1);
    if (!gate.isReplaying(lastSeq)) gate.want(Math.min(gate.othersWant, upTo));
    return goOn(tenant, gate);
  }

  function isOpenFor(tenant: TenantState, gate: HourGate, event: Event): boolean {
    gate.wantRecorded(event.seq);
    if (!hasFlag(event, EVENT_FLAG.future)) gate.want(Math.floor(event.time / HOUR_MS));
    return goOn(tenant, gate);
  }

  function score(tenant: TenantState, event: Event): void {
    turnTo(tenant);
    path.score(tenant, event);
  }

  function takeForwarded(): Forwarded[] {
    const { forwarded } = core;
    core.forwarded = [];
    return forwarded;
  }

  return {
    scorePart(events, from) {
      for (let next = from; next < events.length; next += 1) {
        const event = events[next]!;
        const tenant = tenantOf(event.tenant);
        const gate = tenant?.gate ?? null;
        if (tenant !== undefined && !recent.has(event.tenant, event.id)) {
          if (gate !== null && !isOpenFor(tenant, gate, event)) {
            return { findings: take(), forwarded: takeForwarded(), next, blocked: gate.blocked };
          }
          recent.add(event.tenant, event.id);
          score(tenant, event);
        }
        gate?.passed(event);
        if (event.seq > lastSeq) lastSeq = event.seq;
      }
      return { findings: take(), forwarded: takeForwarded(), next: events.length, blocked: null };
    },
    closedHours() {
      const hours = refused.splice(0);
      for (const { gate } of tenants.values()) if (gate !== null) hours.push(...gate.take());
      return hours;
    },
    offerClosed(closed) {
      if (partition === undefined) throw new Error('an engine of a whole stream folds its own hours: only one with a partition takes published ones');
      const tenant = tenantOf(closed.tenant);
      if (tenant !== undefined) return tenant.gate!.offer(closed);
      // Too many tenants: this partition has nothing of it to add, and the others must not wait for it.
      if (closed.partition !== partition.index) refused.push({ ...closed, partition: partition.index, seq: 0, bytes: EMPTY_HOUR });
      return 'known';
    },
    reach(id, hour) {
      const tenant = tenantOf(id);
      if (tenant === undefined) return { findings: [], blocked: null };
      const { gate } = tenant;
      if (gate === null) {
        turnTo(tenant);
        if (hour > tenant.population.current) path.advance(tenant, hour);
        return { findings: take(), blocked: null };
      }
      gate.wantRecorded(lastSeq + 1);
      if (!gate.isReplaying(lastSeq)) gate.want(hour);
      const isThere = goOn(tenant, gate) && tenant.population.current >= hour;
      return { findings: take(), blocked: isThere ? null : { tenant: id, hour } };
    },
    follow(upTo = Number.POSITIVE_INFINITY) {
      const blocked: Blocked[] = [];
      for (const tenant of tenants.values()) if (tenant.gate !== null && !followOthers(tenant, tenant.gate, upTo)) blocked.push(tenant.gate.blocked);
      return { findings: take(), blocked };
    },
    frontiers() {
      return [...tenants.values()].flatMap(({ gate }) => gate?.frontier(gate.seq) ?? []);
    },
    scoreEvents(events) {
      if (partition !== undefined) throw new Error('an engine with a partition must wait for the others: score its events by scorePart');
      for (const event of events) {
        if (event.seq > lastSeq) lastSeq = event.seq;
        if (!recent.add(event.tenant, event.id)) continue;
        const tenant = tenantOf(event.tenant);
        if (tenant === undefined) continue;
        score(tenant, event);
      }
      return take();
    },
    finish() {
      for (const tenant of tenants.values()) {
        turnTo(tenant);
        path.finish(tenant);
      }
      return take();
    },
    dump: () => dumpEngine(core, tenants, recent, lastSeq),
    snapshot: () => takeSnapshot(core, tenants, recent, lastSeq),
    restore(bytes) {
      const loaded = new RecentIds(limits.recentIdsMax, seed);
      if (tenants.size > 0) throw new Error('an engine that has scored events cannot take a snapshot: its state would be a mixture');
      const seq = restoreEngine(bytes, core, loaded, (id) => tenantOf(id)!);
      if (seq === null) return false;
      recent = loaded;
      lastSeq = seq;
      return true;
    },
    wantedElsewhere: () => [...tenants.values()].flatMap(({ id, gate }): Array<[string, number]> => (gate === null || !Number.isFinite(gate.othersWant) ? [] : [[id, gate.othersWant]])),
    hourOf: (tenant) => tenants.get(tenant)?.population.current ?? Number.NEGATIVE_INFINITY,
    describeEntity: (tenant, entity) => describeEntity(core, tenants.get(tenant), entity),
    silences(now, since, elsewhere) {
      // The hour that is under way says nothing yet.
      const hour = Math.floor(now / HOUR_MS) - 1;
      return [...tenants.values()].flatMap((tenant) => tenant.watch.silences(hour, Math.floor(since / HOUR_MS), (own.get(tenant.id) ?? standard).disabled, newestOf(tenant.population.openWatch), elsewhere?.get(tenant.id)));
    },
    lastHeard: () => [...tenants.values()].flatMap(({ id, population }): Array<[string, number]> => {
      const hour = newestOf(population.openWatch);
      return Number.isFinite(hour) ? [[id, hour]] : [];
    }),
    dayScores() {
      const scores = core.dayScores.slice();
      core.dayScores.length = 0;
      return scores;
    },
    applySettings(next, id) {
      own.set(id, holding(next));
      const tenant = tenants.get(id);
      if (tenant !== undefined) configure(tenant, own.get(id)!);
    },
    get lastSeq() { return lastSeq; },
    get stats() {
      core.stats.divergedHours = 0;
      for (const { gate } of tenants.values()) core.stats.divergedHours += gate?.diverged ?? 0;
      core.stats.bytesEstimate = estimateBytes(core, tenants, limits);
      return { ...core.stats, overflow: core.stats.overflow + overflowOf(core, tenants) };
    },
  };
}

interface Holding { readonly settings: Readonly<Record<string, DetectorSettings>>; readonly shares: Float64Array; readonly disabled: ReadonlySet<string> }

/** Settings, and what is worked out of them once. */
const holding = (settings: Readonly<Record<string, DetectorSettings>>): Holding =>
  ({ settings, shares: behaviourShares(settings), disabled: new Set(Object.entries(settings).filter(([, { enabled }]) => !enabled).map(([id]) => id)) });

function configure(tenant: TenantState, { settings }: Holding): void {
  tenant.watch.configure(settings);
  tenant.drift.configure(settings);
  tenant.campaigns.configure(settings);
  tenant.peerMode = peerModeFrom(settings);
  for (const detector of tenant.detectors) detector.configure(settings[detector.analytic.id]?.thresholds ?? {});
}

/** Limits reached inside the parts. */
function overflowOf({ names }: Core, tenants: ReadonlyMap<string, TenantState>): number {
  let overflow = names.overflow;
  for (const { population, book, drift, detectors } of tenants.values()) overflow += population.overflow + book.overflow + drift.overflow + detectors.reduce((sum, detector) => sum + detector.overflow, 0);
  return overflow;
}

/** Slabs and tables by their sizes; objects by a rough average. */
function estimateBytes(core: Core, tenants: ReadonlyMap<string, TenantState>, limits: EngineLimits): number {
  let bytes = core.entities.bytes + core.windows.bytes + core.records.bytes + core.awake.size * 1_200 + limits.recentIdsMax * 28 + core.names.size * 100;
  for (const { entities, detectors, population, book, drift, campaigns } of tenants.values()) {
    bytes += entities.numbered * 110 + drift.streamCount * 1_600 + campaigns.stateItems * 300 + population.groups * 120_000 + book.size * 4_000;
    for (const { stateItems } of detectors) bytes += stateItems * 200;
  }
  return bytes;
}
