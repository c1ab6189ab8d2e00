import { WaryError } from '@wary/model/errors.js';
import type { SourceName } from '@wary/model/sources.js';
import type { SourceBatch, SourceMessage } from '@wary/ports/event-source.port.js';
import { DEFAULT_INGEST_LIMITS, type IngestLimits } from './ingest-limits.js';
import { readNativeBody } from './native-body.js';
import { readOtlpLogs, readOtlpTraces } from './otlp.js';
import { signalOf } from './otlp-signal.js';
import type { ReadBody } from './read-body.js';
import { readTextBody } from './text-body.js';

export interface MessageContext {
  readonly tenant: string;
  readonly receivedAt: number;
  readonly source: SourceName;
  readonly format: 'json' | 'text' | 'otlp';
}

/**
 * Records of a batch of a raw topic: a message is a record as its source emits it (or several: an array, lines), of OTLP a whole
 * export request. Topic, partition and offset are the identity of records that have none of their own, and of dead letters, so that a
 * batch that is delivered again adds nothing. `line` of a record and of a rejection is the message's offset. Never throws for what is
 * in a message. A tombstone is no record.
 */
export function readMessages({ topic, partition, messages }: SourceBatch, context: MessageContext, limits: IngestLimits = DEFAULT_INGEST_LIMITS): ReadBody {
  const all: ReadBody = { records: [], rejected: [], letters: [] };
  for (const message of messages) {
    if (message.value === null) continue;
    const identity = `${topic}/${partition}/${message.offset}`;
    const read = readOne(message as SourceMessage & { value: Buffer }, identity, context, limits);
    read.records.forEach((record, index) => { all.records.push({ ...record, line: message.offset, letterKey: `${identity}/record/${index}` }); });
    for (const rejection of read.rejected) all.rejected.push({ ...rejection, line: message.offset });
    read.letters.forEach((letter, index) => { all.letters.push({ ...letter, offset: message.offset, key: `${identity}/${index}` }); });
  }
  return all;
}

function readOne({ value, headers }: SourceMessage & { readonly value: Buffer }, identity: string, { tenant, receivedAt, source, format }: MessageContext, limits: IngestLimits): ReadBody {
  const context = { tenant, receivedAt, source, file: identity };
  try {
    if (format === 'text') return readTextBody(value, context, limits);
    if (format === 'json') return readNativeBody(value, 'application/json', context, limits);
    const { mediaType, signal } = signalOf(value, headers);
    return signal === 'traces' ? readOtlpTraces(value, mediaType, context, limits) : readOtlpLogs(value, mediaType, context, limits);
  } catch (error) {
    if (!(error instanceof WaryError)) throw error;
    const payload = value.toString('utf8', 0, limits.recordBytesMax);
    return { records: [], rejected: [{ line: 0, code: error.code, message: error.message }], letters: [{ tenant, source, offset: 0, code: error.code, message: error.message, receivedAt, payload }] };
  }
}
