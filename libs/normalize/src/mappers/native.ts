import { ACTOR_TYPES, type ActorType } from '@wary/model/entity.js';
import type { ErrorCode } from '@wary/model/error-codes.js';
import { EVENT_KINDS, EVENT_SCHEMA, emptyGenAi, OUTCOMES, type Event, type EventKind, type Outcome } from '@wary/model/event.js';
import type { Json, JsonObject } from '@wary/model/json.js';
import { INGEST_LIMITS } from '@wary/model/limits.js';
import type { RawRecord } from '@wary/model/raw-record.js';
import { deadLetter } from '@wary/pipeline/step-result.js';
import type { Mapper, NoEvent } from '../mapper.js';
import { readTime } from '../read-time.js';
import { addressOf, setAttribute, type Loose } from '../values.js';

const { idCharsMax, nameCharsMax } = INGEST_LIMITS;
const REASON_CHARS_MAX = 4_096;
const LIST_ITEMS_MAX = 100;

/** Why a record is refused; thrown and caught in this file only. */
class Refusal {
  constructor(readonly code: ErrorCode, readonly message: string) {}
}
const refuse = (message: string, code: ErrorCode = 'invalid_event'): never => { throw new Refusal(code, message); };

/** `wary.event/1`, written by hand and not by a schema library: it is the hot path, and each message names its field. null is the same as absent. */
export const native: Mapper = {
  source: 'native', format: 'json', unplaced: [],
  mapRecord(record, event) {
    try {
      return mapNative(record, event);
    } catch (problem) {
      if (problem instanceof Refusal) return deadLetter(problem.code, problem.message);
      throw problem;
    }
  },
};

function mapNative(record: RawRecord, event: Event): NoEvent {
  const { value } = record;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return deadLetter('invalid_event', 'a record must be a JSON object');
  const source = value as Loose;
  event.time = Number.NaN;
  let kind: unknown;
  let given: JsonObject | null = null;
  for (const key in source) {
    const field = source[key];
    if (field === null || field === undefined) continue;
    switch (key) {
      case 'id': event.id = identifier(field, record); break;
      case 'time': event.time = readTime(field); break;
      case 'kind': kind = field; break;
      case 'actor': mapActor(event, objectAt(field, 'actor')); break;
      case 'source': mapClient(event, objectAt(field, 'source')); break;
      case 'action': event.action = text(field, 'action', nameCharsMax); break;
      case 'outcome': event.outcome = oneOf(field, OUTCOMES, 'outcome') as Outcome; break;
      case 'resource': mapResource(event, objectAt(field, 'resource')); break;
      case 'bytes': event.bytes = amount(field, 'bytes'); break;
      case 'rows': event.rows = amount(field, 'rows'); break;
      case 'latency_ms': event.latencyMs = amount(field, 'latency_ms'); break;
      case 'cost': event.cost = amount(field, 'cost'); break;
      case 'purpose': event.purpose = text(field, 'purpose', nameCharsMax); break;
      case 'reason': event.reason = text(field, 'reason', REASON_CHARS_MAX); break;
      case 'tenant': if (field !== record.tenant) refuse(`this key belongs to the tenant ${record.tenant}: leave the field tenant out, or use the key of the other tenant`, 'wrong_tenant'); break;
      case 'attributes': given = objectAt(field, 'attributes') as JsonObject; break;
      case 'gen_ai': mapGenAi(event, objectAt(field, 'gen_ai')); break;
      case 'ml': mapDecision(event, objectAt(field, 'ml')); break;
      case 'lifecycle': mapLifecycle(event, objectAt(field, 'lifecycle')); break;
      case 'schema': if (field !== EVENT_SCHEMA) refuse(`the field schema names another version: this service reads ${EVENT_SCHEMA}`, 'unsupported_record'); break;
      default: keepUnknown(event, key, field);
    }
  }
  event.kind = oneOf(kind, EVENT_KINDS, 'kind') as EventKind;
  if (event.action === '') refuse('action is missing or empty: say what was done, such as read, chat or deploy');
  if (event.actor.id === '') refuse('actor.id is missing or empty: say who acted', 'missing_actor');
  if (event.genAi !== null && event.genAi.operation === '') event.genAi.operation = event.kind === 'inference' ? event.action : '';
  if (given !== null) event.attributes = joinAttributes(given, event.attributes);
  return null;
}

