import { EVENT_SCHEMA_VERSION, type Counts, type Event, type GenAi, type MlDecision } from '@wary/model/event.js';
import { StringArrayColumn } from '../native/array-column.js';
import type { Column } from '../native/column.js';
import { DictionaryColumn } from '../native/dictionary-column.js';
import { nativeBlock, type NativeBlock } from '../native/native-block.js';
import { NullableColumn, NumberColumn, WideColumn } from '../native/number-columns.js';
import { StringColumn } from '../native/string-column.js';
import { rankOf } from './rank.js';

/**
 * Events as columns. One `add` per row with each column named, not a loop over a table of columns: every call has one target
 * and every field one shape, which is what makes it cheap. Reading back is `event-row.ts`; a test holds the two together.
 */
export class EventColumns {
  rows = 0;

  private readonly tenant = new DictionaryColumn('tenant');
  private readonly id = new StringColumn('id');
  private readonly time = new WideColumn('time', "DateTime64(3, 'UTC')");
  private readonly receivedAt = new WideColumn('received_at', "DateTime64(3, 'UTC')");
  private readonly rank = new WideColumn('rank', 'UInt64');
  private readonly source = new DictionaryColumn('source');
  private readonly kind = new DictionaryColumn('kind');
  private readonly action = new DictionaryColumn('action');
  private readonly outcome = new DictionaryColumn('outcome');
  private readonly reason = new StringColumn('reason');
  private readonly flags = new NumberColumn('flags', 'UInt32');
  private readonly actorId = new StringColumn('actor_id');
  private readonly actorType = new DictionaryColumn('actor_type');
  private readonly actorRoles = new StringArrayColumn('actor_roles');
  private readonly actorGroup = new DictionaryColumn('actor_group');
  private readonly actorSession = new StringColumn('actor_session');
  private readonly actorOnBehalfOf = new StringColumn('actor_on_behalf_of');
  private readonly actorMfa = new NullableColumn('actor_mfa', 'Bool');
  private readonly clientIp = new StringColumn('client_ip');
  private readonly clientCountry = new DictionaryColumn('client_country');
  private readonly clientAsn = new NumberColumn('client_asn', 'UInt32');
  private readonly clientDevice = new StringColumn('client_device');
  private readonly clientUserAgent = new DictionaryColumn('client_user_agent');
  private readonly resourceId = new StringColumn('resource_id');
  private readonly resourceType = new DictionaryColumn('resource_type');
  private readonly resourceLabels = new StringArrayColumn('resource_labels');
  private readonly resourceOwner = new DictionaryColumn('resource_owner');
  private readonly purpose = new DictionaryColumn('purpose');
  private readonly bytes = new NullableColumn('bytes', 'Float64');
  private readonly rowCount = new NullableColumn('rows', 'Float64');
  private readonly latencyMs = new NullableColumn('latency_ms', 'Float64');
  private readonly cost = new NullableColumn('cost', 'Float64');
  private readonly genAi = new StringColumn('gen_ai');
  private readonly genAiProvider = new StringColumn('gen_ai_provider');
  private readonly genAiOperation = new StringColumn('gen_ai_operation');
  private readonly genAiRequestModel = new StringColumn('gen_ai_request_model');
  private readonly genAiResponseModel = new StringColumn('gen_ai_response_model');
  private readonly genAiInputTokens = new NumberColumn('gen_ai_input_tokens', 'Float64');
  private readonly genAiOutputTokens = new NumberColumn('gen_ai_output_tokens', 'Float64');
  private readonly genAiConversationId = new StringColumn('gen_ai_conversation_id');
  private readonly genAiAgentName = new StringColumn('gen_ai_agent_name');
  private readonly genAiToolName = new StringColumn('gen_ai_tool_name');
  private readonly ml = new StringColumn('ml');
  private readonly mlModel = new StringColumn('ml_model');
  private readonly lifecycle = new StringColumn('lifecycle');
  private readonly content = new StringColumn('content');
  private readonly attributes = new StringColumn('attributes');
  private readonly principalType = new DictionaryColumn('principal_type');
  private readonly principalId = new StringColumn('principal_id');
  private readonly peerGroup = new DictionaryColumn('peer_group');
  private readonly criticality = new NumberColumn('criticality', 'UInt8');
  private readonly purposeVerdict = new DictionaryColumn('purpose_verdict');
  private readonly knownEgress = new NumberColumn('known_egress', 'Bool');
  private readonly hrStatus = new DictionaryColumn('hr_status');
  private readonly tzOffsetMinutes = new NumberColumn('tz_offset_minutes', 'Int16');
  private readonly holiday = new NumberColumn('holiday', 'Bool');
  private readonly registerVersion = new NumberColumn('register_version', 'UInt32');
  private readonly counts = new StringColumn('counts');
  private readonly canaries = new StringArrayColumn('canaries');
  private readonly injection = new NumberColumn('injection', 'Float64');
  private readonly raw = new StringColumn('raw');
  private readonly schemaVersion = new NumberColumn('schema_version', 'UInt8');

  /** In the order of the table. */
  readonly columns: readonly Column[] = Object.values(this).filter((value): value is Column => typeof value === 'object' && value !== null && 'collect' in value);

