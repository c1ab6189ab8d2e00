import { Buffer } from 'node:buffer';
import type { ForwardedRecord, Frontier } from '@wary/detect/forwarded-record.js';
import { TOPICS } from '@wary/model/topics.js';
import type { SourceMessage } from '@wary/ports/event-source.port.js';
import type { MessageSink, SinkMessage } from '@wary/ports/message-sink.port.js';
import { RecordError } from './event-record.js';

/** What a partition tells the correlations: an event that they read, how far it has come with a tenant, or that it has nothing more to read. */
export type MatchRecord = { readonly record: ForwardedRecord } | { readonly frontier: Frontier } | { readonly caughtUp: number; readonly read: readonly number[] };

/** Version of the record; readers refuse one they do not know. */
const RECORD_VERSION = 1;

/** All of a tenant lies in one partition of the topic; that a partition of the log rests, all of them hear. */
export function sendMatches(sink: MessageSink, partitions: number, records: readonly MatchRecord[]): Promise<void> {
  return sink.send(TOPICS.matches, records.flatMap((record): SinkMessage[] => {
    const value = JSON.stringify({ v: RECORD_VERSION, ...record });
    if ('caughtUp' in record) return Array.from({ length: partitions }, (_, partition) => ({ key: `${record.caughtUp}`, value, partition }));
    const tenant = 'record' in record ? record.record.event.tenant : record.frontier.tenant;
    return [{ key: tenant, value, partition: partitionOfTenant(tenant, partitions) }];
  }));
}

/** FNV-1a: any fixed spread will do. */
function partitionOfTenant(tenant: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < tenant.length; i += 1) hash = Math.imul(hash ^ tenant.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % partitions;
}

/** Throws RecordError for what nobody of us has written. */
export function decodeMatch({ value }: SourceMessage): MatchRecord {
  let found: { v?: unknown } & Partial<{ record: ForwardedRecord; frontier: Frontier; caughtUp: number; read: number[] }>;
  try {
    found = JSON.parse((value ?? Buffer.alloc(0)).toString('utf8')) as typeof found;
  } catch {
    throw new RecordError('it is not JSON');
  }
  if (found === null || typeof found !== 'object' || found.v !== RECORD_VERSION) throw new RecordError(`its version is not ${RECORD_VERSION}: it was written by another release`);
  const { record, frontier, caughtUp, read } = found;
  if (typeof record?.event?.tenant === 'string' && Array.isArray(record.rules) && Number.isSafeInteger(record.seq)) return { record };
  if (typeof frontier?.tenant === 'string' && Number.isSafeInteger(frontier.seq)) return { frontier };
  if (Number.isSafeInteger(caughtUp) && Array.isArray(read) && read.every(Number.isSafeInteger)) return { caughtUp: caughtUp!, read };
  throw new RecordError('it is neither an event, nor how far a partition has come');
}
