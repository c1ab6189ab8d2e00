import { Calendar } from '../world/holidays.js';
import { DAY_MS, dayOf } from '../world/zone.js';

/** Days of history, and Tuesday to Thursday after them. */
export const CATALOGUE_DAYS = 15;
export const CATALOGUE_LIVE_DAYS = 3;
/** A small company: a play takes seconds. */
export const CATALOGUE_SIZE = { people: 60, eventsPerPersonDay: 14 } as const;

const FIRST_MONDAY = Date.UTC(2026, 0, 5);
const WEEKS = 48;
const COUNTRIES = ['DE', 'US', 'SG'] as const;

/** A Monday of its own for every seed, epoch ms, such that nobody has a holiday on the live days. */
export function catalogueStart(seed: number): number {
  for (let week = (seed * 7) % WEEKS; ; week += 1) {
    const start = FIRST_MONDAY + week * 7 * DAY_MS;
    const live = dayOf(start) + CATALOGUE_DAYS;
    const calendar = new Calendar(COUNTRIES, live, live + CATALOGUE_LIVE_DAYS);
    if (Array.from({ length: CATALOGUE_LIVE_DAYS }, (_, i) => live + i).every((day) => COUNTRIES.every((country) => calendar.isWorkday(day, country)))) return start;
  }
}
