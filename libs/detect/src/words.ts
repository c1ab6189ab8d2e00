import type { Entity } from '@wary/model/entity.js';

const DAY_MS = 86_400_000;

/** 1234567 → "1,234,567"; fractions to two significant digits, because they are expectations. */
export function numberWords(value: number): string {
  if (!Number.isFinite(value)) return 'more than can be counted';
  const rounded = value >= 10 ? Math.round(value) : Number(value.toPrecision(2));
  const [whole, fraction] = String(rounded).split('.');
  if (whole === undefined || /e/.test(String(rounded))) return String(rounded);
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

const BYTE_UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** "1 minute", "40 minutes", "3 hours". */
export function minutesWords(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  if (minutes >= 120) return `${Math.round(minutes / 60)} hours`;
  return `${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
}

/** A value with its unit, as a person says it: "412 downloads", "4.2 GB". */
export function valueWords(value: number, unit: string): string {
  if (unit !== 'bytes') return `${numberWords(value)} ${value === 1 && unit.endsWith('s') ? unit.slice(0, -1) : unit}`;
  let scaled = value;
  let index = 0;
  while (scaled >= 1_000 && index < BYTE_UNITS.length - 1) { scaled /= 1_000; index += 1; }
  return `${index === 0 ? numberWords(scaled) : Number(scaled.toPrecision(3))} ${BYTE_UNITS[index]!}`;
}

/** At the beginning of a sentence: "User alice"; an id that names its type already stands alone, as it is: "key/partner-brokers", not "Key key/partner-brokers". */
export const entityWords = ({ type, id }: Entity): string => (id.startsWith(type) && /^[/:_.-]/.test(id.slice(type.length)) ? id : `${type.charAt(0).toUpperCase()}${type.slice(1).replaceAll('_', ' ')} ${id}`);
/** "her", "its" are guesses; this is not. */
export const thisEntity = (type: string): string => `this ${type}`;

/** How often a window like this would come by chance: "about once in 4,000 weeks for this key". */
export function unlikelyWords(p: number, windowsPerWeek: number, type: string): string {
  const weeks = 1 / Math.max(p * windowsPerWeek, 1e-300);
  const who = ` for ${thisEntity(type)}`;
  if (weeks > 1e9) return `less than once in a billion weeks${who}`;
  if (weeks >= 2) return `about once in ${numberWords(roundTo(weeks, 2))} weeks${who}`;
  const days = weeks * 7;
  return days >= 2 ? `about once in ${numberWords(Math.round(days))} days${who}` : `more than three times a week${who}`;
}

/** Odds for evidence that has no window: "less than one chance in 10,000". */
export const chanceWords = (strength: number): string => (strength > 12 ? 'less than one chance in a trillion' : `about one chance in ${numberWords(roundTo(10 ** strength, 1))}`);

function roundTo(value: number, digits: number): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - digits + 1);
  return Math.round(value / unit) * unit;
}

const iso = (time: number): string => new Date(time).toISOString();

/** "between 02:00 and 03:00 UTC on 2026-11-24", or "on 2026-11-24" for a whole day. */
export function spanWords(start: number, end: number): string {
  const day = iso(start).slice(0, 10);
  if (end - start >= DAY_MS) return `on ${day} (UTC)`;
  return `between ${iso(start).slice(11, 16)} and ${iso(end).slice(11, 16)} UTC on ${day}`;
}
