import { actorOfKey, evaluation } from '../activity/key-day.js';
import { Scribe, sourceOf } from '../activity/scribe.js';
import { closing, serviceScribe } from '../activity/service-day.js';
import { Dice } from '../dice.js';
import type { SimulatedEvent } from '../native-event.js';
import type { ApiKey, Service } from '../world/machines.js';
import { cloudOf, hotelOf, TRIPS } from '../world/networks.js';
import type { Person } from '../world/person.js';
import type { World } from '../world/world.js';
import { dayOf, Zone } from '../world/zone.js';
import type { Scenario } from './scenario.js';

function* nothing(): Generator<SimulatedEvent> {}

/** The books are closed for the quarter: the service that does it every evening moves six times its rows in two and a half times its steps; finance stays late with a fifth more to do. */
export function quarterEnd(world: World, id: string, service: Service, start: number): Scenario {
  const day = dayOf(start);
  return {
    id, kind: 'quarter_end_batch', category: 'oddity', entity: { type: 'service', id: service.id }, start, description: `${service.id} closes the quarter: six times the rows of an ordinary evening`,
    events: () => closing(serviceScribe(service, new Dice(`${world.seed}/${id}`), id), service, day, start, 6),
    // Their overtime is part of the background: nobody's label, but it must not alarm either.
    change: { people: world.people.filter((person) => person.department.id === 'finance'), on: (each) => (each === day ? { volume: 1.2, until: 20 } : undefined), firstDay: day, lastDay: day },
  };
}

/** A release is evaluated: the test harness asks one model 900 to 1,500 questions in under an hour; its weekly run asks about 290. */
export function evaluationRun(world: World, id: string, key: ApiKey, start: number): Scenario {
  const queries = new Dice(`${world.seed}/${id}/size`).whole(900, 1_500);
  return {
    id, kind: 'evaluation_run', category: 'oddity', entity: { type: 'key', id: key.id }, start, description: `${key.id} evaluates a release with ${queries} questions`,
    events: () => {
      const dice = new Dice(`${world.seed}/${id}`);
      return evaluation(new Scribe(dice, actorOfKey(key), sourceOf(key.place, '', key.userAgent), id), key.model, start, queries, 1_800);
    },
  };
}

/** A business trip: home early, a flight that takes as long as flights do, then work by the clock of another country from a hotel, with the phone still on the carrier at home. */
export function traveller(world: World, id: string, person: Person, firstDay: number, lastDay: number): Scenario {
  const dice = new Dice(`${world.seed}/${id}`);
  const country = dice.pick(Object.keys(TRIPS));
  const trip = TRIPS[country]!;
  const zone = new Zone(trip.zone);
  const hotel = hotelOf(country, dice);
  const flightDays = trip.flightHours > 5 ? 1 : 0;
  return {
    id, kind: 'traveller', category: 'oddity', entity: { type: 'user', id: person.id }, start: person.office.zone.at(firstDay, 6), description: `${person.name} travels from ${person.office.city} to ${trip.city}`,
    events: nothing,
    change: {
      people: [person], firstDay, lastDay,
      on: (day) => (day < firstDay || day > lastDay ? undefined : day === firstDay ? { label: id, until: 15.5 } : day <= firstDay + flightDays ? { label: id, absent: true } : { label: id, away: { place: () => hotel, zone, roaming: true } }),
    },
  };
}

/** A new colleague without history: reads around a good deal in the first days. The HR register has the joining, IT has given the rights. */
export function newJoiner(world: World, id: string, person: Person, administrator: Person, lastDay: number): Scenario {
  const start = person.office.zone.at(person.joinDay, 6);
  return {
    id, kind: 'new_joiner', category: 'oddity', entity: { type: 'user', id: person.id }, start, description: `${person.name} joins ${person.department.id} on ${new Date(start).toISOString().slice(0, 10)}`,
    *events() {
      const dice = new Dice(`${world.seed}/${id}`);
      const hr = new Scribe(dice, { id: 'svc/hr-feed', type: 'service', group: 'services' }, sourceOf(cloudOf(8), '', 'hr-feed/1.0'), id);
      yield hr.access(start, 'status', { id: person.id, type: 'user' }, { kind: 'identity', attributes: { 'hr.status': 'joined', 'hr.effective': new Date(start).toISOString().slice(0, 10), 'hr.team': person.department.id } });
      const admin = new Scribe(dice, { id: administrator.id, type: 'user', group: administrator.department.id }, sourceOf(administrator.home, administrator.device, administrator.browser));
      let at = start + 3_600_000;
      for (const [grant, object] of [['read', person.department.records], ['write', `doc/${person.department.id}`], ['read', person.department.applications[0]!]] as const) yield admin.access(at += dice.between(20_000, 90_000), 'grant', { id: person.id, type: 'user' }, { attributes: { grant, object } });
    },
    change: { people: [person], firstDay: person.joinDay, lastDay, on: (day) => (day >= person.joinDay && day <= lastDay ? { label: id, reading: 0.3, volume: 1.15 } : undefined) },
  };
}
