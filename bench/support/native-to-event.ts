import { emptyEvent, type Event } from '@wary/model/event.js';
import type { NativeEvent } from '@wary/simulate/native-event.js';

/** What normalize, enrich (without registers) and protect make of an event of the insider company, without reading JSON: for runs of millions. */
export function nativeToEvent({ id, time, kind, actor, source, action, outcome, resource, bytes }: NativeEvent): Event {
  const event = emptyEvent('native');
  event.id = id;
  event.time = Date.parse(time);
  event.receivedAt = event.time;
  event.kind = kind;
  event.action = action;
  event.outcome = outcome;
  event.actor = { ...event.actor, id: actor.id, type: actor.type, group: actor.group ?? '' };
  event.principal = { type: actor.type, id: actor.id };
  event.peerGroup = actor.group ?? `type:${actor.type}`;
  event.client = { ...event.client, ip: source?.ip ?? '', country: source?.country ?? '', device: source?.device ?? '' };
  if (resource !== undefined) event.resource = { id: resource.id, type: resource.type, labels: resource.labels ?? event.resource.labels, owner: '' };
  event.bytes = bytes ?? null;
  return event;
}
