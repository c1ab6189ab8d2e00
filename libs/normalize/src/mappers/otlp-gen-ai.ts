import { emptyGenAi, type Event, type GenAi } from '@wary/model/event.js';
import type { Json, JsonObject } from '@wary/model/json.js';
import { amountOf, idOf, nestedJson, objectOf, setAttribute, textOf, textsOf } from '../values.js';
import { IndexedMessages, messageOfBody, messagesOf } from './otlp-messages.js';

/** Pinned: semantic-conventions 1.41.0 (the last full set), gen-ai-dev 1.42.0, OpenInference and OpenLLMetry as of 2026-11. One map, all aliases. */
type Place = (genAi: GenAi, value: Json, event: Event) => void;
const PLACES = new Map<string, Place>();
const place = (names: readonly string[], put: Place): void => { for (const name of names) PLACES.set(name, put); };

place(['gen_ai.provider.name', 'gen_ai.system', 'llm.provider', 'llm.system', 'llm.vendor'], (genAi, value) => { genAi.provider ||= textOf(value); });
place(['gen_ai.operation.name'], (genAi, value) => { genAi.operation = textOf(value); });
place(['gen_ai.request.model', 'llm.request.model', 'llm.model_name', 'embedding.model_name', 'reranker.model_name'], (genAi, value) => { genAi.requestModel ||= textOf(value); });
place(['gen_ai.response.model', 'llm.response.model'], (genAi, value) => { genAi.responseModel ||= textOf(value); });
place(['gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens', 'llm.token_count.prompt', 'llm.usage.prompt_tokens'], (genAi, value) => { genAi.inputTokens ||= amountOf(value) ?? 0; });
place(['gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens', 'llm.token_count.completion', 'llm.usage.completion_tokens'], (genAi, value) => { genAi.outputTokens ||= amountOf(value) ?? 0; });
place(['gen_ai.conversation.id', 'gen_ai.thread.id', 'traceloop.association.properties.conversation_id'], (genAi, value) => { genAi.conversationId ||= idOf(value); });
place(['gen_ai.agent.name', 'agent.name', 'traceloop.agent.name'], (genAi, value) => { genAi.agentName ||= textOf(value); });
place(['gen_ai.tool.name', 'tool.name', 'tool_call.function.name'], (genAi, value) => { genAi.toolName ||= textOf(value); });
place(['gen_ai.response.finish_reasons', 'gen_ai.response.finish_reason', 'llm.response.finish_reason', 'llm.response.stop_reason'], (genAi, value) => { genAi.finishReasons = [...genAi.finishReasons, ...textsOf(value)]; });
place(['gen_ai.request.logprobs', 'gen_ai.openai.request.logprobs', 'llm.request.logprobs', 'llm.top_logprobs'], (genAi, value) => { genAi.logprobs ||= value === true || (amountOf(value) ?? 0) > 0; });
place(['gen_ai.tool.call.arguments', 'tool.parameters', 'tool_call.function.arguments'], (genAi, value) => { genAi.toolArguments ??= structured(value); });
place(['gen_ai.tool.call.result', 'tool.result'], (genAi, value) => { genAi.toolResult ??= structured(value); });
place(['gen_ai.input.messages', 'gen_ai.prompt', 'llm.prompts'], (genAi, value) => { genAi.inputMessages ??= messagesOf(value, 'user'); });
place(['gen_ai.output.messages', 'gen_ai.completion', 'llm.completions'], (genAi, value) => { genAi.outputMessages ??= messagesOf(value, 'assistant'); });
place(['gen_ai.usage.cost', 'gen_ai.usage.cost.amount', 'llm.cost.total', 'llm.usage.cost', 'gen_ai.cost.total_cost'], (_genAi, value, event) => { event.cost ??= amountOf(value); });
place(['gen_ai.data_source.id'], (_genAi, value, event) => {
  event.resource.id = idOf(value);
  event.resource.type = 'dataset';
});
place(['llm.invocation_parameters'], (genAi, value) => {
  const parameters = objectOf(structured(value));
  genAi.logprobs ||= parameters['logprobs'] === true || (amountOf(parameters['top_logprobs']) ?? 0) > 0;
  setAttribute(genAi.extra, 'request.parameters', structured(value));
});
/** Content whose kind depends on the operation: read when the rest is known. */
const GENERIC_CONTENT = { input: ['input.value', 'traceloop.entity.input'], output: ['output.value', 'traceloop.entity.output'] } as const;
const NOT_KEPT = new Set<string>([...GENERIC_CONTENT.input, ...GENERIC_CONTENT.output, 'openinference.span.kind', 'traceloop.span.kind', 'llm.request.type']);

/** Names whose values are content: they go where content goes, and not into the raw record. */
const CONTENT = /^(?:gen_ai\.(?:input\.messages|output\.messages|prompt|completion|system_instructions|tool\.call\.(?:arguments|result)|tool\.definitions|retrieval\.(?:documents|query\.text)|memory\.|event\.content)|llm\.(?:input_messages|output_messages|prompts|completions|prompt_template)|input\.value|output\.value|tool\.(?:parameters|result)|traceloop\.entity\.|retrieval\.documents|embedding\.embeddings|reranker\.|content$|message$)/;
export const isContent = (name: string): boolean => CONTENT.test(name);

