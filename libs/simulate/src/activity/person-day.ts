import { Dice, hashKey } from '../dice.js';
import type { NativeActor, SimulatedEvent } from '../native-event.js';
import type { TaskName } from '../world/departments.js';
import { mobileOf, officeOf, vpnOf, type Place } from '../world/networks.js';
import { PHONE_AGENT, type Person } from '../world/person.js';
import type { World } from '../world/world.js';
import { HOUR_MS, MINUTE_MS, weekdayOf, type Zone } from '../world/zone.js';
import { chat } from './chat.js';
import { queries, records } from './data-tasks.js';
import { documents } from './documents.js';
import { administration, applications, code, mail } from './office-tasks.js';
import { Scribe, sourceOf } from './scribe.js';
import { application, type Sitting, type Task } from './sitting.js';

export const TASKS: { readonly [name in TaskName]: Task } = { chat, documents, records, queries, code, mail, applications, administration };
/** Mean events of a task, for turning a day's volume into a number of tasks. */
const TASK_EVENTS = 2.7;
const WEEKDAY_FACTOR = [1.04, 1.08, 1.05, 1, 0.8, 0.35, 0.35] as const;

/** What a scenario changes about a person's day. */
export interface DayChange {
  readonly label?: string;
  /** Works from here, by this clock, instead of home or office. */
  readonly away?: { readonly place: (dice: Dice) => Place; readonly zone: Zone; readonly roaming: boolean };
  /** Does not work at all: on the plane. */
  readonly absent?: boolean;
  readonly volume?: number;
  /** Extra share of reading around (a newcomer). */
  readonly reading?: number;
  /** Stays until this local hour, and does not come back in the evening. */
  readonly until?: number;
  /** The office, or the home, has another way out today. */
  readonly officePlace?: Place;
  readonly homePlace?: Place;
}

/** Changes of the network alone: who has them is away as often as others. */
const isOfNetworkAlone = (change: DayChange): boolean => Object.keys(change).every((key) => key === 'officePlace' || key === 'homePlace');

const absentByChance = (dice: Dice, world: World, person: Person, day: number): boolean =>
  // About five weeks of holidays a year taken by the week, and a few days of illness.
  new Dice(`${world.seed}/leave/${person.id}/${Math.floor((day + 3) / 7)}`).chance(0.075) || dice.chance(0.012);

/** Comes to work on a local day, were nothing else to happen: no holiday, leave or illness. */
export const worksOn = (world: World, person: Person, day: number): boolean =>
  world.calendar.isWorkday(day, person.office.country) && !absentByChance(new Dice(`${world.seed}/person/${person.id}/${day}`), world, person, day);

/** A slow wave of each person's own: what they do drifts by a tenth or two over weeks. */
function driftOf(person: Person, day: number): number {
  const phase = hashKey(person.id) / 4294967296;
  return 1 + 0.14 * Math.sin(2 * Math.PI * (day / (28 + 30 * phase) + phase)) + 0.06 * Math.sin(2 * Math.PI * (day / 97 + 3 * phase));
}

