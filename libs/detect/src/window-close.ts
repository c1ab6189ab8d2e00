import { scoreBucket } from '@wary/baseline/score-calibration.js';
import { BEHAVIOUR_COUNT } from './behaviour-weights.js';
import { closeCategoryDay } from './category-memory.js';
import type { Core, TenantCore } from './core.js';
import { DAY_MS, HOUR_MS, LATE_AFTER_MS } from './engine-limits.js';
import type { EntityState, OpenWindow } from './entity-state.js';
import { DAY, WINDOWS } from './features.js';
import { appendHistory } from './history.js';
import { learnSuspended, learnWindow, suspendWindow } from './learn.js';
import { reviseClosed } from './raise.js';
import { SLOT } from './shard-hour.js';
import { behaviourScore, scoreFor, strengthOf, wantedStrength } from './window-score.js';

/** A score enters the ranks no higher than this many decades above what would have been raised: one attack must not make the tail heavy. */
const RANKED_ABOVE_LEVEL = 1;
/** Strength below which a level of zero would be clipped: the strictest level a window may have. */
const RANKED_STRENGTH = 6;
/** Windows of this kind in a day, for the day's score: −log10 of the Bonferroni share of one window. */
const DAY_SHARE = WINDOWS.map(({ lengthMs, levelShare }) => Math.log10(levelShare / Math.min(DAY_MS / lengthMs, 100)));

/** Closes what is due in one lane, in order of end: a window that ended earlier teaches earlier. */
export function closeDue(core: Core, tenant: TenantCore, entity: EntityState, lane: number): void {
  const before = (lane === 0 ? entity.watermark : entity.lagWatermark) - LATE_AFTER_MS;
  closeWhere(core, tenant, entity, (window) => window.lane === lane && window.end <= before);
}

/** Closes what the tenant's clock says nobody will add to. */
export function closeIdle(core: Core, tenant: TenantCore, entity: EntityState, hour: number): void {
  closeWhere(core, tenant, entity, (window) => window.idleHour <= hour);
}

export function closeWhere(core: Core, tenant: TenantCore, entity: EntityState, isDue: (window: OpenWindow) => boolean): void {
  const due = entity.windows.filter(isDue);
  if (due.length > 0) {
    due.sort((a, b) => a.end - b.end || a.kind - b.kind || a.lane - b.lane);
    for (const window of due) closeWindow(core, tenant, entity, window);
  }
  let next = Number.POSITIVE_INFINITY;
  let nextLag = Number.POSITIVE_INFINITY;
  for (const window of entity.windows) {
    if (window.lane === 0) next = Math.min(next, window.end + LATE_AFTER_MS);
    else nextLag = Math.min(nextLag, window.end + LATE_AFTER_MS);
  }
  entity.nextClose = next;
  entity.nextLagClose = nextLag;
}

function closeWindow(core: Core, tenant: TenantCore, entity: EntityState, window: OpenWindow): void {
  if (window.scored) rankScores(core, tenant, entity, window);
  if (window.raised !== null) reviseClosed(core, tenant, entity, window);
  if (window.lane === 0) appendHistory(core, entity, window);
  if (entity.suspended.length > 0) learnSuspended(core, tenant, entity);
  const suspicious = window.raised !== null || (window.start < entity.suspectTo && window.end > entity.suspectFrom);
  if (suspicious) suspendWindow(core, entity, window);
  else learnWindow(core, tenant, entity, window);
  if (window.kind === DAY) {
    if (window.lane === 0) closeCategoryDay(core, tenant, entity, Math.floor(window.start / DAY_MS), suspicious);
    scoreDay(core, entity, window);
  }
  entity.windows.splice(entity.windows.indexOf(window), 1);
  if (entity.current[window.kind] === window) entity.current[window.kind] = null;
  core.windows.release(window.row);
}

/** One score per behaviour and closed window enters the ranks of the entity's group; the strongest goes to its day. */
function rankScores(core: Core, tenant: TenantCore, entity: EntityState, window: OpenWindow): void {
  const part = tenant.population.hour(Math.floor(entity.watermark / HOUR_MS), entity.shard);
  part.add(entity.node, SLOT.scored + window.kind, 0);
  let strongest = 0;
  for (let behaviour = 0; behaviour < BEHAVIOUR_COUNT; behaviour += 1) {
    const score = behaviourScore(core, window, behaviour);
    if (score <= 0) continue;
    const share = core.shares[window.kind * BEHAVIOUR_COUNT + behaviour]!;
    if (share > 0) strongest = Math.max(strongest, strengthOf(core, window, behaviour, score) + Math.log10(share));
    const wanted = wantedStrength(core, window, behaviour);
    const most = scoreFor(core, window, behaviour, (Number.isFinite(wanted) ? wanted : RANKED_STRENGTH) + RANKED_ABOVE_LEVEL);
    const bucket = scoreBucket(Math.min(score, most));
    if (bucket > 0) part.add(entity.node, SLOT.scores + window.kind * BEHAVIOUR_COUNT + behaviour, bucket);
  }
  const day = Math.floor(window.start / DAY_MS) * DAY_MS;
  for (const other of entity.windows) {
    if (other.kind === DAY && other.start === day && other.lane === window.lane) other.dayScore = Math.max(other.dayScore, strongest + DAY_SHARE[window.kind]!);
  }
}

function scoreDay(core: Core, entity: EntityState, window: OpenWindow): void {
  const { dayScores, limits } = core;
  if (!core.keepDayScores) return;
  if (dayScores.length >= limits.dayScoresMax) { dayScores.shift(); core.stats.overflow += 1; }
  dayScores.push({ entity: { type: entity.type, id: entity.id }, day: new Date(window.start).toISOString().slice(0, 10), score: window.dayScore + window.dayEvidence });
}
