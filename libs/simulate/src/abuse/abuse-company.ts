import type { Registers } from '@wary/model/registers.js';
import type { SimulatedEvent } from '../native-event.js';
import { registersOf } from '../registers-of.js';
import { createWorld, type World } from '../world/world.js';
import { dayOf } from '../world/zone.js';
import type { Case } from './abuse-case.js';
import { castAttacks, castTwins, planTwins } from './cast.js';
import { companyEvents } from './company-events.js';
import { createCustomers } from './customer.js';
import { reviewDay, spurtDay } from './review.js';

export interface AbuseOptions {
  readonly seed: number;
  /** First day, epoch ms; cut to the UTC day. */
  readonly start: number;
  /** Days in which only ordinary things happen, and days after them with the attacks and their twins; at least 42 of these. */
  readonly days: number;
  readonly liveDays: number;
  readonly people: number;
  readonly customers: number;
  /** False: the same company in which nobody does anything. */
  readonly attacks?: boolean;
}

export interface AbuseCompany {
  readonly liveStart: number;
  readonly end: number;
  readonly registers: Registers;
  readonly cases: readonly Case[];
  /** Everybody who acts, by entity key without a type: people, customers, services, keys and agents. */
  readonly principals: readonly { readonly type: 'user' | 'key' | 'service' | 'agent'; readonly id: string }[];
  /** In time order; the label is the id of the case an event belongs to. Cases that are left out are not played. */
  events(played?: readonly Case[]): Generator<SimulatedEvent, void, undefined>;
}

const EVENTS_PER_PERSON_DAY = 15;
const CUSTOMER_EVENTS_PER_DAY = 9;
/** Services and old keys at this share of their volume: here they are the background of the background. */
const MACHINE_SHARE = 0.2;
const AGENT_COPIES = 3;
const CLOUD_MOVERS = 5;

/** A company with a hundred customers and a dozen and more agents, every attack of `ABUSE` at each intensity on somebody of its own, and what looks like them. The same options give the same bytes. */
export function createAbuseCompany({ seed, start, days, liveDays, people, customers: count, attacks: played = true }: AbuseOptions): AbuseCompany {
  const plain = createWorld({ seed, start, days, liveDays, people, eventsPerPersonDay: EVENTS_PER_PERSON_DAY, contentShare: 0 });
  const liveDay = dayOf(plain.liveStart);
  const twins = planTwins(seed, liveDay, liveDays);
  const customers = createCustomers(seed, count, CUSTOMER_EVENTS_PER_DAY, dayOf(plain.start), dayOf(plain.end), CLOUD_MOVERS, twins.moveDay);
  const world: World = {
    ...plain, singleRecords: true,
    services: plain.services.map((service) => ({ ...service, eventsPerDay: service.eventsPerDay * MACHINE_SHARE })),
    keys: [...plain.keys.map((key) => ({ ...key, eventsPerDay: key.eventsPerDay * MACHINE_SHARE })), ...customers],
    agents: plain.agents.flatMap((agent) => Array.from({ length: AGENT_COPIES }, (_, copy) => ({ ...agent, id: copy === 0 ? agent.id : `${agent.id}-${copy + 1}`, runsPerDay: Math.min(6, 2 + agent.runsPerDay * MACHINE_SHARE) }))),
  };
  const { attacks, rest } = castAttacks(world, customers);
  const cases = [...(played ? attacks : []), ...castTwins(world, customers, rest, twins)];
  return {
    liveStart: world.liveStart, end: world.end, registers: withRecords(registersOf(world)), cases,
    principals: [...world.people.map(({ id }) => ({ type: 'user' as const, id })), ...world.keys.map(({ id }) => ({ type: 'key' as const, id })), ...world.services.map(({ id }) => ({ type: 'service' as const, id })), ...world.agents.map(({ id }) => ({ type: 'agent' as const, id }))],
    events: (chosen = cases) => companyEvents(world, { customers, cases: chosen, outages: twins.outages, besides: [reviewDay, spurtDay] }),
  };
}

/** What holds for a data set holds for its records. */
function withRecords(registers: Registers): Registers {
  return {
    ...registers,
    assets: [...registers.assets, ...registers.assets.filter(({ type }) => type === 'dataset').map((row) => ({ ...row, id: `${row.id}/*`, type: 'record' }))],
    purposes: [...registers.purposes, ...registers.purposes.map((row) => ({ ...row, id: `${row.id}/*`, resource: `${row.resource}/*` }))],
  };
}
