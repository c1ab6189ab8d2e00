import { absentEvidence, addEvidence, countEvidence, fadeEvidence, presenceLogP, presentEvidence, rarePresenceLogP } from '@wary/baseline/act-model.js';
import { predictCount, type Moments } from '@wary/baseline/count-baseline.js';
import { negativeBinomialLogUpper, sizeFromMoments } from '@wary/baseline/negative-binomial.js';
import type { TenantCore } from './core.js';
import { ACT_SLOTS, ALL_SLOTS, ENTITY } from './entity-layout.js';
import type { EntityState } from './entity-state.js';
import { forgetMachines } from './machine-memory.js';
import { LOOKS, tallyOf } from './tally/tallies.js';
import { ACT_NAMES } from './value-names.js';

/** Active days until a day counts 1/e: habits are longer than what is done within them. */
const MEMORY_DAYS = 180;
const KEPT = 1 - 1 / MEMORY_DAYS;
/** Days with the act that its count remembers, and days of peers its prior weighs. */
const COUNT_MEMORY_DAYS = 60;
const COUNT_PRIOR_DAYS = 1;
/** In its first days everything is new to an entity, which says nothing about how often it takes up something. */
const SETTLED_DAYS = 10;
/** Of the peers' days, how many the kind's share of days is worth to a group. */
const KIND_DAYS = 100;
/** The same for tallies, which are bound to roles more than acts are. */
const TALLY_KIND_DAYS = 20;
/** Days of a group from which on what it never does is known from it alone. */
const GROUP_DAYS_MIN = 100;
/** How often, beyond once, something is done that nobody is known to do: a few times, and now and then very often. */
const NEVER_MEAN = 3;
const NEVER_VARIANCE = 30;
/** A count is learned no higher than this many standard deviations above what was expected, on a day under suspicion. */
const CLIP_SDS = 3;

/** What is left of something after so many days; the powers of the first years are at hand. */
const POWERS: Float64Array = Float64Array.from({ length: 1_024 }, (_, days) => KEPT ** days);
const leftAfter = (days: number): number => (days < POWERS.length ? POWERS[days]! : KEPT ** days);
/** Discounted days of an entity's memory. */
const daysOf = (learned: number): number => (1 - leftAfter(learned)) * MEMORY_DAYS;

const learnedOf = ({ chunk, f }: EntityState): number => chunk.u32[f + ENTITY.actDays]!;
export const actDayOf = ({ chunk, f }: EntityState): number => chunk.u32[f + ENTITY.actDay]!;

/** The place of an act among those the entity remembers; taken anew from the one not done for longest. −1 when today has filled all. */
export function actSlot(entity: EntityState, hash: number): number {
  const { u32, u16, u8 } = entity.chunk;
  const from = entity.f + ENTITY.actHash;
  const latest = u8[entity.b + ENTITY.actLatest]!;
  if (u32[from + latest] === hash) return latest;
  let victim = -1;
  let oldest = Number.POSITIVE_INFINITY;
  for (let slot = 0; slot < ACT_SLOTS; slot += 1) {
    const other = u32[from + slot]!;
    if (other === hash) { u8[entity.b + ENTITY.actLatest] = slot; return slot; }
    if (u16[entity.h + ENTITY.actCount + slot]! > 0) continue;
    const last = other === 0 ? -1 : u16[entity.h + ENTITY.actIndex + slot]!;
    if (last < oldest) { oldest = last; victim = slot; }
  }
  if (victim < 0) return -1;
  take(entity, victim, hash);
  u8[entity.b + ENTITY.actLatest] = victim;
  return victim;
}

function take(entity: EntityState, slot: number, hash: number): void {
  entity.chunk.u32[entity.f + ENTITY.actHash + slot] = hash;
  for (const place of [ENTITY.actKnown, ENTITY.actMean, ENTITY.actVariance, ENTITY.actSlow]) entity.chunk.f32[entity.f + place + slot] = 0;
  entity.chunk.u16[entity.h + ENTITY.actIndex + slot] = learnedOf(entity) & 0xffff;
}

/** Where a tally is remembered; −1: nowhere. */
export function knownTallySlot({ chunk, f }: EntityState, hash: number): number {
  for (let slot = ACT_SLOTS; slot < ALL_SLOTS; slot += 1) if (chunk.u32[f + ENTITY.actHash + slot] === hash) return slot;
  return -1;
}

