import type { Json, JsonObject } from './json.js';

/** What one OTLP span or log record stands in: the same object for all records of a resource and scope. */
export interface OtlpOrigin {
  /** Attributes of the resource. */
  readonly resource: JsonObject;
  readonly scopeName: string;
  readonly scopeVersion: string;
  /** Attributes of the instrumentation scope. */
  readonly scope: JsonObject;
}

export interface OtlpSpanEvent {
  readonly name: string;
  /** Epoch milliseconds, 0 when not given. */
  readonly timeMs: number;
  readonly attributes: JsonObject;
}

/** One span with its values flattened: `value` of a RawRecord of source `otlp`, whichever encoding it came in. */
export interface OtlpSpanRecord extends OtlpOrigin {
  readonly signal: 'span';
  /** Lower-case hex, '' when not given. */
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  /** 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  /** Epoch milliseconds, 0 when not given. */
  readonly startMs: number;
  /** Duration with its fraction, null when start or end is missing. */
  readonly durationMs: number | null;
  /** 0 unset, 1 ok, 2 error. */
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly attributes: JsonObject;
  readonly events: readonly OtlpSpanEvent[];
}

/** One log record with its values flattened. */
export interface OtlpLogRecord extends OtlpOrigin {
  readonly signal: 'log';
  readonly traceId: string;
  readonly spanId: string;
  readonly eventName: string;
  /** Epoch milliseconds, 0 when not given. */
  readonly timeMs: number;
  readonly observedMs: number;
  /** Nanoseconds as they came: part of the identity. */
  readonly observedNanos: string;
  readonly severity: number;
  readonly body: Json;
  readonly attributes: JsonObject;
}

export type OtlpRecord = OtlpSpanRecord | OtlpLogRecord;
