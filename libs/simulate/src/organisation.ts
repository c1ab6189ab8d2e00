import type { Registers } from '@wary/model/registers.js';
import { agentDay } from './activity/agent-day.js';
import { hrFeedDay } from './activity/hr-feed-day.js';
import { keyDay } from './activity/key-day.js';
import { personDay, type DayChange } from './activity/person-day.js';
import { serviceDay } from './activity/service-day.js';
import { liveCatalogue } from './catalogue/live-catalogue.js';
import { mergeStreams } from './merge-streams.js';
import type { SimulatedEvent } from './native-event.js';
import { registersOf } from './registers-of.js';
import type { LivePlan } from './scenarios/live-plan.js';
import { planLive, planScenarios } from './scenarios/plan.js';
import type { Scenario, ScenarioLabel } from './scenarios/scenario.js';
import { COMPANY } from './world/catalogue.js';
import type { Person } from './world/person.js';
import { createWorld, type World } from './world/world.js';
import { dayOf } from './world/zone.js';

export interface OrganisationOptions {
  readonly seed: number;
  /** First day, epoch ms; cut to the UTC day. */
  readonly start: number;
  /** Days of history, in which nothing but ordinary things happen. */
  readonly days: number;
  /** Days after them, in which the oddities and the attacks lie. */
  readonly liveDays: number;
  /** People, 120 unless told. */
  readonly people?: number;
  /** Median events of a person on a working day, 28 unless told; services, keys and agents scale with it. */
  readonly eventsPerPersonDay?: number;
  /** Share of conversations that carry their prompts and answers, 0.35 unless told. */
  readonly contentShare?: number;
}

export interface Organisation {
  readonly name: string;
  readonly start: number;
  readonly liveStart: number;
  readonly end: number;
  readonly registers: Registers;
  /** The oddities and attacks of the live days, by start. */
  readonly scenarios: readonly Scenario[];
  /**
   * In time order from `from` (inclusive) to `to` (exclusive, may lie beyond the end), holding one event per actor. Two neighbouring
   * stretches are the whole: what is made does not depend on where one begins.
   */
  events(from?: number, to?: number, scenarios?: readonly Scenario[]): Iterable<SimulatedEvent>;
  /** The labels of scenarios, by start, over their events before `to` (the end for the planned ones); one without any is left out. */
  labels(scenarios?: readonly Scenario[], to?: number): ScenarioLabel[];
  /** All six attacks within a stretch of time (for the demo); another round is played by others. `also`: scenarios of the catalogue beside them, by name. */
  planLive(plan: LivePlan, also?: readonly string[]): Scenario[];
}

/** A seeded organisation: the same options give the same bytes. */
export function createOrganisation(options: OrganisationOptions): Organisation {
  const world = createWorld({ people: 120, eventsPerPersonDay: 28, contentShare: 0.35, ...options });
  const scenarios = planScenarios(world);
  return {
    name: COMPANY, start: world.start, liveStart: world.liveStart, end: world.end, registers: registersOf(world), scenarios,
    events: (from = world.start, to = world.end, chosen = scenarios) => eventsBetween(world, from, to, chosen),
    labels: (chosen = scenarios, to = chosen === scenarios ? world.end : Number.POSITIVE_INFINITY) => chosen.map((scenario) => labelOf(world, scenario, to)).filter((label) => label !== null).sort((a, b) => a.start.localeCompare(b.start)),
    planLive: (plan, also = []) => [...planLive(world, plan), ...liveCatalogue(world, also, plan)].sort((a, b) => a.start - b.start),
  };
}

function* eventsBetween(world: World, from: number, to: number, scenarios: readonly Scenario[]): Generator<SimulatedEvent, void, undefined> {
  const changes = changesOf(scenarios);
  const first = dayOf(from) - 1;
  const last = dayOf(to) + 1;
  const days = (one: (day: number) => Iterable<SimulatedEvent>): Iterable<SimulatedEvent> => eachDay(first, last, one);
  const streams = [
    ...world.people.map((person) => days((day) => personDay(world, person, day, changes(person, day)))),
    ...world.services.map((service) => days((day) => serviceDay(world, service, day))),
    ...world.keys.map((key) => days((day) => keyDay(world, key, day))),
    ...world.agents.map((agent) => days((day) => agentDay(world, agent, day))),
    days((day) => hrFeedDay(world, day)),
    ...scenarios.map((scenario) => scenario.events()),
  ];
  for (const event of mergeStreams(streams)) {
    if (event.at >= to) return;
    if (event.at >= from) yield event;
  }
}

function* eachDay(first: number, last: number, one: (day: number) => Iterable<SimulatedEvent>): Generator<SimulatedEvent, void, undefined> {
  for (let day = first; day <= last; day += 1) yield* one(day);
}

function changesOf(scenarios: readonly Scenario[]): (person: Person, day: number) => DayChange {
  const byPerson = new Map<string, Scenario['change'][]>();
  for (const { change } of scenarios) for (const person of change?.people ?? []) byPerson.set(person.id, [...(byPerson.get(person.id) ?? []), change]);
  return (person, day) => Object.assign({}, ...(byPerson.get(person.id) ?? []).map((change) => change!.on(day) ?? {})) as DayChange;
}

function labelOf(world: World, scenario: Scenario, to: number): ScenarioLabel | null {
  const eventIds: string[] = [];
  let start = Number.POSITIVE_INFINITY;
  let end = 0;
  const { change } = scenario;
  const changes = changesOf([scenario]);
  const streams = [scenario.events(), ...(change?.people ?? []).map((person) => eachDay(change!.firstDay, change!.lastDay, (day) => personDay(world, person, day, changes(person, day))))];
  for (const { at, event, label } of mergeStreams(streams)) {
    if (at >= to) break;
    if (label !== scenario.id) continue;
    eventIds.push(event.id);
    start = Math.min(start, at);
    end = Math.max(end, at);
  }
  if (eventIds.length === 0) return null;
  const { id, kind, category, entity, description } = scenario;
  return { id, kind, category, entity, description, start: new Date(start).toISOString(), end: new Date(end).toISOString(), events: eventIds.length, eventIds };
}
