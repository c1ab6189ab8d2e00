import type { EventRecord } from '../events/field-values.js';

const isMap = (value: unknown): value is EventRecord => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A span or log record with its resource's and its own attributes as fields of their own; its own win. */
export function flattenOtel(event: EventRecord): EventRecord {
  const resource = event['resource'];
  return Object.assign({}, event, isMap(resource) ? attributesOf(resource['attributes']) : {}, attributesOf(event['attributes']));
}

function attributesOf(value: unknown): EventRecord {
  if (isMap(value)) return value;
  if (!Array.isArray(value)) return {};
  return Object.fromEntries(value.flatMap((each: unknown) => (isMap(each) && typeof each['key'] === 'string' ? [[each['key'], anyValue(each['value'])]] : [])));
}

/** OTLP's AnyValue (opentelemetry-proto, common.proto); 64-bit integers come as texts. */
function anyValue(value: unknown): unknown {
  if (!isMap(value)) return value;
  for (const name of ['stringValue', 'intValue', 'doubleValue', 'boolValue', 'bytesValue']) if (name in value) return value[name];
  const list = value['arrayValue'];
  if (isMap(list)) return Array.isArray(list['values']) ? list['values'].map(anyValue) : [];
  const map = value['kvlistValue'];
  return isMap(map) ? attributesOf(map['values']) : null;
}
