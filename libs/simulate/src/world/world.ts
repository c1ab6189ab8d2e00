import { Calendar } from './holidays.js';
import { createMachines, type Machines } from './machines.js';
import { createPeople, type Person } from './person.js';
import { DAY_MS, dayOf } from './zone.js';

/** Everything that stays: who is there, what they use, when they work. */
export interface World extends Machines {
  readonly seed: number;
  readonly start: number;
  readonly liveStart: number;
  readonly end: number;
  readonly people: readonly Person[];
  readonly calendar: Calendar;
  readonly contentShare: number;
  /** Look-ups name the record (`ds/claims/KM-1234567`), not only its data set; no unless told. */
  readonly singleRecords?: boolean;
}

export interface WorldOptions { readonly seed: number; readonly start: number; readonly days: number; readonly liveDays: number; readonly people: number; readonly eventsPerPersonDay: number; readonly contentShare: number }

const TEMPO = 28;

export function createWorld(options: WorldOptions): World {
  const start = dayOf(options.start) * DAY_MS;
  const liveStart = start + options.days * DAY_MS;
  const end = liveStart + options.liveDays * DAY_MS;
  const calendar = new Calendar(['DE', 'US', 'SG'], dayOf(start), dayOf(end) + 30);
  let liveDay = dayOf(liveStart);
  while (!calendar.isWorkday(liveDay, 'DE')) liveDay += 1;
  const people = createPeople({ seed: options.seed, count: options.people, eventsPerDay: options.eventsPerPersonDay, firstDay: dayOf(start), liveDay, joiners: 2 });
  const machines = createMachines(options.seed, people, (options.eventsPerPersonDay / TEMPO) * Math.max(0.2, options.people / 120));
  return { seed: options.seed, start, liveStart, end, people, calendar, contentShare: options.contentShare, ...machines };
}
