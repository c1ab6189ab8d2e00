import { Scribe, sourceOf } from '../activity/scribe.js';
import { worksOn } from '../activity/person-day.js';
import { Dice } from '../dice.js';
import type { SimulatedEvent } from '../native-event.js';
import { homeOf, officeOf, vpnOf, type Place } from '../world/networks.js';
import type { Person } from '../world/person.js';
import type { World } from '../world/world.js';
import type { Intensity } from './abuse-kind.js';

/** Where and when an attack is played: its dice are its own, its events carry its id as label. */
export interface Stage { readonly world: World; readonly id: string; readonly firstDay: number; readonly intensity: Intensity }

export const diceOf = ({ world, id }: Stage, part: string | number): Dice => new Dice(`${world.seed}/abuse/${id}/${part}`);
export const at = <T>(stage: Stage, values: Readonly<Record<Intensity, T>>): T => values[stage.intensity];

/** The next `count` local days from the first on which a person works. */
export function workdaysOf({ world, firstDay }: Stage, person: Person, count: number): number[] {
  const days: number[] = [];
  for (let day = firstDay; days.length < count && day < firstDay + 3 * count + 20; day += 1) if (worksOn(world, person, day)) days.push(day);
  return days;
}

/** A person at the usual machine, at the office unless told. */
export function personScribe(person: Person, dice: Dice, label: string, place: Place = officeOf(person.office.country)): Scribe {
  return new Scribe(dice, { id: person.id, type: 'user', roles: [person.department.id], group: person.department.id, session: `s-${dice.text('0123456789abcdef', 12)}`, mfa: true }, sourceOf(place, person.device, person.browser), label);
}

export const vpnPlace = (person: Person): Place => vpnOf(person.office.country, person.slot);
/** Another household of the same country. */
export const neighbourPlace = (person: Person, dice: Dice): Place => homeOf(person.office.country, person.slot + 61, dice);

/** `count` times within the working hours of a local day, in order. */
export function timesAtWork(person: Person, day: number, dice: Dice, count: number): number[] {
  const from = person.office.zone.at(day, person.startHour + 0.4);
  const to = person.office.zone.at(day, person.startHour + person.workHours - 0.4);
  return Array.from({ length: count }, () => dice.between(from, to)).sort((a, b) => a - b);
}

/** `count` times from `start` on with log-normal gaps that fill `spanMs` on the average. */
export function timesFrom(start: number, spanMs: number, dice: Dice, count: number): number[] {
  const gap = spanMs / Math.max(1, count);
  let time = start;
  return Array.from({ length: count }, () => (time += dice.logNormal(gap * 0.85, 0.6)));
}

export const countOf = (dice: Dice, mean: number): number => Math.max(1, Math.round(mean * dice.between(0.75, 1.25)));

/** Days one after another, each with its dice. */
export function* overDays(stage: Stage, days: readonly number[], one: (day: number, dice: Dice, nth: number) => Iterable<SimulatedEvent>): Generator<SimulatedEvent, void, undefined> {
  for (const [nth, day] of days.entries()) yield* one(day, diceOf(stage, nth), nth);
}
