import type { Json, JsonObject } from '@wary/model/json.js';
import type { OtlpLogRecord, OtlpOrigin, OtlpSpanEvent, OtlpSpanRecord } from '@wary/model/otlp-record.js';
import protobuf from 'protobufjs/minimal.js';
import { nanosBetween, nanosToMs, type ValueBuilder } from './otlp-values.js';
import { ANY_VALUE, EVENT, KEY_VALUE, LOG_RECORD, RESOURCE, SCOPE, SPAN, STATUS } from './otlp-fields.js';

type Reader = protobuf.Reader;
const { Reader: WireReader } = protobuf;

export const NO_ORIGIN: OtlpOrigin = { resource: {}, scopeName: '', scopeVersion: '', scope: {} };

/** Calls `visit` with each message of field `wanted` between two offsets. Throws when the bytes are no protobuf. */
export function eachMessage(body: Buffer, from: number, to: number, wanted: number, visit: (from: number, to: number) => void): void {
  const reader = WireReader.create(body.subarray(from, to));
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag >>> 3 === wanted && (tag & 7) === 2) {
      const length = reader.uint32();
      const start = reader.pos;
      reader.skip(length);
      visit(from + start, from + start + length);
    } else reader.skipType(tag & 7);
  }
}

export function decodeResource(bytes: Buffer, builder: ValueBuilder): JsonObject {
  const attributes: JsonObject = {};
  const reader = WireReader.create(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag >>> 3 === RESOURCE.attributes && (tag & 7) === 2) readKeyValue(reader, attributes, builder, '', 1);
    else reader.skipType(tag & 7);
  }
  return attributes;
}

export function decodeScope(bytes: Buffer, builder: ValueBuilder, resource: JsonObject): OtlpOrigin {
  const scope: JsonObject = {};
  let scopeName = '';
  let scopeVersion = '';
  const reader = WireReader.create(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    switch (tag) {
      case (SCOPE.name << 3) | 2: scopeName = builder.text(reader.string()); break;
      case (SCOPE.version << 3) | 2: scopeVersion = builder.text(reader.string()); break;
      case (SCOPE.attributes << 3) | 2: readKeyValue(reader, scope, builder, '', 1); break;
      default: reader.skipType(tag & 7);
    }
  }
  return { resource, scopeName, scopeVersion, scope };
}

export function decodeSpan(bytes: Buffer, builder: ValueBuilder, origin: OtlpOrigin): OtlpSpanRecord {
  const reader = WireReader.create(bytes);
  const attributes: JsonObject = {};
  let events: OtlpSpanEvent[] = NO_EVENTS;
  let traceId = '', spanId = '', parentSpanId = '', name = '', statusMessage = '';
  let kind = 0, statusCode = 0;
  let startLow = 0, startHigh = 0, endLow = 0, endHigh = 0;
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    switch (tag) {
      case (SPAN.traceId << 3) | 2: traceId = hexOf(reader.bytes()); break;
      case (SPAN.spanId << 3) | 2: spanId = hexOf(reader.bytes()); break;
      case (SPAN.parentSpanId << 3) | 2: parentSpanId = hexOf(reader.bytes()); break;
      case (SPAN.name << 3) | 2: name = builder.text(reader.string()); break;
      case SPAN.kind << 3: kind = reader.int32(); break;
      case (SPAN.startTimeUnixNano << 3) | 1: startLow = reader.fixed32(); startHigh = reader.fixed32(); break;
      case (SPAN.endTimeUnixNano << 3) | 1: endLow = reader.fixed32(); endHigh = reader.fixed32(); break;
      case (SPAN.attributes << 3) | 2: readKeyValue(reader, attributes, builder, '', 1); break;
      case (SPAN.events << 3) | 2: {
        if (events === NO_EVENTS) events = [];
        events.push(readEvent(reader, builder));
        break;
      }
      case (SPAN.status << 3) | 2: {
        const end = reader.uint32() + reader.pos;
        while (reader.pos < end) {
          const inner = reader.uint32();
          if (inner === ((STATUS.message << 3) | 2)) statusMessage = builder.text(reader.string());
          else if (inner === STATUS.code << 3) statusCode = reader.int32();
          else reader.skipType(inner & 7);
        }
        break;
      }
      default: reader.skipType(tag & 7);
    }
  }
  const timed = (startLow !== 0 || startHigh !== 0) && (endLow !== 0 || endHigh !== 0);
  return {
    signal: 'span', traceId, spanId, parentSpanId, name, kind, startMs: nanosToMs(startLow, startHigh),
    durationMs: timed ? nanosBetween(startLow, startHigh, endLow, endHigh) : null, statusCode, statusMessage, attributes, events,
    resource: origin.resource, scopeName: origin.scopeName, scopeVersion: origin.scopeVersion, scope: origin.scope,
  };
}
const NO_EVENTS: OtlpSpanEvent[] = [];