function mapActor(event: Event, source: Loose): void {
  const { actor } = event;
  for (const key in source) {
    const field = source[key];
    if (field === null || field === undefined) continue;
    switch (key) {
      case 'id': actor.id = typeof field === 'number' ? String(field) : text(field, 'actor.id', idCharsMax); break;
      case 'type': actor.type = oneOf(field, ACTOR_TYPES, 'actor.type') as ActorType; break;
      case 'roles': actor.roles = texts(field, 'actor.roles'); break;
      case 'group': actor.group = text(field, 'actor.group', nameCharsMax); break;
      case 'session': actor.session = text(field, 'actor.session', idCharsMax); break;
      case 'on_behalf_of': actor.onBehalfOf = text(field, 'actor.on_behalf_of', idCharsMax); break;
      case 'mfa': actor.mfa = flag(field, 'actor.mfa'); break;
      default: keepUnknown(event, `actor.${key}`, field);
    }
  }
}

function mapClient(event: Event, source: Loose): void {
  const { client } = event;
  for (const key in source) {
    const field = source[key];
    if (field === null || field === undefined) continue;
    switch (key) {
      case 'ip':
        client.ip = addressOf(text(field, 'source.ip', nameCharsMax));
        if (client.ip === '' && field !== '') refuse('source.ip is no IP address: put the name of a machine into source.device');
        break;
      case 'country': client.country = text(field, 'source.country', nameCharsMax).toUpperCase(); break;
      case 'asn': client.asn = amount(field, 'source.asn'); break;
      case 'device': client.device = text(field, 'source.device', idCharsMax); break;
      case 'user_agent': client.userAgent = text(field, 'source.user_agent', nameCharsMax); break;
      default: keepUnknown(event, `source.${key}`, field);
    }
  }
}

function mapResource(event: Event, source: Loose): void {
  const { resource } = event;
  for (const key in source) {
    const field = source[key];
    if (field === null || field === undefined) continue;
    switch (key) {
      case 'id': resource.id = typeof field === 'number' ? String(field) : text(field, 'resource.id', idCharsMax); break;
      case 'type': resource.type = text(field, 'resource.type', nameCharsMax); break;
      case 'labels': resource.labels = texts(field, 'resource.labels'); break;
      case 'owner': resource.owner = text(field, 'resource.owner', idCharsMax); break;
      default: keepUnknown(event, `resource.${key}`, field);
    }
  }
}

function mapGenAi(event: Event, source: Loose): void {
  const genAi = emptyGenAi();
  event.genAi = genAi;
  for (const key in source) {
    const field = source[key];
    if (field === null || field === undefined) continue;
    switch (key) {
      case 'provider.name': case 'system': genAi.provider = text(field, 'gen_ai["provider.name"]', nameCharsMax); break;
      case 'operation.name': genAi.operation = text(field, 'gen_ai["operation.name"]', nameCharsMax); break;
      case 'request.model': genAi.requestModel = text(field, 'gen_ai["request.model"]', nameCharsMax); break;
      case 'response.model': genAi.responseModel = text(field, 'gen_ai["response.model"]', nameCharsMax); break;
      case 'usage.input_tokens': case 'usage.prompt_tokens': genAi.inputTokens = amount(field, 'gen_ai["usage.input_tokens"]'); break;
      case 'usage.output_tokens': case 'usage.completion_tokens': genAi.outputTokens = amount(field, 'gen_ai["usage.output_tokens"]'); break;
      case 'conversation.id': genAi.conversationId = text(field, 'gen_ai["conversation.id"]', idCharsMax); break;
      case 'agent.name': genAi.agentName = text(field, 'gen_ai["agent.name"]', nameCharsMax); break;
      case 'tool.name': genAi.toolName = text(field, 'gen_ai["tool.name"]', nameCharsMax); break;
      case 'response.finish_reasons': genAi.finishReasons = typeof field === 'string' ? [field] : texts(field, 'gen_ai["response.finish_reasons"]'); break;
      case 'request.logprobs': genAi.logprobs = field === true || (typeof field === 'number' && field > 0); break;
      case 'input.messages': genAi.inputMessages = field as Json; break;
      case 'output.messages': genAi.outputMessages = field as Json; break;
      case 'tool.call.arguments': genAi.toolArguments = field as Json; break;
      case 'tool.call.result': genAi.toolResult = field as Json; break;
      default: setAttribute(genAi.extra, key, field as Json);
    }
  }
}

