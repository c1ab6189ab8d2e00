import { GIVEN_BACK_MAX } from '@wary/baseline/score-calibration.js';
import { hasFlag, EVENT_FLAG, type Event } from '@wary/model/event.js';
import { markOf } from '@wary/model/mark.js';
import { noteActs } from './act-score.js';
import { ActReader } from './acts.js';
import { ACTIVITY, BEHAVIOUR_OF, NOVELTY, OFF_HOURS, SEQUENCE } from './behaviour-weights.js';
import { poolFlagged, poolOpened } from './campaign/pool-window.js';
import type { Core } from './core.js';
import { crosses, targetOf } from './crossing.js';
import type { Signal } from './detector.js';
import { SHARDS } from '@wary/model/shard.js';
import { CLOCK_STEPS_MAX, DAY_MS, HOUR_MS, LATE_AFTER_MS, POPULATION_LAG_HOURS } from './engine-limits.js';
import { ENTITY, HOT, HOT_BYTES, WINDOW_FLAG } from './entity-layout.js';
import type { EntityState } from './entity-state.js';
import { EventCategories } from './event-categories.js';
import { ACTION, CLIENT, FEATURE_COUNT, HOUR, isBehaviour, NETWORK, RESOURCE, WINDOW_COUNT, WINDOWS } from './features.js';
import { noteOrder } from './sequence/note-order.js';
import { SEQUENTIAL } from './level-ledger.js';
import { noteCategories } from './novelty.js';
import { offHoursScore } from './off-hours.js';
import type { OpenWindow } from './open-window.js';
import { raise } from './raise.js';
import type { RuleBook, SignalEvent } from './rule-stage.js';
import { applyMark } from './apply-mark.js';
import { splitBaselines } from './split.js';
import { isTold } from './told.js';
import { noteTallies } from './tally/note-tallies.js';
import { TallyReader } from './tally/tally-reader.js';
import type { TenantState } from './tenant-state.js';
import { addResource, addToHot, Increments, tell } from './window-add.js';
import { closeAll, closeDue, closeIdle } from './window-close.js';
import { countDrift } from './drift/drift-cells.js';
import { countEvent, firingCell, firingPlace } from './watch/watch-cells.js';
import { openWindow } from './window-open.js';
import { behaviourScore, strengthOf, valueOf } from './window-score.js';

/**
 * What happens to one event, read top to bottom: the tenant's clock, the principal, its windows (close what is due, open what is new,
 * add, compare with the level fixed when they opened), what is new to it, and the detectors that judge a single event or session.
 */
export class ScoringPath {
  private readonly core: Core;
  private readonly increments = new Increments();
  private readonly categories = new EventCategories();
  private readonly acts = new ActReader();
  private readonly tallies = new TallyReader();
  /** Ids of detectors that are switched off. */
  disabled: ReadonlySet<string> = new Set();
  private tenant!: TenantState;
  private event!: Event;
  private entity: EntityState | undefined;
  private readonly emit = (signal: Signal): void => { this.note(signal, this.event); };
  private readonly ruleBook: RuleBook = {
    repeat: (analytic, entity, subject, severity, strength, eventIds, event) => this.tenant.book.repeat(analytic, entity, subject, severity, strength, eventIds, event),
    note: (signal, event) => { this.note(signal, event); },
  };

  constructor(core: Core) {
    this.core = core;
  }

  score(tenant: TenantState, event: Event): void {
    const { core } = this;
    core.seq = event.seq;
    this.tenant = tenant;
    this.event = event;
    const future = hasFlag(event, EVENT_FLAG.future);
    if (future) core.stats.futureEvents += 1;
    else {
      const hour = Math.floor(event.time / HOUR_MS);
      if (hour > tenant.population.current) this.advance(tenant, hour);
      tenant.population.seen(hour);
      if (!hasFlag(event, EVENT_FLAG.historical)) {
        const log = tenant.population.hour(hour);
        countEvent(log.watch, event);
        log.overflow += countDrift(log.drift, event);
      }
    }
    if (event.principal.id === '') return;
    if (!future && hasFlag(event, EVENT_FLAG.mark)) this.takeMark(tenant, event);
    const before = core.out.length;
    this.entity = future || !isBehaviour(event) ? this.found(tenant, event) : this.behave(tenant, event);
    this.inspect(tenant, event, !future);
    if (core.out.length > before) this.countFirings(tenant, before);
  }