/** The same, with a place for one that has none. They have places of their own, so that they do not push out acts. */
export function tallySlot(entity: EntityState, hash: number): number {
  const { u32, u16 } = entity.chunk;
  const from = entity.f + ENTITY.actHash;
  let victim = -1;
  let oldest = Number.POSITIVE_INFINITY;
  for (let slot = ACT_SLOTS; slot < ALL_SLOTS; slot += 1) {
    const other = u32[from + slot]!;
    if (other === hash) return slot;
    if (u16[entity.h + ENTITY.actCount + slot]! > 0) continue;
    const last = other === 0 ? -1 : u16[entity.h + ENTITY.actIndex + slot]!;
    if (last < oldest) { oldest = last; victim = slot; }
  }
  if (victim >= 0) take(entity, victim, hash);
  return victim;
}

/** A count that is beyond one deviation above the mean of the entity, and one of those that are looked at: each of the first few, then every eighth part more. */
export function isMany({ chunk, f }: EntityState, slot: number, count: number): boolean {
  if (count >= 8 && count % Math.max(1, 1 << (28 - Math.clz32(count))) !== 0) return false;
  const over = count - 1 - chunk.f32[f + ENTITY.actMean + slot]!;
  return over > 0 && over * over > chunk.f32[f + ENTITY.actVariance + slot]!;
}

/** The entity has done it before today. */
export const isKnownSlot = ({ chunk, f }: EntityState, slot: number): boolean => chunk.f32[f + ENTITY.actKnown + slot]! > 0;

/** Brings today's count up to `count`, or on by one where that is 0. Gives it when it is more than it was, else 0. */
export function raiseCount({ chunk, h }: EntityState, slot: number, count: number): number {
  const at = h + ENTITY.actCount + slot;
  const before = chunk.u16[at]!;
  const next = Math.min(0xffff, count === 0 ? before + 1 : count);
  if (next <= before) return 0;
  chunk.u16[at] = next;
  return next;
}

/** Adds one to today's count of an act, and gives it. */
export function countAct({ chunk, h }: EntityState, slot: number): number {
  const at = h + ENTITY.actCount + slot;
  const count = chunk.u16[at]! + 1;
  if (count < 0xffff) chunk.u16[at] = count;
  return count;
}

const own: Moments = { n: 0, mean: 0, variance: 0 };
const prior: Moments = { n: 0, mean: 0, variance: 0 };
const next: Moments = { n: 0, mean: 0, variance: 0 };

/** What is predicted of an act: ln P(done today), and the sum of evidence of the days before that it is done on more of them. */
export interface ActPrediction { presence: number; slow: number; countMean: number; countSize: number }

/** As it stands before today is learned. */
export function predictAct(tenant: TenantCore, entity: EntityState, slot: number, out: ActPrediction): void {
  const { chunk, f, h } = entity;
  const { f32, u16 } = chunk;
  const hash = chunk.u32[f + ENTITY.actHash + slot]!;
  const learned = learnedOf(entity);
  const days = daysOf(learned);
  const since = (learned - u16[h + ENTITY.actIndex + slot]!) & 0xffff;
  const known = f32[f + ENTITY.actKnown + slot]! * leftAfter(since);
  const view = tenant.population.view(entity.node);
  const kind = view.kind?.node ?? view.node;
  const mine = view.node.actStats(hash);
  const all = kind.actStats(hash);
  const kindShare = all === null ? 0 : all.days / Math.max(1, kind.actDays);
  const kindDays = slot < ACT_SLOTS ? KIND_DAYS : TALLY_KIND_DAYS;
  const share = ((mine === null ? 0 : mine.days) + kindDays * kindShare) / (view.node.actDays + kindDays);
  const isLook = slot >= ACT_SLOTS && tallyOf(hash) === LOOKS;
  out.presence = isLook ? 0 : slot < ACT_SLOTS ? presenceLogP(known, days, f32[f + ENTITY.actTaken]!, share) : rarePresenceLogP(known, days, share, view.node.actDays >= GROUP_DAYS_MIN ? view.node.actDays : kind.actDays);
  out.slow = isLook ? f32[f + ENTITY.actSlow + slot]! : fadeEvidence(f32[f + ENTITY.actSlow + slot]!, absentEvidence(Math.min(0.9, known / (days + 1))), since);
  own.n = Math.min(known, COUNT_MEMORY_DAYS);
  own.mean = f32[f + ENTITY.actMean + slot]!;
  own.variance = f32[f + ENTITY.actVariance + slot]!;
  const peers = mine !== null && mine.days > 30 ? mine : all;
  prior.n = peers === null ? 0 : peers.days;
  prior.mean = peers === null ? 0 : peers.sum / peers.days;
  prior.variance = peers === null ? 0 : Math.max(0, peers.squares / peers.days - prior.mean * prior.mean);
  predictCount(own, prior, COUNT_PRIOR_DAYS, next);
  if (next.n <= 0 && slot >= ACT_SLOTS) { next.n = 1; next.mean = NEVER_MEAN; next.variance = NEVER_VARIANCE; }
  out.countMean = next.mean;
  out.countSize = next.n > 0 ? sizeFromMoments(next.mean, next.variance) : 0;
}

