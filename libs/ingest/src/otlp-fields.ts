/**
 * Field numbers of opentelemetry-proto v1 (opentelemetry/proto/{common,resource,trace,logs,metrics}/v1, collector/…/v1), stable since 1.0.
 * Decoded by hand with protobufjs's reader, so that every limit holds while reading and no code is generated.
 */
export const REQUEST = { resources: 1 } as const;
export const RESOURCE_GROUP = { resource: 1, scopes: 2 } as const;
export const SCOPE_GROUP = { scope: 1, records: 2 } as const;
export const RESOURCE = { attributes: 1 } as const;
export const SCOPE = { name: 1, version: 2, attributes: 3 } as const;
export const SPAN = {
  traceId: 1, spanId: 2, parentSpanId: 4, name: 5, kind: 6, startTimeUnixNano: 7, endTimeUnixNano: 8, attributes: 9, events: 11, status: 15,
} as const;
export const EVENT = { timeUnixNano: 1, name: 2, attributes: 3 } as const;
export const STATUS = { message: 2, code: 3 } as const;
export const LOG_RECORD = {
  timeUnixNano: 1, severityNumber: 2, body: 5, attributes: 6, traceId: 9, spanId: 10, observedTimeUnixNano: 11, eventName: 12,
} as const;
export const KEY_VALUE = { key: 1, value: 2 } as const;
export const ANY_VALUE = { stringValue: 1, boolValue: 2, intValue: 3, doubleValue: 4, arrayValue: 5, kvlistValue: 6, bytesValue: 7 } as const;
/** gauge, sum, histogram, exponential histogram, summary: each has its data points in field 1. */
export const METRIC_DATA = [5, 7, 9, 10, 11] as const;
export const DATA_POINTS = 1;
/** Export…ServiceResponse and its partial success. */
export const RESPONSE = { partialSuccess: 1, rejected: 1, errorMessage: 2 } as const;