  /** New findings of the present, for the monitor to watch its detectors by. */
  private countFirings({ population }: TenantState, from: number): void {
    const { out } = this.core;
    for (let at = from; at < out.length; at += 1) {
      const { revision, historical, detector, time } = out[at]!;
      const place = revision === 0 && !historical ? firingPlace(detector.id) : -1;
      if (place >= 0) population.hour(Math.floor(time / HOUR_MS)).watch[firingCell(place)]! += 1;
    }
  }

  /**
   * Event time has come to a new hour: one hour after the other, so that what falls silent is closed in its hour, whoever had events in it.
   * In a long silence nothing is left to close after a while, and the clock jumps.
   */
  advance(tenant: TenantState, hour: number): void {
    const { current } = tenant.population;
    for (let next = current === Number.NEGATIVE_INFINITY ? hour : current + 1; next <= hour; next += 1) {
      if (next - current > CLOCK_STEPS_MAX) next = Math.max(next, hour - CLOCK_STEPS_MAX);
      this.step(tenant, next);
    }
  }

  private step(tenant: TenantState, hour: number): void {
    const { population } = tenant;
    // With partitions the hours are put there as they were published.
    if (tenant.gate === null) for (const [past, log] of population.close(hour - POPULATION_LAG_HOURS)) population.put(past, 0, log);
    population.advance(hour);
    this.watchItself(tenant, hour);
    // An hour later than they ask for, so that it does not matter whether a last event of the hour before comes before or after this step.
    for (const ordinal of tenant.takeIdle(hour - 1)) {
      const entity = tenant.entities.idleBy(ordinal, hour - 1);
      if (entity !== null) closeIdle(this.core, tenant, entity, hour - 1);
    }
    tenant.book.advance(hour, this.core.out);
  }

  /** What the hours that are known now say of the monitor itself, and of models. Every partition comes to the same; one of them says it. */
  private watchItself(tenant: TenantState, hour: number): void {
    const hours = tenant.population.takeWatched();
    const speaks = this.core.partition === null || this.core.partition.index === 0;
    tenant.watch.advance(hour - POPULATION_LAG_HOURS, (past) => hours.get(past) ?? null, this.disabled, this.core.seq, speaks ? this.core.out : null);
    tenant.drift.advance(tenant.population.takeDrift(), this.disabled, this.core.seq, speaks ? this.core.out : null);
    tenant.campaigns.advance(tenant.population.takePools(), this.disabled, this.core.seq, speaks ? this.core.out : null);
  }

  /** The principal, if it is known; nothing is added to it. */
  private found(tenant: TenantState, { principal }: Event): EntityState | undefined {
    const entity = tenant.entities.find(principal.type, principal.id);
    tenant.population.actAt(entity === undefined ? tenant.population.current : Math.floor(entity.watermark / HOUR_MS));
    return entity;
  }

  /** What somebody else says about a principal that is known here. */
  private takeMark(tenant: TenantState, event: Event): void {
    const entity = tenant.entities.findKnown(event.principal.type, event.principal.id);
    if (entity === undefined) return;
    this.moveOn(tenant, entity, event.time);
    applyMark(this.core, tenant, entity, event);
  }

  /** The principal's own clock: what is over at this time is closed. */
  private moveOn(tenant: TenantState, entity: EntityState, time: number): void {
    const { core } = this;
    if (time <= entity.watermark) { tenant.population.actAt(Math.floor(entity.watermark / HOUR_MS)); return; }
    const isDue = time >= entity.nextEnd + LATE_AFTER_MS;
    if (isDue) closeIdle(core, tenant, entity, Math.floor(time / HOUR_MS));
    entity.watermark = time;
    tenant.population.actAt(Math.floor(time / HOUR_MS));
    if (isDue) closeDue(core, tenant, entity, 0);
  }

