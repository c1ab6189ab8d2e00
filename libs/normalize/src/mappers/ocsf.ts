import { emptyGenAi, type Event, type GenAi } from '@wary/model/event.js';
import type { ActorType } from '@wary/model/entity.js';
import type { Json } from '@wary/model/json.js';
import { deadLetter } from '@wary/pipeline/step-result.js';
import { actionOfOperation } from '../api-verbs.js';
import type { Mapper, NoEvent } from '../mapper.js';
import { readTime } from '../read-time.js';
import { addressOf, amountOf, idOf, listOf, objectOf, setAttribute, textOf, textsOf, type Loose } from '../values.js';

const AUTHENTICATION = 3002;
const API_ACTIVITY = 6003;
/** Authentication, activity_id. */
const AUTHENTICATIONS: { readonly [id: number]: string } = { 1: 'logon', 2: 'logoff', 3: 'ticket', 4: 'ticket', 5: 'ticket', 6: 'preauth', 7: 'switch_account' };
/** API Activity, activity_id. */
const CRUD: { readonly [id: number]: string } = { 1: 'write', 2: 'read', 3: 'write', 4: 'delete' };
/** user.type_id: 1 user, 2 admin, 3 system, 4 service. */
const USER_TYPES: { readonly [id: number]: ActorType } = { 3: 'service', 4: 'service' };
const ROLE_ASSISTANT = 3;
/** Top-level objects that have their places; everything else is kept under attributes. */
const PLACED = new Set(['time', 'actor', 'user', 'src_endpoint', 'is_mfa', 'session', 'ai_model', 'message_context', 'ai_agent', 'raw_data', 'message', 'status_detail']);

/** OCSF 1.x: Authentication (3002) and API Activity (6003), with the ai_operation profile (1.8) as inference. */
export const ocsf: Mapper = {
  source: 'ocsf', format: 'json',
  unplaced: [
    'category_uid', 'class_uid', 'type_uid', 'activity_id', 'severity_id', 'status_id', 'status_code', 'metadata', 'cloud', 'api', 'resources', 'dst_endpoint', 'service', 'auth_protocol', 'auth_protocol_id', 'auth_factors', 'logon_type',
    'logon_type_id', 'is_remote', 'is_cleartext', 'certificate', 'http_request', 'http_response', 'observables', 'enrichments', 'unmapped', 'raw: message', 'raw: raw_data',
  ],
  mapRecord(record, event) {
    const source = objectOf(record.value);
    const classId = source['class_uid'];
    if (classId !== AUTHENTICATION && classId !== API_ACTIVITY) return deadLetter('unsupported_record', typeof classId === 'number' ? `OCSF class ${classId} has no mapper: 3002 (Authentication) and 6003 (API Activity) have` : 'this is no OCSF event: class_uid is missing');
    const metadata = objectOf(source['metadata']);
    event.id = textOf(metadata['uid']) === '' ? '' : `ocsf:${textOf(metadata['uid'])}`;
    event.kind = 'access';
    event.time = readTime(source['time'] ?? source['time_dt']);
    event.raw = record.text !== '' ? record.text : JSON.stringify(source);
    for (const key in source) if (!PLACED.has(key) && source[key] !== null) setAttribute(event.attributes, key, source[key] as Json);
    mapWho(event, source);
    mapWhere(event, source);
    mapOutcome(event, source);
    return classId === AUTHENTICATION ? mapAuthentication(event, source) : mapApiActivity(event, source);
  },
};

/** In Authentication `user` is who signs in; elsewhere the actor acts. */
function mapWho(event: Event, source: Loose): void {
  const actor = objectOf(source['actor']);
  const user = objectOf(source['class_uid'] === AUTHENTICATION ? source['user'] ?? actor['user'] : actor['user'] ?? source['user']);
  const session = objectOf(actor['session'] ?? source['session']);
  const agent = objectOf(source['ai_agent']);
  event.actor.id = idOf(user['email_addr']) || idOf(user['name']) || idOf(user['uid']);
  event.actor.type = USER_TYPES[amountOf(user['type_id']) ?? 0] ?? 'user';
  if (event.actor.id === '') {
    const service = idOf(actor['invoked_by']) || idOf(actor['app_name']) || idOf(actor['app_uid']);
    const name = idOf(agent['name']) || idOf(agent['uid']);
    event.actor.type = service === '' && name !== '' ? 'agent' : 'service';
    event.actor.id = service || name;
  }
  event.actor.roles = listOf(user['groups']).map((group) => textOf(objectOf(group)['name'])).filter((name) => name !== '').slice(0, 100);
  event.actor.session = idOf(session['uid']);
  const mfa = source['is_mfa'] ?? session['is_mfa'];
  if (typeof mfa === 'boolean') event.actor.mfa = mfa;
}

