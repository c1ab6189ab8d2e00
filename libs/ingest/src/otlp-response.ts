import protobuf from 'protobufjs/minimal.js';
import { RESPONSE } from './otlp-fields.js';

const REJECTED_NAMES = { traces: 'rejectedSpans', logs: 'rejectedLogRecords', metrics: 'rejectedDataPoints' } as const;
const MESSAGE_CHARS_MAX = 1_000;

/**
 * Export…ServiceResponse in the media type of the request. OTLP 1.x, "Partial success": set only when something was rejected,
 * or with 0 rejected and a message as a warning.
 */
export function otlpResponse(mediaType: string, kind: 'traces' | 'logs' | 'metrics', rejected: number, message: string): { contentType: string; body: Buffer } {
  const text = message.slice(0, MESSAGE_CHARS_MAX);
  const partial = rejected > 0 || text !== '';
  if (mediaType.split(';')[0]!.trim().toLowerCase() === 'application/json') {
    // 64-bit integers are strings in ProtoJSON.
    const body = partial ? { partialSuccess: { ...(rejected > 0 ? { [REJECTED_NAMES[kind]]: String(rejected) } : {}), errorMessage: text } } : {};
    return { contentType: 'application/json', body: Buffer.from(JSON.stringify(body)) };
  }
  const writer = protobuf.Writer.create();
  if (partial) {
    writer.uint32((RESPONSE.partialSuccess << 3) | 2).fork();
    if (rejected > 0) writer.uint32(RESPONSE.rejected << 3).int64(rejected);
    if (text !== '') writer.uint32((RESPONSE.errorMessage << 3) | 2).string(text);
    writer.ldelim();
  }
  return { contentType: 'application/x-protobuf', body: Buffer.from(writer.finish()) };
}