function mapDecision(event: Event, source: Loose): void {
  const ml = { model: '', version: '', label: '', confidence: null as number | null, features: null as Json, subject: '', groups: {} as JsonObject, attribution: {} as JsonObject, truth: null as Json };
  event.ml = ml;
  for (const key in source) {
    const field = source[key];
    if (field === null || field === undefined) continue;
    switch (key) {
      case 'model': ml.model = text(field, 'ml.model', nameCharsMax); break;
      case 'version': ml.version = scalarText(field, 'ml.version'); break;
      case 'label': ml.label = scalarText(field, 'ml.label'); break;
      case 'confidence': ml.confidence = typeof field === 'number' ? field : refuse('ml.confidence must be a number'); break;
      case 'features': ml.features = typeof field === 'object' ? field as Json : refuse('ml.features must be an array or an object'); break;
      case 'subject': ml.subject = scalarText(field, 'ml.subject'); break;
      case 'groups': ml.groups = objectAt(field, 'ml.groups') as JsonObject; break;
      case 'attribution': ml.attribution = objectAt(field, 'ml.attribution') as JsonObject; break;
      case 'truth': ml.truth = field as Json; break;
      default: keepUnknown(event, `ml.${key}`, field);
    }
  }
}

function mapLifecycle(event: Event, source: Loose): void {
  const lifecycle = { artifact: '', digest: '', signer: '', parents: [] as readonly string[], bom: null as Json };
  event.lifecycle = lifecycle;
  for (const key in source) {
    const field = source[key];
    if (field === null || field === undefined) continue;
    switch (key) {
      case 'artifact': lifecycle.artifact = text(field, 'lifecycle.artifact', nameCharsMax); break;
      case 'digest': lifecycle.digest = text(field, 'lifecycle.digest', nameCharsMax); break;
      case 'signer': lifecycle.signer = text(field, 'lifecycle.signer', nameCharsMax); break;
      case 'parents': lifecycle.parents = texts(field, 'lifecycle.parents'); break;
      case 'bom': lifecycle.bom = field as Json; break;
      default: keepUnknown(event, `lifecycle.${key}`, field);
    }
  }
}

function keepUnknown(event: Event, key: string, field: unknown): void {
  setAttribute(event.attributes, key, field as Json);
}
/**
 * The parsed object itself becomes the attributes when nothing unknown is beside it: a copy would cost as much as the rest.
 * What the sender put under attributes wins over an unknown key of the same name; that one is kept under `$.name`.
 */
function joinAttributes(given: JsonObject, unknown: JsonObject): JsonObject {
  const keys = Object.keys(unknown);
  if (keys.length === 0) return given;
  const joined = { ...given };
  for (const key of keys) setAttribute(joined, Object.hasOwn(given, key) ? `$.${key}` : key, unknown[key]!);
  return joined;
}

function identifier(field: unknown, record: RawRecord): string {
  if (typeof field === 'number') return record.notes?.bigIntegers['id'] ?? String(field);
  return text(field, 'id', idCharsMax);
}
function text(field: unknown, name: string, charsMax: number): string {
  if (typeof field !== 'string') return refuse(`${name} must be a string`);
  return field.length <= charsMax ? field : refuse(`${name} has more than ${charsMax} characters`, 'string_too_long');
}
const scalarText = (field: unknown, name: string): string => (typeof field === 'number' || typeof field === 'boolean' ? String(field) : text(field, name, nameCharsMax));
function texts(field: unknown, name: string): readonly string[] {
  if (!Array.isArray(field)) return refuse(`${name} must be an array of strings`);
  if (field.length > LIST_ITEMS_MAX) return refuse(`${name} has more than ${LIST_ITEMS_MAX} items`);
  for (let i = 0; i < field.length; i += 1) if (typeof field[i] !== 'string' || field[i].length > nameCharsMax) return refuse(`${name}[${i}] must be a string of at most ${nameCharsMax} characters`);
  return field;
}
const amount = (field: unknown, name: string): number => (typeof field === 'number' && field >= 0 && field <= Number.MAX_VALUE ? field : refuse(`${name} must be a number that is not negative`));
const flag = (field: unknown, name: string): boolean => (typeof field === 'boolean' ? field : refuse(`${name} must be true or false`));
const objectAt = (field: unknown, name: string): Loose => (typeof field === 'object' && !Array.isArray(field) ? field as Loose : refuse(`${name} must be an object`));
const oneOf = (field: unknown, allowed: readonly string[], name: string): string => (typeof field === 'string' && allowed.includes(field) ? field : refuse(`${name} must be one of ${allowed.join(', ')}`));
