import type { Scribe } from '../activity/scribe.js';
import type { NativeEvent, NativeResource, SimulatedEvent } from '../native-event.js';
import type { JsonObject } from '@wary/model/json.js';

/** Something that happens to an artefact on its way to production. */
export function released(scribe: Scribe, at: number, action: string, resource: NativeResource, lifecycle: NonNullable<NativeEvent['lifecycle']>, attributes: JsonObject): SimulatedEvent {
  const written = scribe.access(at, action, resource, { kind: 'lifecycle', attributes });
  return { ...written, event: { ...written.event, lifecycle } };
}
