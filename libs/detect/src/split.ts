import type { Core, TenantCore } from './core.js';
import { discountActs } from './act-memory.js';
import { DAY_MS } from './engine-limits.js';
import { ENTITY } from './entity-layout.js';
import type { EntityState } from './entity-state.js';
import { CATEGORY_COUNT, DAY, FEATURE_COUNT, REQUESTS, WINDOW_COUNT, WINDOWS } from './features.js';
import { forgetGrowth } from './growth.js';
import { SUSPENDED_MS } from './learn.js';
import { discountWeek } from './off-hours.js';
import { predict } from './window-open.js';
import { isCount } from './window-score.js';

/** Why the baselines of an entity began anew. The order is that of state: append only. */
export const SPLIT_CAUSES = ['none', 'release', 'move', 'rebaseline'] as const;
export type SplitCause = Exclude<(typeof SPLIT_CAUSES)[number], 'none'>;

/** What is not an operator's act splits once in so long: who deploys each hour must not be without a baseline, and nobody wipes out what it did yesterday. */
export const SPLIT_EVERY_MS: number = 7 * DAY_MS;
/** A mark of longer ago than this, by the principal's own clock, comes too late: what followed is learned already. */
const LATE_MARK_MS = DAY_MS;
/** A level after a split is as doubtful as this: twice as much is one standard deviation. Of counts as a share of the mean, of magnitudes on the log scale. */
const LEVEL_DOUBT = 1;
const LOG_DOUBT = Math.LN2;
/** Active days that a history of acts, and hours that a week, counts for afterwards. */
const ACT_DAYS_KEPT = 8;
const WEEK_HOURS_KEPT = 48;

/**
 * From now on the entity is another: what it did before counts for little, and its peers' prior speaks beside it. A power prior (Ibrahim & Chen
 * 2000, "Power prior distributions for regression models", Statistical Science 15): the likelihood of the history is raised to a₀ < 1, which for
 * these models multiplies the number of windows; a₀ is such that what is left is what a principal must have to be judged at all (2 hours of 5
 * minutes, 12 hours, 5 days). Its level is in doubt too: the variance grows by what a doubling is. So twice as much is learned where it would
 * have alarmed, and what is far beyond both its own past and its peers still is. Windows that are open are predicted anew; the mark comes from
 * elsewhere, so that the tails stay valid. False when nothing happened: it was split lately, or the mark is late.
 */
export function splitBaselines(core: Core, tenant: TenantCore, entity: EntityState, time: number, cause: SplitCause): boolean {
  const { splitAt } = entity;
  if (time < entity.watermark - LATE_MARK_MS) { core.stats.lateEvents += 1; return false; }
  if (splitAt > 0 && (time <= splitAt || (cause !== 'rebaseline' && time < splitAt + SPLIT_EVERY_MS))) return false;
  entity.splitAt = time;
  entity.splitCause = SPLIT_CAUSES.indexOf(cause);
  const daysKept = discountMoments(entity);
  discountCategories(entity, daysKept);
  discountActs(entity, ACT_DAYS_KEPT);
  discountWeek(entity, WEEK_HOURS_KEPT);
  forgetGrowth(entity);
  entity.order = null;
  entity.chunk.u16[entity.h + ENTITY.orderRecord] = 0;
  entity.told = [];
  clearSuspicion(entity, time);
  const view = tenant.population.view(entity.node);
  for (const window of entity.windows) {
    if (!window.scored) continue;
    view.refresh(window.kind);
    predict(window, entity, view, window.kind);
  }
  return true;
}

/** Gives the share of days that is left. */
function discountMoments(entity: EntityState): number {
  const { f32 } = entity.chunk;
  const daysBefore = f32[entity.momentsAt(DAY * FEATURE_COUNT + REQUESTS)]!;
  for (let kind = 0; kind < WINDOW_COUNT; kind += 1) {
    for (let feature = 0; feature < FEATURE_COUNT; feature += 1) {
      const at = entity.momentsAt(kind * FEATURE_COUNT + feature);
      const mean = f32[at + 1]!;
      if (f32[at] === 0) continue;
      f32[at] = Math.min(f32[at]!, WINDOWS[kind]!.ownWindowsMin);
      f32[at + 2]! += (isCount[feature]! ? LEVEL_DOUBT * mean : LOG_DOUBT) ** 2;
    }
  }
  return daysBefore === 0 ? 1 : f32[entity.momentsAt(DAY * FEATURE_COUNT + REQUESTS)]! / daysBefore;
}

/** What it knows it goes on knowing; how seldom it takes up something new it does not know any more. */
function discountCategories({ chunk, f }: EntityState, kept: number): void {
  for (let category = 0; category < CATEGORY_COUNT; category += 1) {
    for (const place of [ENTITY.draws, ENTITY.opened]) chunk.u32[f + place + category] = Math.ceil(chunk.u32[f + place + category]! * kept);
  }
}

/** Windows put aside since then are of the new stretch, and teach; those before belong to what is over. */
function clearSuspicion(entity: EntityState, time: number): void {
  entity.suspended = entity.suspended.filter(({ due }) => due - SUSPENDED_MS > time).map((window) => ({ ...window, due: entity.watermark }));
  if (entity.suspectFrom >= time) {
    entity.suspectFrom = Number.POSITIVE_INFINITY;
    entity.suspectTo = Number.NEGATIVE_INFINITY;
  } else entity.suspectTo = Math.min(entity.suspectTo, time);
}

/** For so long a finding says that a baseline is a new one. */
const TOLD_MS = 28 * DAY_MS;
const WORDS: { readonly [cause in SplitCause]: string } = { release: 'the release of', move: 'the move of', rebaseline: 'it was begun anew on' };

/** "the release of 3 Dec 2026" while that is news at `time`, else ''. */
export function splitWords(entity: EntityState, time: number): string {
  const { splitAt } = entity;
  return splitAt === 0 || time < splitAt || time > splitAt + TOLD_MS ? '' : `${WORDS[SPLIT_CAUSES[entity.splitCause] as SplitCause]} ${dayWords(splitAt)}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const dayWords = (time: number): string => { const date = new Date(time); return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]!} ${date.getUTCFullYear()}`; };
