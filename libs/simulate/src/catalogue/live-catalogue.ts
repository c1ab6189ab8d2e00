import { createCustomers } from '../abuse/customer.js';
import type { SimulatedEvent } from '../native-event.js';
import type { LivePlan } from '../scenarios/live-plan.js';
import type { Scenario } from '../scenarios/scenario.js';
import type { World } from '../world/world.js';
import { dayOf } from '../world/zone.js';
import { castCatalogue } from './cast-catalogue.js';

const CUSTOMERS = 7;
const CUSTOMER_EVENTS_PER_DAY = 10;

/**
 * Scenarios of the catalogue by name within a stretch of some minutes to an hour, for a demo: their events in their order and with the gaps between
 * them in proportion, moved into the stretch. What is about the hour of the day is lost; each round has other event ids. Throws `RangeError` for a name that
 * the catalogue does not have.
 */
export function liveCatalogue(world: World, names: readonly string[], { start, spanMs, round }: LivePlan): Scenario[] {
  if (names.length === 0) return [];
  const cases = castCatalogue(world, createCustomers(world.seed, CUSTOMERS, CUSTOMER_EVENTS_PER_DAY, dayOf(world.start), dayOf(world.end), 1, dayOf(world.liveStart)));
  return names.map((name, nth): Scenario => {
    const one = cases.find((each) => each.name === name);
    if (one === undefined) throw new RangeError(`the catalogue does not have "${name}"; it has ${cases.map((each) => each.name).join(', ')}`);
    const from = start + (0.05 + (0.4 * nth) / names.length) * spanMs;
    const label = `${name}-r${round}`;
    return { id: label, kind: name, category: one.category === 'attack' ? 'attack' : 'oddity', entity: one.entities[0]!, description: one.description, start: Math.round(from), events: () => moved([...one.events()], from, 0.5 * spanMs, label, round) };
  });
}

function* moved(events: readonly SimulatedEvent[], from: number, spanMs: number, label: string, round: number): Generator<SimulatedEvent, void, undefined> {
  const first = events[0]?.at ?? 0;
  // Never slower than it is: what takes seconds still takes seconds.
  const pace = Math.min(1, spanMs / Math.max(1, (events.at(-1)?.at ?? 0) - first));
  for (const { at, event } of events) {
    const time = Math.round(from + pace * (at - first));
    yield { at: time, event: { ...event, id: `${event.id}-r${round}`, time: new Date(time).toISOString() }, label };
  }
}