function mapWhere(event: Event, source: Loose): void {
  const from = objectOf(source['src_endpoint']);
  event.client.ip = addressOf(from['ip']);
  event.client.device = idOf(from['hostname']) || idOf(from['uid']) || idOf(from['name']) || idOf(objectOf(source['device'])['hostname']);
  event.client.country = textOf(objectOf(from['location'])['country']).toUpperCase();
  event.client.asn = amountOf(objectOf(from['autonomous_system'])['number']) ?? 0;
  event.client.userAgent = textOf(objectOf(source['http_request'])['user_agent']);
}

/** status_id 1 success, 2 failure; disposition_id 2 blocked and action_id 2 denied say that it was refused. */
function mapOutcome(event: Event, source: Loose): void {
  const code = textOf(source['status_code']) || textOf(objectOf(objectOf(source['api'])['response'])['error']);
  if (source['disposition_id'] === 2 || source['action_id'] === 2) event.outcome = 'denied';
  else if (source['status_id'] === 2) event.outcome = /denied|unauthori|forbidden|^40[13]$/i.test(code) ? 'denied' : 'failure';
  event.reason = textOf(source['status_detail'], 4_096) || textOf(objectOf(objectOf(source['api'])['response'])['error_message'], 4_096) || (event.outcome === 'success' ? '' : code);
}

function mapAuthentication(event: Event, source: Loose): NoEvent {
  event.action = AUTHENTICATIONS[amountOf(source['activity_id']) ?? 0] ?? (textOf(source['activity_name']).toLowerCase() || 'authenticate');
  const service = objectOf(source['service']);
  const to = objectOf(source['dst_endpoint']);
  const name = idOf(service['name']) || idOf(service['uid']);
  event.resource.id = name || idOf(to['hostname']) || idOf(to['ip']);
  event.resource.type = name !== '' ? 'application' : event.resource.id === '' ? '' : 'host';
  return null;
}

function mapApiActivity(event: Event, source: Loose): NoEvent {
  const api = objectOf(source['api']);
  const operation = textOf(api['operation']);
  event.action = actionOfOperation(operation) || CRUD[amountOf(source['activity_id']) ?? 0] || 'call';
  const first = objectOf(listOf(source['resources'])[0]);
  event.resource.id = textOf(first['name']) || textOf(first['uid']) || textOf(objectOf(api['service'])['name']);
  event.resource.type = textOf(first['type']).toLowerCase() || (event.resource.id === '' ? '' : 'application');
  event.resource.labels = textsOf(first['labels']);
  event.resource.owner = idOf(objectOf(first['owner'])['email_addr']) || idOf(objectOf(first['owner'])['name']);
  if (source['ai_model'] !== undefined || textsOf(objectOf(source['metadata'])['profiles']).includes('ai_operation')) mapInference(event, source, operation);
  return null;
}

function mapInference(event: Event, source: Loose, operation: string): void {
  const model = objectOf(source['ai_model']);
  const context = objectOf(source['message_context']);
  const genAi: GenAi = { ...emptyGenAi(), provider: textOf(model['ai_provider']), requestModel: textOf(model['name']), responseModel: textOf(model['uid']), agentName: textOf(objectOf(source['ai_agent'])['name']) || textOf(objectOf(source['ai_agent'])['uid']) };
  genAi.inputTokens = amountOf(context['prompt_tokens']) ?? 0;
  genAi.outputTokens = amountOf(context['completion_tokens']) ?? 0;
  genAi.conversationId = idOf(context['uid']);
  const { prompt_text: prompt, response_text: response } = context;
  const role = context['ai_role_id'] === ROLE_ASSISTANT ? 'assistant' : 'user';
  if (typeof prompt === 'string') genAi.inputMessages = [{ role: role === 'assistant' ? 'user' : role, parts: [{ type: 'text', content: prompt }] }];
  if (typeof response === 'string') genAi.outputMessages = [{ role: 'assistant', parts: [{ type: 'text', content: response }] }];
  for (const [name, value] of Object.entries({ 'model.version': model['version'], 'usage.total_tokens': context['total_tokens'], 'message.application': context['application'], 'message.service': context['service'], 'message.role_id': context['ai_role_id'] })) {
    if (value !== undefined && value !== null) setAttribute(genAi.extra, name, value as Json);
  }
  event.kind = 'inference';
  event.genAi = genAi;
  event.action = /embed/i.test(operation) ? 'embeddings' : /retriev|search/i.test(operation) ? 'retrieval' : /agent/i.test(operation) ? 'invoke_agent' : /tool|function/i.test(operation) ? 'execute_tool' : 'chat';
  genAi.operation = event.action;
  if (event.resource.type === '' || event.resource.type === 'application') {
    event.resource.id = genAi.requestModel || event.resource.id;
    if (genAi.requestModel !== '') event.resource.type = 'model';
  }
}
