import type { Counts, Event, GenAi, Lifecycle, MlDecision } from '@wary/model/event.js';
import type { Json, JsonObject } from '@wary/model/json.js';
import { seqOf } from './rank.js';

/** What a query selects to give events back, in the order that `eventOfRow` reads. Milliseconds, so that no time zone has a say. */
const SELECTED = [
  'tenant', 'id', 'toUnixTimestamp64Milli(time)', 'toUnixTimestamp64Milli(received_at)', 'rank', 'source', 'kind', 'action', 'outcome', 'reason', 'flags',
  'actor_id', 'actor_type', 'actor_roles', 'actor_group', 'actor_session', 'actor_on_behalf_of', 'actor_mfa',
  'client_ip', 'client_country', 'client_asn', 'client_device', 'client_user_agent', 'resource_id', 'resource_type', 'resource_labels', 'resource_owner',
  'purpose', 'bytes', 'rows', 'latency_ms', 'cost', 'gen_ai', 'gen_ai_provider', 'gen_ai_operation', 'gen_ai_request_model', 'gen_ai_response_model',
  'gen_ai_input_tokens', 'gen_ai_output_tokens', 'gen_ai_conversation_id', 'gen_ai_agent_name', 'gen_ai_tool_name', 'ml', 'ml_model', 'lifecycle', 'content', 'attributes',
  'principal_type', 'principal_id', 'peer_group', 'criticality', 'purpose_verdict', 'known_egress', 'hr_status', 'tz_offset_minutes', 'holiday', 'register_version',
  'counts', 'canaries', 'injection', 'raw',
] as const;
export const EVENT_COLUMNS = SELECTED.join(', ');
export type EventRow = readonly unknown[];

interface Content { input: Json; output: Json; toolArguments: Json; toolResult: Json; features: Json }
interface AllCounts { piiInput: Counts; piiOutput: Counts; secretsInput: Counts; secretsOutput: Counts }

/** A row as it was selected, as the event that was stored. Content that has expired comes back as null. */
export function eventOfRow(row: EventRow): Event {
  let next = 0;
  const take = <T>(): T => row[next++] as T;
  const text = (): string => take<string>();
  const number = (): number => Number(row[next++]);
  const parsed = <T>(): T | null => {
    const json = text();
    return json === '' ? null : JSON.parse(json) as T;
  };
  const event = {
    tenant: text(), id: text(), time: number(), receivedAt: number(), seq: seqOf(number()), source: text() as Event['source'], kind: text() as Event['kind'],
    action: text(), outcome: text() as Event['outcome'], reason: text(), flags: number(),
    actor: { id: text(), type: text() as Event['actor']['type'], roles: take<string[]>(), group: text(), session: text(), onBehalfOf: text(), mfa: take<boolean | null>() },
    client: { ip: text(), country: text(), asn: number(), device: text(), userAgent: text() },
    resource: { id: text(), type: text(), labels: take<string[]>(), owner: text() },
    purpose: text(), bytes: take<number | null>(), rows: take<number | null>(), latencyMs: take<number | null>(), cost: take<number | null>(),
  };
  const rest = parsed<Pick<GenAi, 'finishReasons' | 'logprobs' | 'extra'>>();
  const names = {
    provider: text(), operation: text(), requestModel: text(), responseModel: text(), inputTokens: number(), outputTokens: number(),
    conversationId: text(), agentName: text(), toolName: text(),
  };
  const decision = parsed<Omit<MlDecision, 'model' | 'features'>>();
  const model = text();
  const lifecycle = parsed<Lifecycle>();
  const content = parsed<Content>();
  const attributes = parsed<JsonObject>() ?? {};
  const enriched = {
    principal: { type: text() as Event['principal']['type'], id: text() }, peerGroup: text(), criticality: number(), purposeVerdict: text() as Event['purposeVerdict'],
    knownEgress: take<boolean>(), hrStatus: text(), tzOffsetMinutes: number(), holiday: take<boolean>(), registerVersion: number(),
  };
  const counts = parsed<AllCounts>() ?? { piiInput: {}, piiOutput: {}, secretsInput: {}, secretsOutput: {} };
  const genAi = rest === null ? null : {
    ...names, ...rest,
    inputMessages: content?.input ?? null, outputMessages: content?.output ?? null, toolArguments: content?.toolArguments ?? null, toolResult: content?.toolResult ?? null,
  };
  const ml = decision === null ? null : { model, ...decision, features: content?.features ?? null };
  return { ...event, genAi, ml, lifecycle, attributes, ...enriched, ...counts, canaries: take<string[]>(), injection: number(), raw: text() };
}
