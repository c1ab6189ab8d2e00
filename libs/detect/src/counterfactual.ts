import type { Finding } from '@wary/model/finding.js';
import { scoreOf, weightOf } from './act-score.js';
import { ACT_FAMILIES, ACT_FAMILY_COUNT } from './acts.js';
import { ACTIVITY, BEHAVIOUR_OF, GROWTH, NOVELTY, OFF_HOURS, SEQUENCE } from './behaviour-weights.js';
import { categoryValues } from './category-memory.js';
import type { Core, TenantCore } from './core.js';
import { crosses, largestQuiet } from './crossing.js';
import { DAY_MS } from './engine-limits.js';
import type { EntityState } from './entity-state.js';
import { GROWING, growthOf, quietValue } from './growth.js';
import type { OpenWindow } from './open-window.js';
import { CATEGORIES, CATEGORY_LABELS, FEATURE_COUNT, FEATURES, WINDOWS } from './features.js';
import { NOVELTY_FAMILIES, noveltyLogP } from './novelty.js';
import { hourWords, nearestUsualHour } from './off-hours.js';
import { fewerTallies } from './tally/explain-tally.js';
import { isTallied } from './tally/note-tallies.js';
import { usualOrder } from './sequence/explain-order.js';
import { isCount, scoreFor, valueOf } from './window-score.js';
import { ACT_NAMES } from './value-names.js';
import { valueWords } from './words.js';

export type Counterfactual = NonNullable<Finding['explanation']['counterfactual']>;

/**
 * What would have kept the finding from being raised, found by search on the very predictive and level that raised it.
 * A count comes first where several features cross with one event: without the event none of them does.
 */
export function counterfactualOf(core: Core, tenant: TenantCore, entity: EntityState, window: OpenWindow, behaviour: number, strength: number): Counterfactual {
  if (behaviour === NOVELTY) return familiarValue(core, entity, window, strength);
  if (behaviour === ACTIVITY) return fewerActs(core, entity, window, strength);
  if (behaviour === SEQUENCE) return usualOrder(core, window, scoreFor(window, SEQUENCE, strength));
  if (isTallied(behaviour)) return fewerTallies(core, tenant, entity, window, behaviour, scoreFor(window, behaviour, strength));
  if (behaviour === GROWTH) return lessToday(entity, window, strength);
  if (behaviour === OFF_HOURS) return usualHour(tenant, entity, window, strength);
  const crossed: number[] = [];
  for (let feature = 0; feature < FEATURE_COUNT; feature += 1) {
    if (BEHAVIOUR_OF[feature] !== behaviour || (window.exceeded & (1 << feature)) === 0) continue;
    if (crosses(core, window, feature, valueOf(window, feature))) crossed.push(feature);
  }
  crossed.sort((a, b) => Number(isCount[b]!) - Number(isCount[a]!));
  const bounds = crossed.map((feature) => ({ feature, quiet: largestQuiet(window, feature, valueOf(window, feature), strength) }));
  return quietAt(window, bounds.filter(({ feature }) => feature === bounds[0]!.feature || !isCount[bounds[0]!.feature]!));
}

interface Bound { readonly feature: number; readonly quiet: number }

/** The same for a window that has gone on since it was raised: what all of its features together would have had to be. `undefined` where nothing else is known now. */
export function counterfactualNow(core: Core, window: OpenWindow, behaviour: number, strength: number): Counterfactual | undefined {
  if (behaviour === SEQUENCE) return usualOrder(core, window, scoreFor(window, SEQUENCE, strength));
  if (behaviour === NOVELTY || behaviour === ACTIVITY || behaviour === OFF_HOURS || behaviour === GROWTH || isTallied(behaviour)) return undefined;
  const bounds: Bound[] = [];
  for (let feature = 0; feature < FEATURE_COUNT; feature += 1) {
    if (BEHAVIOUR_OF[feature] !== behaviour || (window.exceeded & (1 << feature)) === 0) continue;
    const value = valueOf(window, feature);
    const quiet = largestQuiet(window, feature, value, strength);
    if (quiet < value) bounds.push({ feature, quiet });
  }
  bounds.sort((a, b) => Number(isCount[b.feature]!) - Number(isCount[a.feature]!));
  return bounds.length === 0 ? undefined : quietAt(window, bounds);
}

