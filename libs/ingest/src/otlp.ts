import { WaryError } from '@wary/model/errors.js';
import { BodyReader } from './body-reader.js';
import { DEFAULT_INGEST_LIMITS, type IngestLimits } from './ingest-limits.js';
import { eachElement, eachField, skipValue } from './json-walk.js';
import { DATA_POINTS, METRIC_DATA, REQUEST, RESOURCE_GROUP, SCOPE_GROUP } from './otlp-fields.js';
import { guardRequest } from './otlp-guard.js';
import { walkJson } from './otlp-json-walk.js';
import { eachMessage } from './otlp-protobuf.js';
import { JsonRequest, ProtobufRequest, type OtlpSignal } from './otlp-request.js';
import type { ReadBody, ReadContext } from './read-body.js';

export { otlpResponse } from './otlp-response.js';


/** Spans of an ExportTraceServiceRequest, one record each; a span that cannot be read is rejected alone. Throws when the request itself cannot be read. */
export function readOtlpTraces(body: Buffer, mediaType: string, context: ReadContext, limits: IngestLimits = DEFAULT_INGEST_LIMITS): ReadBody {
  return readRequest(body, mediaType, context, limits, 'traces');
}

/** Log records of an ExportLogsServiceRequest. */
export function readOtlpLogs(body: Buffer, mediaType: string, context: ReadContext, limits: IngestLimits = DEFAULT_INGEST_LIMITS): ReadBody {
  return readRequest(body, mediaType, context, limits, 'logs');
}

/** Data points of an ExportMetricsServiceRequest. */
export function countOtlpMetrics(body: Buffer, mediaType: string): number {
  let points = 0;
  if (encodingOf(mediaType) === 'protobuf') {
    guardRequest(() => eachMessage(body, 0, body.length, REQUEST.resources, (from, to) => eachMessage(body, from, to, RESOURCE_GROUP.scopes, (from1, to1) => eachMessage(body, from1, to1, SCOPE_GROUP.records, (from2, to2) => {
      for (const kind of METRIC_DATA) eachMessage(body, from2, to2, kind, (from3, to3) => eachMessage(body, from3, to3, DATA_POINTS, () => { points += 1; }));
    }))));
    return points;
  }
  walkJson(body, 'metrics', {
    group: () => {}, scope: () => {},
    record: (from, to) => {
      eachField(body, from, to, (_kind, from1) => (body[from1] === 0x7b ? eachField(body, from1, to, (key, from2) => {
        if ((key !== 'dataPoints' && key !== 'data_points') || body[from2] !== 0x5b) return skipValue(body, from2, to);
        return eachElement(body, from2, to, (from3) => {
          points += 1;
          return skipValue(body, from3, to);
        });
      }) : skipValue(body, from1, to)));
    },
  });
  return points;
}

function encodingOf(mediaType: string): 'protobuf' | 'json' {
  const type = mediaType.split(';')[0]!.trim().toLowerCase();
  if (type === 'application/x-protobuf' || type === 'application/protobuf') return 'protobuf';
  if (type === 'application/json') return 'json';
  throw new WaryError('unsupported_media_type', 'OTLP/HTTP is application/x-protobuf or application/json');
}

function readRequest(body: Buffer, mediaType: string, context: ReadContext, limits: IngestLimits, signal: OtlpSignal): ReadBody {
  const encoding = encodingOf(mediaType);
  const reader = new BodyReader(body, { tenant: context.tenant, receivedAt: context.receivedAt, source: 'otlp' }, limits);
  const request = encoding === 'protobuf' ? new ProtobufRequest(body, reader, limits, signal) : new JsonRequest(body, reader, limits, signal);
  request.read();
  return reader.result();
}
