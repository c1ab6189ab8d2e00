const FIXED = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?$/;
const SECONDS_MIN = 1e8;
const MILLIS_MIN = 1e11;

/** Milliseconds of a timestamp: `YYYY-MM-DD HH:MM[:SS]` is UTC, ISO 8601 with an offset is itself, a number is epoch seconds or milliseconds. NaN for what is none of these. */
export function parseTime(text: string): number {
  const match = FIXED.exec(text);
  if (match !== null) {
    const [, year, month, day, hour, minute, second] = match;
    const date = Number(day);
    const time = Date.UTC(Number(year), Number(month) - 1, date, Number(hour), Number(minute), Number(second ?? 0));
    // 2026-02-31 would become 3 March.
    return Number(month) <= 12 && new Date(time).getUTCDate() === date && Number(hour) < 24 && Number(minute) < 60 ? time : Number.NaN;
  }
  if (/^\d+(?:\.\d+)?$/.test(text)) {
    const number = Number(text);
    return number >= MILLIS_MIN ? number : number >= SECONDS_MIN ? number * 1000 : Number.NaN;
  }
  return /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
}
