import { Dice, hashKey } from '../dice.js';
import { DOMAIN } from './catalogue.js';
import { DEPARTMENTS, type Department } from './departments.js';
import { FIRST_NAMES, LAST_NAMES } from './names.js';
import { homeOf, type Place } from './networks.js';
import { Zone } from './zone.js';

export interface Office { readonly city: string; readonly country: string; readonly zone: Zone; readonly share: number }

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly index: number;
  readonly department: Department;
  readonly office: Office;
  readonly title: 'member' | 'lead';
  /** Usual begin and length of the working day, local hours. */
  readonly startHour: number;
  readonly workHours: number;
  /** Median events on a working day. */
  readonly tempo: number;
  /** Spread of the days around it (log scale). */
  readonly burstiness: number;
  /** Share of working days at home. */
  readonly homeShare: number;
  /** Chance of an hour or two after dinner. */
  readonly eveningShare: number;
  readonly weekendShare: number;
  readonly device: string;
  readonly phone: string;
  readonly browser: string;
  readonly home: Place;
  readonly slot: number;
  /** Local day of the first day at work. */
  readonly joinDay: number;
  /** Local day of the notice; Infinity when there is none. */
  readonly noticeDay: number;
}

const BROWSERS: readonly (readonly [string, number])[] = [
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', 5],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0', 4],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15', 2],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', 2],
];
export const PHONE_AGENT = 'KestrelMobile/5.3 (iOS 19.1)';

export const createOffices = (): Office[] => [
  { city: 'Berlin', country: 'DE', zone: new Zone('Europe/Berlin'), share: 0.55 },
  { city: 'New York', country: 'US', zone: new Zone('America/New_York'), share: 0.24 },
  { city: 'San Francisco', country: 'US', zone: new Zone('America/Los_Angeles'), share: 0.09 },
  { city: 'Singapore', country: 'SG', zone: new Zone('Asia/Singapore'), share: 0.12 },
];

export interface PeoplePlan { readonly seed: number; readonly count: number; readonly eventsPerDay: number; readonly firstDay: number; readonly liveDay: number; readonly joiners: number }

/** Everybody of the organisation; the last `joiners` begin on the first live working day, one person of each office has given notice. */
export function createPeople(plan: PeoplePlan): Person[] {
  const offices = createOffices();
  const taken = new Map<string, number>();
  const people: Person[] = [];
  for (let index = 0; index < plan.count; index += 1) {
    const dice = new Dice(`${plan.seed}/person/${index}`);
    const joins = index >= plan.count - plan.joiners;
    const department = joins ? DEPARTMENTS[(index + plan.seed) % 4]! : departmentAt((index + 0.5) / plan.count);
    // The first offices' worth of each department are spread by the golden ratio, so that every office has people of every department.
    const office = joins ? offices[0]! : officeAt(offices, (index * 0.6180339887 + (plan.seed % 97) / 97) % 1);
    const { id, name } = nameOf(dice, taken);
    const it = department.id === 'it-operations';
    people.push({
      id, name, email: `${id}@${DOMAIN}`, index, department, office, title: dice.chance(0.12) ? 'lead' : 'member',
      startHour: Math.max(6.5, 8.8 + 0.75 * dice.normal()), workHours: Math.min(10.5, Math.max(6, 8.5 + 0.6 * dice.normal())),
      tempo: plan.eventsPerDay * Math.exp(0.45 * dice.normal()), burstiness: dice.between(0.22, 0.5),
      homeShare: dice.between(0.05, 0.7), eveningShare: dice.chance(0.25) ? dice.between(0.1, 0.35) : 0.02, weekendShare: it ? 0.12 : dice.chance(0.15) ? 0.08 : 0.01,
      device: `lt-${(1000 + (hashKey(id, plan.seed) % 9000)).toString()}`, phone: `ph-${(1000 + (hashKey(id, plan.seed + 1) % 9000)).toString()}`,
      browser: dice.weighted(BROWSERS), home: homeOf(office.country, index, dice), slot: index,
      joinDay: joins ? plan.liveDay : Number.NEGATIVE_INFINITY, noticeDay: Number.POSITIVE_INFINITY,
    });
  }
  return withLeavers(plan, offices, people);
}

/** Somebody of each office whose shared folders are worth taking has given notice some days before the live days. */
function withLeavers(plan: PeoplePlan, offices: readonly Office[], people: readonly Person[]): Person[] {
  const dice = new Dice(`${plan.seed}/leavers`);
  const leavers = new Map(offices.flatMap((office) => {
    const there = people.filter((person) => person.office === office && person.joinDay === Number.NEGATIVE_INFINITY);
    const tempting = there.filter(({ department: { id } }) => id === 'sales' || id === 'engineering' || id === 'data-science');
    const from = tempting.length > 0 ? tempting : there;
    return from.length === 0 ? [] : [[dice.pick(from).id, plan.liveDay - dice.whole(3, 9)] as const];
  }));
  return people.map((person) => ({ ...person, noticeDay: leavers.get(person.id) ?? person.noticeDay }));
}

function departmentAt(share: number): Department {
  let sum = 0;
  for (const department of DEPARTMENTS) {
    sum += department.share;
    if (share < sum) return department;
  }
  return DEPARTMENTS[0]!;
}

function officeAt(offices: readonly Office[], share: number): Office {
  let sum = 0;
  for (const office of offices) {
    sum += office.share;
    if (share < sum) return office;
  }
  return offices[0]!;
}

function nameOf(dice: Dice, taken: Map<string, number>): { id: string; name: string } {
  const first = dice.pick(FIRST_NAMES);
  const last = dice.pick(LAST_NAMES);
  const base = `${first}.${last}`.toLowerCase();
  const count = (taken.get(base) ?? 0) + 1;
  taken.set(base, count);
  return { id: count === 1 ? base : `${base}${count}`, name: `${first} ${last}` };
}
