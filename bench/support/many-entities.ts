import { emptyEvent, emptyGenAi, type Event } from '@wary/model/event.js';
import { hash32 } from '@wary/model/hash32.js';

const START = Date.UTC(2026, 0, 5, 6);

/** Deterministic and cheap: a number below `below` from whatever it is asked for. */
const draw = (below: number, ...of: readonly number[]): number => hash32(of.join('-'), 7) % below;

/**
 * The `visit`-th event of an entity at a time: reads and downloads of a dozen resources of its own, every fifth a call of a model, from an address and with
 * a client of its own, in one of 200 groups. Times are in milliseconds from the beginning.
 */
export function visitOf(entity: number, visit: number, atMs: number, seq: number, prefix = 'user'): Event {
  const event = emptyEvent('native');
  event.id = `m-${prefix}-${seq}`;
  event.seq = seq;
  event.time = START + atMs;
  event.receivedAt = event.time;
  event.actor.id = `${prefix}-${entity}`;
  event.principal.id = event.actor.id;
  event.peerGroup = `team-${entity % 200}`;
  event.client.ip = `10.${(entity >> 8) & 255}.${entity & 255}.9`;
  event.client.country = 'DE';
  event.client.userAgent = `python-requests/2.${entity % 5}`;
  if (draw(5, entity, visit) === 0) {
    event.kind = 'inference';
    event.action = 'chat';
    event.resource.id = `model-${entity % 3}`;
    event.resource.type = 'model';
    event.genAi = { ...emptyGenAi(), requestModel: `model-${entity % 3}`, inputTokens: 200 + draw(2_000, entity, visit, 1), outputTokens: 50 + draw(800, entity, visit, 2) };
  } else {
    event.action = draw(6, entity, visit, 3) === 0 ? 'download' : 'read';
    event.resource.id = `ds/${(entity * 7 + draw(12, entity, visit, 4)) % 5_000}`;
    event.resource.type = 'dataset';
    event.bytes = 1_000 + draw(50_000, entity, visit, 5);
  }
  return event;
}
