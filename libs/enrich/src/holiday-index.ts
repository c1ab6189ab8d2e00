import type { RegisterRow } from '@wary/model/registers.js';

/** Holidays by day number (days since 1970-01-01) and country; '' means everywhere. */
export class HolidayIndex {
  private readonly days = new Map<number, Set<string>>();

  constructor(rows: readonly RegisterRow<'holidays'>[]) {
    for (const row of rows) {
      const day = Date.parse(`${row.date}T00:00:00Z`) / 86_400_000;
      const countries = this.days.get(day);
      if (countries !== undefined) countries.add(row.country.toUpperCase());
      else this.days.set(day, new Set([row.country.toUpperCase()]));
    }
  }

  isHoliday(day: number, country: string): boolean {
    const countries = this.days.get(day);
    return countries !== undefined && (countries.has('') || (country !== '' && countries.has(country)));
  }
}