function quietAt(window: OpenWindow, bounds: readonly Bound[]): Counterfactual {
  // What a person reads must be as quiet as what was computed: magnitudes are cut, never rounded up, to the digits that are shown.
  const shown = bounds.map(({ feature, quiet }) => ({ feature, quiet: isCount[feature]! ? quiet : cutDigits(quiet, quiet < 10 ? 2 : 3) }));
  const [first] = shown;
  const words = shown.map(({ feature, quiet }) => valueWords(quiet, FEATURES[feature]!.unit));
  return {
    text: `At ${words.join(' and ')} in ${['these 5 minutes', 'this hour', 'this day'][window.kind]!} it would have stayed quiet.`,
    feature: `${FEATURES[first!.feature]!.id}.${WINDOWS[window.kind]!.id}`, value: first!.quiet,
  };
}

function cutDigits(value: number, digits: number): number {
  if (!(value > 0)) return 0;
  const unit = 10 ** (Math.floor(Math.log10(value)) - digits + 1);
  return Number((Math.floor(value / unit + 1e-9) * unit).toPrecision(digits));
}

/** The fewest new things that would have had to be known ones: the least likely family first, then the next. */
function familiarValue(core: Core, entity: EntityState, window: OpenWindow, strength: number): Counterfactual {
  const quiet = scoreFor(window, NOVELTY, strength);
  const families = NOVELTY_FAMILIES.map((categories) => ({ categories, logP: Math.min(...categories.map((category) => noveltyLogP(window, category))) }))
    .sort((a, b) => a.logP - b.logP);
  let score = window.noveltyScore;
  const texts: string[] = [];
  let feature = '';
  let value: string | null = null;
  for (const { categories, logP } of families) {
    if (score < quiet || logP === 0) break;
    score += logP * Math.LOG10E;
    for (const category of categories) {
      if (noveltyLogP(window, category) === 0) continue;
      const id = CATEGORIES[category]!;
      const known = categoryValues(entity, category)[0];
      texts.push(known === undefined ? `a ${CATEGORY_LABELS[id]} used before` : `the usual ${CATEGORY_LABELS[id]} ${core.names.nameOf(category, known.hash)}`);
      if (feature === '') { feature = `${id}.${WINDOWS[window.kind]!.id}`; value = known === undefined ? null : core.names.nameOf(category, known.hash); }
    }
  }
  // One value is named only where it is enough by itself.
  return { text: `With ${texts.join(' and ')} it would have stayed quiet.`, feature, value: texts.length === 1 ? value : null };
}

/** The fewest families of acts that would have had to be as usual: the strongest first, then the next. */
function fewerActs(core: Core, entity: EntityState, window: OpenWindow, strength: number): Counterfactual {
  const quiet = scoreFor(window, ACTIVITY, strength);
  const acts = window.acts!;
  const families = Array.from({ length: ACT_FAMILY_COUNT }, (_, family) => family).filter((family) => weightOf(acts.values[family]!) > 0).sort((a, b) => acts.values[b]! - acts.values[a]!);
  const without: number[] = [];
  for (const family of families) {
    if (without.length > 0 && scoreOf(entity, acts, Math.floor(window.start / DAY_MS), without) < quiet) break;
    without.push(family);
  }
  const names = without.map((family) => core.names.nameOf(ACT_NAMES, acts.hashes[family]!));
  return { text: `Without ${names.join(' and ')} it would have stayed quiet.`, feature: `acts_${ACT_FAMILIES[without[0]!]!}.${WINDOWS[window.kind]!.id}`, value: null };
}

/** How much less would have had to be on this day, of all that crossed: found by search on the evidence itself. */
function lessToday(entity: EntityState, window: OpenWindow, strength: number): Counterfactual {
  const quiet = scoreFor(window, GROWTH, strength);
  const bounds = GROWING.map((feature, place) => ({ feature, place, value: valueOf(window, feature) }))
    .filter(({ place, value }) => growthOf(entity, place, value) >= quiet)
    .map(({ feature, place, value }) => ({ feature, quiet: quietValue(entity, place, value, quiet) }));
  const enough = bounds.every((bound) => bound.quiet >= 0);
  if (enough && bounds.length > 0) return quietAt(window, bounds);
  return { text: 'Nothing on this day would have kept it quiet: the days before are enough.', feature: `growth_${FEATURES[GROWING[window.growthPlace]!]!.id}.${WINDOWS[window.kind]!.id}`, value: null };
}

function usualHour(tenant: TenantCore, entity: EntityState, window: OpenWindow, strength: number): Counterfactual {
  const hour = nearestUsualHour(tenant, entity, window.weekCell, scoreFor(window, OFF_HOURS, strength));
  const feature = `hour_of_week.${WINDOWS[window.kind]!.id}`;
  if (hour < 0) return { text: 'There is no hour of the week in which it would have stayed quiet.', feature, value: null };
  return { text: `At ${hourWords(hour)} local time it would have stayed quiet.`, feature, value: hourWords(hour) };
}
