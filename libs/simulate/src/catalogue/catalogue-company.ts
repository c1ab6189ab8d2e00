import type { Registers } from '@wary/model/registers.js';
import { createCustomers, customerDay, type Customer } from '../abuse/customer.js';
import { agentDay } from '../activity/agent-day.js';
import { hrFeedDay } from '../activity/hr-feed-day.js';
import { keyDay } from '../activity/key-day.js';
import { personDay, type DayChange } from '../activity/person-day.js';
import { serviceDay } from '../activity/service-day.js';
import { mergeStreams } from '../merge-streams.js';
import type { SimulatedEvent } from '../native-event.js';
import { registersOf } from '../registers-of.js';
import type { Person } from '../world/person.js';
import { createWorld, type World } from '../world/world.js';
import { dayOf } from '../world/zone.js';
import { castCatalogue } from './cast-catalogue.js';
import type { CatalogueCase } from './catalogue-case.js';

export interface CatalogueOptions {
  readonly seed: number;
  /** First day, epoch ms; cut to the UTC day. */
  readonly start: number;
  /** Days in which only ordinary things happen, and days after them with the scenarios and their twins; at least three of these, working days. */
  readonly days: number;
  readonly liveDays: number;
  /** At least 60. */
  readonly people: number;
  /** Median events of a person on a working day. */
  readonly eventsPerPersonDay: number;
}

export interface CatalogueCompany {
  readonly start: number;
  readonly liveStart: number;
  readonly end: number;
  readonly registers: Registers;
  readonly cases: readonly CatalogueCase[];
  /** In time order; the label is the name of the case an event belongs to. Cases that are left out are not played. */
  events(cases?: readonly CatalogueCase[]): Generator<SimulatedEvent, void, undefined>;
}

const CUSTOMERS = 12;
const CUSTOMER_EVENTS_PER_DAY = 10;
const CONTENT_SHARE = 0.1;

/** A small company in which every line of the catalogue is played: what it must catch, and its benign twin. The same options give the same bytes. */
export function createCatalogueCompany({ seed, start, days, liveDays, people, eventsPerPersonDay }: CatalogueOptions): CatalogueCompany {
  const plain = createWorld({ seed, start, days, liveDays, people, eventsPerPersonDay, contentShare: CONTENT_SHARE });
  const customers = createCustomers(seed, CUSTOMERS, CUSTOMER_EVENTS_PER_DAY, dayOf(plain.start), dayOf(plain.end), 1, dayOf(plain.liveStart));
  const world: World = { ...plain, keys: [...plain.keys, ...customers] };
  const cases = castCatalogue(world, customers);
  return { start: world.start, liveStart: world.liveStart, end: world.end, registers: registersOf(world), cases, events: (played = cases) => eventsOf(world, customers, played) };
}

function* eventsOf(world: World, customers: readonly Customer[], cases: readonly CatalogueCase[]): Generator<SimulatedEvent, void, undefined> {
  const first = dayOf(world.start) - 1;
  const last = dayOf(world.end) + 1;
  const days = (one: (day: number) => Iterable<SimulatedEvent>): Iterable<SimulatedEvent> => eachDay(first, last, one);
  const changing = new Map<Person, CatalogueCase[]>();
  for (const one of cases) for (const person of one.change?.people ?? []) changing.set(person, [...(changing.get(person) ?? []), one]);
  const changeOf = (person: Person, day: number): DayChange => Object.assign({}, ...(changing.get(person) ?? []).map(({ change }) => change!.on(day, person) ?? {})) as DayChange;
  const isCustomer = new Set<string>(customers.map(({ id }) => id));
  const streams = [
    ...world.people.map((person) => days((day) => personDay(world, person, day, changeOf(person, day)))),
    ...world.services.map((service) => days((day) => serviceDay(world, service, day))),
    ...world.keys.filter(({ id }) => !isCustomer.has(id)).map((key) => days((day) => keyDay(world, key, day))),
    ...customers.map((customer) => days((day) => customerDay(world, customer, day, []))),
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
