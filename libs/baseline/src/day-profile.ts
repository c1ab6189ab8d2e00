const DAY_MS = 86_400_000;
/** Half hours. */
const CELLS = 48;
/** Days over which a time of day is remembered. */
const DAYS_MEMORY = 14;

/** What is usual at this time of day (UTC): the mean of a cell over days, and the visit that is still going on (`cell` −1 before the first). */
export interface DayProfile { readonly means: number[]; readonly days: number[]; cell: number; sum: number; rows: number }

export const createDayProfile = (): DayProfile => ({ means: new Array<number>(CELLS).fill(0), days: new Array<number>(CELLS).fill(0), cell: -1, sum: 0, rows: 0 });

/**
 * The mean of the time of day on earlier days, null where it is new; then learns `value`. A visit teaches its cell when it is over: rows that
 * were expected from the rows just before them would make every first row of the next day look unheard of.
 */
export function expectedThenLearn(profile: DayProfile, time: number, value: number): number | null {
  const { means, days } = profile;
  const cell = Math.floor((((time % DAY_MS) + DAY_MS) % DAY_MS) / (DAY_MS / CELLS));
  if (cell !== profile.cell) {
    if (profile.rows > 0) {
      const over = profile.cell;
      days[over]! += 1;
      means[over]! += (profile.sum / profile.rows - means[over]!) / Math.min(days[over]!, DAYS_MEMORY);
    }
    Object.assign(profile, { cell, sum: 0, rows: 0 });
  }
  profile.sum += value;
  profile.rows += 1;
  return days[cell]! > 0 ? means[cell]! : null;
}