/** One local day of a person, in time order; nothing on a day off. */
export function* personDay(world: World, person: Person, day: number, change: DayChange = {}): Generator<SimulatedEvent, void, undefined> {
  const dice = new Dice(`${world.seed}/person/${person.id}/${day}`);
  if (day < person.joinDay || change.absent === true) return;
  const workday = change.away !== undefined || world.calendar.isWorkday(day, person.office.country);
  const off = workday ? isOfNetworkAlone(change) && absentByChance(dice, world, person, day) : !dice.chance(person.weekendShare);
  if (off) return;

  const zone = change.away?.zone ?? person.office.zone;
  const atHome = change.away === undefined && (!workday || dice.chance(person.homeShare * (weekdayOf(day) === 4 ? 1.4 : 1)));
  const begin = workday ? person.startHour + 0.35 * dice.normal() : dice.between(10, 16);
  const length = workday ? Math.max(4, person.workHours + 0.5 * dice.normal()) : dice.between(0.6, 2);
  const end = Math.min(change.until ?? begin + length, 23.4);
  const factor = WEEKDAY_FACTOR[weekdayOf(day)]! * driftOf(person, day) * Math.exp(person.burstiness * dice.normal()) * (dice.chance(0.025) ? dice.between(1.6, 2.6) : 1) * (change.volume ?? 1);
  const volume = workday ? person.tempo * factor : person.tempo * 0.2 * Math.exp(0.4 * dice.normal());

  const lunch = dice.between(11.8, 13.2);
  const breaks = [{ from: lunch, to: lunch + dice.between(0.45, 1.1) }];
  if (workday) for (let left = dice.poisson(1.6); left > 0; left -= 1) {
    const from = begin + dice.whole(0, Math.max(1, Math.floor(length * 2))) / 2;
    breaks.push({ from, to: from + dice.pick([0.5, 0.5, 1]) });
  }

  const session = `s-${dice.text('0123456789abcdef', 12)}`;
  const actor: NativeActor = { id: person.id, type: 'user', roles: [person.department.id, ...(person.title === 'lead' ? ['lead'] : [])], group: person.department.id, session, mfa: true };
  const place = change.away !== undefined ? change.away.place(dice) : !atHome ? change.officePlace ?? officeOf(person.office.country) : dice.chance(0.55) ? vpnOf(person.office.country, person.slot) : change.homePlace ?? person.home;
  const scribe = new Scribe(dice, actor, sourceOf(place, person.device, person.browser), change.label);
  const phone = scribe.from(sourceOf(mobileOf(person.office.country, dice), person.phone, PHONE_AGENT), { ...actor, session: `${session}-m` });
  const sitting: Sitting = { person, scribe, dice, day, contentShare: world.contentShare, singleRecords: world.singleRecords === true, gapMs: 34_000 };

  let at = zone.at(day, begin);
  const last = zone.at(day, end);
  for (let tries = dice.chance(0.05) ? 2 : 1; tries > 0; tries -= 1) {
    yield scribe.access(at, 'logon', application('app/sso'), tries > 1 ? { outcome: 'failure', reason: 'wrong password' } : {});
    at += dice.between(4_000, 20_000);
  }
  at = yield* work(sitting, phone, at, last, volume, (hour) => breaks.find(({ from, to }) => hour >= from && hour < to)?.to, zone, change);

  if (workday && change.away === undefined && change.until === undefined && end < 19.5 && dice.chance(person.eveningShare)) {
    const evening = scribe.from(sourceOf(dice.chance(0.4) ? vpnOf(person.office.country, person.slot) : person.home, person.device, person.browser), { ...actor, session: `${session}-e` });
    const from = dice.between(20, 21.5);
    yield* work({ ...sitting, scribe: evening }, phone, Math.max(at, zone.at(day, from)), zone.at(day, Math.min(23.6, from + dice.between(0.4, 1.8))), volume * 0.16, () => undefined, zone, change);
  }
}

/** Tasks from `at` to `last`, with pauses between them that spread `volume` events over the time. */
function* work(sitting: Sitting, phone: Scribe, at: number, last: number, volume: number, breakEnd: (hour: number) => number | undefined, zone: Zone, change: DayChange): Generator<SimulatedEvent, number, undefined> {
  const { dice, person, day } = sitting;
  const tasks = Math.max(1, volume / TASK_EVENTS);
  const taskMs = TASK_EVENTS * sitting.gapMs * 1.6;
  const pauseMs = Math.max(20_000, (0.86 * (last - at)) / tasks - taskMs);
  while (at < last) {
    const hour = (at - zone.at(day, 0)) / HOUR_MS;
    const until = breakEnd(hour);
    if (until !== undefined && dice.chance(0.85)) {
      // A look at the phone over lunch: the same person from another network within minutes.
      if (dice.chance(0.25)) {
        at += dice.between(1, 4) * MINUTE_MS;
        yield phone.access(at, 'read', { id: `mailbox/${person.id}`, type: 'mailbox' }, { bytes: dice.logNormal(12_000, 0.6) });
      }
      at = Math.max(at, zone.at(day, until)) + dice.between(0, 6) * MINUTE_MS;
      continue;
    }
    const name: TaskName = change.reading !== undefined && dice.chance(change.reading) ? 'documents' : dice.weighted(person.department.tasks);
    at = yield* TASKS[name](change.away?.roaming === true && name === 'mail' && dice.chance(0.3) ? { ...sitting, scribe: phone } : sitting, at);
    at += dice.exponential(pauseMs);
  }
  return at;
}
