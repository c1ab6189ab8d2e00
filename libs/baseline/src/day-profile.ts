const DAY_MS = 86_400_000;
/** Half hours. */
const CELLS = 48;
/** A cell is an expectation once it was visited so often, and forgets over this many visits. */
const VISITS_MIN = 4;
const VISITS_MEMORY = 100;

/** What is usual at this time of day (UTC). */
export interface DayProfile { readonly means: number[]; readonly visits: number[] }

export const createDayProfile = (): DayProfile => ({ means: new Array<number>(CELLS).fill(0), visits: new Array<number>(CELLS).fill(0) });

/** The mean of the time of day before `value`, which it then learns; null where the time of day is new. */
export function expectedThenLearn({ means, visits }: DayProfile, time: number, value: number): number | null {
  const cell = Math.floor((((time % DAY_MS) + DAY_MS) % DAY_MS) / (DAY_MS / CELLS));
  const expected = visits[cell]! >= VISITS_MIN ? means[cell]! : null;
  visits[cell]! += 1;
  means[cell]! += (value - means[cell]!) / Math.min(visits[cell]!, VISITS_MEMORY);
  return expected;
}
