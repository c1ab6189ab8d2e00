import { column, json, object, type SqlNode } from './sql-node.js';
import { quoteText } from './quote-sql.js';
import { jsonSource, unreadable, type SqlSource } from './sql-source.js';

/** Columns that hold a part of the event as JSON ('' when there is none). */
const JSON_COLUMNS = ['gen_ai', 'ml', 'lifecycle', 'content', 'attributes', 'counts'] as const;
const text = (expr: string): SqlNode => column('text', expr);
const number = (expr: string): SqlNode => column('number', expr);
const member = (of: (typeof JSON_COLUMNS)[number], key: string, absent = 'null'): SqlNode => json(`if(${of} = '', '${absent}', JSONExtractRaw(${of}, '${key}'))`);

/**
 * An event as the path sees it (`Event` of the model), over the columns of the events table: every field under its name, whether it has
 * a column of its own or lies in a JSON one. A test inserts events and holds the two together.
 */
export const STORED_EVENT: SqlNode = object({
  id: text('id'), tenant: text('tenant'), time: number('toUnixTimestamp64Milli(time)'), receivedAt: number('toUnixTimestamp64Milli(received_at)'), seq: number('9007199254740991 - rank'),
  source: text('source'), kind: text('kind'), action: text('action'), outcome: text('outcome'), reason: text('reason'), flags: number('flags'),
  actor: object({
    id: text('actor_id'), type: text('actor_type'), roles: column('texts', 'actor_roles'), group: text('actor_group'), session: text('actor_session'), onBehalfOf: text('actor_on_behalf_of'), mfa: column('bool', 'actor_mfa'),
  }),
  client: object({ ip: text('client_ip'), country: text('client_country'), asn: number('client_asn'), device: text('client_device'), userAgent: text('client_user_agent') }),
  resource: object({ id: text('resource_id'), type: text('resource_type'), labels: column('texts', 'resource_labels'), owner: text('resource_owner') }),
  purpose: text('purpose'), bytes: number('bytes'), rows: number('rows'), latencyMs: number('latency_ms'), cost: number('cost'),
  genAi: object({
    provider: text('gen_ai_provider'), operation: text('gen_ai_operation'), requestModel: text('gen_ai_request_model'), responseModel: text('gen_ai_response_model'), inputTokens: number('gen_ai_input_tokens'), outputTokens: number('gen_ai_output_tokens'),
    conversationId: text('gen_ai_conversation_id'), agentName: text('gen_ai_agent_name'), toolName: text('gen_ai_tool_name'), finishReasons: member('gen_ai', 'finishReasons'), logprobs: member('gen_ai', 'logprobs'),
    inputMessages: member('content', 'input'), outputMessages: member('content', 'output'), toolArguments: member('content', 'toolArguments'), toolResult: member('content', 'toolResult'), extra: member('gen_ai', 'extra'),
  }, "gen_ai = ''"),
  ml: object({
    model: text('ml_model'), version: member('ml', 'version'), label: member('ml', 'label'), confidence: member('ml', 'confidence'), features: member('content', 'features'), subject: member('ml', 'subject'), groups: member('ml', 'groups'), attribution: member('ml', 'attribution'), truth: member('ml', 'truth'),
  }, "ml = ''"),
  lifecycle: object({ artifact: member('lifecycle', 'artifact'), digest: member('lifecycle', 'digest'), signer: member('lifecycle', 'signer'), parents: member('lifecycle', 'parents'), bom: member('lifecycle', 'bom') }, "lifecycle = ''"),
  attributes: json("if(attributes = '', '\\x7b\\x7d', attributes)"),
  principal: object({ type: text('principal_type'), id: text('principal_id') }), peerGroup: text('peer_group'), criticality: number('criticality'), purposeVerdict: text('purpose_verdict'), knownEgress: column('bool', 'known_egress'), hrStatus: text('hr_status'),
  tzOffsetMinutes: number('tz_offset_minutes'), holiday: column('bool', 'holiday'), registerVersion: number('register_version'),
  piiInput: member('counts', 'piiInput', '\\x7b\\x7d'), piiOutput: member('counts', 'piiOutput', '\\x7b\\x7d'), secretsInput: member('counts', 'secretsInput', '\\x7b\\x7d'), secretsOutput: member('counts', 'secretsOutput', '\\x7b\\x7d'),
  canaries: column('texts', 'canaries'), injection: number('injection'), raw: text('raw'),
});

/**
 * Rows that SQL does not read as JavaScript does: JSON with a lone surrogate or a number beyond 64 bits, and numbers beyond 2^53, which
 * the path has as doubles: their digits in the column are not those of the number.
 */
export const STORED_EVENT_HARD = [
  ...JSON_COLUMNS.map((name) => `(${name} != '' AND (${unreadable(name, `JSONExtractKeysAndValuesRaw(${name})`)} OR match(${name}, '[:,\\\\[]-?[0-9]\\x7b16\\x7d')))`),
  ...['bytes', 'rows', 'latency_ms', 'cost', 'gen_ai_input_tokens', 'gen_ai_output_tokens', 'injection'].map((name) => `ifNull(abs(${name}) >= 9007199254740992, 0)`),
].join(' OR ');

export interface StoredSlice { readonly table: string; readonly tenant: string; /** Milliseconds; `from` is within, `to` is not. */ readonly from: number; readonly to: number }
const KEYS = ['id', 'at', 'number'] as const;

/** Stored events of a tenant and a time, each once; named by id, time and ingest sequence. */
export function storedSource(slice: StoredSlice): SqlSource {
  return { select: `SELECT *, toUnixTimestamp64Milli(time) AS at, 9007199254740991 - rank AS number, (${STORED_EVENT_HARD}) AS hard FROM ${slice.table} FINAL WHERE ${sliceCondition(slice)}`, keys: KEYS, record: STORED_EVENT, whole: STORED_EVENT, carry: [] };
}

/** The records that the events were made of, as they were stored: JSON objects only. */
export function storedRawSource(slice: StoredSlice, where: string): SqlSource {
  return jsonSource({ from: `(SELECT id, toUnixTimestamp64Milli(time) AS at, 9007199254740991 - rank AS number, raw FROM ${slice.table} FINAL WHERE ${sliceCondition(slice)} AND startsWith(raw, '\\x7b') AND ${where})`, column: 'raw', keys: KEYS, carries: false });
}

export const sliceCondition = ({ tenant, from, to }: Omit<StoredSlice, 'table'>): string => `tenant = ${quoteText(tenant)} AND time >= fromUnixTimestamp64Milli(toInt64(${Math.ceil(from)})) AND time < fromUnixTimestamp64Milli(toInt64(${Math.ceil(to)}))`;
