import type { ActorType } from '@wary/model/entity.js';
import { emptyEvent, emptyGenAi, type Event, type GenAi } from '@wary/model/event.js';

/** Parts of an event that a test cares about; nested objects are merged. */
export type EventParts = Partial<Omit<Event, 'actor' | 'client' | 'resource' | 'principal' | 'genAi'>> & {
  actor?: Partial<Event['actor']>;
  client?: Partial<Event['client']>;
  resource?: Partial<Event['resource']>;
  principal?: Partial<Event['principal']>;
  genAi?: Partial<GenAi>;
};

let counter = 0;

/** A whole event as it leaves the protect stage: a read by user alice on a working day, unless the parts say otherwise. Ids are unique within the process. */
export function buildEvent(parts: EventParts = {}): Event {
  const base = emptyEvent('native');
  counter += 1;
  const actor = { ...base.actor, id: 'alice', ...parts.actor };
  const principal = { type: actor.type, id: actor.id, ...parts.principal };
  const time = parts.time ?? Date.UTC(2026, 10, 23, 9);
  return {
    ...base, id: `evt-${counter}`, time, receivedAt: time, action: 'read', peerGroup: `type:${principal.type}`,
    ...parts,
    actor, principal,
    client: { ...base.client, ...parts.client },
    resource: { ...base.resource, ...parts.resource },
    genAi: parts.genAi === undefined ? null : { ...emptyGenAi(), ...parts.genAi },
  };
}

/** Numbers a list of events in its order, as the log of record does. */
export function numbered(events: readonly Event[], after = 0): Event[] {
  return events.map((event, index) => ({ ...event, seq: after + index + 1 }));
}

/** Sorted by time, then numbered. */
export const inTimeOrder = (events: readonly Event[]): Event[] => numbered([...events].sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1)));

export const principalOf = (type: ActorType, id: string): EventParts => ({ actor: { type, id }, principal: { type, id } });
