import type { Event } from '@wary/model/event.js';
import { buildEvent, inTimeOrder } from './event-builder.js';
import { OFFICE_START } from './office-stream.js';
import { SeededRandom } from './seeded-random.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Streams in which nothing happens, by the law of their hourly counts. The last two fit no model of ours. */
export const NULL_STREAMS = {
  poisson: 'the same rate around the clock',
  bursty: 'negative binomial: most hours little, some much',
  seasonal: 'Poisson by day and week, with a fifth of the rate at night and at weekends',
  heavy: 'sizes of bursts from a log-normal with a long tail, one in twenty hours ten times the usual',
} as const;
export type NullStream = keyof typeof NULL_STREAMS;

export interface NullOptions { readonly seed: number; readonly entities: number; readonly days: number; readonly perHour: number }

/** Entities with rates of their own, all of one law; bytes of every event log-normal; nothing depends on anything before. */
export function nullStream(kind: NullStream, { seed, entities, days, perHour }: NullOptions): Event[] {
  const random = new SeededRandom(seed);
  const events: Event[] = [];
  for (let who = 0; who < entities; who += 1) {
    const rate = perHour * random.gamma(3, 1 / 3);
    const size = random.normal(9, 0.7);
    for (let hour = 0; hour < days * 24; hour += 1) {
      const count = countOf(kind, random, rate, hour);
      for (let i = 0; i < count; i += 1) {
        events.push(buildEvent({
          id: `${who}-${hour}-${i}`, time: OFFICE_START + hour * HOUR_MS + random.below(HOUR_MS), actor: { id: `null-${who}` }, peerGroup: `g${who % 4}`, action: 'read', bytes: Math.round(random.logNormal(size, 1)),
          outcome: random.next() < 0.02 ? 'failure' : 'success', resource: { id: `r/${random.below(40)}`, type: 'dataset' }, client: { country: 'DE', asn: 3_000 },
        }));
      }
    }
  }
  return inTimeOrder(events);
}

function countOf(kind: NullStream, random: SeededRandom, rate: number, hour: number): number {
  switch (kind) {
    case 'poisson': return random.poisson(rate);
    case 'bursty': return random.negativeBinomial(rate, 0.6);
    case 'seasonal': {
      const time = hour % 24;
      const quiet = time < 7 || time > 19 || Math.floor(hour / 24) % 7 >= 5;
      return random.poisson(rate * (quiet ? 0.2 : 1.6));
    }
    case 'heavy': return random.next() < 0.05 ? random.poisson(rate * 10 * random.logNormal(-0.3, 0.8)) : random.poisson(rate * 0.5 * random.logNormal(-0.2, 0.6));
  }
}

export const dayOf = (time: number): number => Math.floor((time - OFFICE_START) / DAY_MS);