export function decodeLog(bytes: Buffer, builder: ValueBuilder, origin: OtlpOrigin): OtlpLogRecord {
  const reader = WireReader.create(bytes);
  const attributes: JsonObject = {};
  let traceId = '', spanId = '', eventName = '';
  let severity = 0, timeLow = 0, timeHigh = 0, observedLow = 0, observedHigh = 0;
  let body: Json = null;
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    switch (tag) {
      case (LOG_RECORD.timeUnixNano << 3) | 1: timeLow = reader.fixed32(); timeHigh = reader.fixed32(); break;
      case (LOG_RECORD.observedTimeUnixNano << 3) | 1: observedLow = reader.fixed32(); observedHigh = reader.fixed32(); break;
      case LOG_RECORD.severityNumber << 3: severity = reader.int32(); break;
      case (LOG_RECORD.body << 3) | 2: body = readAnyValue(reader, builder, 'body', 1); break;
      case (LOG_RECORD.attributes << 3) | 2: readKeyValue(reader, attributes, builder, '', 1); break;
      case (LOG_RECORD.traceId << 3) | 2: traceId = hexOf(reader.bytes()); break;
      case (LOG_RECORD.spanId << 3) | 2: spanId = hexOf(reader.bytes()); break;
      case (LOG_RECORD.eventName << 3) | 2: eventName = builder.text(reader.string()); break;
      default: reader.skipType(tag & 7);
    }
  }
  return {
    signal: 'log', traceId, spanId, eventName, timeMs: nanosToMs(timeLow, timeHigh), observedMs: nanosToMs(observedLow, observedHigh),
    observedNanos: ((BigInt(observedHigh) << 32n) | BigInt(observedLow)).toString(), severity, body, attributes,
    resource: origin.resource, scopeName: origin.scopeName, scopeVersion: origin.scopeVersion, scope: origin.scope,
  };
}

function readEvent(reader: Reader, builder: ValueBuilder): OtlpSpanEvent {
  const end = reader.uint32() + reader.pos;
  const attributes: JsonObject = {};
  let name = '';
  let timeMs = 0;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === ((EVENT.timeUnixNano << 3) | 1)) {
      const low = reader.fixed32();
      timeMs = nanosToMs(low, reader.fixed32());
    } else if (tag === ((EVENT.name << 3) | 2)) name = builder.text(reader.string());
    else if (tag === ((EVENT.attributes << 3) | 2)) readKeyValue(reader, attributes, builder, '', 2);
    else reader.skipType(tag & 7);
  }
  return { name, timeMs, attributes };
}

function readKeyValue(reader: Reader, target: JsonObject, builder: ValueBuilder, path: string, depth: number): void {
  const end = reader.uint32() + reader.pos;
  let key = '';
  let value: Json = null;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === ((KEY_VALUE.key << 3) | 2)) key = builder.text(reader.string());
    else if (tag === ((KEY_VALUE.value << 3) | 2)) value = readAnyValue(reader, builder, path === '' ? key : `${path}.${key}`, depth + 1);
    else reader.skipType(tag & 7);
  }
  builder.put(target, key, value);
}

function readAnyValue(reader: Reader, builder: ValueBuilder, path: string, depth: number): Json {
  builder.assertDepth(depth);
  const end = reader.uint32() + reader.pos;
  let value: Json = null;
  while (reader.pos < end) {
    const tag = reader.uint32();
    switch (tag) {
      case (ANY_VALUE.stringValue << 3) | 2: value = builder.text(reader.string()); break;
      case ANY_VALUE.boolValue << 3: value = reader.bool(); break;
      case ANY_VALUE.intValue << 3: {
        const integer: unknown = reader.int64();
        value = typeof integer === 'number' ? integer : builder.words((integer as { low: number }).low, (integer as { high: number }).high, path);
        break;
      }
      case (ANY_VALUE.doubleValue << 3) | 1: value = builder.double(reader.double()); break;
      case (ANY_VALUE.arrayValue << 3) | 2: {
        const items: Json[] = [];
        const last = reader.uint32() + reader.pos;
        while (reader.pos < last) {
          const inner = reader.uint32();
          // ArrayValue and KeyValueList have their entries in field 1.
          if (inner === 10) items.push(readAnyValue(reader, builder, `${path}[${items.length}]`, depth + 1));
          else reader.skipType(inner & 7);
        }
        value = items;
        break;
      }
      case (ANY_VALUE.kvlistValue << 3) | 2: {
        const object: JsonObject = {};
        const last = reader.uint32() + reader.pos;
        while (reader.pos < last) {
          const inner = reader.uint32();
          if (inner === 10) readKeyValue(reader, object, builder, path, depth + 1);
          else reader.skipType(inner & 7);
        }
        value = object;
        break;
      }
      case (ANY_VALUE.bytesValue << 3) | 2: value = Buffer.from(reader.bytes()).toString('base64'); break;
      default: reader.skipType(tag & 7);
    }
  }
  return value;
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
