import type { Registers } from '@wary/model/registers.js';
import { companyEvents } from '../abuse/company-events.js';
import { createCustomers } from '../abuse/customer.js';
import type { SimulatedEvent } from '../native-event.js';
import { registersOf } from '../registers-of.js';
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
  return { start: world.start, liveStart: world.liveStart, end: world.end, registers: registersOf(world), cases, events: (played = cases) => companyEvents(world, { customers, cases: played, outages: [] }) };
}
