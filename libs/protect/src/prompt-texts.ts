import type { GenAi } from '@wary/model/event.js';
import type { Json } from '@wary/model/json.js';
import type { PromptSource } from './score-prompt.js';

export interface PromptText { readonly text: string; readonly source: PromptSource }

/** Shorter ones are roles, ids and types. */
const TEXT_CHARS_MIN = 12;
const TEXTS_MAX = 64;
const DEPTH_MAX = 32;

/**
 * What is new to the model in this call: the messages after its last answer, without what the application says, and a tool's result.
 * Earlier turns were judged when they came; judging them again in each call would make one bad sentence a campaign.
 */
export function promptTexts(genAi: GenAi): PromptText[] {
  const texts: PromptText[] = [];
  const messages = genAi.inputMessages;
  if (Array.isArray(messages)) {
    let first = messages.findLastIndex((message) => roleOf(message) === 'assistant' || roleOf(message) === 'model') + 1;
    if (first === messages.length) first = 0;
    for (const message of messages.slice(first)) {
      const role = roleOf(message);
      if (role !== 'system' && role !== 'developer' && role !== 'assistant' && role !== 'model') collect(message, role === 'tool' || role === 'function' ? 'tool' : 'user', texts, 0);
    }
  } else collect(messages, 'user', texts, 0);
  collect(genAi.toolResult, 'tool', texts, 0);
  return texts;
}

const roleOf = (message: Json): Json => (typeof message === 'object' && message !== null && !Array.isArray(message) ? message['role'] ?? null : null);

function collect(value: Json, source: PromptSource, texts: PromptText[], depth: number): void {
  if (texts.length >= TEXTS_MAX || depth > DEPTH_MAX) return;
  if (typeof value === 'string') {
    if (value.length >= TEXT_CHARS_MIN) texts.push({ text: value, source });
  } else if (Array.isArray(value)) {
    for (const element of value) collect(element, source, texts, depth + 1);
  } else if (typeof value === 'object' && value !== null) {
    for (const element of Object.values(value)) collect(element, source, texts, depth + 1);
  }
}
