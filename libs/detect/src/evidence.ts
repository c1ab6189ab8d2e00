import { betaBinomialLogUpper } from '@wary/baseline/beta-binomial.js';
import { weightOf } from './act-score.js';
import { ACT_FAMILIES, ACT_FAMILY_COUNT, ACT_FAMILY_LABELS, AMOUNT, MACHINE, MOVES_OFF_HOURS, TIME } from './acts.js';
import { ACTIVITY, BEHAVIOUR_COUNT, BEHAVIOUR_OF, FEATURE_LOG_SHARE, GROWTH, NOVELTY, OFF_HOURS, SEQUENCE } from './behaviour-weights.js';
import type { Core } from './core.js';
import { DAY_MS } from './engine-limits.js';
import type { EntityState } from './entity-state.js';
import { GROWING, usualOf } from './growth.js';
import type { OpenWindow } from './open-window.js';
import type { Evidence } from './evidence-item.js';
import { bandOf } from './expected.js';
import { BEHAVIOURS, CATEGORIES, CATEGORY_COUNT, CATEGORY_LABELS, DAY, FAILURES, FEATURE_COUNT, FEATURES, HOUR, REQUESTS, WINDOWS } from './features.js';
import { newestOf, noveltyLogP } from './novelty.js';
import { hourWords } from './off-hours.js';
import { behaviourScore, featureScore, predictedOf, strengthOf, valueOf } from './window-score.js';
import { leadTally, tallyEvidence } from './tally/explain-tally.js';
import { scoreOfTallies } from './tally/note-tallies.js';
import { isTallied } from './tally/note-tallies.js';
import { stepWords } from './sequence/explain-order.js';
import type { OrderStep } from './sequence/order-day.js';
import { pairKey } from './sequence/order-model.js';
import { ACT_NAMES } from './value-names.js';
import { numberWords, valueWords } from './words.js';

export const IN_WINDOW = ['5 minutes', 'an hour', 'a day'] as const;

const ORDER_STEPS_MAX = 4;
/** Below, a tally is no news. */
const TALLY_DECADES_MIN = 1;

/** Everything unusual in a window, strongest first; of the novelty and time of the same hours too. */
export function evidenceOf(core: Core, window: OpenWindow, entity: EntityState | null = null): Evidence[] {
  const all: Evidence[] = [];
  const suffix = `.${WINDOWS[window.kind]!.id}`;
  for (let feature = 0; feature < FEATURE_COUNT; feature += 1) {
    if ((window.exceeded & (1 << feature)) === 0) continue;
    const value = valueOf(window, feature);
    const { id, label, unit } = FEATURES[feature]!;
    const band = bandOf(predictedOf(window, feature));
    all.push({
      behaviour: BEHAVIOUR_OF[feature]!, feature, category: -1, hash: 0, id: id + suffix, label: `${label} in ${IN_WINDOW[window.kind]!}`, observed: value,
      expected: `${valueWords(band.value, unit)}, at most ${valueWords(band.high, unit)}`, decades: featureScore(window, feature, value) - FEATURE_LOG_SHARE[feature]!,
    });
  }
  if (window.kind === DAY) {
    for (let category = 0; category < CATEGORY_COUNT; category += 1) {
      const logP = noveltyLogP(window, category);
      if (logP >= 0) continue;
      const id = CATEGORIES[category]!;
      all.push({
        behaviour: NOVELTY, feature: -1, category, hash: newestOf(window, category), id: id + suffix, label: `new ${CATEGORY_LABELS[id]}`,
        observed: core.names.nameOf(category, newestOf(window, category)),
        expected: `a ${CATEGORY_LABELS[id]} used before`, decades: -logP * Math.LOG10E,
      });
    }
  }
  for (let family = 0; window.acts !== null && family < ACT_FAMILY_COUNT; family += 1) {
    if (weightOf(window.acts.values[family]!) > 0) all.push(actEvidence(core, window, family));
  }
  if (window.order !== null && window.order.score > 0) for (const step of window.order.strongest().slice(0, ORDER_STEPS_MAX)) all.push(orderEvidence(core, step));
  // Several small ones may have crossed together: then what says most of the behaviour is told, however little that is by itself.
  const speaks = (one: Evidence): boolean => one.decades >= TALLY_DECADES_MIN || (scoreOfTallies(window.tally!, one.behaviour) >= TALLY_DECADES_MIN && window.tally!.pieces[leadTally(window, one.behaviour)]?.hash === one.hash);
  for (const one of tallyEvidence(core, window)) if (speaks(one)) all.push(one);
  if (window.kind === HOUR && window.offHours > 0) {
    all.push({ behaviour: OFF_HOURS, feature: -1, category: -1, hash: 0, id: `hour_of_week${suffix}`, label: 'hour of the week', observed: hourWords(window.weekCell), expected: 'an hour in which there is usually activity', decades: window.offHours });
  }
  if (window.kind === DAY && window.growth > 0) {
    const feature = GROWING[window.growthPlace]!;
    const { id, label, unit } = FEATURES[feature]!;
    all.push({
      behaviour: GROWTH, feature, category: -1, hash: 0, id: `growth_${id}${suffix}`, label: `${label}, more day after day`, observed: valueOf(window, feature),
      expected: entity === null ? 'as much as before' : `about ${valueWords(usualOf(entity, window.growthPlace), unit)}, as before`, decades: window.growth,
    });
  }
  return all.sort((a, b) => b.decades - a.decades || (a.id < b.id ? -1 : 1));
}

