import type { Event } from '@wary/model/event.js';
import type { Contribution } from '@wary/model/finding.js';
import { actWords } from './acts.js';
import { changeOf, LOOKS, PURPOSES, SWITCHES, TALLIES, type TallyId } from './tally/tallies.js';
import { objectNameOf } from './tally/tally-reader.js';
import { CATEGORIES, categoryValue, FEATURE_COUNT, FEATURES, isBehaviour, readFeatures, RESOURCES, type CategoryId } from './features.js';

/** Where an act was seen: in what models were asked, or in what was reached beside them. */
export type Plane = 'inference' | 'access';
export const planeOf = (event: Event): Plane => (event.kind === 'inference' || event.genAi !== null ? 'inference' : 'access');

const values = new Float64Array(FEATURE_COUNT);
const GROWTH = 'growth_';
const ACTS = 'acts_';

/** Whether an event is part of what a contribution of its finding says, by the rules by which the detectors read events. */
export function contributes(event: Event, { feature, observed }: Pick<Contribution, 'feature' | 'observed'>): boolean {
  if (!isBehaviour(event)) return false;
  const [id = ''] = feature.split('.');
  const category = CATEGORIES.indexOf(id as CategoryId);
  if (category >= 0) return typeof observed === 'string' && observed !== '' && categoryValue(event, category) === observed;
  if (id === 'hour_of_week') return true;
  if (id.startsWith(ACTS)) return isAct(event, String(observed));
  const tally = TALLIES.indexOf(id as TallyId);
  if (tally >= 0) return isCounted(event, tally, String(observed));
  if (id === 'order') return String(observed).split(' → ').includes(actWords(event));
  const name = id.startsWith(GROWTH) ? id.slice(GROWTH.length) : id;
  readFeatures(event, values);
  // By its own name, or by that of the detector that reads it with others.
  return FEATURES.some(({ id: own, behaviour }, index) => (own === name || behaviour === name) && (index === RESOURCES ? event.resource.id !== '' : values[index]! > 0));
}

/** The words of an act begin with what is done; when, and how often, may follow. */
function isAct(event: Event, observed: string): boolean {
  const words = actWords(event);
  return observed.startsWith(words) && !observed.slice(words.length).startsWith(', failed');
}

/** What is counted comes first in what is said of a tally; how often follows. */
function isCounted(event: Event, tally: number, observed: string): boolean {
  // To be used from two places takes both.
  if (tally === SWITCHES) return event.genAi === null;
  if (tally === PURPOSES) return event.purpose !== '' && observed.startsWith(`${event.purpose}, `);
  if (tally === LOOKS) return observed.startsWith(`${objectNameOf(event)}, `);
  return event.outcome === 'success' && changeOf(event.action) === tally && observed.startsWith(`${actWords(event)}, `);
}
