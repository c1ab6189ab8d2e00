import { hasFlag, EVENT_FLAG, type Event } from '@wary/model/event.js';
import { BEHAVIOUR_OF, NOVELTY, OFF_HOURS } from './behaviour-weights.js';
import type { Core } from './core.js';
import { crosses, targetOf } from './crossing.js';
import type { Signal } from './detector.js';
import { DAY_MS, HOUR_MS, LATE_AFTER_MS, SHARDS } from './engine-limits.js';
import { WINDOW } from './entity-layout.js';
import type { EntityState } from './entity-state.js';
import { EventCategories } from './event-categories.js';
import { DAY, FEATURE_COUNT, HOUR, isBehaviour, RESOURCE, WINDOW_COUNT, WINDOWS } from './features.js';
import { SEQUENTIAL } from './level-ledger.js';
import { noteCategories } from './novelty.js';
import { offHoursScore } from './off-hours.js';
import type { OpenWindow } from './open-window.js';
import { raise } from './raise.js';
import { isTold } from './told.js';
import type { TenantState } from './tenant-state.js';
import { addToWindow, Increments } from './window-add.js';
import { closeAll, closeDue, closeIdle } from './window-close.js';
import { openWindow } from './window-open.js';
import { strengthOf, valueOf } from './window-score.js';

/**
 * What happens to one event, read top to bottom: the tenant's clock, the principal, its windows (close what is due, open what is new,
 * add, compare with the level fixed when they opened), what is new to it, and the detectors that judge a single event or session.
 */
export class ScoringPath {
  private readonly core: Core;
  private readonly increments = new Increments();
  private readonly categories = new EventCategories();
  /** Ids of detectors that are switched off. */
  disabled: ReadonlySet<string> = new Set();
  private tenant!: TenantState;
  private event!: Event;
  private entity: EntityState | undefined;
  private readonly emit = (signal: Signal): void => { this.note(signal); };

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
    }
    if (event.principal.id === '') return;
    this.entity = future || !isBehaviour(event) ? tenant.entities.find(event.principal.type, event.principal.id) : this.behave(tenant, event);
    this.inspect(tenant, event, !future);
  }

  /** Event time has come to a new hour: what may be known of the population is, and what nobody adds to any more is closed. */
  advance(tenant: TenantState, hour: number): void {
    tenant.population.advance(hour);
    for (const entity of tenant.takeIdle(hour)) closeIdle(this.core, tenant, entity, hour);
    tenant.book.advance(hour, this.core.out);
  }

  private behave(tenant: TenantState, event: Event): EntityState {
    const { core, increments } = this;
    const entity = tenant.entities.of(event);
    const { time } = event;
    if (time > entity.watermark) {
      entity.watermark = time;
      if (entity.ends.length > 0 && time >= entity.ends[0]! + LATE_AFTER_MS) closeDue(core, tenant, entity, 0);
    }
    this.categories.read(event);
    increments.read(event, this.categories.hashes[RESOURCE]!);
    let late = false;
    let day: OpenWindow | null = null;
    for (let kind = 0; kind < WINDOW_COUNT; kind += 1) {
      const window = this.windowOf(tenant, entity, kind, event);
      if (window === null) { late = true; continue; }
      if (kind === DAY && window.lane === 0) day = window;
      const beyond = addToWindow(window, event, increments);
      if (beyond !== 0) this.compare(tenant, entity, window, beyond);
    }
    if (late) core.stats.lateEvents += 1;
    if (noteCategories(tenant, entity, day, event, this.categories.hashes) && day !== null) this.compareScore(tenant, entity, day, NOVELTY, day.noveltyScore);
    return entity;
  }

  /** The open window of this kind that the event falls into; opened when it is the first; null when that window is closed. */
  private windowOf(tenant: TenantState, entity: EntityState, kind: number, event: Event): OpenWindow | null {
    const current = entity.currentOf(kind);
    const { time } = event;
    if (current !== null) {
      const { chunk, d } = current;
      if (time >= chunk.f64[d + WINDOW.start]! && time < chunk.f64[d + WINDOW.end]!) return current;
    }
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
    let window = (lane === 0 ? entity.windows : entity.lagWindows).find((other) => other.kind === kind && other.start === start);
    if (window === undefined) {
      window = openWindow(this.core, tenant, entity, kind, lane, start, event);
      if (kind === HOUR && window.scored) {
        window.offHours = offHoursScore(tenant, entity, window.weekCell);
        this.compareScore(tenant, entity, window, OFF_HOURS, window.offHours);
      }
    }
    if (lane === 0 && (current === null || start > current.start)) entity.setCurrent(kind, window);
    return window;
  }

  /** Features beyond their screens: which behaviours cross with this event? */
  private compare(tenant: TenantState, entity: EntityState, window: OpenWindow, beyond: number): void {
    let crossed = 0;
    for (let feature = 0; feature < FEATURE_COUNT; feature += 1) {
      if ((beyond & (1 << feature)) !== 0 && crosses(this.core, window, feature, valueOf(window, feature))) crossed |= 1 << BEHAVIOUR_OF[feature]!;
    }
    for (let behaviour = 0; crossed !== 0; behaviour += 1, crossed >>>= 1) {
      if ((crossed & 1) !== 0 && !isTold(entity, window, behaviour)) raise(this.core, tenant, entity, window, behaviour, this.event);
    }
  }

  private compareScore(tenant: TenantState, entity: EntityState, window: OpenWindow, behaviour: number, score: number): void {
    const target = targetOf(this.core, window, behaviour);
    if (target !== Number.POSITIVE_INFINITY && score >= target && strengthOf(window, behaviour, score) >= target && !isTold(entity, window, behaviour)) raise(this.core, tenant, entity, window, behaviour, this.event);
  }

  private inspect(tenant: TenantState, event: Event, learn: boolean): void {
    if (event.kind === 'inference' && learn && this.entity !== undefined) tenant.population.hour(Math.floor(event.time / HOUR_MS)).addTests(Math.floor(event.time / DAY_MS), this.entity.shard, SEQUENTIAL, 1);
    const context = tenant.look(event, this.entity, learn);
    for (const detector of tenant.detectors) if (!this.disabled.has(detector.analytic.id)) detector.inspect(event, context, this.emit);
  }

  /** One signal: a finding of its day, and evidence for the principal's day score. */
  private note(signal: Signal): void {
    const { event, entity } = this;
    this.tenant.book.note(signal, event, this.tenant.population.current, this.core.out);
    const day = entity?.day ?? null;
    if (day !== null && event.time >= day.start && event.time < day.end) day.dayEvidence = Math.max(day.dayEvidence, signal.strength);
  }

  /** Judges and learns every open window, in the order of shards. */
  finish(tenant: TenantState): void {
    for (let shard = 0; shard < SHARDS; shard += 1) for (const entity of tenant.entities.shards[shard]!) closeAll(this.core, tenant, entity);
    tenant.book.advance(Number.POSITIVE_INFINITY, this.core.out);
  }
}