function orderEvidence(core: Core, step: OrderStep): Evidence {
  return { behaviour: SEQUENCE, feature: -1, category: -1, hash: pairKey(step.before, step.act), id: 'order.1d', label: 'order of acts', observed: stepWords(core, step), expected: 'in another order', decades: step.decades };
}

function actEvidence(core: Core, { acts, kind }: OpenWindow, family: number): Evidence {
  const id = ACT_FAMILIES[family]!;
  const hash = acts!.hashes[family]!;
  const name = core.names.nameOf(ACT_NAMES, hash);
  const count = acts!.counts[family]!;
  return {
    behaviour: ACTIVITY, feature: -1, category: -1, hash, id: `acts_${id}.${WINDOWS[kind]!.id}`, label: ACT_FAMILY_LABELS[id],
    observed: acts!.slow[family] === 1 ? `${name}, on more and more days` : count > 1 ? `${name}, ${numberWords(count)} times` : name,
    expected: acts!.slow[family] === 1 ? 'on no more days than before' : family === AMOUNT ? 'no more than on other days' : family === MACHINE ? 'at machines used before' : 'not on most days', decades: acts!.values[family]!,
  };
}

/** Families that speak independently: volume, breadth and cost are one, the amount. */
const FAMILY: Readonly<Record<(typeof BEHAVIOURS)[number], string>> = { volume: 'amount', breadth: 'amount', cost_tokens: 'amount', failures: 'failures', novelty: 'novelty', off_hours: 'time', activity: 'activity', sequence: 'sequence', growth: 'growth', repeats: 'repeats', changes: 'changes', concurrent_use: 'place', other_purpose: 'purpose' };
export const familyOf = (behaviour: number): string => FAMILY[BEHAVIOURS[behaviour]!];
/** A family corroborates when it would happen by itself in one window out of a thousand. */
const CORROBORATES = 3;

/** What mostly succeeds is work, however much of it there is. */
const FAILING_SHARE_MIN = 0.1;

/**
 * More requests bring more failures: the two are one story unless a good part fails, and that share is unusual by itself
 * (beta-binomial, with the entity's own share as the prior).
 */
function failuresStandOut(entity: EntityState, window: OpenWindow): boolean {
  if (valueOf(window, FAILURES) < FAILING_SHARE_MIN * valueOf(window, REQUESTS)) return false;
  const { f32 } = entity.chunk;
  const requestsAt = entity.momentsAt(window.kind * FEATURE_COUNT + REQUESTS);
  const failuresAt = entity.momentsAt(window.kind * FEATURE_COUNT + FAILURES);
  const requests = f32[requestsAt]! * f32[requestsAt + 1]!;
  const failures = Math.min(requests, f32[failuresAt]! * f32[failuresAt + 1]!);
  return betaBinomialLogUpper(valueOf(window, FAILURES), valueOf(window, REQUESTS), failures + 0.5, requests - failures + 10) <= -CORROBORATES * Math.LN10;
}

/** Other families that are unusual for the entity on the day of this window, in whatever window of it. */
export function otherFamilies(entity: EntityState, window: OpenWindow, behaviour: number): Set<string> {
  if (behaviour === ACTIVITY) return actFamilies(window);
  const families = new Set<string>();
  const day = Math.floor(window.start / DAY_MS);
  for (const other of window.lane === 0 ? entity.windows : entity.lagWindows) {
    if (!other.scored || Math.floor(other.start / DAY_MS) !== day) continue;
    for (let at = 0; at < BEHAVIOUR_COUNT; at += 1) {
      // A combination of acts is made of what the others see, tallies count the same events again; and who does other things than usual does them in another order.
      if (at === ACTIVITY || at === SEQUENCE || at === GROWTH || isTallied(at) || familyOf(at) === familyOf(behaviour) || families.has(familyOf(at))) continue;
      const score = behaviourScore(other, at);
      if (score < CORROBORATES || strengthOf(other, at, score) < CORROBORATES) continue;
      const pair = [familyOf(at), familyOf(behaviour)];
      if (pair.includes('failures') && pair.includes('amount') && !failuresStandOut(entity, familyOf(at) === 'failures' ? other : window)) continue;
      families.add(familyOf(at));
    }
  }
  return families;
}


/** What corroborates within a combination of acts: time, amount and novelty, less the strongest of them, which leads. */
function actFamilies({ acts }: OpenWindow): Set<string> {
  const families = new Map<string, number>();
  for (let family = 0; acts !== null && family < ACT_FAMILY_COUNT; family += 1) {
    const value = acts.values[family]!;
    const name = family === TIME || family === MOVES_OFF_HOURS ? 'time' : family === AMOUNT ? 'amount' : 'novelty';
    if (value >= CORROBORATES && value > (families.get(name) ?? 0)) families.set(name, value);
  }
  const [lead] = [...families].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  if (lead !== undefined) families.delete(lead[0]);
  return new Set(families.keys());
}
