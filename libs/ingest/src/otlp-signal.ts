import { eachMessage } from './otlp-protobuf.js';
import { REQUEST, RESOURCE_GROUP, SCOPE_GROUP, SPAN } from './otlp-fields.js';
import type { OtlpSignal } from './otlp-request.js';

const OPENING_BRACE = 0x7b;
/** Tag of a span's first field, its trace id, as bytes; a log record begins with a time, a number, or a body. */
const SPAN_TAG = (SPAN.traceId << 3) | 2;
/** Where the name of the outermost list stands in a JSON request. */
const HEAD_BYTES = 256;

/**
 * What an export request is where no address says it (a message of a topic): by the headers `content-type` and `otlp-signal` when it has
 * them, else by its first bytes. A request without records may be taken for either.
 */
export function signalOf(value: Buffer, headers: Readonly<Record<string, string>>): { readonly mediaType: 'application/json' | 'application/x-protobuf'; readonly signal: OtlpSignal } {
  let start = 0;
  while (start < value.length && value[start]! <= 0x20 && value[start] !== 0x0a) start += 1;
  const isJson = headers['content-type']?.includes('json') ?? value[start] === OPENING_BRACE;
  const told = headers['otlp-signal'];
  const signal = told === 'traces' || told === 'logs' ? told : isJson ? jsonSignal(value) : protobufSignal(value);
  return { mediaType: isJson ? 'application/json' : 'application/x-protobuf', signal };
}

const jsonSignal = (value: Buffer): OtlpSignal => (/"resource_?logs"/i.test(value.toString('latin1', 0, HEAD_BYTES)) ? 'logs' : 'traces');

function protobufSignal(value: Buffer): OtlpSignal {
  let signal: OtlpSignal | null = null;
  try {
    eachMessage(value, 0, value.length, REQUEST.resources, (from, to) => {
      if (signal === null) eachMessage(value, from, to, RESOURCE_GROUP.scopes, (from1, to1) => {
        if (signal === null) eachMessage(value, from1, to1, SCOPE_GROUP.records, (from2) => { signal ??= value[from2] === SPAN_TAG ? 'traces' : 'logs'; });
      });
    });
  } catch {
    // Damaged: whoever reads it says so.
  }
  return signal ?? 'traces';
}
