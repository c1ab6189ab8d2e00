import type { Counts, Event, GenAi, Lifecycle, MlDecision } from '@wary/model/event.js';
import type { Json, JsonObject } from '@wary/model/json.js';
import { seqOf } from './rank.js';

/** The stored columns, in the order that `eventOfRow` reads them. */
export const STORED_COLUMNS = [
  'tenant', 'id', 'time', 'received_at', 'rank', 'source', 'kind', 'action', 'outcome', 'reason', 'flags',
  'actor_id', 'actor_type', 'actor_roles', 'actor_group', 'actor_session', 'actor_on_behalf_of', 'actor_mfa',
  'client_ip', 'client_country', 'client_asn', 'client_device', 'client_user_agent', 'resource_id', 'resource_type', 'resource_labels', 'resource_owner',
  'purpose', 'bytes', 'rows', 'latency_ms', 'cost', 'gen_ai', 'gen_ai_provider', 'gen_ai_operation', 'gen_ai_request_model', 'gen_ai_response_model',
  'gen_ai_input_tokens', 'gen_ai_output_tokens', 'gen_ai_conversation_id', 'gen_ai_agent_name', 'gen_ai_tool_name', 'ml', 'ml_model', 'lifecycle', 'content', 'attributes',
  'principal_type', 'principal_id', 'peer_group', 'criticality', 'purpose_verdict', 'known_egress', 'hr_status', 'tz_offset_minutes', 'holiday', 'register_version',
  'counts', 'canaries', 'injection', 'raw',
] as const;

/** What a query selects to give events back. Milliseconds, so that no time zone has a say. */
export const EVENT_COLUMNS = STORED_COLUMNS.map((name) => (name === 'time' || name === 'received_at' ? `toUnixTimestamp64Milli(${name})` : name)).join(', ');
export type EventRow = readonly unknown[];

interface Content { input: Json; output: Json; toolArguments: Json; toolResult: Json; features: Json }
interface AllCounts { piiInput: Counts; piiOutput: Counts; secretsInput: Counts; secretsOutput: Counts }

const AT = Object.fromEntries(STORED_COLUMNS.map((name, index) => [name, index])) as { readonly [N in (typeof STORED_COLUMNS)[number]]: number };
const NO_COUNTS: AllCounts = { piiInput: {}, piiOutput: {}, secretsInput: {}, secretsOutput: {} };

/**
 * A row as it was selected, as the event that was stored. Content that has expired comes back as null.
 * One literal in the order of `emptyEvent`, so that read events have the shape of live ones (with spreads it cost thirty times as much).
 */
export function eventOfRow(row: EventRow): Event {
  const text = (column: keyof typeof AT): string => row[AT[column]] as string;
  const number = (column: keyof typeof AT): number => Number(row[AT[column]]);
  const amount = (column: keyof typeof AT): number | null => row[AT[column]] as number | null;
  const content = parsed<Content>(text('content'));
  const counts = parsed<AllCounts>(text('counts')) ?? NO_COUNTS;
  return {
    id: text('id'), tenant: text('tenant'), time: number('time'), receivedAt: number('received_at'), seq: seqOf(number('rank')),
    source: text('source') as Event['source'], kind: text('kind') as Event['kind'], action: text('action'), outcome: text('outcome') as Event['outcome'], reason: text('reason'), flags: number('flags'),
    actor: {
      id: text('actor_id'), type: text('actor_type') as Event['actor']['type'], roles: row[AT.actor_roles] as string[], group: text('actor_group'),
      session: text('actor_session'), onBehalfOf: text('actor_on_behalf_of'), mfa: row[AT.actor_mfa] as boolean | null,
    },
    client: { ip: text('client_ip'), country: text('client_country'), asn: number('client_asn'), device: text('client_device'), userAgent: text('client_user_agent') },
    resource: { id: text('resource_id'), type: text('resource_type'), labels: row[AT.resource_labels] as string[], owner: text('resource_owner') },
    purpose: text('purpose'), bytes: amount('bytes'), rows: amount('rows'), latencyMs: amount('latency_ms'), cost: amount('cost'),
    genAi: genAiOf(row, content), ml: mlOf(row, content), lifecycle: parsed<Lifecycle>(text('lifecycle')), attributes: parsed<JsonObject>(text('attributes')) ?? {},
    principal: { type: text('principal_type') as Event['principal']['type'], id: text('principal_id') }, peerGroup: text('peer_group'), criticality: number('criticality'),
    purposeVerdict: text('purpose_verdict') as Event['purposeVerdict'], knownEgress: row[AT.known_egress] as boolean, hrStatus: text('hr_status'),
    tzOffsetMinutes: number('tz_offset_minutes'), holiday: row[AT.holiday] as boolean, registerVersion: number('register_version'),
    piiInput: { ...counts.piiInput }, piiOutput: { ...counts.piiOutput }, secretsInput: { ...counts.secretsInput }, secretsOutput: { ...counts.secretsOutput },
    canaries: row[AT.canaries] as string[], injection: number('injection'), raw: text('raw'),
  };
}

function genAiOf(row: EventRow, content: Content | null): GenAi | null {
  const rest = parsed<Pick<GenAi, 'finishReasons' | 'logprobs' | 'extra'>>(row[AT.gen_ai] as string);
  if (rest === null) return null;
  const text = (column: keyof typeof AT): string => row[AT[column]] as string;
  return {
    provider: text('gen_ai_provider'), operation: text('gen_ai_operation'), requestModel: text('gen_ai_request_model'), responseModel: text('gen_ai_response_model'),
    inputTokens: Number(row[AT.gen_ai_input_tokens]), outputTokens: Number(row[AT.gen_ai_output_tokens]), conversationId: text('gen_ai_conversation_id'),
    agentName: text('gen_ai_agent_name'), toolName: text('gen_ai_tool_name'), finishReasons: rest.finishReasons, logprobs: rest.logprobs,
    inputMessages: content?.input ?? null, outputMessages: content?.output ?? null, toolArguments: content?.toolArguments ?? null, toolResult: content?.toolResult ?? null, extra: rest.extra,
  };
}

function mlOf(row: EventRow, content: Content | null): MlDecision | null {
  const rest = parsed<Omit<MlDecision, 'model' | 'features'>>(row[AT.ml] as string);
  if (rest === null) return null;
  const { version, label, confidence, subject, groups, attribution, truth } = rest;
  return { model: row[AT.ml_model] as string, version, label, confidence, features: content?.features ?? null, subject, groups, attribution, truth };
}

const parsed = <T>(json: string): T | null => (json === '' ? null : JSON.parse(json) as T);
