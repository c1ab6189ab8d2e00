import { EVENT_FLAG, type Event } from '@wary/model/event.js';
import { buildEvent, type EventParts } from '@wary/testkit/event-builder.js';
import { SeededRandom } from '@wary/testkit/seeded-random.js';

const HOUR_MS = 3_600_000;
const PEOPLE = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank'];
const TENANTS = ['acme', 'globex'];
/** A Monday, so that every seed has office days in it. */
export const START = Date.UTC(2026, 10, 23, 6);

/** Events of a few people of two tenants over some days, in order of time, with things in them that detectors tell at once. */
export function workload(seed: number): Event[] {
  const random = new SeededRandom(seed ^ 0x5bd1);
  const hours = 10 + random.below(16);
  const events: Event[] = [];
  const tenants = random.next() < 0.5 ? TENANTS.slice(0, 1) : TENANTS;
  for (const tenant of tenants) {
    for (let hour = 0; hour < hours; hour += 1) {
      // Nights and idle hours: partitions without events must follow.
      if (random.next() < 0.35) continue;
      const count = 1 + random.below(6);
      for (let i = 0; i < count; i += 1) {
        const id = random.pick(PEOPLE);
        const time = START + hour * HOUR_MS + random.below(HOUR_MS);
        const kind = random.below(12);
        const parts: EventParts = { tenant, time, receivedAt: time + 50, actor: { id, type: 'user', group: 'sales' }, principal: { type: 'user', id }, peerGroup: 'sales', client: { ip: `10.0.0.${random.below(2)}` }, outcome: random.next() < 0.25 ? 'denied' : 'success', resource: { id: `doc/${random.below(20)}`, type: 'document' }, bytes: 1_000 + random.below(5_000) };
        if (kind === 0) events.push(buildEvent({ ...parts, canaries: ['c1'] }));
        else if (kind === 1) events.push(buildEvent({ ...parts, purpose: 'marketing', purposeVerdict: 'denied' }));
        else if (kind === 2) for (let burst = 0; burst < 6; burst += 1) events.push(buildEvent({ ...parts, time: Math.min(time + burst * 500, START + (hour + 1) * HOUR_MS - 1), action: 'download', bytes: 4_000_000, resource: { id: `file/${random.below(200)}`, type: 'file' } }));
        else events.push(buildEvent(parts));
      }
    }
  }
  return events.sort((a, b) => a.time - b.time).map((event, index) => ({ ...event, id: `e${String(index).padStart(5, '0')}`, flags: event.flags & ~EVENT_FLAG.historical }));
}
