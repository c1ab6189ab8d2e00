const DAY_MS = 86_400_000;

/**
 * Epoch milliseconds of a time as sources write it, NaN when it is none. Numbers (and strings of digits) are seconds, milliseconds,
 * microseconds or nanoseconds by their size: the ranges of the years 1973 to 5138 do not overlap. Texts are ISO 8601 / RFC 3339;
 * without an offset they are UTC.
 */
export function readTime(value: unknown): number {
  if (typeof value === 'string') return readTimeText(value);
  return typeof value === 'number' ? readTimeNumber(value) : Number.NaN;
}

function readTimeNumber(value: number): number {
  const size = Math.abs(value);
  if (size < 1e11) return Math.floor(value * 1000);
  if (size < 1e14) return Math.floor(value);
  if (size < 1e17) return Math.floor(value / 1e3);
  return size < 1e20 ? Math.floor(value / 1e6) : Number.NaN;
}

const DIGITS = /^-?[0-9]{1,20}(\.[0-9]{1,9})?$/;

function readTimeText(text: string): number {
  // YYYY-MM-DD at the least; the dash tells it from digits.
  if (text.length < 10 || text.charCodeAt(4) !== 45) return DIGITS.test(text) ? readTimeNumber(Number(text)) : Number.NaN;
  if (text.length > 40) return Number.NaN;
  const days = daysFromCivil(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2));
  if (text.charCodeAt(7) !== 45 || Number.isNaN(days)) return Number.NaN;
  if (text.length === 10) return days * DAY_MS;
  const separator = text.charCodeAt(10) | 32;
  if ((separator !== 116 && separator !== 32) || text.charCodeAt(13) !== 58) return Number.NaN;
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  let second = 0;
  let at = 16;
  if (text.charCodeAt(16) === 58) {
    second = digits(text, 17, 2);
    at = 19;
  }
  // 24:00:00 is no RFC 3339; second 60 is a leap second (RFC 3339, 5.7) and counts as the first of the next minute, as POSIX has it.
  if (!(hour < 24 && minute < 60 && second <= 60)) return Number.NaN;
  let ms = 0;
  const c = text.charCodeAt(at);
  if (c === 46 || c === 44) {
    let scale = 100;
    for (at += 1; at < text.length; at += 1) {
      const digit = text.charCodeAt(at) - 48;
      if (digit < 0 || digit > 9) break;
      ms += digit * scale;
      scale = scale > 1 ? scale / 10 : 0;
    }
  }
  const offset = offsetMinutes(text, at);
  return days * DAY_MS + ((hour * 60 + minute - offset) * 60 + second) * 1000 + ms;
}

/** Minutes east of UTC at the end of the text: nothing, Z, ±hh, ±hhmm or ±hh:mm. NaN when it is something else. */
function offsetMinutes(text: string, at: number): number {
  const left = text.length - at;
  if (left === 0) return 0;
  const c = text.charCodeAt(at);
  if (left === 1) return (c | 32) === 122 ? 0 : Number.NaN;
  if (c !== 43 && c !== 45) return Number.NaN;
  const hours = digits(text, at + 1, 2);
  const colon = left === 6 && text.charCodeAt(at + 3) === 58 ? 1 : 0;
  if (left !== 3 && left !== 5 + colon) return Number.NaN;
  const minutes = left === 3 ? 0 : digits(text, at + 3 + colon, 2);
  if (!(hours < 24 && minutes < 60)) return Number.NaN;
  return (c === 45 ? -1 : 1) * (hours * 60 + minutes);
}

function digits(text: string, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i += 1) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days from 1970-01-01 (H. Hinnant, "chrono-compatible low-level date algorithms", days_from_civil). NaN when there is no such day. */
export function daysFromCivil(year: number, month: number, day: number): number {
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= MONTH_DAYS[month - 1]!)) return Number.NaN;
  if (month === 2 && day === 29 && !(year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0))) return Number.NaN;
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

const MONTHS = 'janfebmaraprmayjunjulaugsepoctnovdec';
/** 1 to 12 of an English month's first three letters, NaN when it is none. */
export function monthOf(name: string): number {
  const at = name.length === 3 ? MONTHS.indexOf(name.toLowerCase()) : -1;
  return at >= 0 && at % 3 === 0 ? at / 3 + 1 : Number.NaN;
}
