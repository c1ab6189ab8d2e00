import type { Event } from '@wary/model/event.js';
import type { Json, JsonObject } from '@wary/model/json.js';
import type { OtlpLogRecord, OtlpRecord, OtlpSpanRecord } from '@wary/model/otlp-record.js';
import { deadLetter, drop } from '@wary/pipeline/step-result.js';
import { canonicalText, contentHash } from '../canonical-hash.js';
import type { Mapper, NoEvent } from '../mapper.js';
import { outcomeOfStatus } from '../http-activity.js';
import { addressOf, amountOf, idOf, listOf, nestedJson, objectOf, setAttribute, textOf, textsOf } from '../values.js';
import { accessMapOf } from './otlp-access.js';
import { ACTOR_ATTRIBUTES, mapActor, SECRET_ATTRIBUTES } from './otlp-actor.js';
import { isContent, isGenAi, isMessageEvent, mapGenAi, takeMessageEvent } from './otlp-gen-ai.js';
import { hasContent } from './otlp-messages.js';

const STATUS_ERROR = 2;
const KIND_SERVER = 2;

/** The other end of the connection: of a server that is the client, of a client the server, which is no place for us. */
const PEERS: ReadonlySet<string> = new Set(['network.peer.address', 'net.sock.peer.addr', 'net.peer.ip']);

/** Attributes with a place of their own whatever the span is. */
const PLACES: ReadonlyMap<string, (event: Event, value: Json) => void> = new Map<string, (event: Event, value: Json) => void>([
  ...['client.address', 'http.client_ip', 'source.address', ...PEERS].map((name) => [name, (event: Event, value: Json) => {
    const address = addressOf(value);
    if (address === '') event.client.device ||= idOf(value);
    else event.client.ip ||= address;
  }] as const),
  ...['user_agent.original', 'http.user_agent'].map((name) => [name, (event: Event, value: Json) => { event.client.userAgent = textOf(value); }] as const),
  ...['client.geo.country.iso_code', 'geo.country.iso_code', 'source.geo.country_iso_code'].map((name) => [name, (event: Event, value: Json) => { event.client.country = textOf(value).toUpperCase(); }] as const),
  ...['session.id', 'traceloop.association.properties.session_id', 'langfuse.session.id'].map((name) => [name, (event: Event, value: Json) => { event.actor.session ||= idOf(value); }] as const),
  ...['user.roles', 'enduser.role'].map((name) => [name, (event: Event, value: Json) => { event.actor.roles = textsOf(value); }] as const),
  ['device.id', (event, value) => { event.client.device = idOf(value); }],
  ['wary.purpose', (event, value) => { event.purpose = textOf(value); }],
  ['wary.inference.purpose', (event, value) => { event.purpose = textOf(value); }],
  ['wary.on_behalf_of', (event, value) => { event.actor.onBehalfOf = idOf(value); }],
]);

/** OTLP/HTTP spans and log records (ingest has flattened them): calls to models, agents and tools → inference; HTTP, database and RPC → access. */
export const otlp: Mapper = {
  source: 'otlp', format: 'otlp',
  unplaced: [
    'trace_id', 'parent_span_id', 'span name', 'events that carry no message', 'gen_ai.* without a column (genAi.extra)', 'every other span attribute', 'service.namespace', 'service.version', 'deployment.environment.name',
    'raw: other resource attributes', 'raw: scope', 'raw: span kind', 'links', 'flags', 'trace state', 'dropped counts', 'schema URL',
  ],
  mapRecord(record, event) {
    const value = objectOf(record.value) as unknown as OtlpRecord;
    event.time = Number.NaN;
    if (value.signal === 'span') return mapSpan(value, event);
    if (value.signal === 'log') return mapLog(value, event);
    return deadLetter('unsupported_record', 'this is neither a span nor a log record of OTLP');
  },
};

