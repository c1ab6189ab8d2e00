import type { TimePart } from '../language/expr.js';
import { BLANKS } from './number-sql.js';
import { quoteText } from './quote-sql.js';

const WRITTEN = `\\A${BLANKS}([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]([0-9]{2}):([0-9]{2})(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?)?${BLANKS}(?:Z|z|[+-][0-9]{2}:?[0-9]{2})?${BLANKS}\\z`;
const EPOCH = `\\A${BLANKS}[0-9]{9,13}${BLANKS}\\z`;
/** Gregorian cycles of 400 years that are added, so that no dividend is negative: the largest date is 8.64e15 ms from 1970. */
const CYCLES = 1_000;
const CYCLE_DAYS = 146_097;
/** From 0000-03-01 to 1970-01-01. */
const EPOCH_DAYS = 719_468;

export const letSql = (name: string, value: string, body: string): string => `arrayMap(${name} -> ${body}, [${value}])[1]`;

/** Minutes since 1970 as the timestamps are written (`Array(Int64)`), of scalars in raw JSON. `text` gives the text of one. */
export function minutesSql(scalars: string, text: (raw: string) => string): string {
  const isNumber = `if(startsWith(r, '"'), match(${text('r')}, ${quoteText(EPOCH)}), match(r, '^-?[0-9]'))`;
  const number = `toFloat64OrZero(extract(${text('r')}, '[-0-9][-+.0-9eE]*'))`;
  const ofNumber = `arrayMap(n -> toInt64(floor(trunc(n) / 60000)), arrayFilter(n -> abs(n) <= 8.64e15, [if(abs(${number}) < 1e11, ${number} * 1000, ${number})]))`;
  const ofText = `arrayMap(g -> ${daysOf('g[1]', 'g[2]', 'g[3]')} * 1440 + g[4] * 60 + g[5], arrayFilter(g -> ${isDate}, [arrayMap(y -> toInt64OrZero(y), extractGroups(${text('r')}, ${quoteText(WRITTEN)}))]))`;
  return `arrayFlatten(arrayMap(r -> multiIf(${isNumber}, ${ofNumber}, startsWith(r, '"'), ${ofText}, emptyArrayInt64()), ${scalars}))`;
}

const isLeap = '(g[1] % 4 = 0 AND (g[1] % 100 != 0 OR g[1] % 400 = 0))';
const isDate = `length(g) = 5 AND g[2] BETWEEN 1 AND 12 AND g[3] BETWEEN 1 AND multiIf(g[2] = 2, 28 + ${isLeap}, g[2] IN (4, 6, 9, 11), 30, 31) AND g[4] < 24 AND g[5] < 60`;

/** Days since 1970 of a date; years from March on (H. Hinnant, "chrono-compatible low-level date algorithms"). */
function daysOf(year: string, month: string, day: string): string {
  const y = `(${year} + ${CYCLES * 400} - (${month} <= 2))`;
  return `(${y} * 365 + intDiv(${y}, 4) - intDiv(${y}, 100) + intDiv(${y}, 400) + intDiv(153 * (${month} + if(${month} > 2, -3, 9)) + 2, 5) + ${day} - ${1 + EPOCH_DAYS + CYCLES * CYCLE_DAYS})`;
}

/** The part of minutes since 1970. */
export function partSql(part: TimePart, minutes: string): string {
  if (part === 'minute') return `positiveModulo(${minutes}, 60)`;
  if (part === 'hour') return `intDiv(positiveModulo(${minutes}, 1440), 60)`;
  const days = `intDiv(${minutes} - positiveModulo(${minutes}, 1440), 1440)`;
  if (part !== 'week') return dateOf(days, part);
  // The week that holds the Thursday of the date.
  return letSql('t', letSql('d', days, 'd - positiveModulo(d + 3, 7) + 3'), `intDiv(t - ${letSql('y', dateOf('t', 'year'), daysOf('y', '1', '1'))}, 7) + 1`);
}

/** The inverse of `daysOf`. */
function dateOf(days: string, part: 'day' | 'month' | 'year'): string {
  const result = part === 'day' ? 'n - intDiv(153 * m + 2, 5) + 1' : part === 'month' ? 'if(m < 10, m + 3, m - 9)' : `c + intDiv(z, ${CYCLE_DAYS}) * 400 + (m >= 10) - ${CYCLES * 400}`;
  const inYear = letSql('m', 'intDiv(5 * n + 2, 153)', result);
  const inCycle = letSql('c', 'intDiv(o - intDiv(o, 1460) + intDiv(o, 36524) - intDiv(o, 146096), 365)', letSql('n', 'o - (365 * c + intDiv(c, 4) - intDiv(c, 100))', inYear));
  return letSql('z', `${days} + ${EPOCH_DAYS + CYCLES * CYCLE_DAYS}`, letSql('o', `positiveModulo(z, ${CYCLE_DAYS})`, inCycle));
}