/** ln P(at least as many as this, once it is done at all). */
export const countLogP = ({ countMean, countSize }: ActPrediction, count: number): number => (countSize > 0 && count > 1 ? negativeBinomialLogUpper(count - 1, countMean, countSize) : 0);

/** Its history of acts counts as so many days at most from now on; the evidence of the days before is gone. What is done today stays counted. */
export function discountActs(entity: EntityState, daysMax: number): void {
  const { chunk, f, h } = entity;
  const { f32, u16, u32 } = chunk;
  const learned = learnedOf(entity);
  if (learned > daysMax) {
    const kept = daysOf(daysMax) / daysOf(learned);
    for (let slot = 0; slot < ALL_SLOTS; slot += 1) {
      const since = (learned - u16[h + ENTITY.actIndex + slot]!) & 0xffff;
      // Faded to the end of the history, so that the shares of days stay what they were.
      f32[f + ENTITY.actKnown + slot]! *= leftAfter(since) * kept;
      u16[h + ENTITY.actIndex + slot] = daysMax;
    }
    f32[f + ENTITY.actTaken]! *= kept;
    u32[f + ENTITY.actDays] = daysMax;
  }
  f32.fill(0, f + ENTITY.actSlow, f + ENTITY.actSlow + ALL_SLOTS);
  f32[f + ENTITY.actTold] = 0;
}

const prediction: ActPrediction = { presence: 0, slow: 0, countMean: 0, countSize: 0 };

/** Teaches the acts of the entity's day, to it and to its peers, and begins another. Under suspicion counts are clipped. */
export function learnActs(tenant: TenantCore, entity: EntityState, suspicious: boolean, day: number): void {
  const { chunk, f, h } = entity;
  const { f32, u16, u32 } = chunk;
  const learned = learnedOf(entity);
  if (actDayOf(entity) !== 0) {
    if (suspicious) forgetMachines(entity, actDayOf(entity));
    const log = tenant.population.log;
    log.addAct(entity.shard, entity.node, 0, 0);
    let taken = f32[f + ENTITY.actTaken]! * KEPT;
    for (let slot = 0; slot < ALL_SLOTS; slot += 1) {
      const count = u16[h + ENTITY.actCount + slot]!;
      if (count === 0) continue;
      u16[h + ENTITY.actCount + slot] = 0;
      predictAct(tenant, entity, slot, prediction);
      const { presence, slow, countMean, countSize } = prediction;
      const most = suspicious && countSize > 0 ? Math.ceil(countMean + CLIP_SDS * Math.sqrt(countMean + (countMean * countMean) / countSize)) : 0xffff;
      const value = Math.min(count - 1, most);
      const since = (learned - u16[h + ENTITY.actIndex + slot]!) & 0xffff;
      const known = f32[f + ENTITY.actKnown + slot]! * leftAfter(since);
      if (slot < ACT_SLOTS && known < 0.01 && learned >= SETTLED_DAYS) taken += 1;
      // What a tally has said over days is said once: after a finding its evidence begins anew.
      f32[f + ENTITY.actSlow + slot] = slot >= ACT_SLOTS && suspicious ? 0 : addEvidence(slow, presence === 0 ? countEvidence(countLogP(prediction, count)) : presentEvidence(Math.exp(presence), countLogP(prediction, count)));
      f32[f + ENTITY.actKnown + slot] = known * KEPT + 1;
      u16[h + ENTITY.actIndex + slot] = (learned + 1) & 0xffff;
      const n = Math.min(known, COUNT_MEMORY_DAYS) + 1;
      const mean = f32[f + ENTITY.actMean + slot]!;
      const delta = value - mean;
      const moved = mean + delta / n;
      f32[f + ENTITY.actVariance + slot] = ((n - 1) * f32[f + ENTITY.actVariance + slot]! + delta * (value - moved)) / n;
      f32[f + ENTITY.actMean + slot] = moved;
      const hash = u32[f + ENTITY.actHash + slot]!;
      tenant.names.settle(ACT_NAMES, hash);
      log.addAct(entity.shard, entity.node, hash, value);
    }
    f32[f + ENTITY.actTaken] = taken;
    u32[f + ENTITY.actDays] = learned + 1;
  }
  u32[f + ENTITY.actDay] = day;
}