const OPERATIONS = new Set(['chat', 'generate_content', 'text_completion', 'embeddings', 'retrieval', 'create_agent', 'invoke_agent', 'execute_tool', 'invoke_workflow', 'plan', 'search_memory', 'create_memory', 'update_memory', 'upsert_memory', 'delete_memory', 'create_memory_store', 'delete_memory_store', 'run_guardrail']);
/** What OpenInference, OpenLLMetry and MCP call them. */
const OPERATION_ALIASES: ReadonlyMap<string, string> = new Map([
  ['llm', 'chat'], ['completion', 'text_completion'], ['embedding', 'embeddings'], ['retriever', 'retrieval'], ['rerank', 'retrieval'], ['reranker', 'retrieval'], ['tool', 'execute_tool'], ['agent', 'invoke_agent'],
  ['chain', 'invoke_workflow'], ['workflow', 'invoke_workflow'], ['task', 'plan'], ['guardrail', 'run_guardrail'], ['tools/call', 'execute_tool'], ['resources/read', 'retrieval'], ['resources/list', 'retrieval'],
]);

/** True when these attributes are of a call to a model, agent or tool. */
export function isGenAi(attributes: JsonObject): boolean {
  for (const key in attributes) {
    if (key.startsWith('gen_ai.') || key.startsWith('llm.') || key === 'openinference.span.kind' || key === 'traceloop.span.kind' || key === 'mcp.method.name') return true;
  }
  return false;
}

/** Fills `genAi` from the attributes; what has no place goes to `genAi.extra` (of `gen_ai.`) or stays with the caller, who gets its names by `keep`. */
export function mapGenAi(event: Event, attributes: JsonObject, name: string, keep: (key: string, value: Json) => void): GenAi {
  const genAi = emptyGenAi();
  const indexed = new IndexedMessages();
  event.genAi = genAi;
  for (const key in attributes) {
    const value = attributes[key]!;
    const put = PLACES.get(key);
    if (put !== undefined) put(genAi, value, event);
    else if (!indexed.take(key, value)) {
      if (key.startsWith('gen_ai.')) setAttribute(genAi.extra, key.slice(7), key === 'gen_ai.system_instructions' || key === 'gen_ai.tool.definitions' ? structured(value) : value);
      else if (!NOT_KEPT.has(key)) keep(key, value);
    }
  }
  genAi.inputMessages ??= indexed.inputMessages;
  genAi.outputMessages ??= indexed.outputMessages;
  if (genAi.finishReasons.length === 0) genAi.finishReasons = indexed.finishReasons;
  genAi.operation = operationOf(genAi.operation, attributes, name);
  const tool = genAi.operation === 'execute_tool';
  for (const key of GENERIC_CONTENT.input) takeGeneric(genAi, key, attributes[key], tool ? 'toolArguments' : 'inputMessages', 'user');
  for (const key of GENERIC_CONTENT.output) takeGeneric(genAi, key, attributes[key], tool ? 'toolResult' : 'outputMessages', 'assistant');
  return genAi;
}

function operationOf(operation: string, attributes: JsonObject, name: string): string {
  if (operation !== '') return operation;
  for (const key of ['openinference.span.kind', 'traceloop.span.kind', 'llm.request.type', 'mcp.method.name']) {
    const kind = textOf(attributes[key]).toLowerCase();
    if (kind !== '') return OPERATION_ALIASES.get(kind) ?? kind;
  }
  const word = name.split(' ', 1)[0]!;
  return OPERATIONS.has(word) ? word : 'chat';
}

/** Where the messages came by their own names, the same text again is kept aside. */
function takeGeneric(genAi: GenAi, key: string, value: Json | undefined, target: 'toolArguments' | 'toolResult' | 'inputMessages' | 'outputMessages', role: string): void {
  if (value === undefined || value === null) return;
  if (genAi[target] !== null) setAttribute(genAi.extra, key, value);
  else genAi[target] = target === 'toolArguments' || target === 'toolResult' ? structured(value) : messagesOf(value, role);
}

const structured = (value: Json): Json => (typeof value === 'string' ? nestedJson(value) ?? value : value);

const MESSAGE_EVENTS: ReadonlyMap<string, string> = new Map([['gen_ai.system.message', 'system'], ['gen_ai.user.message', 'user'], ['gen_ai.assistant.message', 'assistant'], ['gen_ai.tool.message', 'tool'], ['gen_ai.choice', 'assistant']]);
export const isMessageEvent = (name: string): boolean => MESSAGE_EVENTS.has(name);

/** A message that stands in an event of the span or a log record; a choice is an answer, the others are what was asked. */
export function takeMessageEvent(genAi: GenAi, name: string, body: Json): Json {
  const message = messageOfBody(MESSAGE_EVENTS.get(name)!, body);
  if (name === 'gen_ai.choice') genAi.outputMessages = Array.isArray(genAi.outputMessages) ? [...genAi.outputMessages, message] : [message];
  else genAi.inputMessages = Array.isArray(genAi.inputMessages) ? [...genAi.inputMessages, message] : [message];
  return message;
}
