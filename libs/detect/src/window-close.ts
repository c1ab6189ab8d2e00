import { scoreBucket } from '@wary/baseline/score-calibration.js';
import { ACTIVITY, BEHAVIOUR_COUNT, GROWTH } from './behaviour-weights.js';
import { closeActDay, rankOfActs } from './act-score.js';
import { closeCategoryDay } from './category-memory.js';
import type { Core, TenantCore } from './core.js';
import { DAY_MS, HOUR_MS, LATE_AFTER_MS } from './engine-limits.js';
import { releaseWindow } from './entity-record.js';
import type { EntityState } from './entity-state.js';
import { DAY, WINDOWS } from './features.js';
import { growthScore, learnGrowth } from './growth.js';
import { appendHistory } from './history.js';
import { SLOT } from './hour-log.js';
import { targetOf } from './crossing.js';
import { learnSuspended, learnWindow, suspendWindow } from './learn.js';
import type { OpenWindow } from './open-window.js';
import { joinPeers } from './peers/join-peers.js';
import { raise, reviseClosed } from './raise.js';
import { closeOrderDay } from './sequence/note-order.js';
import { behaviourScore, scoreFor, strengthOf, wantedStrength } from './window-score.js';

/** A score enters the ranks no higher than this many decades above what would have been raised: one attack must not make the tail heavy. */
const RANKED_ABOVE_LEVEL = 1;
/** What would have been raised, where a window had no level. */
const RANKED_STRENGTH = 6;
/** Share of one window of a kind in its entity's day, for the day's score: −log10 of a Bonferroni factor. */
const DAY_SHARE = WINDOWS.map(({ lengthMs, levelShare }) => Math.log10(levelShare / Math.min(DAY_MS / lengthMs, 100)));

/** Closes what is due in one lane, in order of end: a window that ended earlier teaches earlier. */
export function closeDue(core: Core, tenant: TenantCore, entity: EntityState, lane: number): void {
  if (lane === 0) {
    const before = entity.watermark - LATE_AFTER_MS;
    while (entity.ends.length > 0 && entity.ends[0]! <= before) closeWindow(core, tenant, entity, entity.windows[0]!);
    return;
  }
  const before = entity.lagWatermark - LATE_AFTER_MS;
  while (entity.lagWindows.length > 0 && entity.lagWindows[0]!.end <= before) closeWindow(core, tenant, entity, entity.lagWindows[0]!);
}

/**
 * Closes what nobody has added to until `hour` is reached, each as of the hour at which that was so: whether the tenant's clock comes to it
 * first, or an event of that hour.
 */
export function closeIdle(core: Core, tenant: TenantCore, entity: EntityState, hour: number): void {
  // In order: what is closed leaves the list, and nothing is added to it meanwhile.
  for (let at = 0; at < entity.windows.length;) at += closeIfIdle(core, tenant, entity, entity.windows[at]!, hour);
  for (let at = 0; at < entity.lagWindows.length;) at += closeIfIdle(core, tenant, entity, entity.lagWindows[at]!, hour);
}

/** 1 where the window stays. */
function closeIfIdle(core: Core, tenant: TenantCore, entity: EntityState, window: OpenWindow, hour: number): number {
  if (window.idleHour > hour) return 1;
  tenant.population.actAt(window.idleHour);
  closeWindow(core, tenant, entity, window);
  return 0;
}

export function closeAll(core: Core, tenant: TenantCore, entity: EntityState): void {
  tenant.population.actAt(Math.floor(entity.watermark / HOUR_MS));
  for (const window of [...entity.windows, ...entity.lagWindows]) closeWindow(core, tenant, entity, window);
}

function closeWindow(core: Core, tenant: TenantCore, entity: EntityState, window: OpenWindow): void {
  const kind = window.kind;
  if (kind === DAY && window.lane === 0) judgeGrowth(core, tenant, entity, window);
  if (window.scored) rankScores(core, tenant, entity, window);
  if (window.raised !== null) reviseClosed(core, tenant, entity, window);
  if (window.lane === 0) appendHistory(entity, window);
  if (entity.suspended.length > 0) learnSuspended(tenant, entity);
  const suspicious = (core.isGuarded && window.raised !== null) || (window.start < entity.suspectTo && window.end > entity.suspectFrom);
  if (suspicious) suspendWindow(core, entity, window);
  else learnWindow(tenant, entity, window);
  if (kind === DAY) {
    if (window.lane === 0) {
      const day = Math.floor(window.start / DAY_MS);
      closeActDay(tenant, entity, day, window.acts, suspicious);
      closeOrderDay(tenant, entity, window.order, suspicious);
      closeCategoryDay(tenant, entity, day, suspicious);
      if (!suspicious) joinPeers(tenant, entity, day);
    }
    if (core.keepDayScores) scoreDay(core, entity, window);
  }
  entity.removeWindow(window);
  releaseWindow(core, window);
}

