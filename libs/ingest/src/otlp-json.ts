import type { Json, JsonObject } from '@wary/model/json.js';
import type { OtlpLogRecord, OtlpOrigin, OtlpSpanEvent, OtlpSpanRecord } from '@wary/model/otlp-record.js';
import { OtlpRecordError, type ValueBuilder } from './otlp-values.js';

/** A span, log record, resource or scope of OTLP/JSON as it was parsed. Names in camelCase (the specification) or snake_case (many senders). */
export type OtlpJson = { readonly [key: string]: unknown };
/** Digits of integers beyond 2^53 in the parsed piece, by path. */
type Digits = Readonly<Record<string, string>>;

export function resourceFromJson(value: unknown, digits: Digits, builder: ValueBuilder): JsonObject {
  return attributesOf(field(objectOf(value), 'attributes', 'attributes'), digits, 'attributes', builder, 1);
}

export function scopeFromJson(value: unknown, digits: Digits, builder: ValueBuilder, resource: JsonObject): OtlpOrigin {
  const scope = objectOf(value);
  return {
    resource, scopeName: textOf(scope['name'], builder), scopeVersion: textOf(scope['version'], builder),
    scope: attributesOf(scope['attributes'], digits, 'attributes', builder, 1),
  };
}

export function spanFromJson(value: unknown, digits: Digits, builder: ValueBuilder, origin: OtlpOrigin): OtlpSpanRecord {
  const span = objectOf(value);
  const start = nanosOf(span, 'startTimeUnixNano', 'start_time_unix_nano', digits);
  const end = nanosOf(span, 'endTimeUnixNano', 'end_time_unix_nano', digits);
  const status = objectOf(span['status']);
  return {
    signal: 'span', traceId: idOf(field(span, 'traceId', 'trace_id'), 16), spanId: idOf(field(span, 'spanId', 'span_id'), 8), parentSpanId: idOf(field(span, 'parentSpanId', 'parent_span_id'), 8),
    name: textOf(span['name'], builder), kind: enumOf(span['kind'], SPAN_KINDS, 'SPAN_KIND_'), startMs: msOf(start),
    durationMs: start === '' || end === '' ? null : Number(BigInt(end) - BigInt(start)) / 1e6,
    statusCode: enumOf(status['code'], STATUS_CODES, 'STATUS_CODE_'), statusMessage: textOf(status['message'], builder),
    attributes: attributesOf(span['attributes'], digits, 'attributes', builder, 1), events: eventsOf(span['events'], digits, builder),
    resource: origin.resource, scopeName: origin.scopeName, scopeVersion: origin.scopeVersion, scope: origin.scope,
  };
}

export function logFromJson(value: unknown, digits: Digits, builder: ValueBuilder, origin: OtlpOrigin): OtlpLogRecord {
  const log = objectOf(value);
  const observed = nanosOf(log, 'observedTimeUnixNano', 'observed_time_unix_nano', digits);
  return {
    signal: 'log', traceId: idOf(field(log, 'traceId', 'trace_id'), 16), spanId: idOf(field(log, 'spanId', 'span_id'), 8),
    eventName: textOf(field(log, 'eventName', 'event_name'), builder), timeMs: msOf(nanosOf(log, 'timeUnixNano', 'time_unix_nano', digits)),
    observedMs: msOf(observed), observedNanos: observed === '' ? '0' : observed, severity: numberOf(field(log, 'severityNumber', 'severity_number')),
    body: anyValue(log['body'], digits, 'body', 'body', builder, 1), attributes: attributesOf(log['attributes'], digits, 'attributes', builder, 1),
    resource: origin.resource, scopeName: origin.scopeName, scopeVersion: origin.scopeVersion, scope: origin.scope,
  };
}

const SPAN_KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
const STATUS_CODES = ['UNSET', 'OK', 'ERROR'];

const refuse = (what: string): never => { throw new OtlpRecordError('bad_request', `${what} does not have the form of OTLP/JSON`); };
const field = (object: OtlpJson, camel: string, snake: string): unknown => object[camel] ?? object[snake];
function objectOf(value: unknown): OtlpJson {
  if (value === undefined || value === null) return {};
  return typeof value === 'object' && !Array.isArray(value) ? value as OtlpJson : refuse('an object');
}
function listOf(value: unknown, what: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : refuse(what);
}
function textOf(value: unknown, builder: ValueBuilder): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? builder.text(value) : refuse('a name or message');
}
const numberOf = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);

function enumOf(value: unknown, names: readonly string[], prefix: string): number {
  if (typeof value === 'string') return Math.max(0, names.indexOf(value.startsWith(prefix) ? value.slice(prefix.length) : value));
  return numberOf(value);
}