  private behave(tenant: TenantState, event: Event): EntityState {
    const { core, increments } = this;
    const entity = tenant.entities.of(event);
    const { time } = event;
    this.moveOn(tenant, entity, time);
    if (entity.hasMoved) {
      entity.hasMoved = false;
      splitBaselines(core, tenant, entity, time, 'move');
    }
    this.categories.read(event);
    increments.read(event, entity, this.categories.hashes[RESOURCE]!);
    const missed = this.add(tenant, entity, event);
    if (missed) core.stats.lateEvents += 1;
    if (noteCategories(tenant, entity, event, this.categories.hashes)) this.compareScore(tenant, entity, entity.day!, NOVELTY, entity.day!.noveltyScore);
    this.acts.read(event, this.categories.hashes[ACTION]!);
    if (noteActs(tenant, entity, event, this.acts)) this.compareScore(tenant, entity, entity.day!, ACTIVITY, entity.day!.acts!.score);
    const { day } = entity;
    if (day !== null && time >= day.start && time < day.end) {
      if (noteOrder(tenant, entity, day, event, this.acts.hash)) this.compareScore(tenant, entity, day, SEQUENCE, day.order!.score);
      this.count(tenant, entity, day, event);
    }
    return entity;
  }

  /** Adds the event to what is tallied of its day. */
  private count(tenant: TenantState, entity: EntityState, day: OpenWindow, event: Event): void {
    const { hashes } = this.categories;
    this.tallies.read(event, hashes[RESOURCE]!, hashes[NETWORK]!, hashes[CLIENT]!);
    let grown = noteTallies(tenant, entity, day, event, this.tallies);
    for (let behaviour = 0; grown !== 0; behaviour += 1, grown >>>= 1) {
      if ((grown & 1) === 0) continue;
      // Ranks may give back some of what the score says too little, as where windows are closed and explained.
      const target = targetOf(this.core, day, behaviour);
      if (target !== Number.POSITIVE_INFINITY && strengthOf(day, behaviour, behaviourScore(day, behaviour)) >= target) raise(this.core, tenant, entity, day, behaviour, event);
    }
  }

  /** Adds the event to its three windows. True when one of them is closed already. */
  private add(tenant: TenantState, entity: EntityState, event: Event): boolean {
    const { increments } = this;
    const { time } = event;
    const { f64, u8 } = entity.chunk;
    const { resourceHash } = increments;
    let late = false;
    const minutes = entity.d + ENTITY.hot / 8;
    const inMinutes = time >= f64[minutes + HOT.start]! && time < f64[minutes + HOT.end]!;
    // A resource that the shortest window has seen, the longer ones around it have seen too.
    let isNewResource = resourceHash !== 0 && !(inMinutes && entity.hasJustCounted(resourceHash));
    for (let kind = 0; kind < WINDOW_COUNT; kind += 1) {
      const byte = entity.b + ENTITY.hot + kind * HOT_BYTES;
      const d = byte / 8;
      if (time >= f64[d + HOT.start]! && time < f64[d + HOT.end]!) {
        let beyond = addToHot(entity.chunk, d, event, increments);
        const seen = isNewResource ? addResource(entity.currentOf(kind)!, resourceHash) : -1;
        if (seen < 0) isNewResource = false;
        else beyond |= seen;
        if (beyond !== 0 || (u8[byte + HOT.flags]! & WINDOW_FLAG.watched) !== 0) this.look(tenant, entity, entity.currentOf(kind)!, beyond);
        continue;
      }
      const window = this.windowOf(tenant, entity, kind, event);
      if (window === null) { late = true; continue; }
      const beyond = addToHot(window.hot, window.hd, event, increments) | (resourceHash === 0 ? 0 : Math.max(0, addResource(window, resourceHash)));
      if (kind === 0) isNewResource = resourceHash !== 0;
      if (beyond !== 0 || (window.flags & WINDOW_FLAG.watched) !== 0) this.look(tenant, entity, window, beyond);
    }
    return late;
  }

  private look(tenant: TenantState, entity: EntityState, window: OpenWindow, beyond: number): void {
    tell(window, this.event);
    if (beyond === 0) return;
    const { exceeded } = window;
    this.compare(tenant, entity, window, beyond);
    if (window.exceeded !== exceeded) poolFlagged(tenant, entity, window, this.event, this.categories.hashes, exceeded);
  }

