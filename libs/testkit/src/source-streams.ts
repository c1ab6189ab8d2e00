import type { Event } from '@wary/model/event.js';
import type { SourceName } from '@wary/model/sources.js';
import { buildEvent, inTimeOrder } from './event-builder.js';
import { OFFICE_START } from './office-stream.js';
import { SeededRandom } from './seeded-random.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface SourceStreamOptions {
  readonly days: number;
  readonly seed?: number;
  /** Whether a source sends at this time. */
  readonly sends?: (source: SourceName, time: number) => boolean;
  readonly change?: (event: Event) => Event;
}

/** Time of an hour of a day of the stream; day 0 is a Monday. */
export const streamDay = (number: number, hour = 0): number => OFFICE_START + number * DAY_MS + hour * HOUR_MS;
export const dayOfStream = (time: number): number => Math.floor((time - OFFICE_START) / DAY_MS);

/** People in office hours through an application (`otlp`), machines around the clock (`nginx`), an administrator's shell now and then (`sshd`). */
export function sourceStream({ days, seed = 3, sends = () => true, change = (event) => event }: SourceStreamOptions): Event[] {
  const random = new SeededRandom(seed);
  const events: Event[] = [];
  const add = (source: SourceName, time: number, id: string, over: Parameters<typeof buildEvent>[0]): void => {
    if (sends(source, time)) events.push(change({ ...buildEvent({ id: `${source}-${id}`, time, ...over }), source }));
  };
  for (let day = 0; day < days; day += 1) {
    const weekend = day % 7 >= 5;
    for (let hour = 0; hour < 24; hour += 1) {
      for (let n = 0; n < 12; n += 1) add('nginx', streamDay(day, hour) + random.below(HOUR_MS), `${day}-${hour}-${n}`, { action: 'read', actor: { id: `svc-${n % 4}` }, principal: { type: 'service', id: `svc-${n % 4}` }, peerGroup: 'type:service', bytes: 500 + n, client: { ip: '10.0.0.1' }, resource: { id: `page/${n}`, type: 'url' } });
      if (weekend || hour < 8 || hour >= 17) continue;
      for (let n = 0; n < 10; n += 1) add('otlp', streamDay(day, hour) + random.below(HOUR_MS), `${day}-${hour}-${n}`, { action: 'read', actor: { id: `user-${n}`, group: 'team' }, peerGroup: 'team', resource: { id: `doc/${n}`, type: 'document' } });
      if (random.next() < 0.15) add('sshd', streamDay(day, hour) + random.below(HOUR_MS), `${day}-${hour}`, { action: 'logon', actor: { id: 'root' }, resource: { id: 'host/1', type: 'host' } });
    }
  }
  return inTimeOrder(events);
}
