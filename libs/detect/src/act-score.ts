import type { Event } from '@wary/model/event.js';
import { ActDay } from './act-day.js';
import { actDayOf, actSlot, countAct, countLogP, isMany, learnActs, predictAct, type ActPrediction } from './act-memory.js';
import { actWords, AMOUNT, atStrangeMachine, atTime, hoursOf, HOURS_WORDS, IN_HOURS, MACHINE, MAIL, MOVES_OFF_HOURS, REMOVABLE, STRANGE_MACHINE, TIME, timeHash, type ActReader } from './acts.js';
import type { TenantCore } from './core.js';
import { DAY_MS } from './engine-limits.js';
import { ENTITY } from './entity-layout.js';
import type { EntityState } from './entity-state.js';
import { isStrangeMachine } from './machine-memory.js';
import { ACT_NAMES } from './value-names.js';

/** How often something is done varies with how busy a day is, whatever the model says: of the decades of a count, this share is evidence. */
const COUNT_SHARE = 0.3;
/** The same of the evidence of earlier days, which have been judged by themselves. */
const SLOW_SHARE = 0.35;
/** No family says more than this, however unlikely: it takes several. In decades. */
const FAMILY_MAX = 3.5;
/** And this much is in every day. */
const FAMILY_USUAL = 0.3;
/** What was unusual lately is less so now: this share of it, fading over as many days; but a decade more than ever lately is news in full. */
const TOLD_SHARE = 0.4;
const TOLD_DAYS = 30;

const prediction: ActPrediction = { presence: 0, slow: 0, countMean: 0, countSize: 0 };

/**
 * Counts the act of an event, and gives true when it makes its day more unusual than it was. A day's score is the sum over independent
 * families of the strongest piece of each (−log10 p, cut at both ends), less what was told lately. Not a p itself: the ranks of such sums make it one.
 */
export function noteActs(tenant: TenantCore, entity: EntityState, event: Event, reader: ActReader): boolean {
  const day = Math.floor(event.time / DAY_MS);
  const today = actDayOf(entity);
  if (day !== today) {
    // What comes for a day that is learned already teaches nothing more.
    if (day < today || day <= entity.learnedDay) return false;
    beginDay(tenant, entity, today, day);
  }
  const { hash, family, moves, machine } = reader;
  const hours = hoursOf(event);
  let changed = note(tenant, entity, event, hash, IN_HOURS, family, moves);
  if (hours !== IN_HOURS) {
    changed = note(tenant, entity, event, timeHash(hours), hours, TIME, true) || changed;
    if (moves) changed = note(tenant, entity, event, atTime(hash, hours), hours, MOVES_OFF_HOURS, false) || changed;
  }
  if (machine !== 0 && isStrangeMachine(entity, machine, day)) {
    changed = note(tenant, entity, event, STRANGE_MACHINE, hours, MACHINE, false) || changed;
    if (moves || family === MAIL) changed = note(tenant, entity, event, atStrangeMachine(hash), hours, MACHINE, false) || changed;
  }
  if (!changed) return false;
  const { acts } = entity.day!;
  const before = acts!.score;
  acts!.score = scoreOf(entity, acts!, day, NOTHING);
  return acts!.score > before;
}

/** `counts`: the count speaks in the family of the act itself, not with the amounts. */
function note(tenant: TenantCore, entity: EntityState, event: Event, hash: number, hours: number, family: number, counts: boolean): boolean {
  const slot = actSlot(entity, hash);
  if (slot < 0) return false;
  const count = countAct(entity, slot);
  if (count === 1) tenant.names.remember(ACT_NAMES, hash, () => nameOf(event, hash, hours, family));
  const window = entity.day;
  if (window === null || !window.scored || event.time < window.start || event.time >= window.end) return false;
  if (count > 1 && !isMany(entity, slot, count)) return false;
  predictAct(tenant, entity, slot, prediction);
  const acts = (window.acts ??= ActDay.begin());
  const presence = -prediction.presence * Math.LOG10E;
  const amount = family === MOVES_OFF_HOURS || family === MACHINE ? 0 : -countLogP(prediction, count) * Math.LOG10E * COUNT_SHARE;
  let changed = acts.put(family, counts ? presence + amount : presence, hash, count, false);
  if (!counts && amount > 0) changed = acts.put(AMOUNT, amount, hash, count, false) || changed;
  if (count === 1 && family < TIME) changed = acts.put(family, Math.log10(Math.max(1, prediction.slow)) * SLOW_SHARE, hash, count, true) || changed;
  return changed;
}