function mapSpan(span: OtlpSpanRecord, event: Event): NoEvent {
  const attributes = objectOf(span.attributes) as JsonObject;
  const resource = objectOf(span.resource) as JsonObject;
  const inference = isGenAi(attributes);
  const access = inference ? null : accessMapOf(attributes);
  if (access === null && !inference) return drop('otlp: a span that is no access and no call to a model');
  if (span.traceId && span.spanId) event.id = `${textOf(span.traceId)}:${textOf(span.spanId)}`;
  event.time = amountOf(span.startMs) || Number.NaN;
  event.latencyMs = amountOf(span.durationMs);
  if (span.statusCode === STATUS_ERROR) event.outcome = 'error';
  const keep = keeper(event, attributes, span.kind);
  if (access === null) {
    mapInference(event, attributes, textOf(span.name), keep);
  } else {
    event.kind = 'access';
    for (const key in attributes) keep(key, attributes[key]!);
    access(event, attributes, span.kind, textOf(resource['service.name']));
  }
  for (const item of listOf(span.events)) takeSpanEvent(event, textOf(objectOf(item)['name']), objectOf(objectOf(item)['attributes']) as JsonObject);
  const status = textOf(span.statusMessage, 4_096);
  mapFailure(event, attributes, status);
  mapActor(event, attributes, resource);
  keepOrigin(event, span, resource);
  if (span.parentSpanId) event.attributes['parent_span_id'] = textOf(span.parentSpanId);
  if (span.name) event.attributes['span.name'] = textOf(span.name);
  event.raw = rawOf(span, { name: textOf(span.name), kind: amountOf(span.kind), status: { code: span.statusCode, message: status } });
  return null;
}

function mapLog(log: OtlpLogRecord, event: Event): NoEvent {
  const attributes = objectOf(log.attributes) as JsonObject;
  const resource = objectOf(log.resource) as JsonObject;
  const name = textOf(log.eventName) || textOf(attributes['event.name']);
  if (!name.startsWith('gen_ai.')) return drop('otlp: a log record that is no event of a model');
  const keep = keeper(event, attributes, 0);
  mapInference(event, attributes, '', keep);
  const genAi = event.genAi!;
  if (isMessageEvent(name)) {
    const message = takeMessageEvent(genAi, name, log.body ?? null);
    if (!hasContent(message)) return drop('otlp: a message event without its content, which is not captured');
  } else if (log.body !== null && log.body !== undefined) setAttribute(genAi.extra, 'event.body', log.body);
  if (name === 'gen_ai.evaluation.result') {
    event.kind = 'outcome';
    event.action = 'evaluate';
  } else if (log.spanId) {
    // The span of the same call counts it and its tokens; this record brings what was said.
    event.action = 'message';
    genAi.inputTokens = 0;
    genAi.outputTokens = 0;
    event.cost = null;
  }
  event.time = amountOf(log.timeMs) || amountOf(log.observedMs) || Number.NaN;
  event.id = `${textOf(log.traceId)}:${textOf(log.spanId)}:${textOf(log.observedNanos)}:${contentHash(canonicalText({ name, body: log.body, attributes })).slice(0, 16)}`;
  mapFailure(event, attributes, '');
  mapActor(event, attributes, resource);
  keepOrigin(event, log, resource);
  event.attributes['event.name'] = name;
  event.raw = rawOf(log, { eventName: name, severity: amountOf(log.severity) });
  return null;
}

function mapInference(event: Event, attributes: JsonObject, name: string, keep: (key: string, value: Json) => void): void {
  event.kind = 'inference';
  const genAi = mapGenAi(event, attributes, name, keep);
  event.action = genAi.operation;
  const { resource } = event;
  if (resource.id === '') {
    if (genAi.operation === 'execute_tool') Object.assign(resource, { id: genAi.toolName, type: 'tool' });
    else if (genAi.operation === 'invoke_agent' || genAi.operation === 'create_agent') Object.assign(resource, { id: genAi.agentName || genAi.requestModel, type: 'application' });
    else Object.assign(resource, { id: genAi.requestModel || genAi.responseModel || textOf(attributes['mcp.resource.uri']), type: genAi.requestModel || genAi.responseModel ? 'model' : 'document' });
    if (resource.id === '') resource.type = '';
  }
}

/** Puts an attribute where it belongs, or keeps it under its own name. Credentials are left out, and who acted is said elsewhere. */
function keeper(event: Event, attributes: JsonObject, spanKind: number): (key: string, value: Json) => void {
  return (key, value) => {
    const put = spanKind !== KIND_SERVER && PEERS.has(key) ? undefined : PLACES.get(key);
    if (put !== undefined) put(event, value);
    else if (key.startsWith('wary.inference.')) mapDecision(event, key.slice(15), value);
    else if (!SECRET_ATTRIBUTES.has(key) && !ACTOR_ATTRIBUTES.has(key)) setAttribute(event.attributes, key, attributes[key]!);
  };
}

