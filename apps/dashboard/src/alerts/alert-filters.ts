import type { Alert, AlertStatus, Verdict } from '@wary/model/alert.js';
import type { Severity } from '@wary/model/finding.js';
import type { Query } from '../api/http.js';

export const SEVERITY_ORDER = ['critical', 'high', 'medium', 'low', 'informational'] as const satisfies readonly Severity[];
export const STATUS_ORDER = ['triggered', 'acknowledged', 'resolved', 'suppressed'] as const satisfies readonly AlertStatus[];
export const VERDICT_ORDER = ['true_positive', 'false_positive', 'benign_expected', 'duplicate', 'inconclusive'] as const satisfies readonly Verdict[];
const OPEN: readonly AlertStatus[] = ['triggered', 'acknowledged'];

export const TIME_RANGES = { '1h': 3_600_000, '24h': 86_400_000, '7d': 604_800_000, '30d': 2_592_000_000 } as const;
export type TimeRange = keyof typeof TIME_RANGES;
export const ALERT_SORTS = ['lastSeen', 'newest', 'severity'] as const;
export type AlertSort = (typeof ALERT_SORTS)[number];

/** The queue's address: everything that decides which rows are shown, so that a pasted link shows the same ones. */
export interface AlertSearch {
  /** Comma-separated; absent means the open ones, `any` all of them. */
  status?: string;
  severity?: string;
  entity?: string;
  detector?: string;
  range?: TimeRange;
  /** Epoch milliseconds; stand above `range`. */
  from?: string;
  to?: string;
  historical?: 'true' | 'false';
  q?: string;
  sort?: AlertSort;
  /** The alert shown in the drawer. */
  open?: string;
}

export interface AlertFilters {
  readonly status: readonly AlertStatus[];
  readonly severity: readonly Severity[];
  readonly entity: string;
  readonly detector: string;
  readonly range: TimeRange | null;
  readonly from: number | null;
  readonly to: number | null;
  readonly historical: boolean | null;
  readonly q: string;
  readonly sort: AlertSort;
}

function chosen<T extends string>(text: string | undefined, all: readonly T[]): T[] {
  const parts = (text ?? '').split(',');
  return all.filter((item) => parts.includes(item));
}
const time = (text: string | undefined): number | null => (text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null);

/** Reads an untrusted address: what it does not know it leaves out. */
export function parseAlertSearch(raw: Record<string, unknown>): AlertSearch {
  const text = (key: string) => (typeof raw[key] === 'string' && raw[key] !== '' ? raw[key] : undefined);
  const search: AlertSearch = {};
  const status = text('status');
  if (status === 'any' || chosen(status, STATUS_ORDER).length > 0) search.status = status;
  const severity = chosen(text('severity'), SEVERITY_ORDER).join(',');
  if (severity) search.severity = severity;
  for (const key of ['entity', 'detector', 'q', 'open'] as const) {
    const value = text(key);
    if (value) search[key] = value;
  }
  const range = text('range');
  if (range && range in TIME_RANGES) search.range = range as TimeRange;
  for (const key of ['from', 'to'] as const) if (time(text(key)) !== null) search[key] = text(key);
  const historical = text('historical');
  if (historical === 'true' || historical === 'false') search.historical = historical;
  const sort = text('sort');
  if (sort === 'newest' || sort === 'severity') search.sort = sort;
  return search;
}

export function toFilters(search: AlertSearch): AlertFilters {
  return {
    status: search.status === 'any' ? [] : search.status ? chosen(search.status, STATUS_ORDER) : OPEN,
    severity: chosen(search.severity, SEVERITY_ORDER),
    entity: search.entity ?? '',
    detector: search.detector ?? '',
    range: search.range ?? null,
    from: time(search.from),
    to: time(search.to),
    historical: search.historical === undefined ? null : search.historical === 'true',
    q: search.q ?? '',
    sort: search.sort ?? 'lastSeen',
  };
}

const fromTime = (filters: AlertFilters, now: number): number | null => filters.from ?? (filters.range ? now - TIME_RANGES[filters.range] : null);

export function toQuery(filters: AlertFilters, now: number): Query {
  return {
    status: filters.status.join(','), severity: filters.severity.join(','), entity: filters.entity, detector: filters.detector,
    from: fromTime(filters, now), to: filters.to, historical: filters.historical, q: filters.q, sort: filters.sort,
  };
}

/** Whether a live alert belongs to the rows on the screen; the same conditions as the server's. */
export function matchesFilters(alert: Alert, filters: AlertFilters, now: number): boolean {
  if (filters.status.length > 0 && !filters.status.includes(alert.status)) return false;
  if (filters.severity.length > 0 && !filters.severity.includes(alert.severity)) return false;
  if (filters.entity !== '' && filters.entity !== `${alert.entity.type}:${alert.entity.id}`) return false;
  if (filters.detector !== '' && filters.detector !== alert.detector.id) return false;
  if (filters.historical !== null && filters.historical !== alert.historical) return false;
  const from = fromTime(filters, now);
  if (from !== null && alert.lastSeen < from) return false;
  if (filters.to !== null && alert.firstSeen > filters.to) return false;
  if (filters.q !== '') {
    const wanted = filters.q.toLowerCase();
    if (![alert.title, alert.entity.id, alert.explanation.summary, alert.detector.id].some((text) => text.toLowerCase().includes(wanted))) return false;
  }
  return true;
}

/** The order of the rows; ties by id, so that it is total. */
export function compareAlerts(sort: AlertSort): (a: Alert, b: Alert) => number {
  const key = sort === 'newest' ? (alert: Alert) => alert.createdAt : (alert: Alert) => alert.lastSeen;
  return (a, b) => {
    if (sort === 'severity' && a.severity !== b.severity) return SEVERITY_ORDER.indexOf(a.severity) - SEVERITY_ORDER.indexOf(b.severity);
    return key(b) - key(a) || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
  };
}

/** How many filters a person has set (the default of open ones does not count). */
export function countFilters(search: AlertSearch): number {
  const keys = ['status', 'severity', 'entity', 'detector', 'range', 'from', 'to', 'historical', 'q'] as const;
  return keys.filter((key) => search[key] !== undefined).length;
}
