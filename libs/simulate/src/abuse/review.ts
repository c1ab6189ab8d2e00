import { documentBytes, documentResource, newestDocument } from '../activity/documents.js';
import { worksOn } from '../activity/person-day.js';
import { Dice, hashKey } from '../dice.js';
import type { SimulatedEvent } from '../native-event.js';
import { officeOf } from '../world/networks.js';
import { Scribe, sourceOf } from '../activity/scribe.js';
import type { Person } from '../world/person.js';
import type { World } from '../world/world.js';
import { HOUR_MS } from '../world/zone.js';

/** A quarter of the people review for a living, on a day in fifteen; others are asked to now and then. */
const shareOf = (person: Person): number => (hashKey(`${person.id}/reviews`) % 4 === 0 ? 1 / 15 : 1 / 150);

/** A fifth of the people work in spurts: something is searched for, checked or put in order within a quarter of an hour or so, several times a week. */
const worksInSpurts = (person: Person): boolean => hashKey(`${person.id}/spurts`) % 5 === 0;
const SPURT_DAYS = 0.35;

/** A day of somebody who works in spurts: one or a few, each of some dozen to some hundred documents of the own department opened one after the other. */
export function* spurtDay(world: World, person: Person, day: number): Generator<SimulatedEvent, void, undefined> {
  const dice = new Dice(`${world.seed}/spurt/${person.id}/${day}`);
  if (!worksInSpurts(person) || !dice.chance(SPURT_DAYS) || day < person.joinDay || !worksOn(world, person, day)) return;
  const scribe = scribeOf(person, dice);
  const starts = Array.from({ length: 1 + dice.poisson(0.6) }, () => person.office.zone.at(day, person.startHour + dice.between(0.3, 7))).sort((a, b) => a - b);
  for (const [nth, start] of starts.entries()) {
    const until = starts[nth + 1] ?? Number.POSITIVE_INFINITY;
    const gap = (dice.between(5, 25) * 60_000) / 45;
    let at = start;
    let number = newestDocument(day) - dice.whole(300, 460);
    for (let left = Math.min(300, Math.round(dice.logNormal(45, 0.8))); left > 0 && at < until; left -= 1) {
      number += 1;
      yield scribe.access(at, dice.chance(0.06) ? 'download' : 'read', documentResource(person.department.id, number), { bytes: documentBytes(person.department.id, number) });
      at += dice.logNormal(gap, 0.5);
    }
  }
}

const scribeOf = (person: Person, dice: Dice): Scribe =>
  new Scribe(dice, { id: person.id, type: 'user', roles: [person.department.id], group: person.department.id, session: `s-${dice.text('0123456789abcdef', 12)}`, mfa: true }, sourceOf(officeOf(person.office.country), person.device, person.browser));

/** An honest burst: before an audit or a tender somebody reads through 30 to 200 documents of the own department within hours, and takes some along. */
export function* reviewDay(world: World, person: Person, day: number): Generator<SimulatedEvent, void, undefined> {
  const dice = new Dice(`${world.seed}/review/${person.id}/${day}`);
  if (!dice.chance(shareOf(person)) || day < person.joinDay || !worksOn(world, person, day)) return;
  const scribe = scribeOf(person, dice);
  const from = person.office.zone.at(day, person.startHour + dice.between(0.5, 4));
  const count = Math.min(260, Math.round(dice.logNormal(70, 0.6)));
  const span = dice.between(0.7, 3) * HOUR_MS;
  const times = Array.from({ length: count }, () => from + dice.between(0, span)).sort((a, b) => a - b);
  let number = newestDocument(day) - dice.whole(count + 20, 460);
  for (const at of times) {
    number += 1;
    const bytes = documentBytes(person.department.id, number);
    yield scribe.access(at, dice.chance(0.15) ? 'download' : 'read', documentResource(person.department.id, number), { bytes });
  }
}
