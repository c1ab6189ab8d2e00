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

/** Labels of an axis whose places are windows: the time each began, with the date where it is another day than at the label before. */
export function windowTicks(splits: readonly number[], starts: readonly number[], zone: TimeZoneChoice): string[] {
  const where = zone === 'utc' ? { timeZone: 'UTC' } : {};
  const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', ...where });
  const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...where });
  const daily = starts.length > 1 && starts.every((at, index) => index === 0 || at - starts[index - 1]! >= DAY_SECONDS * 1000);
  let day = '';
  return splits.map((index) => {
    const at = starts[index];
    if (at === undefined) return '';
    const today = date.format(at);
    const text = daily ? today : today === day ? time.format(at) : `${time.format(at)}\n${today}`;
    day = today;
    return text;
  });
}