  /** The open window of this kind that the event falls into, other than the present one; opened when it is the first; null when it is closed. */
  private windowOf(tenant: TenantState, entity: EntityState, kind: number, event: Event): OpenWindow | null {
    const { time } = event;
    const { lengthMs } = WINDOWS[kind]!;
    const start = Math.floor(time / lengthMs) * lengthMs;
    let lane = 0;
    if (start + lengthMs + LATE_AFTER_MS <= entity.watermark) {
      if (!hasFlag(event, EVENT_FLAG.historical)) return null;
      // History that comes after the present has its own lane, with its own clock.
      lane = 1;
      if (time > entity.lagWatermark) {
        entity.lagWatermark = time;
        closeDue(this.core, tenant, entity, 1);
      }
      if (start + lengthMs + LATE_AFTER_MS <= entity.lagWatermark) return null;
    }
    let window = lane === 0 ? entity.openWindowOf(kind, start + lengthMs) : entity.lagWindows.find((other) => other.kind === kind && other.start === start);
    if (window === undefined) {
      window = openWindow(this.core, tenant, entity, kind, lane, start, event);
      poolOpened(tenant, window, event, this.categories.hashes);
      const present = entity.currentOf(kind);
      if (lane === 0 && (present === null || start > present.start)) entity.setCurrent(kind, window);
      if (kind === HOUR && window.scored) {
        window.offHours = offHoursScore(tenant, entity, window.weekCell);
        this.compareScore(tenant, entity, window, OFF_HOURS, window.offHours);
      }
    }
    return window;
  }

  /** Features beyond their screens: which behaviours cross with this event? */
  private compare(tenant: TenantState, entity: EntityState, window: OpenWindow, beyond: number): void {
    let crossed = 0;
    for (let feature = 0; feature < FEATURE_COUNT; feature += 1) {
      if ((beyond & (1 << feature)) !== 0 && crosses(this.core, window, feature, valueOf(window, feature))) crossed |= 1 << BEHAVIOUR_OF[feature]!;
    }
    // Of one story the gravest speaks first, and for the others.
    for (const behaviour of gravestFirst(window, crossed)) if (!isTold(entity, window, behaviour)) raise(this.core, tenant, entity, window, behaviour, this.event);
  }

  private compareScore(tenant: TenantState, entity: EntityState, window: OpenWindow, behaviour: number, score: number): void {
    const target = targetOf(this.core, window, behaviour);
    // Ranks may give back so much of what a model is too cautious about, and no more.
    if (target !== Number.POSITIVE_INFINITY && score + GIVEN_BACK_MAX >= target && strengthOf(window, behaviour, score) >= target && !isTold(entity, window, behaviour)) raise(this.core, tenant, entity, window, behaviour, this.event);
  }

  private inspect(tenant: TenantState, event: Event, learn: boolean): void {
    if (event.kind === 'inference' && learn && this.entity !== undefined) tenant.population.hour(Math.floor(event.time / HOUR_MS)).addTests(Math.floor(event.time / DAY_MS), this.entity.shard, SEQUENTIAL, 1);
    const context = tenant.look(event, this.entity, learn);
    // What others say about a principal, and from where, is nothing that it did.
    if (markOf(event) === null) for (const detector of tenant.detectors) if (!this.disabled.has(detector.analytic.id)) detector.inspect(event, context, this.emit);
    tenant.rules?.inspect(event, this.ruleBook, this.core.forwarded);
  }

  /** One signal: a finding of its day, and evidence for the principal's day score. */
  private note(signal: Signal, event: SignalEvent): void {
    const { entity } = this;
    this.tenant.book.note(signal, event, this.tenant.population.now, this.core.out);
    const day = entity?.day ?? null;
    if (day !== null && event.time >= day.start && event.time < day.end) day.dayEvidence = Math.max(day.dayEvidence, signal.strength);
  }

  /** Judges and learns every open window, in the order of shards. */
  finish(tenant: TenantState): void {
    for (let shard = 0; shard < SHARDS; shard += 1) for (const entity of tenant.entities.hotOf(shard)) closeAll(this.core, tenant, entity);
    tenant.book.advance(Number.POSITIVE_INFINITY, this.core.out);
  }
}

const NOBODY: readonly number[] = [];
/** Behaviours by their bits, strongest first. */
function gravestFirst(window: OpenWindow, bits: number): readonly number[] {
  if (bits === 0) return NOBODY;
  const behaviours: number[] = [];
  for (let behaviour = 0; bits >>> behaviour !== 0; behaviour += 1) if ((bits & (1 << behaviour)) !== 0) behaviours.push(behaviour);
  if (behaviours.length === 1) return behaviours;
  const strengths = new Map(behaviours.map((behaviour) => [behaviour, strengthOf(window, behaviour, behaviourScore(window, behaviour))]));
  return behaviours.sort((a, b) => strengths.get(b)! - strengths.get(a)! || a - b);
}