/** A day that is over: does it add to days before that were more than usual? */
function judgeGrowth(core: Core, tenant: TenantCore, entity: EntityState, window: OpenWindow): void {
  let raised = false;
  const { score, place, most } = growthScore(entity, window);
  if (window.scored) {
    window.growth = score;
    window.growthPlace = place;
    raised = score > 0 && strengthOf(window, GROWTH, score) >= targetOf(core, window, GROWTH);
    if (raised) raise(core, tenant, entity, window, GROWTH, { id: window.lastId === '' ? window.firstId : window.lastId, time: window.lastTime });
  }
  learnGrowth(entity, window, most, raised);
}

/** One score per behaviour and closed window enters the ranks of the entity's group; the strongest goes to its day. */
function rankScores(core: Core, tenant: TenantCore, entity: EntityState, window: OpenWindow): void {
  const log = tenant.population.log;
  const kind = window.kind;
  if (core.onJudged !== null && window.level > 0) tellJudged(core, entity, window);
  log.add(entity.shard, entity.node, SLOT.scored + kind, 0);
  if (window.exceeded === 0 && window.noveltyScore === 0 && window.offHours === 0 && window.growth === 0 && window.acts === null && window.order === null && window.tally === null) return;
  let strongest = 0;
  for (let behaviour = 0; behaviour < BEHAVIOUR_COUNT; behaviour += 1) {
    const score = behaviourScore(window, behaviour);
    if (score <= 0) continue;
    const share = core.shares[kind * BEHAVIOUR_COUNT + behaviour]!;
    // What acts say together is added to the day by itself; growth is of many days.
    if (share > 0 && behaviour !== ACTIVITY && behaviour !== GROWTH) strongest = Math.max(strongest, strengthOf(window, behaviour, score) + Math.log10(share));
    const wanted = wantedStrength(core, window, behaviour);
    const most = scoreFor(window, behaviour, (Number.isFinite(wanted) ? wanted : RANKED_STRENGTH) + RANKED_ABOVE_LEVEL);
    const bucket = scoreBucket(Math.min(score, most));
    if (bucket > 0) log.add(entity.shard, entity.node, SLOT.scores + kind * BEHAVIOUR_COUNT + behaviour, bucket);
  }
  const day = Math.floor(window.start / DAY_MS) * DAY_MS;
  for (const other of window.lane === 0 ? entity.windows : entity.lagWindows) {
    if (other.kind === DAY && other.start === day) other.dayScore = Math.max(other.dayScore, strongest + DAY_SHARE[kind]!);
  }
}

function tellJudged(core: Core, entity: EntityState, window: OpenWindow): void {
  for (let behaviour = 0; behaviour < BEHAVIOUR_COUNT; behaviour += 1) {
    const share = core.shares[window.kind * BEHAVIOUR_COUNT + behaviour]!;
    if (share <= 0) continue;
    const score = behaviourScore(window, behaviour);
    core.onJudged!({ entity: entity.id, kind: window.kind, behaviour, start: window.start, strength: score > 0 ? strengthOf(window, behaviour, score) : 0, level: window.level * share });
  }
}

/** The strongest window has looked at the same events as the acts: of its first decades a share is added, of those beyond little, for a tail there is extrapolated. */
const WINDOW_SHARE = 0.3;
const WINDOW_DECADES = 5;
const BEYOND_SHARE = 0.05;
const windowWeight = (decades: number): number => WINDOW_SHARE * Math.min(WINDOW_DECADES, decades) + BEYOND_SHARE * Math.max(0, decades - WINDOW_DECADES);

function scoreDay(core: Core, entity: EntityState, window: OpenWindow): void {
  const { dayScores, limits } = core;
  if (dayScores.length >= limits.dayScoresMax) { dayScores.shift(); core.stats.overflow += 1; }
  dayScores.push({ entity: { type: entity.type, id: entity.id }, day: new Date(window.start).toISOString().slice(0, 10), score: (window.acts === null ? 0 : rankOfActs(window.acts)) + windowWeight(window.dayScore) + window.dayEvidence });
}
