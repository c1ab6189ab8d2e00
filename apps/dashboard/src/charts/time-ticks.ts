import type { TimeZoneChoice } from '../ui/format.js';

const DAY_SECONDS = 86_400;

/** Labels of a time axis: hours while the steps are shorter than a day, with the date where a new day begins; else dates. */
export function timeTicks(splits: readonly number[], stepSeconds: number, zone: TimeZoneChoice): string[] {
  const where = zone === 'utc' ? { timeZone: 'UTC' } : {};
  const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', ...where });
  if (stepSeconds >= DAY_SECONDS) return splits.map((at) => date.format(at * 1000));
  const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...where });
  let day = '';
  return splits.map((at) => {
    const today = date.format(at * 1000);
    const text = today === day ? time.format(at * 1000) : `${time.format(at * 1000)}\n${today}`;
    day = today;
    return text;
  });
}
