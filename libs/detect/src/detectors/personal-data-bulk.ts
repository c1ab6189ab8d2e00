import type { Event } from '@wary/model/event.js';
import { ANALYTICS } from '../analytics.js';
import { BoundedMap } from '../bounded-map.js';
import type { EventContext, EventDetector, Signal } from '../detector.js';
import { HOUR_MS } from '../engine-limits.js';
import { evidenceSeverity } from '../severity.js';
import { countWords, principalKey, sumCounts, thresholdsOf } from './stateless.js';
import { entityWords } from '../words.js';

interface HourCount { readonly hour: number; items: number; eventIds: string[] }
const EVENT_IDS_MAX = 8;
const SUBJECTS_MAX = 20_000;
/** At the threshold; a decade more of items is two decades more of strength. */
const STRENGTH = 4;
/** This many times the threshold is no slip of the hand. */
const GRAVE = 4;

/** Many items of personal data in one input or output, or over an hour, without an allowed purpose. Hours are those of the event's time (UTC). */
export function createPersonalDataBulkDetector(): EventDetector {
  const analytic = ANALYTICS.personal_data_bulk;
  const hours = new BoundedMap<string, HourCount>(SUBJECTS_MAX);
  let thresholds = thresholdsOf(analytic.settings, {});

  function look(event: Event, { learn }: EventContext, direction: 'input' | 'output', emit: (signal: Signal) => void): void {
    const counts = direction === 'input' ? event.piiInput : event.piiOutput;
    const items = sumCounts(counts);
    if (items === 0) return;
    const key = `${direction}:${principalKey(event)}`;
    const hour = Math.floor(event.time / HOUR_MS);
    const known = hours.get(key);
    // An event of an earlier hour is judged by itself: that hour's count is gone.
    const before = known !== undefined && known.hour === hour ? known.items : 0;
    const earlier = before === 0 ? [] : known!.eventIds;
    if (learn && (known === undefined || known.hour <= hour)) hours.set(key, { hour, items: before + items, eventIds: [...earlier, event.id].slice(-EVENT_IDS_MAX) });
    const excess = Math.max(items / thresholds.eventItemsMin, (before + items) / thresholds.hourItemsMin);
    if (excess < 1) return;
    const inHour = items < thresholds.eventItemsMin;
    const quiet = Math.max(0, Math.min(thresholds.eventItemsMin, thresholds.hourItemsMin - before) - 1);
    const observed = inHour ? before + items : items;
    emit({
      analytic, entity: event.principal, subject: direction, strength: STRENGTH + 2 * Math.log10(excess), severity: evidenceSeverity(excess >= GRAVE ? 'high' : 'medium', event.criticality),
      title: `Personal data in bulk: ${observed} items in ${inHour ? `an hour of ${direction}s` : `one ${direction}`}`,
      summary: `${entityWords(event.principal)}: ${inHour ? `${observed} items of personal data in the ${direction}s of one hour, the latest with ${countWords(counts)}` : `${observed} items of personal data (${countWords(counts)}) in one ${direction}`}${event.resource.id === '' ? '' : ` ${direction === 'input' ? 'to' : 'from'} ${event.resource.id}`}, and no purpose that allows it.`,
      matched: Object.entries(counts).map(([name, n]) => ({ field: direction === 'input' ? 'piiInput' : 'piiOutput', value: String(n), pattern: name })),
      counterfactual: { text: before >= thresholds.hourItemsMin ? `The ${direction}s before had ${before} items in this hour already: without any in this one, or with an allowed purpose, it would have stayed quiet.` : `With at most ${quiet} items in this ${direction}, or an allowed purpose, it would have stayed quiet.`, feature: direction === 'input' ? 'piiInput' : 'piiOutput', value: quiet },
      observed, expected: { value: 0, low: 0, high: (inHour ? thresholds.hourItemsMin : thresholds.eventItemsMin) - 1 }, unit: 'items', calibration: 'deterministic', eventIds: earlier,
    });
  }

  return {
    analytic,
    configure(given) { thresholds = thresholdsOf(analytic.settings, given); },
    inspect(event, context, emit) {
      if (event.purposeVerdict === 'allowed') return;
      look(event, context, 'input', emit);
      look(event, context, 'output', emit);
    },
    dump: () => hours.dump(),
    load: (state) => hours.load(state),
    get stateItems() { return hours.size; },
    stateItemsMax: SUBJECTS_MAX,
    get overflow() { return hours.overflow; },
  };
}
