import type { Event } from '@wary/model/event.js';

/** A plain access event of one of seven people, for queries: every value follows from the index. */
export function accessEvent(base: Event, index: number, at: number, change: Partial<Event> = {}): Event {
  const person = `person-${index % 7}`;
  return {
    ...base, id: `e${String(index).padStart(6, '0')}`, seq: index + 1, time: at, receivedAt: at + 5, action: ['read', 'write', 'download'][index % 3]!,
    actor: { ...base.actor, id: person }, principal: { type: 'user', id: person }, peerGroup: index % 7 < 4 ? 'sales' : 'research', client: { ...base.client, ip: `10.1.${index % 3}.7`, country: 'DE', asn: 3320 },
    resource: { ...base.resource, id: `ds/${index % 5}`, type: 'dataset' }, bytes: index, ...change,
  };
}
