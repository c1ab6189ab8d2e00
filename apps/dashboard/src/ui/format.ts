export type TimeZoneChoice = 'utc' | 'local';

const cache = new Map<string, Intl.DateTimeFormat>();
function formatter(zone: TimeZoneChoice, seconds: boolean): Intl.DateTimeFormat {
  const key = `${zone}${seconds}`;
  let found = cache.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', ...(seconds ? { second: '2-digit' } : {}), hourCycle: 'h23', ...(zone === 'utc' ? { timeZone: 'UTC' } : {}) });
    cache.set(key, found);
  }
  return found;
}

/** "24 Nov, 17:05 UTC"; local times carry no zone name. */
export const formatTime = (at: number, zone: TimeZoneChoice, seconds = false): string => `${formatter(zone, seconds).format(at)}${zone === 'utc' ? ' UTC' : ''}`;

export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d`;
}

export function formatAgo(at: number, now: number): string {
  const ms = now - at;
  if (ms < -60_000) return `in ${formatDuration(-ms)}`;
  if (ms < 10_000) return 'just now';
  if (ms < 3_600_000) return `${formatDuration(ms)} ago`;
  const hours = Math.floor(ms / 3_600_000);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} d ago`;
}

const plain = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
const small = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 2 });
export const formatNumber = (value: number): string => (value !== 0 && Math.abs(value) < 1 ? small.format(value) : Math.abs(value) >= 100_000 ? compact.format(value) : plain.format(Math.abs(value) >= 100 ? Math.round(value) : value));

const BYTE_UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;
export function formatBytes(value: number): string {
  let unit = 0;
  let amount = value;
  while (amount >= 1000 && unit < BYTE_UNITS.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return `${plain.format(amount >= 100 ? Math.round(amount) : amount)} ${BYTE_UNITS[unit]}`;
}
export const formatAmount = (value: number, unit: string): string => (unit === 'bytes' ? formatBytes(value) : `${formatNumber(value)}${unit ? ` ${unit}` : ''}`);
/** "12–38 downloads", "1.2 MB–9 MB": one unit for both where it has no scale of its own. */
export const formatRange = (low: number, high: number, unit: string): string => `${unit === 'bytes' ? formatBytes(low) : formatNumber(low)}–${formatAmount(high, unit)}`;
export const formatShare = (share: number): string => `${Math.round(share * 100)} %`;

/** "true_positive" → "True positive". */
export const sentence = (code: string): string => {
  const words = code.replace(/[_.-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
};
export const plural = (count: number, one: string, many = `${one}s`): string => `${formatNumber(count)} ${count === 1 ? one : many}`;
