import { hash32 } from '@wary/model/hash32.js';
import { ANALYTICS } from '../analytics.js';
import { NOTE, type EventDetector } from '../detector.js';
import { HOUR_MS } from '../engine-limits.js';
import { networkOf } from '../features.js';
import { evidenceSeverity } from '../severity.js';
import { entityWords, minutesWords, numberWords } from '../words.js';
import { distanceKm } from './country-centroids.js';
import { thresholdsOf } from './stateless.js';

/** A stay: its country and device, its latest event's time (kept as a mark, for it changes with every event), and the event it began with. */
interface Place { country: string; device: string; time: number; eventId: string }
interface Jump { readonly from: Place; readonly to: Place }
interface Traveller extends Place { jump: Jump | null }

/** There and back within a day; what lies further apart is two journeys. */
const RETURN_WITHIN_MS = 24 * HOUR_MS;
/** A network that this many principals have adopted (office, VPN, mobile gateway) says nothing about where one of them is. */
const SHARED_NETWORK_USERS = 3;
/** Two people in two places under one name; VPNs that nobody registered are what is left. */
const STRENGTH = 5;

/**
 * Use from two countries that nobody can travel between in the time, there and back again: A, B, A is two persons, A, B alone may be a
 * network that is not registered. Countries the principal knows, registered and shared egress and the same device do not count.
 * Depends on order: what arrives behind the latest place of its principal is not looked at.
 */
export function createImpossibleTravelDetector(): EventDetector {
  const analytic = ANALYTICS.impossible_travel;
  let thresholds = thresholdsOf(analytic.settings, {});

  /** Needed speed when it is impossible, else 0. */
  function impossibleSpeed(from: Place, to: Place): number {
    if (from.device !== '' && from.device === to.device) return 0;
    const distance = distanceKm(from.country, to.country);
    if (distance < thresholds.distanceKmMin) return 0;
    const speed = distance / Math.max((to.time - from.time) / HOUR_MS, 1 / 60);
    return speed > thresholds.speedKmPerHourMax ? speed : 0;
  }

  return {
    analytic,
    configure(given) { thresholds = thresholdsOf(analytic.settings, given); },
    inspect(event, context, emit) {
      const { type } = event.principal;
      const { country } = event.client;
      if (country === '' || event.outcome !== 'success' || event.knownEgress || (type !== 'user' && type !== 'key')) return;
      const { device } = event.client;
      const word = hash32(country, hash32(device)) || 1;
      const known = context.noteWord(NOTE.travel);
      // The same country and device as before: the stay goes on.
      if (known === word) { if (context.learn && event.time > context.noteTime(NOTE.travel)) context.keepMark(NOTE.travel, event.time, word); return; }
      const traveller = context.note(NOTE.travel) as Traveller | undefined;
      if (traveller === undefined) {
        if (!context.learn) return;
        context.keepNote(NOTE.travel, { country, device, time: event.time, eventId: event.id, jump: null } satisfies Traveller);
        context.keepMark(NOTE.travel, event.time, word);
        return;
      }
      const last: Place = { country: traveller.country, device: traveller.device, time: context.noteTime(NOTE.travel), eventId: traveller.eventId };
      if (event.time < last.time) return;
      if (country === traveller.country) {
        if (context.learn) { traveller.device = device; context.keepMark(NOTE.travel, event.time, word); }
        return;
      }
      const here: Place = { country, device, time: event.time, eventId: event.id };
      const network = networkOf(event);
      if (network !== '' && context.networkUsers(network) >= SHARED_NETWORK_USERS) return;
      const speed = impossibleSpeed(last, here);
      const back = traveller.jump !== null && traveller.jump.from.country === country && traveller.jump.to.country === last.country && event.time - traveller.jump.from.time <= RETURN_WITHIN_MS;
      if (speed > 0 && back) {
        const { from, to } = traveller.jump!;
        const distance = Math.round(distanceKm(last.country, country));
        emit({
          analytic, entity: event.principal, subject: [from.country, to.country].sort().join('-'), strength: STRENGTH, severity: evidenceSeverity('medium', event.criticality),
          title: `Impossible travel: ${from.country} → ${to.country} → ${country}`,
          summary: `${entityWords(event.principal)} was in ${from.country}, ${minutesWords(to.time - from.time)} later in ${to.country}, and ${minutesWords(event.time - last.time)} later in ${country} again: at least ${numberWords(distance)} km apart, ${numberWords(Math.round(speed))} km/h. Two persons use one identity, or a network of yours is not in the egress register.`,
          matched: [{ field: 'client.country', value: `${from.country} → ${to.country} → ${country}`, pattern: `more than ${thresholds.speedKmPerHourMax} km/h` }],
          counterfactual: { text: `Had the last of them come from ${last.country} too, and not from ${country}, it would have stayed quiet.`, feature: 'client.country', value: last.country },
          observed: Math.round(speed), expected: { value: 0, low: 0, high: thresholds.speedKmPerHourMax }, unit: 'km/h', calibration: 'deterministic', eventIds: [from.eventId, to.eventId, last.eventId],
        });
      }
      if (!context.learn) return;
      // A jump counts when it leads away from what is known; the way back of it counts above.
      const strange = !context.hasUsed('country', country) && !back;
      if (speed > 0 && strange) traveller.jump = { from: last, to: here };
      else if (!back) traveller.jump = null;
      Object.assign(traveller, here);
      context.keepMark(NOTE.travel, event.time, word);
    },
    dump: () => null,
    load: () => undefined,
    // Its state are notes on the entities, within the entities' limit.
    stateItems: 0,
    stateItemsMax: 0,
    overflow: 0,
  };
}

