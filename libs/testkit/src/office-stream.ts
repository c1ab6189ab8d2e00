import type { Event } from '@wary/model/event.js';
import { buildEvent, inTimeOrder } from './event-builder.js';
import { SeededRandom } from './seeded-random.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A Monday. */
export const OFFICE_START = Date.UTC(2026, 8, 7);

export interface OfficeOptions { readonly seed: number; readonly users: number; readonly days: number; readonly groups?: number; readonly start?: number; readonly requestsPerHour?: number }

/**
 * People at work, Monday to Friday, 9 to 17 UTC, each with a pace of their own: requests per hour negative binomial, one in ten a
 * download with log-normal bytes, few failures, own files and files of the team, one country, network and client. Nothing happens.
 */
export function officeStream({ seed, users, days, groups = 3, start = OFFICE_START, requestsPerHour = 4 }: OfficeOptions): Event[] {
  const random = new SeededRandom(seed);
  const people = Array.from({ length: users }, (_, index) => ({
    id: `user-${index}`, group: `team-${index % groups}`, pace: requestsPerHour * random.gamma(4, 0.25), burst: 1.5 + random.gamma(2, 1), bytes: random.normal(10, 0.5),
    country: random.pick(['DE', 'FR', 'PL']), asn: 3_000 + random.below(5), agent: random.pick(['Mozilla/5.0 Chrome/120.0', 'Mozilla/5.0 Firefox/120.0', 'office-client/3']),
  }));
  const events: Event[] = [];
  for (let day = 0; day < days; day += 1) {
    const dayStart = start + day * DAY_MS;
    const weekday = (Math.floor(dayStart / DAY_MS) + 3) % 7;
    if (weekday >= 5) continue;
    for (const person of people) {
      for (let hour = 9; hour < 17; hour += 1) {
        const count = random.negativeBinomial(person.pace, person.burst);
        for (let i = 0; i < count; i += 1) {
          const download = random.next() < 0.1;
          events.push(buildEvent({
            id: `${person.id}-${day}-${hour}-${i}`, time: dayStart + hour * HOUR_MS + random.below(HOUR_MS), action: download ? 'download' : 'read', outcome: random.next() < 0.02 ? 'failure' : 'success',
            actor: { id: person.id, group: person.group }, peerGroup: person.group, bytes: download ? Math.round(random.logNormal(person.bytes, 0.8)) : null,
            resource: { id: random.next() < 0.5 ? `files/${person.id}/${random.below(6)}` : `files/${person.group}/${random.below(20)}`, type: 'file' },
            client: { country: person.country, asn: person.asn, userAgent: person.agent },
          }));
        }
      }
    }
  }
  return inTimeOrder(events);
}
