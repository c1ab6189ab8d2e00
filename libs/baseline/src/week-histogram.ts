/** Hours of a week, Monday 00:00 first. */
export const WEEK_HOURS = 168;
const HOUR_MS = 3_600_000;

/**
 * Local hour of the week: `time` UTC, `offsetMinutes` east of UTC. A holiday counts as the Sunday of its hour,
 * since nobody has enough holidays to learn them apart. (1970-01-01 was a Thursday: day 3 from Monday.)
 */
export function weekHour(time: number, offsetMinutes: number, holiday: boolean): number {
  const hours = Math.floor((time + offsetMinutes * 60_000) / HOUR_MS);
  const hour = ((hours % 24) + 24) % 24;
  const day = (((Math.floor(hours / 24) + 3) % 7) + 7) % 7;
  return (holiday ? 6 : day) * 24 + hour;
}

/** Weight of the peers' week beside the entity's own, in active hours. */
const PRIOR_HOURS = 24;
/** Of a cell's smoothed mass: itself, the hours beside it, the same hour on days of the same sort. */
const SELF = 0.4;
const BESIDE = 0.15;
const SAME_SORT = 0.3;

/**
 * Smooths counts over the week (own or peers') into probabilities that sum to one. Neighbouring hours share, and so does the same
 * hour on the other working days (or the other weekend day): ten days of history already say what an evening is.
 */
export function smoothWeek(counts: ArrayLike<number>, prior: ArrayLike<number> | null, out: Float64Array): void {
  let total = 0;
  for (let cell = 0; cell < WEEK_HOURS; cell += 1) total += counts[cell]!;
  const scale = 1 / (total + PRIOR_HOURS);
  for (let day = 0; day < 7; day += 1) {
    const from = day < 5 ? 0 : 5;
    const to = day < 5 ? 5 : 7;
    for (let hour = 0; hour < 24; hour += 1) {
      const cell = day * 24 + hour;
      let same = 0;
      for (let other = from; other < to; other += 1) same += counts[other * 24 + hour]!;
      const before = counts[(cell + WEEK_HOURS - 1) % WEEK_HOURS]!;
      const after = counts[(cell + 1) % WEEK_HOURS]!;
      const smoothed = SELF * counts[cell]! + BESIDE * (before + after) + (SAME_SORT * same) / (to - from);
      out[cell] = (smoothed + PRIOR_HOURS * (prior === null ? 1 / WEEK_HOURS : prior[cell]!)) * scale;
    }
  }
  let sum = 0;
  for (let cell = 0; cell < WEEK_HOURS; cell += 1) sum += out[cell]!;
  for (let cell = 0; cell < WEEK_HOURS; cell += 1) out[cell] = out[cell]! / sum;
}

/** Estimates of hours that differ by less than this are ties: in a flat week their order is chance, and would make p too small. */
const TIE = 1.25;

/** Mass of all hours of the week at most as likely as this one: the p-value of being active now. */
export function weekTail(probabilities: ArrayLike<number>, cell: number): number {
  const here = probabilities[cell]! * TIE;
  let mass = 0;
  for (let other = 0; other < WEEK_HOURS; other += 1) if (probabilities[other]! <= here) mass += probabilities[other]!;
  return Math.min(1, mass);
}