/** Ids are hex in OTLP/JSON; plain ProtoJSON writes bytes as base64, and some senders do. */
function idOf(value: unknown, bytes: number): string {
  if (typeof value !== 'string' || value === '') return '';
  if (value.length === bytes * 2 && /^[0-9a-fA-F]+$/.test(value)) return value.toLowerCase();
  const decoded = Buffer.from(value, 'base64');
  return decoded.length === bytes ? decoded.toString('hex') : refuse('a trace or span id');
}

/** Nanoseconds as decimal digits, '' when not given. */
function nanosOf(object: OtlpJson, camel: string, snake: string, digits: Digits, source = ''): string {
  const value = field(object, camel, snake);
  if (value === undefined || value === null || value === 0 || value === '0' || value === '') return '';
  if (typeof value === 'number') return digits[source + camel] ?? digits[source + snake] ?? (Number.isSafeInteger(value) && value > 0 ? String(value) : refuse(camel));
  return typeof value === 'string' && /^[0-9]{1,20}$/.test(value) ? value : refuse(camel);
}
const msOf = (nanos: string): number => (nanos.length > 6 ? Number(nanos.slice(0, -6)) : 0);

function eventsOf(value: unknown, digits: Digits, builder: ValueBuilder): readonly OtlpSpanEvent[] {
  return listOf(value, 'events').map((item, index) => {
    const event = objectOf(item);
    return {
      name: textOf(event['name'], builder), timeMs: msOf(nanosOf(event, 'timeUnixNano', 'time_unix_nano', digits, `events[${index}].`)),
      attributes: attributesOf(event['attributes'], digits, `events[${index}].attributes`, builder, 2),
    };
  });
}

/** `source` is the path in the JSON (where the digits are found), the key of an attribute begins the path in the record. */
function attributesOf(value: unknown, digits: Digits, source: string, builder: ValueBuilder, depth: number): JsonObject {
  return keyValues(value, digits, source, '', builder, depth);
}

function keyValues(value: unknown, digits: Digits, source: string, path: string, builder: ValueBuilder, depth: number): JsonObject {
  const out: JsonObject = {};
  const list = listOf(value, 'attributes');
  for (let i = 0; i < list.length; i += 1) {
    const { key, value: inner } = objectOf(list[i]);
    if (typeof key !== 'string') refuse('the key of an attribute');
    const name = builder.text(key as string);
    builder.put(out, name, anyValue(inner, digits, digits === NO_DIGITS ? '' : `${source}[${i}].value`, path === '' ? name : `${path}.${name}`, builder, depth + 1));
  }
  return out;
}
export const NO_DIGITS: Digits = Object.freeze({});

function anyValue(value: unknown, digits: Digits, source: string, path: string, builder: ValueBuilder, depth: number): Json {
  builder.assertDepth(depth);
  const any = objectOf(value);
  for (const kind in any) {
    const inner = any[kind];
    switch (kind) {
      case 'stringValue': case 'string_value': return typeof inner === 'string' ? builder.text(inner) : refuse('a stringValue');
      case 'boolValue': case 'bool_value': return typeof inner === 'boolean' ? inner : refuse('a boolValue');
      case 'intValue': case 'int_value': {
        if (typeof inner === 'number') {
          const exact = digits[`${source}.${kind}`];
          return exact === undefined ? inner : builder.integer(exact, path);
        }
        return typeof inner === 'string' && /^-?[0-9]{1,20}$/.test(inner) ? builder.integer(inner, path) : refuse('an intValue');
      }
      case 'doubleValue': case 'double_value': {
        if (typeof inner === 'number') return builder.double(inner);
        return inner === 'NaN' || inner === 'Infinity' || inner === '-Infinity' ? inner : refuse('a doubleValue');
      }
      case 'arrayValue': case 'array_value': {
        const list = listOf(objectOf(inner)['values'], 'an arrayValue');
        return list.map((item, i) => anyValue(item, digits, digits === NO_DIGITS ? '' : `${source}.${kind}.values[${i}]`, `${path}[${i}]`, builder, depth + 1));
      }
      case 'kvlistValue': case 'kvlist_value': return keyValues(objectOf(inner)['values'], digits, `${source}.${kind}.values`, path, builder, depth + 1);
      case 'bytesValue': case 'bytes_value': return typeof inner === 'string' ? builder.text(inner) : refuse('a bytesValue');
      default: // an unknown kind of a later version says nothing that could be kept
    }
  }
  return null;
}