  add(event: Event): void {
    const { actor, client, resource, genAi, ml, principal } = event;
    this.rows += 1;
    this.tenant.push(event.tenant);
    this.id.push(event.id);
    this.time.push(event.time);
    this.receivedAt.push(event.receivedAt);
    this.rank.push(rankOf(event.seq));
    this.source.push(event.source);
    this.kind.push(event.kind);
    this.action.push(event.action);
    this.outcome.push(event.outcome);
    this.reason.push(event.reason);
    this.flags.push(event.flags);
    this.actorId.push(actor.id);
    this.actorType.push(actor.type);
    this.actorRoles.push(actor.roles);
    this.actorGroup.push(actor.group);
    this.actorSession.push(actor.session);
    this.actorOnBehalfOf.push(actor.onBehalfOf);
    this.actorMfa.push(actor.mfa === null ? null : actor.mfa ? 1 : 0);
    this.clientIp.push(client.ip);
    this.clientCountry.push(client.country);
    this.clientAsn.push(client.asn);
    this.clientDevice.push(client.device);
    this.clientUserAgent.push(client.userAgent);
    this.resourceId.push(resource.id);
    this.resourceType.push(resource.type);
    this.resourceLabels.push(resource.labels);
    this.resourceOwner.push(resource.owner);
    this.purpose.push(event.purpose);
    this.bytes.push(event.bytes);
    this.rowCount.push(event.rows);
    this.latencyMs.push(event.latencyMs);
    this.cost.push(event.cost);
    this.addGenAi(genAi);
    this.ml.push(ml === null ? '' : mlText(ml));
    this.mlModel.push(ml === null ? '' : ml.model);
    this.lifecycle.push(event.lifecycle === null ? '' : JSON.stringify(event.lifecycle));
    this.content.push(genAi === null && ml === null ? '' : contentText(genAi, ml));
    this.attributes.push(isEmpty(event.attributes) ? '' : JSON.stringify(event.attributes));
    this.principalType.push(principal.type);
    this.principalId.push(principal.id);
    this.peerGroup.push(event.peerGroup);
    this.criticality.push(event.criticality);
    this.purposeVerdict.push(event.purposeVerdict);
    this.knownEgress.push(event.knownEgress ? 1 : 0);
    this.hrStatus.push(event.hrStatus);
    this.tzOffsetMinutes.push(event.tzOffsetMinutes);
    this.holiday.push(event.holiday ? 1 : 0);
    this.registerVersion.push(event.registerVersion);
    this.counts.push(countsText(event));
    this.canaries.push(event.canaries);
    this.injection.push(event.injection);
    this.raw.push(event.raw);
    this.schemaVersion.push(EVENT_SCHEMA_VERSION);
  }

  private addGenAi(genAi: GenAi | null): void {
    this.genAi.push(genAi === null ? '' : restText(genAi));
    this.genAiProvider.push(genAi === null ? '' : genAi.provider);
    this.genAiOperation.push(genAi === null ? '' : genAi.operation);
    this.genAiRequestModel.push(genAi === null ? '' : genAi.requestModel);
    this.genAiResponseModel.push(genAi === null ? '' : genAi.responseModel);
    this.genAiInputTokens.push(genAi === null ? 0 : genAi.inputTokens);
    this.genAiOutputTokens.push(genAi === null ? 0 : genAi.outputTokens);
    this.genAiConversationId.push(genAi === null ? '' : genAi.conversationId);
    this.genAiAgentName.push(genAi === null ? '' : genAi.agentName);
    this.genAiToolName.push(genAi === null ? '' : genAi.toolName);
  }

  get byteLength(): number {
    let sum = 0;
    for (const column of this.columns) sum += column.byteLength;
    return sum;
  }

  block(): NativeBlock {
    return nativeBlock(this.columns, this.rows);
  }

  reset(): void {
    this.rows = 0;
    for (const column of this.columns) column.reset();
  }
}

/** Most calls have none of it. */
const NO_REST = '{"finishReasons":[],"logprobs":false,"extra":{}}';
const restText = ({ finishReasons, logprobs, extra }: GenAi): string => (finishReasons.length === 0 && !logprobs && isEmpty(extra) ? NO_REST : JSON.stringify({ finishReasons, logprobs, extra }));

const mlText = ({ version, label, confidence, subject, groups, attribution, truth }: MlDecision): string =>
  JSON.stringify({ version, label, confidence, subject, groups, attribution, truth });

/** What expires earlier than the rest of the row; '' when there is none. */
function contentText(genAi: GenAi | null, ml: MlDecision | null): string {
  const input = genAi?.inputMessages ?? null;
  const output = genAi?.outputMessages ?? null;
  const toolArguments = genAi?.toolArguments ?? null;
  const toolResult = genAi?.toolResult ?? null;
  const features = ml?.features ?? null;
  if (input === null && output === null && toolArguments === null && toolResult === null && features === null) return '';
  return JSON.stringify({ input, output, toolArguments, toolResult, features });
}

function countsText({ piiInput, piiOutput, secretsInput, secretsOutput }: Event): string {
  if (isEmpty(piiInput) && isEmpty(piiOutput) && isEmpty(secretsInput) && isEmpty(secretsOutput)) return '';
  return JSON.stringify({ piiInput, piiOutput, secretsInput, secretsOutput });
}

function isEmpty(value: Counts | Event['attributes']): boolean {
  for (const key in value) if (Object.hasOwn(value, key)) return false;
  return true;
}
