import { EVENT_FLAG, type Event } from '@wary/model/event.js';
import { buildEvent, principalOf } from './event-builder.js';
import { OFFICE_START } from './office-stream.js';
import { SeededRandom } from './seeded-random.js';

const HOUR_MS = 3_600_000;

export interface ServiceStreamOptions {
  readonly seed: number; readonly services: number; readonly days: number;
  /** What a service's level is multiplied by in an hour since the beginning; 1 where it is not said. */
  readonly levelOf?: (service: number, hour: number) => number;
}

/** Services around the clock, each with a steady level of its own (8 to 23 requests an hour), more by day than by night, on tables of their own. Nothing happens but what `levelOf` says. */
export function serviceStream({ seed, services, days, levelOf = () => 1 }: ServiceStreamOptions): Event[] {
  const random = new SeededRandom(seed);
  const levels = Array.from({ length: services }, () => 8 + random.below(16));
  const events: Event[] = [];
  for (let hour = 0; hour < days * 24; hour += 1) {
    const byDay = 1 + 0.3 * Math.sin(((hour % 24) - 6) * (Math.PI / 12));
    for (let service = 0; service < services; service += 1) {
      const count = random.negativeBinomial(levels[service]! * byDay * levelOf(service, hour), 40);
      for (let i = 0; i < count; i += 1) {
        events.push(buildEvent({
          ...principalOf('service', `svc-${service}`), peerGroup: 'backend', id: `svc-${service}-${hour}-${i}`, time: OFFICE_START + hour * HOUR_MS + random.below(HOUR_MS), action: 'read',
          outcome: random.next() < 0.01 ? 'error' : 'success', rows: Math.round(random.logNormal(3, 0.5)), resource: { id: `table/${service % 4}/${random.below(8)}`, type: 'table' }, client: { asn: 64_512, userAgent: 'backend/1' },
        }));
      }
    }
  }
  return events;
}

/** The mark of a release as the path makes it of a deployment by somebody else. */
export const releaseOf = (service: string, time: number): Event => buildEvent({ kind: 'lifecycle', action: 'release', id: `release-${service}-${time}`, time, flags: EVENT_FLAG.mark, actor: { id: 'ci', type: 'service' }, principal: { type: 'service', id: service }, peerGroup: 'type:service', resource: { id: service, type: 'service' } });
