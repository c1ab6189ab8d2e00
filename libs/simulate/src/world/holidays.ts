import { DAY_MS, dayOf, isoDay, weekdayOf } from './zone.js';

export interface Holiday { readonly day: number; readonly country: string; readonly name: string }

const date = (year: number, month: number, day: number): number => Date.UTC(year, month - 1, day) / DAY_MS;

/** Easter Sunday (Meeus, Jones and Butcher: the anonymous Gregorian algorithm). */
export function easterSunday(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return date(year, Math.floor(n / 31), (n % 31) + 1);
}

/** The `n`th weekday (0 Monday) of a month. */
function nth(year: number, month: number, weekday: number, n: number): number {
  const first = date(year, month, 1);
  return first + ((weekday - weekdayOf(first) + 7) % 7) + 7 * (n - 1);
}

/** Public holidays of the offices' countries that move or stand still by a simple rule; lunar ones are left out. */
export function holidaysOf(country: string, year: number): Holiday[] {
  const easter = easterSunday(year);
  const rows: [number, string][] = [[date(year, 1, 1), 'New Year'], [date(year, 12, 25), 'Christmas Day']];
  if (country === 'DE') {
    rows.push([easter - 2, 'Good Friday'], [easter + 1, 'Easter Monday'], [date(year, 5, 1), 'Labour Day'], [easter + 39, 'Ascension'], [easter + 50, 'Whit Monday'], [date(year, 10, 3), 'Unity Day'], [date(year, 12, 26), 'Second Christmas Day']);
  } else if (country === 'US') {
    rows.push([nth(year, 1, 0, 3), 'Martin Luther King Day'], [nth(year, 6, 0, 1) - 7, 'Memorial Day'], [date(year, 7, 4), 'Independence Day'], [nth(year, 9, 0, 1), 'Labor Day'], [nth(year, 11, 3, 4), 'Thanksgiving'], [nth(year, 11, 3, 4) + 1, 'Day after Thanksgiving']);
  } else if (country === 'SG') {
    rows.push([easter - 2, 'Good Friday'], [date(year, 5, 1), 'Labour Day'], [date(year, 8, 9), 'National Day']);
  }
  return rows.map(([day, name]) => ({ day, country, name })).sort((a, b) => a.day - b.day);
}

/** Who has a holiday when, for the years that a stretch of days touches. */
export class Calendar {
  readonly holidays: readonly Holiday[];
  private readonly keys = new Set<string>();

  constructor(countries: readonly string[], fromDay: number, toDay: number) {
    const years: number[] = [];
    for (let year = Number(isoDay(fromDay - 7).slice(0, 4)); year <= Number(isoDay(toDay + 7).slice(0, 4)); year += 1) years.push(year);
    this.holidays = years.flatMap((year) => countries.flatMap((country) => holidaysOf(country, year)));
    for (const { day, country } of this.holidays) this.keys.add(`${country}${day}`);
  }

  isWorkday(day: number, country: string): boolean {
    return weekdayOf(day) < 5 && !this.keys.has(`${country}${day}`);
  }
}

export const yearOf = (timeMs: number): number => Number(isoDay(dayOf(timeMs)).slice(0, 4));
