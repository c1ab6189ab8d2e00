import type { Json, JsonObject } from '@wary/model/json.js';
import { nestedJson, objectOf, textOf } from '../values.js';

/** A message in the shape of the GenAI conventions: role and parts. */
type Part = JsonObject;
const textPart = (content: Json): Part => ({ type: 'text', content });

/** JSON where a text holds it (span attributes can hold no structure), else the text as one part of a message. */
export function messagesOf(value: Json, role: string): Json {
  const structured = typeof value === 'string' ? nestedJson(value) ?? value : value;
  if (typeof structured === 'string') return [{ role, parts: [textPart(structured)] }];
  return Array.isArray(structured) ? structured.map((item) => (typeof item === 'string' ? nestedJson(item) ?? item : item)) : structured;
}

/** Of the message events of conventions up to 1.36 (`gen_ai.user.message` …): the body holds content, tool calls or a choice. */
export function messageOfBody(role: string, body: Json): Json {
  const source = typeof body === 'string' ? objectOf(nestedJson(body)) : objectOf(body);
  const inner = source['message'] === undefined ? source : objectOf(typeof source['message'] === 'string' ? nestedJson(source['message']) ?? { content: source['message'] } : source['message']);
  const parts: Part[] = [];
  const content = (inner['content'] ?? source['content'] ?? (typeof body === 'string' && nestedJson(body) === null ? body : undefined)) as Json | undefined;
  if (role === 'tool') parts.push({ type: 'tool_call_response', id: (source['id'] ?? null) as Json, result: content ?? null });
  else if (content !== undefined && content !== null && content !== '') parts.push(textPart(content));
  const calls = inner['tool_calls'];
  if (Array.isArray(calls)) {
    for (const call of calls.slice(0, 100) as Json[]) {
      const { id, function: called } = objectOf(call);
      const { name, arguments: given } = objectOf(called);
      parts.push({ type: 'tool_call', id: (id ?? null) as Json, name: (name ?? null) as Json, arguments: typeof given === 'string' ? nestedJson(given) ?? given : (given ?? null) as Json });
    }
  }
  const message: JsonObject = { role: typeof inner['role'] === 'string' ? inner['role'] : role, parts };
  if (typeof source['finish_reason'] === 'string') message['finish_reason'] = source['finish_reason'];
  return message;
}
export const hasContent = (message: Json): boolean => {
  const { parts } = objectOf(message);
  return Array.isArray(parts) && parts.some((part: unknown) => {
    const { content, result, arguments: given } = objectOf(part);
    return (content ?? result ?? given ?? null) !== null;
  });
};

/** `llm.input_messages.0.message.role`, `gen_ai.prompt.0.content`, `gen_ai.completion.0.finish_reason` … of OpenInference and OpenLLMetry. */
const INDEXED = /^(llm\.input_messages|llm\.output_messages|gen_ai\.prompt|gen_ai\.completion)\.(\d{1,3})\.(?:message\.)?(.+)$/;

export class IndexedMessages {
  private readonly input: JsonObject[] = [];
  private readonly output: JsonObject[] = [];
  readonly finishReasons: string[] = [];

  /** True when the attribute was a piece of a message. */
  take(key: string, value: Json): boolean {
    // The four lists begin with these letters: most attributes need no pattern.
    const c = key.charCodeAt(7);
    const match = (c === 112 || c === 99 || key.startsWith('llm.')) && key.length > 13 ? INDEXED.exec(key) : null;
    if (match === null) return false;
    const [, list, index, part] = match as unknown as [string, string, string, string];
    const incoming = list === 'llm.input_messages' || list === 'gen_ai.prompt';
    const messages = incoming ? this.input : this.output;
    const message = messages[Number(index)] ??= { role: incoming ? 'user' : 'assistant', parts: [] };
    if (part === 'role') message['role'] = value;
    else if (part === 'content' || /^contents\.\d+\.message_content\.text$/.test(part)) (message['parts'] as Json[]).push(textPart(value));
    else if (part === 'finish_reason') this.finishReasons.push(textOf(value));
    else if (part !== '__proto__') message[part] = value;
    return true;
  }

  get inputMessages(): Json { return this.input.length === 0 ? null : this.input.filter(Boolean); }
  get outputMessages(): Json { return this.output.length === 0 ? null : this.output.filter(Boolean); }
}
