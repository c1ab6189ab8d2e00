import type { Json } from '@wary/model/json.js';

/** Message parts in the shape of OpenTelemetry's GenAI conventions (`gen_ai.input.messages`, `gen_ai.output.messages`). */
export const userMessage = (text: string): Json => [{ role: 'user', parts: [{ type: 'text', content: text }] }];
export const assistantMessage = (text: string, finish = 'stop'): Json => [{ role: 'assistant', parts: [{ type: 'text', content: text }], finish_reason: finish }];
export const systemAndUser = (system: string, text: string): Json => [{ role: 'system', parts: [{ type: 'text', content: system }] }, { role: 'user', parts: [{ type: 'text', content: text }] }];

/** About four characters to a token in English prose. */
export const tokensOf = (text: string): number => Math.max(1, Math.round(text.length / 4));