/** Our own namespace for classic models, which no convention covers. */
function mapDecision(event: Event, name: string, value: Json): void {
  const ml = event.ml ??= { model: '', version: '', label: '', confidence: null, features: null, subject: '', groups: {}, attribution: {}, truth: null };
  switch (name) {
    case 'model': ml.model = textOf(value); break;
    case 'version': ml.version = textOf(value); break;
    case 'label': case 'decision': ml.label ||= textOf(value); break;
    case 'confidence': ml.confidence = typeof value === 'number' ? value : null; break;
    case 'features': ml.features = typeof value === 'string' ? nestedJson(value) ?? value : value; break;
    case 'subject_hash': ml.subject = idOf(value); break;
    default: setAttribute(event.attributes, `wary.inference.${name}`, value);
  }
}

function takeSpanEvent(event: Event, name: string, attributes: JsonObject): void {
  const { genAi } = event;
  if (genAi !== null && isMessageEvent(name)) {
    takeMessageEvent(genAi, name, attributes['gen_ai.event.content'] ?? attributes);
  } else if (genAi !== null && name.startsWith('gen_ai.')) {
    const more = { ...event, genAi: null, resource: { ...event.resource } };
    const inner = mapGenAi(more, attributes, '', (key, value) => { setAttribute(event.attributes, `${name}.${key}`, value); });
    genAi.inputMessages ??= inner.inputMessages;
    genAi.outputMessages ??= inner.outputMessages;
    for (const key in inner.extra) setAttribute(genAi.extra, key, inner.extra[key]!);
  } else if (name === 'exception') {
    event.reason ||= textOf(attributes['exception.message'], 4_096) || textOf(attributes['exception.type']);
    for (const key in attributes) if (key !== 'exception.message') setAttribute(event.attributes, key, attributes[key]!);
  } else {
    const events = event.attributes['span.events'] ??= [];
    if (Array.isArray(events)) events.push({ name, attributes });
  }
}

const DENIED = /^(?:401|403)$|denied|unauthori[sz]ed|forbidden|authentication|permission/i;
/** `error.type` is a status code, an exception's name or a word of the provider. */
function mapFailure(event: Event, attributes: JsonObject, status: string): void {
  const type = textOf(attributes['error.type']);
  if (event.genAi !== null) {
    const code = amountOf(attributes['http.response.status_code'] ?? attributes['http.status_code']);
    if (code !== null && code >= 400) event.outcome = outcomeOfStatus(code);
  }
  if (type !== '' && event.outcome === 'success') event.outcome = 'error';
  if (event.outcome === 'error' && DENIED.test(type)) event.outcome = 'denied';
  event.reason ||= status || type;
}

const ORIGIN_ATTRIBUTES = ['service.name', 'service.namespace', 'service.version', 'service.instance.id', 'deployment.environment.name', 'deployment.environment'] as const;
function keepOrigin(event: Event, record: OtlpRecord, resource: JsonObject): void {
  if (record.traceId) event.attributes['trace_id'] = textOf(record.traceId);
  for (const name of ORIGIN_ATTRIBUTES) if (resource[name] !== undefined && event.attributes[name] === undefined) event.attributes[name] = resource[name];
}

/** The record beside the row, without content (it has columns of its own, with a retention of their own) and without credentials. */
function rawOf(record: OtlpRecord, head: object): string {
  let attributes = '';
  const source = objectOf(record.attributes) as JsonObject;
  for (const key in source) {
    const name = rawName(key);
    if (name !== '') attributes += `${attributes === '' ? '' : ','}${name}${JSON.stringify(source[key])}`;
  }
  const text = JSON.stringify({ ...head, traceId: record.traceId, spanId: record.spanId });
  return `${text.slice(0, -1)},"attributes":{${attributes}},"scope":${JSON.stringify({ name: record.scopeName, version: record.scopeVersion, attributes: record.scope })},"resource":${resourceText(record.resource)}}`;
}

const NAMES_MAX = 4_096;
const rawNames = new Map<string, string>();
/** `"name":`, or '' when the attribute is left out; remembered, since names come again with every span. */
function rawName(key: string): string {
  let name = rawNames.get(key);
  if (name === undefined) {
    if (rawNames.size >= NAMES_MAX) rawNames.clear();
    name = isContent(key) || SECRET_ATTRIBUTES.has(key) ? '' : `${JSON.stringify(key)}:`;
    rawNames.set(key, name);
  }
  return name;
}

/** All records of a resource share its object. */
const resourceTexts = new WeakMap<object, string>();
function resourceText(resource: unknown): string {
  if (typeof resource !== 'object' || resource === null) return 'null';
  let text = resourceTexts.get(resource);
  if (text === undefined) resourceTexts.set(resource, text = JSON.stringify(resource));
  return text;
}
