import type { Dice } from '../dice.js';
import type { World } from '../world/world.js';
import { DAY_MS, HOUR_MS, weekdayOf } from '../world/zone.js';

export type Curve = 'business' | 'steady' | 'europe' | 'america' | 'consumer';

const bump = (hour: number, middle: number, width: number): number => Math.exp(-(((hour - middle) / width) ** 2));

/** Relative rate at an hour of a UTC day; the mean over a working day is about 1. */
function rateAt(curve: Curve, hour: number, workday: boolean): number {
  switch (curve) {
    case 'business': return (workday ? 1 : 0.22) * (0.1 + 2.1 * bump(hour, 10, 3.4) + 1.2 * bump(hour, 17, 3.6));
    case 'europe': return (workday ? 1 : 0.12) * (0.04 + 3.4 * bump(hour, 10.5, 3.6));
    case 'america': return (workday ? 1 : 0.12) * (0.04 + 3.4 * bump(hour, 17.5, 3.6));
    case 'consumer': return (workday ? 1 : 0.85) * (0.2 + 1.1 * bump(hour, 11, 4) + 1.3 * bump(hour, 18.5, 3.5));
    default: return 1 + 0.4 * Math.sin(((hour - 9) / 24) * 2 * Math.PI);
  }
}

/** Highest rate of every curve, for the thinning. */
const RATE_MAX = 3.6;

/** Times of a Poisson process over one UTC day with the curve's rate (Lewis and Shedler 1979, thinning), `mean` of them on a working day; a day is livelier or quieter as a whole. */
export function* arrivals(world: World, dice: Dice, day: number, curve: Curve, mean: number): Generator<number, void, undefined> {
  const workday = world.calendar.isWorkday(day, 'DE') || (weekdayOf(day) < 5 && curve === 'america');
  const perMs = (mean * Math.exp(0.12 * dice.normal())) / DAY_MS;
  const end = (day + 1) * DAY_MS;
  for (let at = day * DAY_MS; ;) {
    at += dice.exponential(1 / (perMs * RATE_MAX));
    if (at >= end) return;
    if (dice.chance(rateAt(curve, (at - day * DAY_MS) / HOUR_MS, workday) / RATE_MAX)) yield at;
  }
}
