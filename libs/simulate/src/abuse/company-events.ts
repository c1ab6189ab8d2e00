import { agentDay } from '../activity/agent-day.js';
import { hrFeedDay } from '../activity/hr-feed-day.js';
import { keyDay } from '../activity/key-day.js';
import { personDay, type DayChange } from '../activity/person-day.js';
import { serviceDay } from '../activity/service-day.js';
import { mergeStreams } from '../merge-streams.js';
import type { SimulatedEvent } from '../native-event.js';
import type { Person } from '../world/person.js';
import type { World } from '../world/world.js';
import { dayOf } from '../world/zone.js';
import type { Case } from './abuse-case.js';
import { customerDay, type Customer } from './customer.js';

export interface CompanyDays {
  /** Whose keys do what customers do. */
  readonly customers: readonly Customer[];
  readonly outages: Parameters<typeof customerDay>[3];
  /** What happens besides, and what it changes of people's days. */
  readonly cases: readonly Pick<Case, 'change' | 'events'>[];
  /** What people do apart from their usual work. */
  readonly besides?: readonly ((world: World, person: Person, day: number) => Iterable<SimulatedEvent>)[];
}

/** Everything that happens in a company between the start and the end of its world, in order of time. */
export function* companyEvents(world: World, { customers, outages, cases, besides = [] }: CompanyDays): Generator<SimulatedEvent, void, undefined> {
  const first = dayOf(world.start) - 1;
  const last = dayOf(world.end) + 1;
  const days = (one: (day: number) => Iterable<SimulatedEvent>): Iterable<SimulatedEvent> => eachDay(first, last, one);
  const changes = new Map<Person, Pick<Case, 'change' | 'events'>[]>();
  for (const one of cases) for (const person of one.change?.people ?? []) changes.set(person, [...(changes.get(person) ?? []), one]);
  const changeOf = (person: Person, day: number): DayChange => Object.assign({}, ...(changes.get(person) ?? []).map(({ change }) => change!.on(day, person) ?? {})) as DayChange;
  const isCustomer = new Set<string>(customers.map(({ id }) => id));
  const streams = [
    ...world.people.map((person) => days((day) => personDay(world, person, day, changeOf(person, day)))),
    ...besides.flatMap((one) => world.people.map((person) => days((day) => one(world, person, day)))),
    ...world.services.map((service) => days((day) => serviceDay(world, service, day))),
    ...world.keys.filter(({ id }) => !isCustomer.has(id)).map((key) => days((day) => keyDay(world, key, day))),
    ...customers.map((customer) => days((day) => customerDay(world, customer, day, outages))),
    ...world.agents.map((agent) => days((day) => agentDay(world, agent, day))),
    days((day) => hrFeedDay(world, day)),
    ...cases.map((one) => one.events()),
  ];
  for (const event of mergeStreams(streams)) {
    if (event.at >= world.end) return;
    if (event.at >= world.start) yield event;
  }
}

function* eachDay(first: number, last: number, one: (day: number) => Iterable<SimulatedEvent>): Generator<SimulatedEvent, void, undefined> {
  for (let day = first; day <= last; day += 1) yield* one(day);
}
