import { Dice } from '../dice.js';
import type { SimulatedEvent } from '../native-event.js';
import { cloudOf } from '../world/networks.js';
import type { World } from '../world/world.js';
import { DAY_MS, HOUR_MS, isoDay } from '../world/zone.js';
import { Scribe, sourceOf } from './scribe.js';

/** The people feed of a day: who has given notice (joinings come with their scenario). */
export function* hrFeedDay(world: World, day: number): Generator<SimulatedEvent, void, undefined> {
  const dice = new Dice(`${world.seed}/hr/${day}`);
  let at = day * DAY_MS + 5 * HOUR_MS;
  for (const person of world.people) {
    if (person.noticeDay !== day) continue;
    const scribe = new Scribe(dice, { id: 'svc/hr-feed', type: 'service', group: 'services' }, sourceOf(cloudOf(8), '', 'hr-feed/1.0'));
    yield scribe.access(at, 'status', { id: person.id, type: 'user' }, { kind: 'identity', attributes: { 'hr.status': 'notice', 'hr.effective': isoDay(day), 'hr.team': person.department.id } });
    at += 1_000;
  }
}
