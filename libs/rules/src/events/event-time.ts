import { lookUp, type EventRecord } from './field-values.js';

/** Where logs say when: ours, OCSF, Elastic, Windows, CloudTrail, Okta, Kubernetes, OTel. */
export const TIME_FIELDS = ['time', '@timestamp', 'timestamp', 'TimeCreated_SystemTime', 'UtcTime', 'eventTime', 'published', 'requestReceivedTimestamp', 'stageTimestamp', 'startTimeUnixNano', 'timeUnixNano', '_time', 'event_time', 'datetime', 'ts'] as const;

const ISO = /^\s*(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?))?\s*(Z|z|[+-]\d{2}:?\d{2})?\s*$/;

/** Milliseconds since 1970 of an event, or undefined. A time without a zone is UTC. */
export function eventTime(record: EventRecord, fields: readonly string[] = TIME_FIELDS): number | undefined {
  for (const field of fields) {
    const value = Object.hasOwn(record, field) ? record[field] : lookUp(record, field);
    const time = value === undefined ? undefined : parseTime(value);
    if (time !== undefined) return time;
  }
  return undefined;
}

export function parseTime(value: unknown): number | undefined {
  if (typeof value === 'bigint') return parseTime(Number(value));
  if (typeof value === 'number') {
    if (!Number.isFinite(value) || value <= 0) return undefined;
    // Seconds, milliseconds, microseconds or nanoseconds: by what lies between 1973 and 5138.
    return value < 1e11 ? value * 1_000 : value < 1e14 ? value : value < 1e17 ? value / 1e3 : value / 1e6;
  }
  if (typeof value !== 'string') return undefined;
  if (/^\d{9,19}(?:\.\d+)?$/.test(value)) return parseTime(Number(value));
  const parts = ISO.exec(value);
  if (parts === null) return undefined;
  const time = Date.parse(`${parts[1]}T${(parts[2] ?? '00:00').replace(',', '.')}${(parts[3] ?? 'Z').toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`);
  return Number.isNaN(time) ? undefined : time;
}