function nameOf(event: Event, hash: number, hours: number, family: number): string {
  if (family === TIME) return `work ${HOURS_WORDS[hours]!}`;
  if (family === MOVES_OFF_HOURS) return `${actWords(event)} ${HOURS_WORDS[hours]!}`;
  if (family === MACHINE) return hash === STRANGE_MACHINE ? 'at a machine not used before' : `${actWords(event)} at a machine not used before`;
  return actWords(event);
}

const NOTHING: readonly number[] = [];

/** What the families add up to, without some of them. */
function totalOf({ values }: ActDay, without: readonly number[]): number {
  let total = 0;
  for (let family = 0; family < values.length; family += 1) if (!without.includes(family)) total += weightOf(values[family]!);
  return total;
}

/** What a piece adds to the day. */
export const weightOf = (value: number): number => Math.max(0, Math.min(FAMILY_MAX, value) - FAMILY_USUAL);

/** For the rank of a day among all days: through removable media data leaves for good and unseen, so that what is unusual about it weighs more. Ranks of alerts do not know it. */
const REMOVABLE_RANK = 1.5;
export function rankOfActs(acts: ActDay): number {
  const total = totalOf(acts, NOTHING);
  return total <= 0 ? 0 : (acts.score * (total + (REMOVABLE_RANK - 1) * weightOf(acts.values[REMOVABLE]!))) / total;
}

/** The score of a day (days since the epoch) as it is, or would be without some families. */
export function scoreOf(entity: EntityState, acts: ActDay, day: number, without: readonly number[]): number {
  const total = totalOf(acts, without);
  const told = toldOn(entity, day);
  const news = Math.min(1, Math.max(0, total - told));
  return total - TOLD_SHARE * (1 - news) * Math.min(total, told);
}

const toldOn = ({ chunk, f }: EntityState, day: number): number => chunk.f32[f + ENTITY.actTold]! * Math.exp(-(day - chunk.u32[f + ENTITY.actToldDay]!) / TOLD_DAYS);

/** Learns the day before and begins this one. */
function beginDay(tenant: TenantCore, entity: EntityState, before: number, day: number): void {
  if (before !== 0) {
    const window = entity.openWindowOf(2, (before + 1) * DAY_MS);
    rememberTold(entity, before, window?.acts ?? null);
    learnActs(tenant, entity, isSuspect(entity, before), day);
  } else learnActs(tenant, entity, false, day);
}

const isSuspect = (entity: EntityState, day: number): boolean => day * DAY_MS < entity.suspectTo && (day + 1) * DAY_MS > entity.suspectFrom;

function rememberTold(entity: EntityState, day: number, acts: ActDay | null): void {
  if (acts === null) return;
  const { chunk, f } = entity;
  const told = toldOn(entity, day);
  chunk.f32[f + ENTITY.actTold] = Math.max(told, totalOf(acts, NOTHING));
  chunk.u32[f + ENTITY.actToldDay] = day;
}

/** A day window closes before the entity's next day has begun: what it did is learned now. */
export function closeActDay(tenant: TenantCore, entity: EntityState, day: number, acts: ActDay | null, suspicious: boolean): void {
  if (actDayOf(entity) !== day) return;
  rememberTold(entity, day, acts);
  learnActs(tenant, entity, suspicious, 0);
}
