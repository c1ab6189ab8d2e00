import type { TimePart } from '../language/expr.js';
import type { Scalar } from './field-values.js';

const WRITTEN = /^\s*(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::\d{2}(?:[.,]\d{1,9})?)?)?\s*(?:Z|z|[+-]\d{2}:?\d{2})?\s*$/;
/** From here on a number is milliseconds since 1970, below it seconds. */
const MILLISECONDS_FROM = 100_000_000_000;

/**
 * A part of a timestamp as it is written: by the specification no time zone is handled, so 23:30+02:00 has the hour 23. Numbers are
 * seconds or milliseconds since 1970, in UTC. Weeks are those of ISO 8601, days those of the month.
 */
export function timePart(value: Scalar, part: TimePart): number | undefined {
  const date = dateOf(value);
  if (date === undefined) return undefined;
  switch (part) {
    case 'minute': return date.getUTCMinutes();
    case 'hour': return date.getUTCHours();
    case 'day': return date.getUTCDate();
    case 'month': return date.getUTCMonth() + 1;
    case 'year': return date.getUTCFullYear();
    case 'week': return isoWeek(date);
  }
}

function dateOf(value: Scalar): Date | undefined {
  if (typeof value === 'bigint') return undefined;
  if (typeof value === 'number') {
    const date = new Date(Math.abs(value) < MILLISECONDS_FROM ? value * 1_000 : value);
    return Number.isNaN(date.getTime()) ? undefined : date;
  }
  if (typeof value !== 'string') return undefined;
  if (/^\s*\d{9,13}\s*$/.test(value)) return dateOf(Number(value));
  const parts = WRITTEN.exec(value);
  if (parts === null) return undefined;
  const [year, month, day, hour, minute] = parts.slice(1).map((each) => Number(each ?? 0)) as [number, number, number, number, number];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 ? date : undefined;
}

/** The week that holds the Thursday of the date (ISO 8601). */
function isoWeek(date: Date): number {
  const thursday = new Date(date);
  thursday.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7));
  return Math.floor((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / (7 * 86_400_000)) + 1;
}
